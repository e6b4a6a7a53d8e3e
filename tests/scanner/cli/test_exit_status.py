"""The exit status never says compliant by default of findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inventory.text import Text
from rules.model import Finding, Outcome, Severity, Subject, Waived
from scanner.cli.outcome import exit_status

F, P, U, N = Outcome.FAIL, Outcome.PASS, Outcome.UND, Outcome.NA


def finding(outcome: Outcome, severity: Severity = "S2") -> Finding:
    reason = Text(vi="lý do", en="reason")
    subject = Subject("system", "system")
    return Finding("D10.1-a", subject, outcome, severity, reason, None, (), "f")


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([P], 0),
        ([P, N], 0),
        ([P, U], 3),
        ([F, U, P], 1),
        ([F], 1),
        ([U], 3),
        ([N], 3),
        ([], 3),
    ],
)
def test_one_outranks_three_and_three_outranks_zero(outcomes: list[Outcome], status: int) -> None:
    assert exit_status([finding(o) for o in outcomes]) == status


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [("S1", "S3", 1), ("S3", "S3", 1), ("S4", "S3", 0), ("S4", "S4", 1), ("S2", "S1", 0)],
)
def test_only_failures_at_or_above_the_threshold_count(
    severity: Severity, fail_on: Severity, status: int
) -> None:
    assert exit_status([finding(P), finding(F, severity)], fail_on) == status


def test_incomplete_may_be_allowed_but_nothing_at_all_may_not() -> None:
    assert exit_status([finding(P), finding(U)], allow_incomplete=True) == 0
    assert exit_status([finding(U)], allow_incomplete=True) == 3
    assert exit_status([], allow_incomplete=True) == 3


def test_an_exception_counts_as_a_failure_until_it_is_accepted() -> None:
    waived = Waived("12/CV", date(2026, 1, 5), "Giám đốc", "lý do", date(2026, 12, 31))
    excused = replace(finding(F), waiver=waived)
    assert exit_status([excused, finding(P)]) == 1
    assert exit_status([excused, finding(P)], accept_waivers=True) == 0
    assert exit_status([excused], accept_waivers=True) == 3, "nothing passed"
    assert exit_status([excused, finding(F), finding(P)], accept_waivers=True) == 1
