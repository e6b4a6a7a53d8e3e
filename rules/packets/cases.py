"""A policy with address translation as several policies without it.

Every line of a translation is a case: its packets, and what the stages behind it make of them,
asked back through the change so that all conditions speak of the packet as it was sent. Packets
that no line translates are the last case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.packets.policy import Chain, Change, Policy, Region, Rewrite, Rule, Stage
from rules.packets.preimage import Preimage, composed
from rules.packets.residual import TooComplex

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


def cases(policy: Policy) -> Iterator[Case]:
    """Every case once; a policy that translates nothing is its own. Raises TooComplex."""
    if not any(stage.rewrites for stage in policy.stages):
        yield Case(policy)
        return
    for course in courses(policy):
        yield course.case(policy)


def courses(policy: Policy) -> Iterator[Course]:
    """Every case before its policy is made, which is the costly part. Raises TooComplex."""
    for number, course in enumerate(_courses(policy.stages, Course())):
        if number >= CASES_MAX:
            raise TooComplex
        yield course


@dataclass(frozen=True)
class Course:
    """What was decided on the way through the stages."""

    fits: tuple[Region, ...] = ()
    others: tuple[Region, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    parts: tuple[tuple[Stage, Mapping[str, Change]], ...] = ()
    """The stages passed, with the changes that were made before each."""

    def case(self, policy: Policy) -> Case:
        """The case that it leads to."""
        chains: dict[str, Chain] = dict(policy.chains)
        stages: list[Stage] = []
        originals: dict[int, Rule] = {}
        asked: dict[int, Preimage] = {}
        for stage, changes in self.parts:
            if not changes:
                stages.append(replace(stage, rewrites=()))
                continue
            back = asked.setdefault(id(changes), Preimage(changes))
            mark = "\0" * len(asked)  # no configuration has it in a name
            stages.append(back.stage(stage, policy, chains, mark))
            originals |= back.originals
        found = replace(policy, stages=tuple(stages), chains=chains)
        return Case(found, self.fits, self.others, self.rewrites, self.changes, originals)


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
            if sent is None:
                continue
            after = composed(changes, rewrite.changes)
            yield from _courses(
                later,
                Course(
                    (*course.fits, sent),
                    course.others,
                    (*course.rewrites, rewrite),
                    after,
                    (*course.parts, (stage, after)),
                ),
            )
            course = replace(course, others=(*course.others, sent))
    yield from _courses(later, replace(course, parts=(*course.parts, (stage, changes))))
