"""D12.5-b: alerts of six months."""

from __future__ import annotations

from typing import Any

import pytest

from rules.facts import LogRetention
from tests.rules.build import Case, result_of
from tests.rules.compliant import RECORDS, with_device
from tests.rules.values import UNKNOWN, source

KEPT = "records reach back to 2026-05-23 or earlier"


def setting(days: int, kind: Any = "alert") -> dict[tuple[str, str], object]:
    return {("log", "logs.retention"): (LogRetention(kind, days, "maxage"),)}


def alerts(*given: Any) -> dict[tuple[str, str], object]:
    others = tuple(r for r in RECORDS if r.kind != "alert")
    return {("log", "logs.sources"): (*others, *given)}


CASES = [
    Case("kept", "PASS", KEPT),
    Case("184 days", "PASS", KEPT, setting(184)),
    Case(
        "183 days", "FAIL", "set to keep 183 days (maxage); at least 184 are needed", setting(183)
    ),
    Case(
        "only monitoring has a setting",
        "UND",
        "no retention setting was found for these records",
        setting(400, "monitoring"),
    ),
    Case(
        "one old alert shows that the store reaches back",
        "PASS",
        KEPT,
        alerts(source("mcu", "alert"), source("vcs", "alert", oldest_days=5)),
    ),
    Case(
        "no alert as old as that",
        "UND",
        "the oldest alert is of 2026-10-14; whether earlier ones were kept cannot be told",
        alerts(source("mcu", "alert", oldest_days=40), source("vcs", "alert", oldest_days=5)),
    ),
    Case(
        "all senders are new",
        "PASS",
        "records since 2026-05-23 or earlier; not yet six months in operation: mcu",
        alerts(source("mcu", "alert", oldest_days=5)),
        inventory=with_device("mcu", commissioned="2026-11-01"),
    ),
    Case("no alert at all", "UND", "no alert of an inventoried device is stored", alerts()),
    Case("setting unknown", "UND", UNKNOWN.reason.en, {("log", "logs.retention"): UNKNOWN}),
    Case("records unknown", "UND", UNKNOWN.reason.en, {("log", "logs.sources"): UNKNOWN}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_alert_retention(case: Case) -> None:
    assert result_of(case, "D12.5-b", "log") == (case.outcome, case.reason)
