"""A policy in atoms, and the packets that take a given way through its stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.packets.arrival import Question, arrivals
from rules.packets.entries import Entry, regions_of, unrolled
from rules.packets.near import Near
from rules.packets.policy import Policy, Region, Stage
from rules.packets.residual import Budget, covers, meet, pieces_left, touches
from rules.packets.space import Masks, Space


class Analysis:
    """A policy in atoms, together with the regions of one question."""

    def __init__(
        self,
        policy: Policy,
        question: Sequence[Region],
        budget: int,
        allowed: Sequence[Region] = (),
    ) -> None:
        self.policy = policy
        self.space = Space((*allowed, *regions_of(policy)), question)
        self.budget = budget
        self.stages = [(stage, unrolled(policy, stage, self.space)) for stage in policy.stages]

    def masks(self, region: Region) -> Masks:
        """The region with every field that is open closed to the atoms there are."""
        met = meet(self.space.whole, self.space.masks(region))
        return met if met is not None else (0,) * 9

    def near(self, asked: Sequence[Masks]) -> list[tuple[Stage, Near]]:
        """The entries of each stage that concern what is asked."""
        return [
            (
                stage,
                Near(
                    [(n, entry) for n, entry in enumerate(entries) if _concerns(entry, asked)],
                    self.space.whole,
                ),
            )
            for stage, entries in self.stages
        ]


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
    for number, entry in near.entries:
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


def _concerns(entry: Entry, asked: Sequence[Masks]) -> bool:
    return any(touches(may, region) for may in entry.may for region in asked)


def doubt(picks: Sequence[Pick], left: Masks) -> str:
    """The first condition that is not understood on the way of the packet."""
    for pick in picks:
        for number, entry in pick.near.entries:
            if number > pick.number:
                break
            if entry.action == "unknown" or not entry.certain:
                why = entry.why or next((jump.why for jump in entry.path if jump.why), "")
                if why and any(touches(masks, left) for masks in entry.may):
                    return why
    return ""
