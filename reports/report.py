"""What a report is made from: one immutable value, put together by whoever holds the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from inventory.model import Inventory
from inventory.text import Text
from rules.facts import EvidenceClass, Facts
from rules.model import Finding
from rules.notice import Notice


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Which run is reported and with what it was made. Times are UTC."""

    id: str
    started: datetime
    finished: datetime | None
    status: Literal["running", "finished", "interrupted"]
    judged: datetime
    rules_version: str
    legal_profile: str
    """A value of the reading `legal_profile`."""
    tool_version: str
    nmap_version: str | None = None
    whole: bool = True
    """All devices of the inventory were in scope."""
    readings_changed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Issued:
    """What the clerk gives a document when it is issued; without it a report is a draft."""

    number: str
    """Number and sign in full: `05/BC-SKHCN`."""
    day: date


@dataclass(frozen=True, slots=True)
class ScannedDevice:
    """What became of one device of the run."""

    id: str
    state: Literal["pending", "done", "failed"]
    reason: Text | None = None
    """Why it could not be read."""
    started: datetime | None = None
    finished: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One answer that was collected; its bytes are in the store under the digest."""

    device: str
    evidence_class: EvidenceClass
    source: str
    vantage: str | None
    captured: datetime
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line that could change a verdict and was not understood."""

    device: str
    source: str
    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows. Findings in the Regulation's order, devices in the run's order."""

    run: RunFacts
    inventory: Inventory
    findings: tuple[Finding, ...]
    devices: tuple[ScannedDevice, ...] = ()
    evidence: tuple[EvidenceEntry, ...] = ()
    unread: tuple[NotUnderstood, ...] = ()
    network: Mapping[str, Facts] = field(default_factory=dict)
    """What was understood of each device of the run, by its id."""
    notices: tuple[Notice, ...] = ()
    """Observations, which are no findings."""
