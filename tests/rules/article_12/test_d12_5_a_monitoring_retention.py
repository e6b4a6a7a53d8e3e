"""D12.5-a: monitoring records of six months, by setting and by what is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inventory.readings import Period, Readings
from rules.facts import LogRetention
from tests.rules.build import Case, finding, off, province, result_of
from tests.rules.compliant import RECORDS, with_device
from tests.rules.values import NOW, UNKNOWN, source

KEPT = "records reach back to 2026-05-23 or earlier"
DAYS_BACK = 184  # 23 May to 23 November


def setting(days: int, kind: Any = "monitoring") -> dict[tuple[str, str], object]:
    return {("log", "logs.retention"): (LogRetention(kind, days, f"daily, rotate {days}"),)}


def short(days: int, least: int = 184) -> str:
    return f"set to keep {days} days (daily, rotate {days}); at least {least} are needed"


def records(sender: str, *given: Any) -> dict[tuple[str, str], object]:
    others = tuple(r for r in RECORDS if r.sender != sender)
    return {("log", "logs.sources"): (*others, *given)}


def gap(of: str, hours: float, **rest: Any) -> dict[tuple[str, str], object]:
    start = NOW - timedelta(days=10)
    return records(of, source(of, gap_h=hours, gap_from=start, **rest))


def silence(of: str, hours: float, end: str) -> str:
    return f"no records of {of} for {hours:g} hours from 2026-11-13 10:00{end}"


CASES = [
    Case("kept", "PASS", KEPT),
    Case("184 days", "PASS", KEPT, setting(184)),
    Case(
        "nothing at all is stored of one sender",
        "UND",
        "no record is stored of vcs; whether there were any cannot be told",
        records("vcs"),
    ),
    Case(
        "nothing is stored of a device that need not be monitored",
        "PASS",
        KEPT,
        records("vcs"),
        inventory=with_device("vcs", monitored=False),
    ),
    Case(
        "nothing is stored yet of a new device",
        "PASS",
        KEPT,
        records("vcs"),
        inventory=with_device("vcs", commissioned="2026-11-01"),
    ),
    Case("183 days", "FAIL", short(183), setting(183)),
    Case("180 days", "FAIL", short(180), setting(180)),
    Case(
        "180 days by the reading in days",
        "PASS",
        "records reach back to 2026-05-27 or earlier",
        setting(180),
        readings=Readings(retention_min=Period(unit="day", value=180)),
    ),
    Case(
        "179 days by the reading in days",
        "FAIL",
        short(179, 180),
        setting(179),
        readings=Readings(retention_min=Period(unit="day", value=180)),
    ),
    Case(
        "a year by the reading in months",
        "FAIL",
        short(365, 366),
        setting(365),
        readings=Readings(retention_min=Period(unit="month", value=12)),
    ),
    Case(
        "the setting of alerts is not that of monitoring",
        "UND",
        "no retention setting was found for these records",
        setting(400, "alert"),
    ),
    Case("setting unknown", "UND", UNKNOWN.reason.en, {("log", "logs.retention"): UNKNOWN}),
    Case("records unknown", "UND", UNKNOWN.reason.en, {("log", "logs.sources"): UNKNOWN}),
    Case(
        "a short setting fails though records are unknown",
        "FAIL",
        short(90),
        {**setting(90), ("log", "logs.sources"): UNKNOWN},
    ),
    Case(
        "the oldest record on the day",
        "PASS",
        KEPT,
        records("mcu", source("mcu", oldest_days=DAYS_BACK)),
    ),
    Case(
        "the oldest record a day later",
        "FAIL",
        "records before 2026-05-23 are missing of mcu (2026-05-24)",
        records("mcu", source("mcu", oldest_days=DAYS_BACK - 1)),
    ),
    Case(
        "records missing though the setting is unknown",
        "FAIL",
        "records before 2026-05-23 are missing of mcu (2026-10-24)",
        {
            **records("mcu", source("mcu", oldest_days=30)),
            ("log", "logs.retention"): UNKNOWN,
        },
    ),
    Case(
        "put into use a month ago",
        "PASS",
        "records since 2026-05-23 or earlier; not yet six months in operation: mcu",
        records("mcu", source("mcu", oldest_days=30)),
        inventory=with_device("mcu", commissioned="2026-10-20"),
    ),
    Case(
        "put into use on the first of the six months",
        "FAIL",
        "records before 2026-05-23 are missing of mcu (2026-10-24)",
        records("mcu", source("mcu", oldest_days=30)),
        inventory=with_device("mcu", commissioned="2026-05-23"),
    ),
    Case(
        "not known since when in use",
        "UND",
        "records do not reach back to 2026-05-23; not known since when in use: mcu",
        records("mcu", source("mcu", oldest_days=30)),
        inventory=with_device("mcu", commissioned=None),
    ),
    Case(
        "a stranger's records do not count",
        "PASS",
        KEPT,
        {("log", "logs.sources"): (*RECORDS, source("192.0.2.1", oldest_days=3, gap_h=50))},
    ),
    Case(
        "only strangers' records",
        "UND",
        "no record of an inventoried device is stored",
        {("log", "logs.sources"): (source("192.0.2.1"),)},
    ),
    Case("a gap of 24 hours", "PASS", KEPT, gap("mcu", 24.0)),
    Case(
        "a gap of 25 hours",
        "FAIL",
        silence("mcu", 25, ", though it is in service"),
        gap("mcu", 25.0),
    ),
    Case(
        "a longer gap is accepted by the reading",
        "PASS",
        KEPT,
        gap("mcu", 25.0),
        readings=Readings(retention_gap_h=25),
    ),
    Case(
        "a past gap of a VCS may be switched-off time",
        "UND",
        silence("vcs", 60, "; it may have been switched off"),
        gap("vcs", 60.0),
    ),
    Case(
        "a VCS that is on and silent",
        "FAIL",
        silence("vcs", 240, ", though it is in service"),
        gap("vcs", 240.0, newest_h=240.0),
    ),
    Case(
        "a VCS that is off and silent",
        "UND",
        silence("vcs", 240, "; it is off or unreachable now"),
        {**gap("vcs", 240.0, newest_h=240.0), **off("vcs")},
    ),
    Case(
        "a gap before the six months",
        "UND",
        "the longest gap in the records of mcu ended before the last six months",
        records(
            "mcu", source("mcu", oldest_days=300, gap_h=48.0, gap_from=NOW - timedelta(days=290))
        ),
    ),
    Case(
        "gaps in alerts are nothing",
        "PASS",
        KEPT,
        {
            ("log", "logs.sources"): tuple(
                source(r.sender, r.kind, gap_h=6.0 if r.kind == "monitoring" else 700.0)
                for r in RECORDS
            )
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_monitoring_retention(case: Case) -> None:
    assert result_of(case, "D12.5-a", "log") == (case.outcome, case.reason)


def test_a_fail_outranks_an_undetermined_gap() -> None:
    both = {
        ("log", "logs.sources"): (
            source("vcs", gap_h=60.0, gap_from=NOW - timedelta(days=10)),
            source("mcu", gap_h=60.0, gap_from=NOW - timedelta(days=10)),
        )
    }
    found = finding(province(both), "D12.5-a", "log")
    assert (found.outcome, found.reason.vi) == (
        "FAIL",
        "không có nhật ký của mcu trong 60 giờ kể từ 10:00 ngày 13/11/2026, "
        "dù thiết bị đang hoạt động",
    )
