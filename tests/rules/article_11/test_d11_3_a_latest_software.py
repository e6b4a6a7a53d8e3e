"""D11.3-a: the newest release for the exact model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inventory.readings import Readings
from rules.facts import Currency
from tests.rules.build import Case, result_of
from tests.rules.values import TODAY, UNKNOWN


def runs(order: Any, running: str = "1.9", **rest: Any) -> dict[tuple[str, str], object]:
    values: dict[str, Any] = {
        "running": running,
        "newest": "2.0",
        "newest_released": date(2026, 10, 24),
        "catalogue_captured": TODAY,
        "order": order,
    }
    return {("vcs", "software.currency"): Currency(**{**values, **rest})}


OLD = "runs 1.9; the newest release is 2.0"

CASES = [
    Case("newest", "PASS", "runs 2.0, the newest release"),
    Case("older", "FAIL", OLD, runs(-1)),
    Case(
        "newer than the catalogue",
        "UND",
        "runs 2.1, newer than 2.0, the newest in the catalogue",
        runs(1, "2.1"),
    ),
    Case("no order", "UND", "runs x; it cannot be ordered against 2.0", runs(None, "x")),
    Case(
        "catalogue 30 days old",
        "PASS",
        "runs 2.0, the newest release",
        runs(0, "2.0", catalogue_captured=TODAY - timedelta(days=30)),
    ),
    Case(
        "catalogue of tomorrow",
        "UND",
        "the firmware catalogue bears a date in the future",
        runs(0, "2.0", catalogue_captured=TODAY + timedelta(days=1)),
    ),
    Case(
        "catalogue 31 days old",
        "UND",
        "the firmware catalogue is 31 days old; bring it up to date",
        runs(0, "2.0", catalogue_captured=TODAY - timedelta(days=31)),
    ),
    Case(
        "30 days of grace, released 30 days ago",
        "PASS",
        "runs 1.9; 2.0 is out since 2026-10-24, within the days of grace",
        runs(-1),
        readings=Readings(latest_grace_days=30),
    ),
    Case("29 days of grace", "FAIL", OLD, runs(-1), readings=Readings(latest_grace_days=29)),
    Case(
        "grace, date of release unknown",
        "FAIL",
        OLD,
        runs(-1, newest_released=None),
        readings=Readings(latest_grace_days=30),
    ),
    Case("unknown", "UND", UNKNOWN.reason.en, {("vcs", "software.currency"): UNKNOWN}),
    Case("MCU", "NA", "clause 11.3 names the VCS only, not the MCU", subject="mcu"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_latest_software(case: Case) -> None:
    assert result_of(case, "D11.3-a", "vcs") == (case.outcome, case.reason)
