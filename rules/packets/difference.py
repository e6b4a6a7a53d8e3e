"""What a change of a policy newly permits and newly blocks, with a packet for each pair of lines.

Only packets that concern a line which is not in both versions can fare differently, and of the two
lines that decide such a packet one is not in both, or both are and changed their order. So pairs
are looked for around the lines that differ, in the atoms of both versions together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from rules.packets.alignment import Half, aligned
from rules.packets.arrival import Question, Reading, arrivals
from rules.packets.cases import Course, courses
from rules.packets.fields import place
from rules.packets.index import Indexed
from rules.packets.interpret import decide
from rules.packets.packet import Packet
from rules.packets.policy import EVERYTHING, Policy, Region, Stage, Unread
from rules.packets.preimage import Preimage
from rules.packets.prove import Passage
from rules.packets.residual import Budget, TooComplex, covers, meet, pieces_left
from rules.packets.search import Pick, doubt
from rules.packets.sets import Names, Numbers
from rules.packets.space import Masks, Space, narrowed, possible
from rules.packets.version import Version

PIECES = 400_000
PIECES_A_PAIR = 20_000
TRIED = 12
"""So many pieces are looked at to show a large one."""
REGIONS = 64
"""With more lines that differ the whole traffic is asked about at once."""
CASE_PAIRS = 100_000


@dataclass(frozen=True, slots=True)
class Changed:
    """Packets that one line stopped and another lets through, or the other way round."""

    kind: Literal["permitted", "blocked"]
    """What they newly are."""
    witness: Packet
    packets: Region
    """The witness and others like it: what the two lines change may be more."""
    old: Passage
    new: Passage
    certain: bool
    why: str = ""
    """Where it is not certain: the condition that is not understood."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that was found; nothing else differs unless `open` says so."""

    changes: tuple[Changed, ...] = ()
    """One for each pair of lines, in the order of the lines that decide now."""
    open: tuple[str, ...] = ()
    """What keeps the picture incomplete."""


def difference(
    old: Policy, new: Policy, traffic: Sequence[Region] = (EVERYTHING,), *, budget: int = PIECES
) -> Difference:
    """Which packets of `traffic` get through now and did not before, and which no longer do.

    Packets are told as they are sent. Every witness was replayed in both versions. A question that
    takes more than `budget` pieces is left open.
    """
    search = _Search(old, new, traffic, budget)
    try:
        search.run()
    except TooComplex:
        search.open.append("too complex: not everything that changed was compared")
    changes = sorted(search.found.values(), key=_place)
    return Difference(tuple(changes), tuple(dict.fromkeys((*search.open, *_unread(old, new)))))


def _place(change: Changed) -> tuple[int, int]:
    return tuple(one.rule.line if one.rule else 1 << 40 for one in (change.new, change.old))  # type: ignore[return-value]


def _unread(old: Policy, new: Policy) -> Iterator[str]:
    """Lines that were not understood and are not in both; zones that changed their interfaces."""
    before, after = ([line for line in p.unread if line.matters] for p in (old, new))
    for some, others in ((after, before), (before, after)):
        known = {(line.text, line.why) for line in others}
        for line in some:
            if (line.text, line.why) not in known:
                yield f"line {line.line}: {line.why}"
    for zone in sorted(old.zones.keys() & new.zones.keys()):
        moved = set(old.zones[zone]) ^ set(new.zones[zone])
        if moved:
            yield f"zone {zone}: {', '.join(sorted(moved))} moved into or out of it"


