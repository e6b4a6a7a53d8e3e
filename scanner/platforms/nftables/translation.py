"""The lines of a nat chain in the order in which they are asked, jumps written out.

The first line that matches decides for the connection, be it a translation or `accept`. Where one
certain outcome is known it becomes a `Rewrite`; every other line that could translate a packet, or
keep it from a later line, leaves that packet in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from typing import Final

from rules.packets import fields
from rules.packets.policy import Change, Region, Rewrite, Rule
from rules.packets.sets import Names, Numbers, common, numbers
from scanner.platforms.netconfig.conditions import (
    Box,
    Condition,
    both,
    box,
    met,
    regions,
    subtracted,
)
from scanner.platforms.nftables.chains import Base, Goal, Line
from scanner.platforms.nftables.values import NotUnderstood, ends_of

NEW: Final = Names(frozenset({"new"}))
ENTRIES_MAX, VISITS_MAX, BOXES_MAX = 400, 2_000, 64
DEPTH_MAX: Final = 16
"""Linux allows no more nested jumps."""
_WHOLE: Final = {4: fields.ALL_V4, 6: fields.ALL_V6}
_ORIGIN: Final = {4: 0, 6: fields.V6_FROM}
_NAMES: Final = tuple(one.name for one in fields_of(Region))
_PORTED: Final = numbers((number, number) for number in fields.WITH_PORTS)

View = Callable[[Condition], Condition]
"""A condition of the chain -> how it looks at the hook."""


class TooMuch(Exception):
    """The chain has more lines, or more intricate ones, than are written out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, and the packets that it is about."""

    line: Line
    boxes: tuple[Box, ...]
    changes: tuple[Mapping[str, Change], ...] = ()
    """For each box what the translation makes of its packets; () where nobody can say."""
    certain: bool = True

    @property
    def translates(self) -> bool:
        """It could change a packet."""
        return bool(self.line.effect)

    @property
    def doubtful(self) -> bool:
        """Whether and how it changes its packets cannot be told."""
        return not self.certain or (self.translates and not self.changes)

    def rewrites(self) -> Iterator[Rewrite]:
        """The line for a stage; one that keeps packets from later lines changes nothing."""
        line = self.line
        if not self.changes:
            yield Rewrite(_rule(line, self.boxes))
            return
        for one, changes in zip(self.boxes, self.changes, strict=True):
            yield Rewrite(_rule(line, (one,)), **changes)


def rewrites_of(found: Sequence[Entry]) -> tuple[Rewrite, ...]:
    """All lines for a stage; () where none of them changes anything for certain."""
    every = tuple(rewrite for entry in found for rewrite in entry.rewrites())
    return every if any(rewrite.changes for rewrite in every) else ()


def boxes_of(several: Sequence[Region]) -> tuple[Box, ...]:
    """The regions as boxes."""
    return tuple(
        {name: values for name in _NAMES if (values := getattr(one, name)) is not None}
        for one in several
    )


def as_it_is(condition: Condition) -> Condition:
    """For platforms of which every condition can be judged where translations are."""
    return condition


def goal_of(text: str, version: int | None, *, prefix: bool = False) -> Goal | None:
    """One address, one port, both, or a whole prefix; None where it is one of several."""
    try:
        address, port, found = ends_of(text, version)
    except NotUnderstood:
        return None
    if prefix:
        return None if address is None or port is not None else Goal(prefix=address, version=found)
    if address is None:
        return None if port is None else Goal(port=port, version=version)
    return Goal(address[0], port, None, found) if address[0] == address[1] else None


def _rule(line: Line, boxes: tuple[Box, ...]) -> Rule:
    return Rule("continue", line.line, line.text, regions(boxes), file=line.file)


def entries(base: Base, chains: Mapping[str, list[Line]], view: View) -> list[Entry]:
    """The lines that packets come to, first match first. Raises TooMuch."""
    concerns = base.concerns.source
    start: dict[str, Numbers | Names] = {"state": NEW}
    if concerns is not None:
        start |= {"source": concerns, "destination": concerns}
    side = "source" if base.hook in {"postrouting", "input"} else "destination"
    walk = _Walk(chains, view, side)
    walk.chain(base.chain, Condition((start,)), certain=True, depth=0)
    return _needed(walk.found)


class _Walk:
    def __init__(self, chains: Mapping[str, list[Line]], view: View, side: str) -> None:
        self._chains = chains
        self._view = view
        self._side = side
        self._visits = 0
        self.found: list[Entry] = []

    def chain(self, name: str, context: Condition, *, certain: bool, depth: int) -> None:
        """Adds the entries of a chain for packets of the context, which is understood."""
        self._visits += 1
        if self._visits > VISITS_MAX or depth > DEPTH_MAX:
            raise TooMuch
        inside = context
        for line in self._chains.get(name, ()):
            here = self._view(both(inside, line.condition))
            if not here.may:
                continue
            if len(here.may) > BOXES_MAX or len(self.found) > ENTRIES_MAX:
                raise TooMuch
            sure = certain and here.must is None and not line.limits
            if line.verb in {"jump", "goto"}:
                self.chain(line.target, Condition(here.may), certain=sure, depth=depth + 1)
            elif line.effect or line.verb in {"permit", "deny", "unknown"}:
                self._line(line, here, sure and line.verb != "unknown")
            if line.verb == "goto" or (line.verb == "return" and depth):
                inside = self._left(inside, here, line, sure)
            elif line.verb == "return":
                self._add(Entry(line, here.may, certain=sure))

    def _left(self, inside: Condition, gone: Condition, line: Line, sure: bool) -> Condition:
        """The packets that are asked by the rest of the chain."""
        left = subtracted(inside.may, gone.may) if sure else None
        if left is not None:
            return Condition(left)
        self._add(Entry(line, gone.may, certain=False))
        return inside

    def _line(self, line: Line, here: Condition, sure: bool) -> None:
        if line.effect and line.verb != "permit":
            raise TooMuch  # it changes the packet, and the next line is asked as well
        goal = line.goal
        if goal is not None and goal.version is not None:
            whole = _WHOLE[goal.version]
            here = both(here, box(source=whole, destination=whole))
            if not here.may:
                return
        changes = _changes(goal, here.may, self._side) if goal is not None and sure else ()
        self._add(Entry(line, here.may, changes, sure))

    def _add(self, entry: Entry) -> None:
        self.found.append(entry)


def _changes(goal: Goal, boxes: Sequence[Box], side: str) -> tuple[Mapping[str, Change], ...]:
    """What each box becomes; () where that is not one value for all its packets."""
    found = []
    for one in boxes:
        changes: dict[str, Change] = {}
        if goal.address is not None:
            changes[side] = Change(goal.address)
        if goal.prefix is not None:
            shift = _shift(goal.prefix, one.get(side), goal.version or 4)
            if shift is None:
                return ()
            changes[side] = shift
        if goal.port is not None:
            protocols = one.get("protocol")
            if not isinstance(protocols, Numbers) or common(protocols, _PORTED) != protocols:
                return ()
            changes[f"{side}_port"] = Change(goal.port)
        found.append(changes)
    return tuple(found)


def _shift(prefix: tuple[int, int], values: Numbers | Names | None, version: int) -> Change | None:
    """The step from the one prefix of the values to the other; None where they have several."""
    if not isinstance(values, Numbers) or not values:
        return None
    size = prefix[1] - prefix[0] + 1
    origin = _ORIGIN[version]
    first, last = values.intervals[0][0] - origin, values.intervals[-1][1] - origin
    if first // size != last // size:
        return None
    return Change(prefix[0] - origin - first // size * size, shifts=True)


def _needed(found: Sequence[Entry]) -> list[Entry]:
    """Without the lines that keep no packet from a later translation.

    A doubtful one is kept for the packets that a later line could translate.
    """
    kept: list[Entry] = []
    translating: list[Entry] = []
    for entry in reversed(found):
        if entry.translates:
            translating.append(entry)
            kept.append(entry)
            continue
        shared = tuple(_shared(entry.boxes, translating))
        if len(shared) > BOXES_MAX:
            raise TooMuch
        if shared:
            kept.append(replace(entry, boxes=shared) if not entry.certain else entry)
    return kept[::-1]


def _shared(boxes: Sequence[Box], others: Sequence[Entry]) -> Iterator[Box]:
    for other in others:
        for one in boxes:
            for theirs in other.boxes:
                found, _ = met(one, theirs)
                if found is not None:
                    yield found
