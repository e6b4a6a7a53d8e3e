"""The calendar rule for passwords, against an independent reckoning (A-01)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inventory.readings import Period, Readings
from rules.password_age import due, longest_setting_days

FIRST = date(2019, 1, 1)
TEN_YEARS = [FIRST + timedelta(days=n) for n in range(3653)]
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def reckoned(changed: date) -> date:
    """The due day by counting days off, month after month, without adding to a month's number."""
    day, left = changed.replace(day=1), 6
    while left:
        leap = day.month == 2 and day.year % 4 == 0
        day += timedelta(days=LENGTHS[day.month - 1] + leap)
        left -= 1
    leap = day.month == 2 and day.year % 4 == 0
    last = LENGTHS[day.month - 1] + leap
    return day + timedelta(days=min(changed.day, last) - 1)


def test_every_pair_of_days_over_ten_years() -> None:
    """Overdue begins the day after the due day, for each change on each later day."""
    readings = Readings()
    for changed in TEN_YEARS:
        last = due(changed, readings)
        assert last == reckoned(changed), changed
        # each of the later days is on one side or the other of the last one
        assert 181 <= (last - changed).days <= 184


@pytest.mark.parametrize("setting", range(1, 200))
def test_a_setting_is_enough_exactly_up_to_181_days(setting: int) -> None:
    readings = Readings()
    always = all(day + timedelta(days=setting) <= due(day, readings) for day in TEN_YEARS[:1461])
    assert always is (setting <= longest_setting_days(readings))


def test_no_setting_of_185_days_is_ever_enough() -> None:
    readings = Readings()
    assert all(day + timedelta(days=185) > due(day, readings) for day in TEN_YEARS)


@pytest.mark.parametrize(
    ("changed", "last"),
    [
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-08-28", "2027-02-28"),
        ("2026-12-31", "2027-06-30"),
        ("2026-02-28", "2026-08-28"),
    ],
)
def test_the_last_day_of_a_shorter_month(changed: str, last: str) -> None:
    assert due(date.fromisoformat(changed), Readings()) == date.fromisoformat(last)


def test_a_period_in_days_is_its_own_setting() -> None:
    readings = Readings(password_max_age=Period(unit="day", value=180), grace_days=2)
    assert longest_setting_days(readings) == 182
    assert due(date(2026, 1, 1), readings) == date(2026, 7, 2)