class _Search:
    """Goes through the pairs of cases, and in each through the pairs of lines."""

    def __init__(self, old: Policy, new: Policy, traffic: Sequence[Region], budget: int) -> None:
        self._policies = (old, new)
        self._halves = aligned(old, new)
        self._traffic = traffic
        self._total = Budget(budget)
        self._matchers = (Indexed(), Indexed())
        self.found: dict[tuple[object, ...], Changed] = {}
        self.open: list[str] = []

    def run(self) -> None:
        """Fills `found` and `open`. Raises TooComplex when the budget is spent."""
        several = [tuple(courses(policy)) for policy in self._policies]
        tokens = [
            [_translation(half, course) for course in listed]
            for half, listed in zip(self._halves, several, strict=True)
        ]
        if len(several[0]) * len(several[1]) > CASE_PAIRS:
            raise TooComplex
        for before, was in zip(several[0], tokens[0], strict=True):
            for after, now in zip(several[1], tokens[1], strict=True):
                # a packet that shared lines translate is translated by the same in both
                if was == now or None in was or None in now:
                    self._pair((before, after), alike=self._alike(before, after))

    def _alike(self, before: Course, after: Course) -> bool:
        """Packets come to every stage that is in both as the same packets."""
        shared = self._halves[0].stages.items()
        return all(before.parts[i][1] == after.parts[j][1] for i, j in shared)

    def _pair(self, pair: tuple[Course, Course], *, alike: bool) -> None:
        """Looks at the packets that are translated by these lines in each version."""
        regions = self._differing(pair) if alike else [EVERYTHING]
        fits = (*pair[0].fits, *pair[1].fits)
        asked = list(_asked(self._traffic, regions, fits))
        if not asked:
            return
        cases = [c.case(p) for c, p in zip(pair, self._policies, strict=True)]
        others = [region for case in cases for region in case.others]
        versions = [
            Version(case, policy, half)
            for case, policy, half in zip(cases, self._policies, self._halves, strict=True)
        ]
        spoken = (region for version in versions for region in version.regions)
        places = [region for group in asked for region in group]
        space = Space((*fits, *others, *spoken), places)
        masks = [m for group in asked if (m := _met(space, (*group, *fits))) is not None]
        free = [space.masks(region) for region in others]
        masks = [one for one in masks if not any(covers(f, one) for f in free)]
        if masks:
            for version in versions:
                version.ask(space, masks)
            for passing in (0, 1):
                self._changes(versions, passing, space, masks, free, alike=alike)

    def _differing(self, pair: tuple[Course, Course]) -> list[Region]:
        """What lines that are not in both speak of, as the packets are sent."""
        found: dict[Region, None] = {}
        for half, course in zip(self._halves, pair, strict=True):
            for regions, (_, changes) in zip(half.differing, course.parts, strict=True):
                found |= dict.fromkeys(Preimage(changes).regions(regions))
        return list(found)

    def _changes(
        self,
        versions: Sequence[Version],
        passing: int,
        space: Space,
        asked: Sequence[Masks],
        free: list[Masks],
        *,
        alike: bool,
    ) -> None:
        """Packets that the version `passing` lets through and the other one stops."""
        lets, stops = versions[passing], versions[1 - passing]
        for stopper in stops.stages:
            at = stops.half.stages.get(stopper.number) if alike else None
            for stop in stopper.stops(asked):
                regions = [m for a in asked for may in stop.entry.may if (m := meet(a, may))]
                for region in regions:
                    if any(covers(one, region) for one in free):
                        continue
                    for picks, met in lets.around(at, stopper, stop, region):
                        pair = _Pair(space, versions, passing, picks, stop, at)
                        self._judge(pair, met, free)

    def _judge(self, pair: _Pair, region: Masks, free: list[Masks]) -> None:
        known = self.found.get(pair.key)
        if known is not None and known.certain:
            return
        budget = _Part(self._total, PIECES_A_PAIR)
        try:
            for reading in _READINGS:
                if reading == "possible" and known is not None:
                    return
                pieces = pair.pieces(region, free, reading, budget)
                if any(self._report(pair, piece, reading) for piece in pieces):
                    return
                if pieces:
                    # doubtful lines are read one by one, the interpreter reads them together
                    self.open.append(f"not confirmed: {pair.spoken}")
        except _PairTooComplex:
            self.open.append(f"too complex: {pair.spoken}")

    def _report(self, pair: _Pair, piece: Masks, reading: Reading) -> bool:
        """Keeps what was found if the plain reading of both versions confirms it; whether so."""
        witness = pair.space.packet(piece)
        decisions = [
            decide(policy, witness, matcher)
            for policy, matcher in zip(self._policies, self._matchers, strict=True)
        ]
        answers = (decisions[pair.passing].answer, decisions[1 - pair.passing].answer)
        if answers[0] == "deny" or answers[1] == "permit":
            return False
        certain = answers == ("permit", "deny")
        why = "" if certain else pair.doubt(piece) or next((d.why for d in decisions if d.why), "")
        old, new = pair.passages
        line = _unread_before(self._policies, (old, new))
        if certain and line is not None:
            certain, why = False, f"line {line.line}: {line.why}"
        if certain or pair.key not in self.found:
            kind: Literal["permitted", "blocked"] = "permitted" if pair.passing else "blocked"
            # another packet of a doubtful piece may be decided otherwise
            told = piece if reading == "certain" else _alone(pair.space, witness)
            packets = pair.space.region(told)
            self.found[pair.key] = Changed(kind, witness, packets, old, new, certain, why)
        return True


