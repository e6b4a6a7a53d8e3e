"""What a check of one device leaves behind, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from inventory.text import Text
from rules.model import Finding, Outcome
from rules.patches.model import Feed

if TYPE_CHECKING:
    from reports.report import Report
    from scanner.platforms.model import Platform


@dataclass(frozen=True, slots=True)
class Software:
    """The running release beside what is known of its family."""

    running: str | None = None
    newest: str | None = None
    """The newest release known for the model; None when none is."""
    is_newest: bool | None = None
    """None when it cannot be told."""
    affected: tuple[str, ...] = ()
    """Known vulnerabilities of the release, those that are exploited first."""
    undecided: int = 0
    """Vulnerabilities of the family of which nobody can say whether the release has them."""
    why: Text | None = None
    """What cannot be told, and why."""
    feeds: tuple[Feed, ...] = ()
    """What the answer rests on."""
    data_of: date | None = None
    """Day of the newest vulnerability data."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check that was carried through. `report` holds the findings on this device only."""

    report: Report
    platform: Platform | None
    software: Software
    baseline: str
    """Name and version of the one that the configuration was compared with."""
    upon_signing: frozenset[str] = frozenset()
    """Requirements that cannot be determined for want of a signed record alone."""
    beyond_files: frozenset[str] = frozenset()
    """Requirements that a saved file cannot decide; empty where the device itself was asked."""
    problem: Text | None = None
    """Why the device could not be read completely."""
    from_files: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings

    @property
    def failures(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.outcome is Outcome.FAIL)

    @property
    def decided(self) -> tuple[Finding, ...]:
        """The findings that the exit status rests on: all but those that wait for a signature."""
        return tuple(self._but(self.upon_signing))

    @property
    def open(self) -> tuple[Finding, ...]:
        """What could not be determined although this kind of check can determine it."""
        left = self._but(self.upon_signing | self.beyond_files)
        return tuple(f for f in left if f.outcome is Outcome.UND)

    def _but(self, requirements: frozenset[str]) -> Iterable[Finding]:
        return (
            f
            for f in self.findings
            if f.outcome is not Outcome.UND or f.requirement not in requirements
        )
