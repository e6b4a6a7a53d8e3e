"""Periods in calendar months (A-01, A-02)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.readings import Period
from rules.calendar_months import add_months, back, longest_days


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-08-28", 6, "2027-02-28"),
        ("2026-05-23", 6, "2026-11-23"),
        ("2026-11-23", -6, "2026-05-23"),
        ("2026-08-31", -6, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-01", -1, "2025-12-01"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-06-15", 0, "2026-06-15"),
    ],
)
def test_the_corresponding_day(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_six_months_are_181_to_184_days(day: date) -> None:
    assert 181 <= (add_months(day, 6) - day).days <= 184


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(-240, 240))
def test_never_into_another_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


@pytest.mark.parametrize(
    ("unit", "value", "days"),
    [("month", 6, 184), ("month", 12, 366), ("month", 1, 31), ("month", 3, 92), ("day", 180, 180)],
)
def test_the_longest_a_period_can_be(unit: str, value: int, days: int) -> None:
    assert longest_days(Period.model_validate({"unit": unit, "value": value})) == days


def test_back_by_days_and_by_months() -> None:
    day = date(2026, 11, 23)
    assert back(day, Period(unit="month", value=6)) == date(2026, 5, 23)
    assert back(day, Period(unit="day", value=180)) == date(2026, 5, 27)
