"""The lines of a policy that can concern given packets, found without looking at all of them.

The values of three fields are put into cells, cut where sets of the lines begin; every cell knows
the lines that reach into it, as bits of one integer. Few packets reach into few cells.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from inventory.remembered import Remembered
from rules.packets.bits import integer, positions
from rules.packets.policy import EVERYTHING, Chain, Policy, Region, Rule, Stage
from rules.packets.sets import Interval, Names, Numbers, numbers

CELLS: Final = 512
INDEXED: Final = ("source", "destination", "destination_port")
"""The fields that tell lines apart."""
PLACES: Final = ("entering", "leaving")
FEW: Final = 64
"""For so few lines an index does not pay."""


class Concerned:
    """A policy without the lines that concern none of the packets asked about, or some of them."""

    def __init__(self, policy: Policy, asked: Sequence[Region]) -> None:
        self._chains = policy.chains
        self._asked = asked
        self._lines: dict[str, _Lines] = {}

    def within(self, stages: Sequence[Stage], packets: Sequence[Region]) -> dict[str, Chain]:
        """The chains that these stages lead to, as far as they concern the packets.

        Every packet of these regions meets the same fate there as in the whole chains.
        """
        found: dict[str, Chain] = {}
        waiting = [stage.chain for stage in stages]
        while waiting:
            name = waiting.pop()
            chain = self._chains.get(name)
            if chain is None or name in found:
                continue
            found[name] = chain = self._of(name, chain).concerning(packets)
            waiting += [rule.target for rule in chain.rules if rule.target]
        return found

    def _of(self, name: str, chain: Chain) -> _Lines:
        if name not in self._lines:
            self._lines[name] = _Lines(chain, self._asked)
        return self._lines[name]


def concerning(policy: Policy, packets: Region) -> Policy:
    """The policy without lines that concern none of the packets, for which it stays the same.

    One that translates stays whole: what its packets become is not asked here. So does one of
    several devices, which is made for a question whose packets its devices were asked about.
    """
    if policy.hops or translates(policy):
        return policy
    return replace(policy, chains=_remembered(policy).within(policy.stages, [packets]))


def translates(policy: Policy) -> bool:
    """Packets can leave it with other addresses or ports than they came with."""
    return any(stage.rewrites for stage in policy.stages)


_remembered: Remembered[Policy, Concerned] = Remembered(
    lambda policy: Concerned(policy, (EVERYTHING,))
)


class _Lines:
    """One chain."""

    def __init__(self, chain: Chain, asked: Sequence[Region]) -> None:
        self._chain = chain
        self._all = (1 << len(chain.rules)) - 1
        few = len(chain.rules) <= FEW
        # places and states are the same before and behind a translation
        placed = [] if few else [_placed(rule, asked) for rule in chain.rules]
        self._fields = [] if few else [(name, _Cells(placed, name)) for name in INDEXED]
        self._places = [] if few else [(name, _Words(placed, name)) for name in PLACES]

    def concerning(self, packets: Sequence[Region]) -> Chain:
        if not self._fields:
            return self._chain
        found = 0
        for region in packets:
            reached = self._all
            for name, cells in self._fields:
                reached &= cells.reaching(getattr(region, name))
            for name, words in self._places:
                reached &= words.reaching(getattr(region, name))
            found |= reached
        if found == self._all:
            return self._chain
        rules = self._chain.rules
        return replace(self._chain, rules=tuple(rules[at] for at in positions(found)))


class _Cells:
    """One field of the lines of a chain."""

    def __init__(self, lines: Sequence[Sequence[Region]], name: str) -> None:
        field = attrgetter(name)
        several = [[field(region) for region in regions] for regions in lines]
        self._starts = _cut(several)
        always: list[int] = []
        turning: list[list[int]] = [[] for _ in range(len(self._starts) + 1)]
        known: dict[int, tuple[Interval, ...]] = {}
        for number, sets in enumerate(several):
            closed = [values for values in sets if values is not None]
            if len(closed) < len(sets):
                always.append(number)
                continue
            for low, high in self._spans(closed, known):
                turning[low].append(number)
                turning[high + 1].append(number)
        current = integer(always)
        self._cells: list[int] = []
        for turned in turning[:-1]:
            current ^= integer(turned)
            self._cells.append(current)

    def reaching(self, values: Numbers | None) -> int:
        """The lines that reach into a cell of the values; -1 for all."""
        if values is None:
            return -1
        found = 0
        for low, high in self._reached(values):
            for cell in range(low, high + 1):
                found |= self._cells[cell]
        return found

    def _spans(
        self, sets: Sequence[Numbers], known: dict[int, tuple[Interval, ...]]
    ) -> tuple[Interval, ...]:
        """The cells of one line; remembered for a set that several lines use."""
        if len(sets) != 1:
            return numbers(span for values in sets for span in self._reached(values)).intervals
        (values,) = sets
        spans = known.get(id(values))
        if spans is None:
            spans = known[id(values)] = numbers(self._reached(values)).intervals
        return spans

    def _reached(self, values: Numbers) -> Iterator[Interval]:
        starts = self._starts
        for first, last in values.intervals:
            yield bisect_right(starts, first) - 1, bisect_right(starts, last) - 1


class _Words:
    """One field of names of the lines of a chain."""

    def __init__(self, lines: Sequence[Sequence[Region]], name: str) -> None:
        field = attrgetter(name)
        lists: dict[Names | None, list[int]] = {}
        for number, regions in enumerate(lines):
            for words in {field(region) for region in regions}:
                lists.setdefault(words, []).append(number)
        self._lines = {words: integer(listed) for words, listed in lists.items()}
        self._known: dict[Names, int] = {}

    def reaching(self, words: Names | None) -> int:
        """The lines that speak of one of the names; -1 for all."""
        if words is None:
            return -1
        if words not in self._known:
            reached = 0
            for own, listed in self._lines.items():
                if not _nothing_common(own, words):
                    reached |= listed
            self._known[words] = reached
        return self._known[words]


def _cut(several: Sequence[Sequence[Numbers | None]]) -> list[int]:
    """Where cells begin; the first one before all values."""
    distinct = {id(values): values for sets in several for values in sets if values is not None}
    spans = [span for one in distinct.values() for span in one.intervals]
    ends = sorted({first for first, _ in spans} | {last + 1 for _, last in spans})
    return [-1, *ends[:: len(ends) // CELLS + 1]]


def _placed(rule: Rule, asked: Sequence[Region]) -> list[Region]:
    return [one for one in rule.may if not all(apart(one, other) for other in asked)]


def apart(one: Region, other: Region) -> bool:
    """No packet can be in both, because of where it comes in, goes out, or its state."""
    return (
        _nothing_common(one.entering, other.entering)
        or _nothing_common(one.leaving, other.leaving)
        or _nothing_common(one.state, other.state)
    )


def _nothing_common(one: Names | None, other: Names | None) -> bool:
    if one is None or other is None:
        return False
    if one.all_but or one.beginnings:
        one, other = other, one
    if one.all_but or one.beginnings:
        return False
    return not any(name in other for name in one.exact)
