"""A policy with address translation as several policies without it.

Every line of a translation is a case: its packets, and what the stages behind it make of them,
asked back through the change so that all conditions speak of the packet as it was sent. Packets
that no line translates are the last case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rules.packets.concerned import Concerned, apart, translates
from rules.packets.policy import EVERYTHING, Chain, Change, Policy, Region, Rewrite, Rule, Stage
from rules.packets.preimage import Preimage, composed
from rules.packets.residual import TooComplex
from rules.packets.sets import NOTHING, Numbers, numbers
from rules.packets.space import narrowed

CASES_MAX = 2_000


@dataclass(frozen=True)
class Case:
    """Packets that are translated alike, and a policy for them that translates nothing."""

    policy: Policy
    fits: tuple[Region, ...] = ()
    """Its packets are in all of these."""
    others: tuple[Region, ...] = ()
    """And in none of these, which earlier lines translate."""
    rewrites: tuple[Rewrite, ...] = ()
    """The lines that translate them, in order."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """What these lines together make of a packet."""
    originals: Mapping[int, Rule] | None = None
    """By id of a rule of `policy` that was asked back: the rule of the configuration."""

    def original(self, rule: Rule | None) -> Rule | None:
        """The rule as the configuration has it."""
        if rule is None:
            return None
        if self.originals is not None:
            rule = self.originals.get(id(rule), rule)
        return self.policy.originals.get(id(rule), rule)


def cases(policy: Policy, asked: Sequence[Region] = (EVERYTHING,)) -> Iterator[Case]:
    """The cases that packets of `asked` can be of, with the lines that can concern these packets.

    A policy that translates nothing is its own. Raises TooComplex.
    """
    if not translates(policy):
        yield Case(policy)
        return
    concerned = Concerned(policy, asked)
    for course in courses(_without_idle(policy), asked):
        yield course.case(policy, concerned)


def cases_by_arrival(policy: Policy, traffic: Region) -> Iterator[tuple[Case, Region]]:
    """The same for packets that arrive at the destination and port of `traffic`: each case with
    what these packets are as they are sent. Raises TooComplex.
    """
    if not translates(policy):
        yield Case(policy), traffic
        return
    anywhere = replace(traffic, **dict.fromkeys(ARRIVING))
    concerned = Concerned(policy, [anywhere])
    for course in courses(_without_idle(policy), [anywhere]):
        sent = Preimage(arriving(course.changes)).region(traffic)
        asked = course.within(sent) if sent is not None else ()
        if sent is not None and asked:
            yield replace(course, asked=asked).case(policy, concerned), sent


ARRIVING = ("destination", "destination_port")


def arriving(changes: Mapping[str, Change]) -> dict[str, Change]:
    """Those of the changes that decide where a packet arrives."""
    return {name: changes[name] for name in ARRIVING if name in changes}


def courses(policy: Policy, asked: Sequence[Region] = (EVERYTHING,)) -> Iterator[Course]:
    """Every case before its policy is made, which is the costly part. Raises TooComplex."""
    for number, course in enumerate(_courses(policy.stages, Course(tuple(asked)))):
        if number >= CASES_MAX:
            raise TooComplex
        yield course


@dataclass(frozen=True)
class Course:
    """What was decided on the way through the stages."""

    asked: tuple[Region, ...] = (EVERYTHING,)
    """Packets that take it are in one of these and in all of `fits`."""
    fits: tuple[Region, ...] = ()
    others: tuple[Region, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    parts: tuple[tuple[Stage, Mapping[str, Change]], ...] = ()
    """The stages passed, with the changes that were made before each."""

    def within(self, sent: Region) -> tuple[Region, ...]:
        """What is asked, as far as it is in the region; nothing where names keep them apart."""
        if any(apart(fit, sent) for fit in self.fits):
            return ()
        found = (narrowed(one, sent) for one in self.asked if not apart(one, sent))
        return tuple(one for one in found if one is not None)

    def case(self, policy: Policy, concerned: Concerned | None = None) -> Case:
        """The case that it leads to; given the index, with the lines that concern its packets."""
        chains: dict[str, Chain] = {} if concerned else dict(policy.chains)
        stages: list[Stage] = []
        originals: dict[int, Rule] = {}
        asked: dict[int, tuple[Preimage, Policy]] = {}
        for stage, changes in self.parts:
            if id(changes) not in asked:
                asked[id(changes)] = Preimage(changes), self._seen(policy, changes, concerned)
            back, seen = asked[id(changes)]
            if not changes:
                stages.append(replace(stage, rewrites=()))
                chains |= seen.chains
                continue
            mark = "\0" * len(asked)  # no configuration has it in a name
            stages.append(back.stage(stage, seen, chains, mark))
            originals |= back.originals
        found = replace(policy, stages=tuple(stages), chains=chains)
        return Case(found, self.fits, self.others, self.rewrites, self.changes, originals)

    def _seen(
        self, policy: Policy, changes: Mapping[str, Change], concerned: Concerned | None
    ) -> Policy:
        """The policy as far as packets of this course see it after these changes."""
        if concerned is None:
            return policy
        stages = [stage for stage, before in self.parts if before is changes]
        packets = [_changed(region, changes) for region in self.asked]
        return replace(policy, chains=concerned.within(stages, packets))


def _changed(region: Region, changes: Mapping[str, Change]) -> Region:
    """What the packets of the region become, and perhaps others."""
    found: dict[str, Any] = {}
    for name, change in changes.items():
        values: Numbers | None = getattr(region, name)
        if not change.shifts:
            found[name] = Numbers(((change.value, change.value),))
        elif values is not None:
            moved = ((change.of(first), change.of(last)) for first, last in values.intervals)
            found[name] = numbers((max(first, 0), last) for first, last in moved)
    return replace(region, **found) if found else region


def _courses(stages: Sequence[Stage], course: Course) -> Iterator[Course]:
    if not stages:
        yield course
        return
    stage, later = stages[0], stages[1:]
    changes = course.changes
    back = Preimage(changes)
    for rewrite in stage.rewrites:
        for region in rewrite.rule.may:
            sent = back.region(region)
            asked = course.within(sent) if sent is not None else ()
            if sent is None or not asked:
                continue
            after = composed(changes, rewrite.changes) if rewrite.changes else changes
            yield from _courses(
                later,
                Course(
                    asked,
                    (*course.fits, sent),
                    course.others,
                    (*course.rewrites, rewrite),
                    after,
                    (*course.parts, (stage, after)),
                ),
            )
            course = replace(course, others=(*course.others, sent))
    yield from _courses(later, replace(course, parts=(*course.parts, (stage, changes))))


def _without_idle(policy: Policy) -> Policy:
    """The policy without the translations of sources that no filter sees any more."""
    stages: list[Stage] = []
    seen = False
    for stage in reversed(policy.stages):
        seen = seen or _can_stop(stage, policy) or any(map(_is_of_arrival, stage.rewrites))
        stages.append(stage if seen else replace(stage, rewrites=()))
    return replace(policy, stages=tuple(reversed(stages)))


def _can_stop(stage: Stage, policy: Policy) -> bool:
    chain = policy.chains.get(stage.chain)
    nobody = any(getattr(stage.concerns, name) == NOTHING for name in ("source", "destination"))
    lets_all = chain is not None and not chain.rules and chain.default == "permit"
    return not nobody and not lets_all


def _is_of_arrival(rewrite: Rewrite) -> bool:
    """It says where packets arrive, which answers tell."""
    return rewrite.destination is not None or rewrite.destination_port is not None