def _translation(half: Half, course: Course) -> tuple[object, ...]:
    """The lines that translate, None for one that is not in both versions."""
    return tuple(half.rewrites.get(id(one)) for one in course.rewrites)


def _asked(
    traffic: Sequence[Region], regions: Sequence[Region], fits: Sequence[Region]
) -> Iterator[tuple[Region, ...]]:
    """Regions that stand for their packets in common, and hold together all that may differ."""
    if len(regions) > REGIONS:
        regions = (EVERYTHING,)
    for one in traffic:
        for other in regions:
            both = narrowed(one, other)
            for piece in possible(both) if both is not None else ():
                met: Region | None = piece
                for fit in fits:
                    met = met and narrowed(met, fit)
                if met is not None:
                    yield (met, other)


def _met(space: Space, regions: Sequence[Region]) -> Masks | None:
    found: Masks | None = space.whole
    for region in regions:
        found = found and meet(found, space.masks(region))
    return found


def _unread_before(policies: Sequence[Policy], passages: tuple[Passage, Passage]) -> Unread | None:
    """A line that was not understood and may have decided before either of the lines."""
    for policy, passage in zip(policies, passages, strict=True):
        for line in policy.unread:
            if line.matters and (passage.rule is None or line.line < passage.rule.line):
                return line
    return None


_READINGS: tuple[Reading, ...] = ("certain", "possible")


def _alone(space: Space, packet: Packet) -> Masks:
    """The packets that nothing tells from this one."""
    values = (
        place(packet.source),
        place(packet.destination),
        packet.protocol,
        packet.source_port,
        packet.destination_port,
        packet.flags,
    )
    words = (packet.entering, packet.leaving, packet.state)
    return space.masks(
        Region(
            *(Numbers(((value, value),)) for value in values),  # type: ignore[arg-type]
            *(Names(frozenset({word})) for word in words),
        )
    )


class _PairTooComplex(Exception):
    pass


class _Part(Budget):
    """A share of the pieces of the whole question."""

    def __init__(self, whole: Budget, pieces: int) -> None:
        super().__init__(pieces)
        self._whole = whole

    def spend(self) -> None:
        """Raises `_PairTooComplex`, or TooComplex when the whole question has no pieces left."""
        self._whole.spend()
        try:
            super().spend()
        except TooComplex:
            raise _PairTooComplex from None


@dataclass(frozen=True)
class _Pair:
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
        except (TooComplex, _PairTooComplex):
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
    rewrites = tuple(rewrite.rule for rewrite in case.rewrites)
    if pick is None:
        return Passage(Stage(""), None, "", rewrites)
    jumps = (case.original(rule) or rule for rule in pick.entry.path)
    chain = pick.entry.chain.rstrip("\0")
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
