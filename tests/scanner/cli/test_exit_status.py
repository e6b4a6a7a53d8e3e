"""The exit status never says compliant by default of findings."""

from __future__ import annotations

import pytest

from inventory.text import Text
from rules.model import Finding, Outcome, Severity, Subject
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
