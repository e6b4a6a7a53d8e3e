"""The four counts and their roll-up."""

from __future__ import annotations

import pytest

from inventory.text import Text
from reports.counts import Counts, article_of, clause_of, count, count_by
from reports.report import Report
from rules.model import Finding, Outcome, Subject

P, F, U, N = Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA


def finding(outcome: Outcome, *, attested: bool = False, requirement: str = "D11.1-a") -> Finding:
    return Finding(
        requirement,
        Subject("device", "x"),
        outcome,
        "S3",
        Text(vi="v", en="e"),
        None,
        (),
        "f",
        attested=attested,
    )


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([P, P, N], P),
        ([P, U, N], U),
        ([P, U, F, N], F),
        ([N, N], N),
        ([F], F),
        ([], U),
    ],
    ids=["pass with n/a", "und beats pass", "fail beats all", "only n/a", "one fail", "nothing"],
)
def test_the_roll_up(outcomes: list[Outcome], expected: Outcome) -> None:
    assert count(finding(o) for o in outcomes).outcome is expected


def test_every_finding_is_counted_once() -> None:
    counts = count([finding(P, attested=True), finding(P), finding(F), finding(U), finding(N)])
    assert counts == Counts(2, 1, 1, 1, attested=1)
    assert counts.total == 5
    assert [counts[o] for o in (P, F, U, N)] == [2, 1, 1, 1]


def test_only_a_pass_is_attested() -> None:
    assert count([finding(F, attested=True)]).attested == 0


def test_counts_by_clause_and_article() -> None:
    findings = [finding(P, requirement="D10.2a-a"), finding(F, requirement="D10.2-a")]
    assert count_by(findings, clause_of) == {"10.2a": Counts(passed=1), "10.2": Counts(failed=1)}
    assert count_by(findings, article_of) == {10: Counts(passed=1, failed=1)}


def test_the_parts_of_a_report_add_up(sample: Report) -> None:
    whole = count(sample.findings)
    for key in (clause_of, article_of, lambda f: f.site):
        parts = count_by(sample.findings, key).values()
        for outcome in Outcome:
            assert sum(part[outcome] for part in parts) == whole[outcome]
