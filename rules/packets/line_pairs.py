"""Two lines by which one version of a policy passes packets and the other stops them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rules.packets.arrival import Question, Reading, arrivals
from rules.packets.packet import Packet, exactly
from rules.packets.policy import Stage
from rules.packets.prove import Passage
from rules.packets.residual import Budget, TooComplex, meet, pieces_left
from rules.packets.search import Pick, doubt
from rules.packets.sets import Names
from rules.packets.space import Masks, Space
from rules.packets.version import Version

TRIED = 12
"""So many pieces are looked at to show a large one."""


def alone(space: Space, packet: Packet) -> Masks:
    """The packets that nothing tells from this one."""
    entering, leaving = (Names(frozenset({n})) for n in (packet.entering, packet.leaving))
    return space.masks(replace(exactly(packet), entering=entering, leaving=leaving))


class PairTooComplex(Exception):
    pass


class Part(Budget):
    """A share of the pieces of the whole question."""

    def __init__(self, whole: Budget, pieces: int) -> None:
        super().__init__(pieces)
        self._whole = whole

    def spend(self) -> None:
        """Raises `PairTooComplex`, or TooComplex when the whole question has no pieces left."""
        self._whole.spend()
        try:
            super().spend()
        except TooComplex:
            raise PairTooComplex from None


@dataclass(frozen=True)
class Pair:
    """The lines by which one version passes packets and the other stops them."""

    space: Space
    versions: Sequence[Version]
    passing: int
    """Number of the version that passes them."""
    picks: tuple[Pick, ...]
    stop: Pick
    at: int | None
    """Number of the stage of the passing version that is the one in which the other stops."""

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for packets with the same lines."""
        named = ((id(p.rule), p.rule is None and p.chain) for p in self.passages)
        return (self.passing, *named)

    @property
    def passages(self) -> tuple[Passage, Passage]:
        """The line of the old and of the new version."""
        lets, stops = self.versions[self.passing], self.versions[1 - self.passing]
        both = (_passage(lets, self._pick), _passage(stops, self.stop))
        return both if self.passing == 0 else (both[1], both[0])

    @property
    def _pick(self) -> Pick | None:
        """The permit of the stage in which the other version stops them, else the last line."""
        if self.at is not None:
            return self.picks[self.at]
        speaking = [pick for pick in self.picks if pick.entry.rule is not None]
        return next(iter(speaking[::-1] or self.picks[::-1]), None)

    @property
    def spoken(self) -> str:
        """The two lines, for a message."""
        return " / ".join(
            f"line {one.rule.line}" if one.rule else f"the end of {one.chain}"
            for one in self.passages
        )

    def pieces(
        self, region: Masks, free: list[Masks], reading: Reading, budget: Budget
    ) -> list[Masks]:
        """Some of the packets that are decided so, the largest piece first.

        Empty when there are none; raises TooComplex when not even one was found in time.
        """
        found: list[Masks] = []
        try:
            found += islice(self._pieces(region, free, reading, budget), TRIED)
        except (TooComplex, PairTooComplex):
            if not found:
                raise
        return sorted(found, key=self.space.size, reverse=True)

    def doubt(self, piece: Masks) -> str:
        """The first condition on the way that is not understood."""
        return doubt((*self.picks, self.stop), piece)

    def _pieces(
        self, region: Masks, free: list[Masks], reading: Reading, budget: Budget
    ) -> Iterator[Masks]:
        way = [(pick, Question(reading, "permit")) for pick in self.picks]
        yield from _left([*way, (self.stop, Question(reading, "deny"))], region, free, budget)


def _passage(version: Version, pick: Pick | None) -> Passage:
    case = version.case
    translating = (case.original(rewrite.rule) for rewrite in case.rewrites)
    rewrites = tuple(rule for rule in translating if rule is not None)
    if pick is None:
        return Passage(Stage(""), None, "", rewrites)
    jumps = (case.original(rule) or rule for rule in pick.entry.path)
    chain = pick.entry.chain.partition("\0")[0]
    return Passage(pick.stage, case.original(pick.entry.rule), chain, (*rewrites, *jumps))


def _left(
    way: Sequence[tuple[Pick, Question]], region: Masks, obstacles: list[Masks], budget: Budget
) -> Iterator[Masks]:
    """Packets of the region that all of the entries decide, outside the obstacles."""
    if not way:
        yield from pieces_left(region, obstacles, budget)
        return
    pick, question = way[0]
    if pick.entry.action == "unknown" and question.reading == "certain":
        return
    for part in question.matched(pick.entry):
        met = meet(region, part)
        if met is None:
            continue
        for rest, taken in arrivals(pick.near, pick.number, pick.entry.jump, met, question):
            budget.spend()
            yield from _left(way[1:], rest, [*obstacles, *taken], budget)
