"""D11.2-i: six calendar months since the last change, by its date or by a setting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inventory.readings import Period, Readings
from tests.rules.build import ABSENT, Case, finding, province, result_of
from tests.rules.compliant import declared, with_device
from tests.rules.values import UNKNOWN, account, handed_in

NOBODY_KNOWS = "it is not known when the password was last changed"
AGE = ("vcs", "password_policy.max_age_days")


def changed(day: date | None, **tested: Any) -> dict[tuple[str, str], object]:
    """What the device says, and what the holder says when anything is given for it."""
    handed = (handed_in("quantri", **tested),) if tested else ABSENT
    return {
        ("vcs", "accounts"): (account("quantri", changed=day),),
        ("vcs", "tested_passwords"): handed,
    }


def on(day: str, due: str) -> str:
    return f"last changed on {day}; to be changed by {due}"


def late(day: str, due: str) -> str:
    return f"last changed on {day}; due by {due}"


def setting(days: int) -> dict[tuple[str, str], object]:
    return {**changed(None), AGE: days}


def too_long(days: int) -> str:
    return (
        f"the device demands a change after {days} days, more than the 181 that are always "
        "enough, and the last one is not known"
    )


CASES = [  # today is 2026-11-23
    Case("in time", "PASS", on("2026-09-01", "2027-03-01"), changed(date(2026, 9, 1))),
    Case("due today", "PASS", on("2026-05-23", "2026-11-23"), changed(date(2026, 5, 23))),
    Case("due yesterday", "FAIL", late("2026-05-22", "2026-11-22"), changed(date(2026, 5, 22))),
    Case("changed today", "PASS", on("2026-11-23", "2027-05-23"), changed(date(2026, 11, 23))),
    Case(
        "changed tomorrow",
        "UND",
        "the last change is dated 2026-11-24, which is to come",
        changed(date(2026, 11, 24)),
    ),
    Case(
        "a strict setting does not save an overdue password",
        "FAIL",
        late("2026-05-22", "2026-11-22"),
        {**changed(date(2026, 5, 22)), AGE: 90},
    ),
    Case(
        "a loose setting does not harm a password in time",
        "PASS",
        on("2026-09-01", "2027-03-01"),
        {**changed(date(2026, 9, 1)), AGE: 0},
    ),
    Case(
        "the holder's date where the device has none",
        "FAIL",
        late("2026-05-22", "2026-11-22"),
        changed(None, changed=date(2026, 5, 22), since=date(2026, 5, 22)),
    ),
    Case(
        "the device's date goes first",
        "FAIL",
        late("2026-05-22", "2026-11-22"),
        changed(date(2026, 5, 22), changed=date(2026, 9, 1)),
    ),
    Case(
        "changed to the same",
        "FAIL",
        "changed on 2026-09-01 to the same password, in use since 2026-05-22; due by 2026-11-22",
        changed(date(2026, 9, 1), since=date(2026, 5, 22)),
    ),
    Case(
        "changed to the same, still in time",
        "PASS",
        on("2026-05-23", "2026-11-23"),
        changed(date(2026, 9, 1), since=date(2026, 5, 23)),
    ),
    Case(
        "days of grace",
        "PASS",
        on("2026-05-22", "2026-11-23"),
        changed(date(2026, 5, 22)),
        readings=Readings(grace_days=1),
    ),
    Case(
        "180 days",
        "FAIL",
        late("2026-05-26", "2026-11-22"),
        changed(date(2026, 5, 26)),
        readings=Readings(password_max_age=Period(unit="day", value=180)),
    ),
    Case(
        "a weekend moves the due day",
        "PASS",
        on("2026-05-21", "2026-11-23"),  # a Saturday, then
        changed(date(2026, 5, 21)),
        readings=Readings(weekend_extension=True),
    ),
    Case(
        "and a holiday after it",
        "PASS",
        on("2026-05-21", "2026-11-24"),
        changed(date(2026, 5, 21)),
        inventory=declared(calendar={"holidays": ["2026-11-23"]}),
        readings=Readings(weekend_extension=True),
    ),
    Case("setting of 181", "PASS", "the device demands a change after 181 days", setting(181)),
    Case("setting of 1", "PASS", "the device demands a change after 1 days", setting(1)),
    Case("setting of 182", "UND", too_long(182), setting(182)),
    Case("setting of 184", "UND", too_long(184), setting(184)),
    Case("setting of 365", "UND", too_long(365), setting(365)),
    Case(
        "setting never",
        "UND",
        "the device never demands a change, and the last one is not known",
        setting(0),
    ),
    Case("nothing known", "UND", NOBODY_KNOWS, changed(None)),
    Case("setting unknown", "UND", NOBODY_KNOWS, {**changed(None), AGE: UNKNOWN}),
    Case(
        "a new device",
        "NA",
        "in use since 2026-05-23 only",
        changed(None),
        inventory=with_device("vcs", commissioned="2026-05-23"),
    ),
    Case(
        "no longer new",
        "UND",
        NOBODY_KNOWS,
        changed(None),
        inventory=with_device("vcs", commissioned="2026-05-22"),
    ),
    Case(
        "not yet in use",
        "UND",
        NOBODY_KNOWS,
        changed(None),
        inventory=with_device("vcs", commissioned="2026-11-24"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_password_changed(case: Case) -> None:
    assert result_of(case, "D11.2-i", "vcs/quantri") == (case.outcome, case.reason)


def test_an_account_of_several_persons_weighs_more() -> None:
    plan = with_device("vcs", shared_accounts=["quantri"])
    for world, severities in ((province(), ("S3", "S3")), (province(inventory=plan), ("S2", "S3"))):
        subjects = ("vcs/quantri", "vcs/giamsat")
        assert tuple(finding(world, "D11.2-i", s).severity for s in subjects) == severities
