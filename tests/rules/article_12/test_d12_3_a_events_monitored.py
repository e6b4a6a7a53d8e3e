"""D12.3-a: records of every monitored object arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inventory.readings import Readings
from rules.judge import judge_one
from tests.rules.build import ABSENT, Case, finding, off, province, result_of
from tests.rules.compliant import RECORDS, declared, with_device
from tests.rules.values import NOW, UNKNOWN, source

SILENT = "the device is switched on, but its newest record is of 2026-11-22 09:54"
NO_RECORD = "the device is switched on, but the log server holds no record of it"


def records(*of_vcs: Any) -> dict[tuple[str, str], object]:
    others = tuple(r for r in RECORDS if r.sender != "vcs")
    return {("log", "logs.sources"): (*others, *of_vcs)}


LATE = records(source("vcs", newest_h=24.1))

CASES = [
    Case("recent", "PASS", "the newest record is of 2026-11-23 08:00"),
    Case(
        "24 hours old",
        "PASS",
        "the newest record is of 2026-11-22 10:00",
        records(source("vcs", newest_h=24)),
    ),
    Case("older than 24 hours", "FAIL", SILENT, LATE),
    Case(
        "of a time that was still to come",
        "UND",
        "the newest record bears a time that was still to come: 2026-11-23 12:00",
        records(source("vcs", newest_h=-2)),
    ),
    Case(
        "a longer age is accepted by the reading",
        "PASS",
        "the newest record is of 2026-11-22 09:54",
        LATE,
        readings=Readings(event_max_age_h=25),
    ),
    Case(
        "older, and switched off",
        "UND",
        "the newest record is of 2026-11-22 09:54; the device is switched off or unreachable",
        {**LATE, **off("vcs")},
    ),
    Case("no record", "FAIL", NO_RECORD, records()),
    Case(
        "no record, and switched off",
        "UND",
        "no record is stored; the device is switched off or unreachable",
        {**records(), **off("vcs")},
    ),
    Case("alerts alone do not show monitoring", "FAIL", NO_RECORD, records(source("vcs", "alert"))),
    Case(
        "records under its address",
        "PASS",
        "the newest record is of 2026-11-23 08:00",
        records(source("10.67.101.10")),
    ),
    Case("records of a neighbour", "FAIL", NO_RECORD, records(source("10.67.101.1"))),
    Case(
        "the newest of several",
        "PASS",
        "the newest record is of 2026-11-23 08:00",
        records(source("vcs", newest_h=100), source("10.67.101.10")),
    ),
    Case(
        "set to send nowhere",
        "FAIL",
        "the device is set to send its log nowhere",
        {("vcs", "syslog.targets"): ()},
    ),
    Case(
        "target unknown, records arrive",
        "PASS",
        "the newest record is of 2026-11-23 08:00",
        {("vcs", "syslog.targets"): UNKNOWN},
    ),
    Case("log server unknown", "UND", UNKNOWN.reason.en, {("log", "logs.sources"): UNKNOWN}),
    Case(
        "log server tells nothing",
        "UND",
        "the device does not report this",
        {("log", "logs.sources"): ABSENT},
    ),
    Case(
        "no log server",
        "UND",
        "the inventory declares no log server on which records could be looked for",
        inventory=with_device("log", log_server=False),
    ),
    Case(
        "a router left off the list",
        "FAIL",
        "not on the list of monitored objects, though of a kind that has to be",
        inventory=with_device("router", monitored=False),
        subject="router",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_events_monitored(case: Case) -> None:
    assert result_of(case, "D12.3-a", "vcs") == (case.outcome, case.reason)


def test_records_are_as_old_as_they_were_when_the_log_server_was_asked() -> None:
    """Judging a run again a week later does not make its senders silent."""
    world = province(now=NOW + timedelta(days=7))
    assert finding(world, "D12.3-a", "vcs").outcome.value == "PASS"
    silent = province(LATE, now=NOW + timedelta(days=7))
    assert finding(silent, "D12.3-a", "vcs").outcome.value == "FAIL"


def test_the_log_server_and_a_vcs_off_the_list_are_not_judged() -> None:
    world = province(inventory=with_device("vcs", monitored=False))
    judged = {f.subject.id for f in judge_one("D12.3-a", world)}
    assert judged == {"mcu", "fw", "router"}


def test_mcu_and_firewall_weigh_more() -> None:
    weights = {f.subject.id: f.severity for f in judge_one("D12.3-a", province())}
    assert weights == {"mcu": "S2", "vcs": "S3", "fw": "S2", "router": "S3"}


def test_without_any_monitored_object_the_requirement_is_undetermined() -> None:
    plan = declared()
    plan["devices"] = [d for d in plan["devices"] if d["id"] == "log"]
    plan["zones"], plan["allowlist"] = [], {}
    assert finding(province(inventory=plan), "D12.3-a", "system").outcome == "UND"
