"""Everything a judgement may rest on, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from inventory.model import Inventory
from inventory.readings import Readings
from rules.baseline import Baselines
from rules.facts import Facts
from rules.patches.advisories import Advisories

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Every date rule is evaluated here (CR-9)."""


@dataclass(frozen=True, slots=True)
class CompletedCheck:
    """A whole-system check that was finished: by hnth (class H) or by others (class D)."""

    ended: date
    source: str
    """Run id or number of the document."""
    attested: bool = False
    began: date | None = None
    """None where only the end is on record."""


@dataclass(frozen=True, slots=True)
class History:
    earlier: tuple[CompletedCheck, ...] = ()
    """Complete whole-system checks other than the run that is judged, oldest first."""
    covered: frozenset[str] = frozenset()
    """Ids of the devices that answered completely in the run that is judged."""
    began: date | None = None
    ended: date | None = None
    """Local days of the run that is judged; None while it goes on, that is today."""


@dataclass(frozen=True)
class World:
    inventory: Inventory
    facts: Mapping[str, Facts]
    """By device id; every device of the inventory has an entry, if only of unknowns."""
    now: datetime
    """UTC; the moment as of which is judged."""
    readings: Readings = field(default_factory=Readings)
    history: History = field(default_factory=History)
    advisories: Advisories = field(default_factory=Advisories)
    """What was imported about vulnerabilities and releases; empty answers nothing."""
    baselines: Baselines = field(default_factory=Baselines)
    """What hardened devices are compared with: the organisation's own before those shipped."""

    @cached_property
    def network(self) -> Mapping[str, Facts]:
        """Facts of every device of the inventory, if only unknown ones; nobody can change it."""
        return MappingProxyType(
            {d.id: self.facts.get(d.id, Facts()) for d in self.inventory.devices}
        )

    @property
    def today(self) -> date:
        return self.now.astimezone(LOCAL_ZONE).date()
