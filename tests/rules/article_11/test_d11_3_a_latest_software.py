"""D11.3-a: the newest release for the exact model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from inventory.readings import Readings
from rules.facts import Currency
from rules.patches.advisories import Advisories
from rules.patches.model import Latest
from tests.rules.build import Case, result_of
from tests.rules.known_releases import imported, listed
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


NO_CATALOGUE = {("vcs", "software.currency"): UNKNOWN}
"""None is declared in the inventory, so the imported ones are asked."""


def imports(name: str, outcome: str, reason: str, *latest: Latest, **rest: Any) -> Case:
    changes = {**NO_CATALOGUE, **rest.pop("changes", {})}
    return Case(name, outcome, reason, changes, advisories=imported(latest=latest), **rest)


def version(text: str) -> dict[tuple[str, str], object]:
    return {("vcs", "software.version"): text}


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
    Case("unknown", "UND", UNKNOWN.reason.en, NO_CATALOGUE, advisories=Advisories()),
    imports("imported, newest", "PASS", "runs 2.0, the newest release", listed()),
    imports(
        "imported, a third number is zero", "PASS", "runs 2.0, the newest release", listed("2.0.0")
    ),
    imports(
        "imported, older",
        "FAIL",
        "runs 2.0; the newest release is 2.10",
        listed("2.9"),
        listed("2.10"),
    ),
    imports(
        "imported, above",
        "UND",
        "2.0 is newer than 1.9 of the catalogue, which is out of date",
        listed("1.9"),
    ),
    imports(
        "imported, another model only",
        "UND",
        "the catalogue has no newest release for Model",
        listed("2.1", models=("Model X",)),
    ),
    imports(
        "no list, at the number",
        "UND",
        "the catalogue only knows that 2.0 exists, not that it is the newest",
        listed(basis="fixed-release"),
    ),
    imports(
        "no list, below the number",
        "FAIL",
        "runs 2.0; at least 2.1 is out (an advisory)",
        listed("2.1", basis="fixed-release", source="an advisory"),
    ),
    imports(
        "imported, read 30 days ago",
        "PASS",
        "runs 2.0, the newest release",
        listed(read_on=TODAY - timedelta(days=30)),
    ),
    imports(
        "imported, read 31 days ago",
        "UND",
        "the firmware catalogue is 31 days old; bring it up to date",
        listed(read_on=TODAY - timedelta(days=31)),
    ),
    imports(
        "imported, not dated",
        "UND",
        "the firmware catalogue bears no usable date",
        listed(read_on=None),
    ),
    imports(
        "support has ended",
        "PASS",
        "runs 2.0, the last release; the vendor's support has ended",
        listed(end_of_support=TODAY - timedelta(days=1)),
    ),
    imports(
        "support ends today",
        "PASS",
        "runs 2.0, the newest release",
        listed(end_of_support=TODAY),
    ),
    imports(
        "imported, version not readable",
        "UND",
        "the version “March” is no release of the family alpha",
        listed(),
        changes=version("March"),
    ),
    imports(
        "newest of its branch, every branch counts",
        "FAIL",
        "runs 2.0; the newest release is 3.0",
        listed("3.0"),
        listed("2.0", branch="2"),
    ),
    imports(
        "newest of its branch, the branch counts",
        "PASS",
        "runs 2.0, the newest release",
        listed("3.0"),
        listed("2.0", branch="2"),
        readings=Readings(latest_track="lts"),
    ),
    imports(
        "newest of a branch without support",
        "FAIL",
        "runs 2.0; the newest release is 3.0",
        listed("3.0"),
        listed("2.0", branch="2", support="ended"),
        readings=Readings(latest_track="lts"),
    ),
    imports(
        "depends on what is attached",
        "UND",
        "the newest release depends on attached peripherals, which are not known",
        listed("3.0", without_peripherals=("Panel",)),
        listed("2.0", with_peripherals=("Panel",)),
    ),
    Case("MCU", "NA", "clause 11.3 names the VCS only, not the MCU", subject="mcu"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_latest_software(case: Case) -> None:
    assert result_of(case, "D11.3-a", "vcs") == (case.outcome, case.reason)
