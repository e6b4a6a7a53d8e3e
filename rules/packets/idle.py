"""Lines of a filter that decide nothing, or nothing that the lines behind them would not.

A line is shadowed when earlier lines take every packet that it could match, and redundant when all
packets that reach it would meet the same fate without it. Both hide mistakes: a permit that
somebody believes to work, a deny that only seems to protect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from rules.packets.arrival import Question
from rules.packets.cases import cases
from rules.packets.policy import EVERYTHING, Policy, Region, Rule
from rules.packets.residual import Budget, TooComplex, covers, first_left, meet, touches
from rules.packets.search import Analysis, Pick, left_through
from rules.packets.space import Masks

Kind = Literal["shadowed", "redundant"]

PIECES = 20_000
CASES = 40
"""Beyond so many translations the question is not worth the time."""
NAMED = 3

_ANY = Question("possible", "permit")


@dataclass(frozen=True, slots=True)
class Idle:
    """A line without effect."""

    rule: Rule
    kind: Kind
    because: tuple[Rule, ...] = ()
    """For a shadowed line the first of those that take its packets."""


def idle_lines(policy: Policy) -> tuple[Idle, ...]:
    """The lines without effect, in the order of the policy.

    A line is told only when that is certain: what is not understood counts as if it could go either
    way. Lines that only count or log are not told, nor is a last line for all packets that repeats
    the default. Raises TooComplex.
    """
    listed = list(_lines(policy))
    idle = {id(rule): Idle(rule, "shadowed") for rule in listed}
    for number, case in enumerate(cases(policy)):
        if number >= CASES:
            raise TooComplex
        everything = Region()
        analysis = Analysis(case, [everything], PIECES)
        asked = analysis.asked(everything)
        for stage, near in analysis.near(asked):
            for at, entry in near.entries:
                rule = case.original(entry.rule)
                known = idle.pop(id(rule), None)
                if known is None:
                    continue
                found = _course(analysis, Pick(stage, at, entry, near), asked)
                if found is not None:
                    idle[id(rule)] = _both(known, found)
    return tuple(idle[id(rule)] for rule in listed if id(rule) in idle)


def _both(one: Idle, other: Idle) -> Idle:
    """What is known of a line that is asked in two places."""
    because = tuple(dict.fromkeys((*one.because, *other.because)))[:NAMED]
    redundant = "redundant" in {one.kind, other.kind}
    return Idle(one.rule, "redundant" if redundant else "shadowed", because)


def _lines(policy: Policy) -> Iterator[Rule]:
    """The lines of all chains that are asked, each once."""
    waiting = [stage.chain for stage in reversed(policy.stages)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        chain = policy.chains.get(name)
        if chain is None or name in seen:
            continue
        seen.add(name)
        yield from (rule for rule in chain.rules if rule.action in {"permit", "deny"})
        waiting += [rule.target for rule in reversed(chain.rules) if rule.target]


def _course(analysis: Analysis, pick: Pick, asked: Sequence[Masks]) -> Idle | None:
    """What becomes of the packets of one entry; None when it works."""
    rule = analysis.case.original(pick.entry.rule)
    if rule is None:
        return None
    before: list[Rule] = []
    reached = False
    budget = Budget(PIECES)
    try:
        for region, may in product(asked, pick.entry.may):
            met = meet(region, may)
            if met is None:
                continue
            before += _takers(analysis, pick, met)
            for left in left_through([pick], met, analysis.elsewhere, _ANY, budget):
                reached = True
                if not _same_without(pick, left, budget):
                    return None
    except TooComplex:
        return None
    if reached:
        return None if EVERYTHING in rule.may else Idle(rule, "redundant")
    return Idle(rule, "shadowed", tuple(dict.fromkeys(before)))


def _takers(analysis: Analysis, pick: Pick, region: Masks) -> Iterator[Rule]:
    for _, entry in pick.near.before(pick.number, region):
        rule = analysis.case.original(entry.rule)
        if rule is not None and any(touches(must, region) for must in entry.must):
            yield rule


def _same_without(pick: Pick, left: Masks, budget: Budget) -> bool:
    """The entries behind it do the same with all of these packets."""
    if not pick.entry.certain:
        return False
    taken: list[Masks] = []
    for _, entry in pick.near.after(pick.number, left):
        same = entry.action == pick.entry.action and entry.certain
        for may in entry.may:
            met = meet(left, may)
            if met is None:
                continue
            if same:
                taken.append(may)
                if covers(may, left):
                    return True
            elif first_left(met, taken, budget) is not None:
                return False
    return False
