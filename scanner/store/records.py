"""What the store is asked with and answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from inventory.text import Text
from rules.facts import EvidenceClass
from rules.model import Outcome

RunStatus = Literal["running", "finished", "interrupted"]
DeviceState = Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is known about a run when it begins."""

    inventory_text: str
    """The inventory file as read; it holds no secrets, only references to them."""
    devices: tuple[str, ...]
    """Ids of the devices to look at, in the order of the inventory."""
    whole: bool
    """`devices` are all devices of the inventory, asked in full: counts as a yearly check."""
    legal_profile: str
    rules_version: str
    tool_version: str
    nmap_version: str | None = None
    readings_changed: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON values by name of the reading."""
    scope: Mapping[str, Any] = field(default_factory=dict)
    """How the devices were chosen, in plain JSON values: `{"sites": ["chau-phu"]}`."""

    @property
    def inventory_sha256(self) -> str:
        return hashlib.sha256(self.inventory_text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands in the store."""

    id: str
    """Sorts by time: `20261123-093015-7f3a`, in the time of Asia/Ho_Chi_Minh."""
    started: datetime
    finished: datetime | None
    status: RunStatus
    plan: RunPlan


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    device: str
    state: DeviceState
    reason: Text | None = None
    """Why it failed."""
    started: datetime | None = None
    finished: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of `hnth runs`."""

    id: str
    started: datetime
    finished: datetime | None
    status: RunStatus
    whole: bool
    devices: Mapping[DeviceState, int]
    """How many devices are in each state."""
    counts: Mapping[Outcome, int]
    """Verdicts of the newest judgement; empty when not judged yet."""
    judged: datetime | None
    generation: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The rules that were applied to a run, and when. Judging again adds a generation."""

    generation: int
    judged: datetime
    rules_version: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One answer that was collected; its bytes are found under the digest."""

    device: str
    evidence_class: EvidenceClass
    source: str
    vantage: str | None
    captured: datetime
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could change a verdict and was not understood."""

    device: str
    source: str
    sha256: str
    line: int
    text: str
    why: str
