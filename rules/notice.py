"""What an auditor should know that breaks no requirement: an observation, never a verdict.

The Regulation's readings ask for observations where its words do not order something (A-33, A-37),
and for devices that a clause does not name. They count in no total and change no exit status.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from inventory.text import Text
from rules.facts import Citation
from rules.model import Severity, Subject


@dataclass(frozen=True, slots=True)
class Notice:
    """One observation, in both languages, ready to be stored and shown."""

    kind: str
    """What is observed, one word for all runs: `stored-readable`. Never rename one."""
    requirement: str
    """The requirement it stands nearest to."""
    subject: Subject
    severity: Severity
    text: Text
    remedy: Text
    citations: tuple[Citation, ...] = ()
    site: str | None = None
    device: str | None = None
    fact: str | None = None
    """The setting that puts it right, by which a family's command is found; several with spaces."""

    @property
    def settings(self) -> tuple[str, ...]:
        """The facts in `fact`, one by one."""
        return tuple((self.fact or "").split())

    @property
    def fingerprint(self) -> str:
        """The same in every run that observes the same."""
        parts = ("notice", self.kind, self.requirement, self.subject.kind, self.subject.id)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
