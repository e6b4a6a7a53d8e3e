"""What a gateway lets through between many pairs of zones, asked about together.

Zones that the filter tells apart by their addresses alone are one question, and its answer is cut
up. Pairs that not even all places together let anything through for are not asked about at all, so
what it takes depends on what is let through more than on how many zones there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from inventory.model import Inventory, Zone
from rules.gateways import addresses_of
from rules.packets.admission import Admitted, admitted
from rules.packets.boxes import ANY_PORT, ANY_PROTOCOL, Box, TooComplicated, keep
from rules.packets.policy import Policy, Region
from rules.packets.sets import Names, Numbers, common, names, numbers

Pair: TypeAlias = tuple[Zone, Zone]
"""From where, into where."""


class Placed(Protocol):
    """A gateway whose filters have names for the places towards its zones."""

    @property
    def policy(self) -> Policy: ...

    @property
    def inventory(self) -> Inventory: ...

    def towards(self, zone: Zone) -> dict[str, Names]: ...


def admitted_between(
    gateway: Placed, pairs: Sequence[Pair]
) -> list[tuple[Admitted, ...] | TooComplicated]:
    """For each pair what gets from the one into the other; () where a zone is not placed.

    A line is named once for each interface by which the packets come and go.
    """
    asking = _Asking(gateway)
    asked = [asking.question(number, pair) for number, pair in enumerate(pairs)]
    found: list[tuple[Admitted, ...] | TooComplicated] = [()] * len(pairs)
    for group in _alike(asking.of_interest([one for one in asked if one.ways])):
        for one, lines in zip(group, asking.answers(group), strict=True):
            found[one.number] = lines
    return found


@dataclass(frozen=True, slots=True)
class _Question:
    """One pair."""

    number: int
    sources: Numbers
    destinations: Numbers
    ways: tuple[tuple[Names, Names], ...]
    """What the filters call the places, for each way through."""


def _alike(questions: Iterable[_Question]) -> Iterable[list[_Question]]:
    """Those that nothing but addresses tell apart."""
    found: dict[tuple[tuple[Names, Names], ...], list[_Question]] = {}
    for one in questions:
        found.setdefault(one.ways, []).append(one)
    return found.values()


class _Asking:
    """The questions to one gateway."""

    def __init__(self, gateway: Placed) -> None:
        self._gateway = gateway
        self._known: dict[str, tuple[Numbers, Mapping[str, Names]]] = {}

    def question(self, number: int, pair: Pair) -> _Question:
        (sources, arriving), (destinations, leaving) = map(self._end, pair)
        ways = tuple(
            (coming, going)
            for entry, coming in arriving.items()
            for exit_, going in leaving.items()
            if entry != exit_
        )
        return _Question(number, sources, destinations, ways)

    def _end(self, zone: Zone) -> tuple[Numbers, Mapping[str, Names]]:
        if zone.id not in self._known:
            where = numbers(addresses_of(zone, self._gateway.inventory))
            self._known[zone.id] = where, self._gateway.towards(zone)
        return self._known[zone.id]

    def of_interest(self, questions: list[_Question]) -> list[_Question]:
        """Without those for which nothing gets through whatever place it takes."""
        if len({one.ways for one in questions}) <= 1:
            return questions
        ways = [way for one in questions for way in one.ways]
        anywhere = _any_of(coming for coming, _ in ways), _any_of(going for _, going in ways)
        try:
            lines = self._ask(questions, *anywhere)
        except TooComplicated:
            return questions
        boxes = [box for line in lines for box in line.boxes]
        sources, destinations = (numbers(box[side] for box in boxes) for side in (0, 1))
        return [
            one
            for one in questions
            if common(one.sources, sources) and common(one.destinations, destinations)
        ]

    def answers(
        self, group: Sequence[_Question]
    ) -> Iterable[tuple[Admitted, ...] | TooComplicated]:
        """To questions that are alike."""
        if len(group) == 1:
            return [self._alone(group[0])]
        try:
            lines = [line for way in group[0].ways for line in self._ask(group, *way)]
        except TooComplicated:
            return [self._alone(one) for one in group]
        return [self._part(one, lines) for one in group]

    def _part(
        self, one: _Question, lines: Sequence[Admitted]
    ) -> tuple[Admitted, ...] | TooComplicated:
        wanted = _boxes(one)
        found = [(line, keep(line.boxes, wanted)) for line in lines]
        found = [(line, boxes) for line, boxes in found if boxes]
        if all(line.certain for line, _ in found):
            return tuple(replace(line, boxes=tuple(boxes)) for line, boxes in found)
        # which condition leaves it open is told of the pair alone
        return self._alone(one)

    def _alone(self, one: _Question) -> tuple[Admitted, ...] | TooComplicated:
        try:
            return tuple(line for way in one.ways for line in self._ask([one], *way))
        except TooComplicated as error:
            return error

    def _ask(
        self, questions: Sequence[_Question], entering: Names, leaving: Names
    ) -> tuple[Admitted, ...]:
        traffic = Region(
            source=_together(one.sources for one in questions),
            destination=_together(one.destinations for one in questions),
            entering=entering,
            leaving=leaving,
            state=names("new"),
        )
        return admitted(self._gateway.policy, traffic)


def _together(sets: Iterable[Numbers]) -> Numbers:
    several = list({id(one): one for one in sets}.values())
    if len(several) == 1:
        return several[0]
    return numbers(interval for one in several for interval in one.intervals)


def _any_of(several: Iterable[Names]) -> Names:
    return Names(frozenset(name for one in set(several) for name in one.exact))


def _boxes(one: _Question) -> list[Box]:
    return [
        (source, destination, ANY_PROTOCOL, ANY_PORT)
        for source in one.sources.intervals
        for destination in one.destinations.intervals
    ]
