"""The four counts and the roll-ups. A roll-up never stands without its counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from rules.model import Finding, Outcome, worst
from rules.requirements import REQUIREMENTS


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings have each verdict; `attested` are also among `passed`, `waived` are also
    among `failed`.
    """

    passed: int = 0
    failed: int = 0
    undetermined: int = 0
    not_applicable: int = 0
    attested: int = 0
    waived: int = 0

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.undetermined + self.not_applicable

    @property
    def outcome(self) -> Outcome:
        """The roll-up: any FAIL, else any UND, else any PASS, else NA. Of nothing at all: UND."""
        if not self.total:
            return Outcome.UND
        return worst([outcome for outcome in Outcome if self[outcome]])

    def __getitem__(self, outcome: Outcome) -> int:
        return {
            Outcome.PASS: self.passed,
            Outcome.FAIL: self.failed,
            Outcome.UND: self.undetermined,
            Outcome.NA: self.not_applicable,
        }[outcome]


def count(findings: Iterable[Finding]) -> Counts:
    """The counts over these findings."""
    seen = list(findings)
    number = {outcome: sum(f.outcome is outcome for f in seen) for outcome in Outcome}
    return Counts(
        passed=number[Outcome.PASS],
        failed=number[Outcome.FAIL],
        undetermined=number[Outcome.UND],
        not_applicable=number[Outcome.NA],
        attested=sum(f.attested and f.outcome is Outcome.PASS for f in seen),
        waived=sum(f.waiver is not None and f.outcome is Outcome.FAIL for f in seen),
    )


K = TypeVar("K", bound=Hashable)


def group(findings: Iterable[Finding], key: Callable[[Finding], K]) -> dict[K, list[Finding]]:
    """Findings by key, keys and findings in the order in which they are met."""
    groups: defaultdict[K, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[key(finding)].append(finding)
    return dict(groups)


def count_by(findings: Iterable[Finding], key: Callable[[Finding], K]) -> dict[K, Counts]:
    """The counts of every group."""
    return {name: count(members) for name, members in group(findings, key).items()}


def clause_of(finding: Finding) -> str:
    """`10.1`, `10.2a`: the clause that the finding's requirement belongs to."""
    return REQUIREMENTS[finding.requirement].clause


def article_of(finding: Finding) -> int:
    """10, 11 or 12."""
    return REQUIREMENTS[finding.requirement].article
