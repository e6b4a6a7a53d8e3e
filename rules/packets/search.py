"""A policy in atoms, and the packets that take a given way through its stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.packets.arrival import Question, arrivals
from rules.packets.cases import Case
from rules.packets.entries import Entry, regions_of, unrolled
from rules.packets.near import Near
from rules.packets.policy import Region, Stage
from rules.packets.residual import Budget, covers, meet, pieces_left, touches
from rules.packets.space import Masks, Space, narrowed, possible


class Analysis:
    """One case of a policy in atoms, together with the regions of one question."""

    def __init__(
        self,
        case: Case,
        question: Sequence[Region],
        budget: int,
        allowed: Sequence[Region] = (),
    ) -> None:
        self.case = case
        self._pieces = {id(region): _pieces(region, case) for region in question}
        asked = [piece for pieces in self._pieces.values() for piece in pieces]
        regions = (*allowed, *case.fits, *case.others, *regions_of(case.policy))
        self.space = Space(regions, asked)
        self.budget = budget
        self.stages = [
            (stage, unrolled(case.policy, stage, self.space)) for stage in case.policy.stages
        ]
        self.elsewhere = [self.space.masks(region) for region in case.others]
        """Packets that belong to another case."""

    def asked(self, region: Region) -> list[Masks]:
        """One of the question's regions, as far as it is of this case; every field that is open
        closed to the atoms there are.
        """
        found: list[Masks] = []
        for piece in self._pieces[id(region)]:
            met = meet(self.space.whole, self.space.masks(piece))
            for fit in self.case.fits:
                met = met and meet(met, self.space.masks(fit))
            if met is not None:
                found.append(met)
        return found

    def near(self, asked: Sequence[Masks]) -> list[tuple[Stage, Near]]:
        """The entries of each stage that concern what is asked."""
        return [
            (
                stage,
                Near(
                    [(n, entry) for n, entry in enumerate(entries) if entry.concerns(asked)],
                    self.space.whole,
                ),
            )
            for stage, entries in self.stages
        ]


def _pieces(region: Region, case: Case) -> list[Region]:
    """What of the region can be a packet, and one of the case as far as numbers tell."""
    met: Region | None = region
    for fit in case.fits:
        met = met and narrowed(met, fit)
    return [] if met is None else list(possible(met))


@dataclass(frozen=True, slots=True)
class Pick:
    """One entry of one stage, and the entries of that stage that concern the question."""

    stage: Stage
    number: int
    entry: Entry
    near: Near


def ways(
    stages: Sequence[tuple[Stage, Near]], asked: Sequence[Masks], free: Sequence[Masks]
) -> Iterator[tuple[tuple[Pick, ...], Masks]]:
    """Every combination of permits, one a stage, that have packets in common outside the free."""
    yield from _ways(stages, (), asked, free)


def _ways(
    stages: Sequence[tuple[Stage, Near]],
    picks: tuple[Pick, ...],
    regions: Sequence[Masks],
    free: Sequence[Masks],
) -> Iterator[tuple[tuple[Pick, ...], Masks]]:
    if len(picks) == len(stages):
        yield from ((picks, region) for region in regions)
        return
    stage, near = stages[len(picks)]
    for number, entry in near.touching(regions):
        if entry.action not in {"permit", "unknown"}:
            continue
        for region in regions:
            for may in entry.may:
                met = meet(region, may)
                if met is not None and not any(covers(one, met) for one in free):
                    pick = Pick(stage, number, entry, near)
                    yield from _ways(stages, (*picks, pick), [met], free)


def left_through(
    picks: Sequence[Pick],
    region: Masks,
    obstacles: list[Masks],
    question: Question,
    budget: Budget,
) -> Iterator[Masks]:
    """Packets of the region that every picked entry decides, outside the obstacles.

    The pieces may overlap where a packet can come to an entry in several ways. Raises TooComplex.
    """
    if not picks:
        yield from pieces_left(region, obstacles, budget)
        return
    pick = picks[0]
    if pick.entry.action == "unknown" and question.reading == "certain":
        return
    for part in question.matched(pick.entry):
        met = meet(region, part)
        if met is None:
            continue
        for rest, taken in arrivals(pick.near, pick.number, pick.entry.jump, met, question):
            budget.spend()
            yield from left_through(picks[1:], rest, [*obstacles, *taken], question, budget)


def doubt(picks: Sequence[Pick], left: Masks) -> str:
    """The first condition that is not understood on the way of the packet."""
    for pick in picks:
        for number, entry in pick.near.entries:
            if number > pick.number:
                break
            if entry.action == "unknown" or not entry.certain:
                own = entry.why or (entry.rule.why if entry.rule is not None else "")
                why = own or next((jump.why for jump in entry.path if jump.why), "")
                if why and any(touches(masks, left) for masks in entry.may):
                    return why
    return ""
