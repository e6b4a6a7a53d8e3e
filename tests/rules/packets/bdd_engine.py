"""An independent answer: packets as bits, sets of packets as binary decision diagrams.

Follows the first-match order from the top: what is left after each line is what the lines below
can still decide. Knows plain lists of fully understood rules only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from oxidd.bdd import BDDFunction, BDDManager

from rules.packets.policy import Chain, Region
from rules.packets.sets import Names, Numbers

FIELDS = (
    ("destination", 33),
    ("source", 33),
    ("destination_port", 16),
    ("source_port", 16),
    ("protocol", 8),
    ("flags", 6),
)
"""Field and bits, in the order of the variables; bit 33 of an address tells IPv6 apart, of which
only the lowest 32 bits may be used."""
INTERFACES = ("eth0", "eth1", "wan", "another")


class Engine:
    """One manager with its variables."""

    def __init__(self) -> None:
        self._manager = BDDManager(1 << 21, 1 << 18, 1)
        self._first: dict[str, int] = {}
        at = 0
        for name, bits in (*FIELDS, ("entering", 2)):
            self._first[name] = at
            at += bits
        self._manager.add_vars(at)

    def region(self, region: Region) -> BDDFunction:
        """The packets of a region."""
        found = self._manager.true()
        for name, bits in FIELDS:
            values: Numbers | None = getattr(region, name)
            if values is not None:
                found &= self._numbers(self._first[name], bits, values.intervals)
        if region.entering is not None:
            found &= self._names(region.entering)
        return found

    def guilty(
        self, chain: Chain, traffic: Sequence[Region], allowed: Sequence[Region]
    ) -> set[int | None]:
        """The lines (None = the default) that let through what is asked and not allowed."""
        left = self._any(traffic) & ~self._any(allowed)
        lines: set[int | None] = set()
        for rule in chain.rules:
            match = self._any(rule.may)
            if rule.action == "permit" and (left & match).satisfiable():
                lines.add(rule.line)
            left &= ~match
        if chain.default == "permit" and left.satisfiable():
            lines.add(None)
        return lines

    def stopping(self, chain: Chain, wanted: Sequence[Region]) -> set[int | None]:
        """The lines that stop some of what is wanted."""
        left = self._any(wanted)
        lines: set[int | None] = set()
        for rule in chain.rules:
            match = self._any(rule.may)
            if rule.action == "deny" and (left & match).satisfiable():
                lines.add(rule.line)
            left &= ~match
        if chain.default == "deny" and left.satisfiable():
            lines.add(None)
        return lines

    def _any(self, regions: Sequence[Region]) -> BDDFunction:
        found = self._manager.false()
        for region in regions:
            found |= self.region(region)
        return found

    def _names(self, names: Names) -> BDDFunction:
        at = self._first["entering"]
        found = self._manager.false()
        for number, name in enumerate(INTERFACES):
            if name in names:
                found |= self._numbers(at, 2, ((number, number),))
        return found

    @cache  # noqa: B019 - one engine a test run
    def _numbers(self, at: int, bits: int, intervals: tuple[tuple[int, int], ...]) -> BDDFunction:
        found = self._manager.false()
        for first, last in intervals:
            found |= self._not_below(at, bits, first) & self._not_above(at, bits, last)
        return found

    def _not_below(self, at: int, bits: int, bound: int) -> BDDFunction:
        found = self._manager.true()
        for bit in range(bits):
            variable = self._manager.var(at + bits - 1 - bit)
            found = variable & found if bound >> bit & 1 else variable | found
        return found

    def _not_above(self, at: int, bits: int, bound: int) -> BDDFunction:
        found = self._manager.true()
        for bit in range(bits):
            variable = self._manager.var(at + bits - 1 - bit)
            found = ~variable | found if bound >> bit & 1 else ~variable & found
        return found
