"""Facts that remember what was asked of them, so that a "cannot tell" can be traced to its cause.

A gate that holds a configuration against what only a probe of the network can show would never be
green; one that overlooks what the file should have told would be green for nothing. What a rule
looked at, and did not find, tells the two apart.
"""

from __future__ import annotations

from typing import Any

from inventory.text import Text
from rules.facts import Fact, Facts, Known, Unknown
from scanner.platforms.model import SEEN_FROM_OUTSIDE

_TOLD_BY_FILES = frozenset(
    {"identity.family", "identity.model", "identity.vendor", "software.version"}
)
BEYOND_FILES = (SEEN_FROM_OUTSIDE - _TOLD_BY_FILES) | {
    "call.active",
    "logs.sources",
    "neighbours",
    "ntp.synchronised",
}
"""Facts that no saved configuration holds: probes, the state of the moment, stored records."""


class AskedFacts(Facts):
    """The facts of one device; `known` and `unknown` are the names asked for since `forget`."""

    def __init__(self, facts: Facts, *, filters: bool = False, absent: Text | None = None) -> None:
        super().__init__(dict(facts.items()), absent or facts.absent)
        self._filters = filters
        self.known: set[str] = set()
        self.unknown: set[str] = set()

    def __getitem__(self, name: str) -> Fact[Any]:
        fact = super().__getitem__(name)
        (self.known if isinstance(fact, Known) else self.unknown).add(name)
        return fact

    def forget(self) -> None:
        self.known.clear()
        self.unknown.clear()

    @property
    def owed(self) -> set[str]:
        """What the files should have told and do not: the family reads it, and it is not there."""
        owed = {name for name in self.unknown - BEYOND_FILES if self._should_be_there(name)}
        return owed | ({"filters"} & self.unknown if self._filters else set())

    def _should_be_there(self, name: str) -> bool:
        fact = super().__getitem__(name)
        return name in self and isinstance(fact, Unknown) and not fact.in_no_file

    @property
    def told(self) -> set[str]:
        """What the files told of what was asked."""
        return self.known - BEYOND_FILES
