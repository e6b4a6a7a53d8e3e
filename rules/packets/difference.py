"""What a change of a policy newly permits and newly blocks, with a packet for each pair of lines.

Only packets that concern a line which is not in both versions can fare differently, and of the two
lines that decide such a packet one is not in both, or both are and changed their order. So pairs
are looked for around the lines that differ, in the atoms of both versions together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.packets.alignment import Half, aligned
from rules.packets.arrival import Reading
from rules.packets.cases import Course, courses
from rules.packets.index import Indexed
from rules.packets.interpret import decide
from rules.packets.line_pairs import Pair, PairTooComplex, Part, alone
from rules.packets.packet import Packet
from rules.packets.policy import EVERYTHING, Policy, Region, Unread
from rules.packets.preimage import Preimage
from rules.packets.prove import Passage
from rules.packets.residual import Budget, TooComplex, covers, meet
from rules.packets.space import Masks, Space, narrowed, possible
from rules.packets.version import Version

PIECES = 400_000
PIECES_A_PAIR = 20_000
REGIONS = 64
"""With more lines that differ the whole traffic is asked about at once."""
CASE_PAIRS = 100_000
_READINGS: tuple[Reading, ...] = ("certain", "possible")


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
                yield line.spoken
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
                        pair = Pair(space, versions, passing, picks, stop, at)
                        self._judge(pair, met, free)

    def _judge(self, pair: Pair, region: Masks, free: list[Masks]) -> None:
        known = self.found.get(pair.key)
        if known is not None and known.certain:
            return
        budget = Part(self._total, PIECES_A_PAIR)
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
        except PairTooComplex:
            self.open.append(f"too complex: {pair.spoken}")

    def _report(self, pair: Pair, piece: Masks, reading: Reading) -> bool:
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
            certain, why = False, line.spoken
        if certain or pair.key not in self.found:
            kind: Literal["permitted", "blocked"] = "permitted" if pair.passing else "blocked"
            # another packet of a doubtful piece may be decided otherwise
            told = piece if reading == "certain" else alone(pair.space, witness)
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
            # the lines of another device stand in no order to this one
            foreign = line.device != passage.stage.device
            before = foreign or passage.rule is None or line.line < passage.rule.line
            if line.matters and before:
                return line
    return None
