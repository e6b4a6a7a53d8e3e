"""Chains unrolled: one list of entries for each stage, in the order in which they are asked.

A jump is replaced by the rules of its chain, narrowed to what jumps there. A return becomes an
entry that hides the rest of its chain: it is an obstacle for the entries up to `until`, and no
rule is copied for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.packets.policy import Chain, Policy, Region, Rule, Stage
from rules.packets.residual import TooComplex, meet, touches
from rules.packets.sets import Names, Numbers, without
from rules.packets.space import EVERYTHING, FIELDS, WHOLES, Masks, Space

ENTRIES_MAX = 400_000
DEPTH_MAX = 64


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """One place where a chain is entered; entries with the same jump share its condition."""

    before: Jump | None
    rule: Rule
    may: tuple[Masks, ...]
    own: tuple[Masks, ...]
    """Packets that certainly match the rule of the jump, whatever led there."""

    def concerns(self, asked: Sequence[Masks]) -> bool:
        """One of the packets that were asked about may match it."""
        return any(touches(may, region) for may in self.may for region in asked)

    @property
    def path(self) -> tuple[Rule, ...]:
        """The rules of all jumps up to this one."""
        return (*(self.before.path if self.before else ()), self.rule)

    @property
    def all(self) -> tuple[Jump, ...]:
        return (*(self.before.all if self.before else ()), self)


@dataclass(slots=True)
class Entry:
    """Packets that one rule decides, unless an entry before it takes them."""

    action: Literal["permit", "deny", "unknown", "hide"]
    may: tuple[Masks, ...]
    must: tuple[Masks, ...]
    rule: Rule | None
    """None where the end of a chain decides, or the stage does not concern the packet."""
    chain: str
    jump: Jump | None = None
    own: tuple[Masks, ...] = (EVERYTHING,)
    """Packets that certainly match the rule itself, whatever led there."""
    until: int = 0
    """For `hide`: the number of the first entry that is asked again."""
    why: str = ""

    @property
    def certain(self) -> bool:
        return self.may is self.must

    def concerns(self, asked: Sequence[Masks]) -> bool:
        """One of the packets that were asked about may match it."""
        return any(touches(may, region) for may in self.may for region in asked)

    @property
    def path(self) -> tuple[Rule, ...]:
        """The jumps that lead there."""
        return self.jump.path if self.jump else ()

    def must_when_in(self, jump: Jump | None) -> tuple[Masks, ...]:
        """What certainly matches among packets that have taken this jump.

        A condition that is not understood and that both entries stand behind is not in doubt here.
        """
        if self.certain or jump is None or self.jump is None:
            return self.must
        taken = {id(one) for one in jump.all}
        shared = [one for one in self.jump.all if id(one) in taken]
        if not shared:
            return self.must
        found = shared[-1].may
        for one in self.jump.all[len(shared) :]:
            found = _common(found, one.own)
        return _common(found, self.own)


def regions_of(policy: Policy) -> Iterator[Region]:
    """Every region that the policy speaks of."""
    for stage in policy.stages:
        yield stage.concerns
        yield from _outside(stage)
    for chain in policy.chains.values():
        for rule in chain.rules:
            yield from rule.may
            if rule.must is not None:
                yield from rule.must


def unrolled(policy: Policy, stage: Stage, space: Space) -> list[Entry]:
    """The entries of one stage; the first ones let pass what does not concern it.

    Rules that share no packet with the question of the space are left out.
    Raises TooComplex when chains jump so often that the list has no end in sight.
    """
    entries: list[Entry] = []
    for region in _outside(stage):
        masks = (space.masks(region),)
        entries.append(Entry("permit", masks, masks, None, stage.chain))
    base = policy.chains.get(stage.chain)
    whole = (EVERYTHING,)
    if base is None:
        why = f"chain {stage.chain} is not defined"
        entries.append(Entry("unknown", whole, (), None, stage.chain, why=why))
        return entries
    _unroll(policy, base, whole, whole, None, entries, space)
    end: Literal["permit", "deny", "unknown"] = (
        "unknown" if base.default == "return" else base.default
    )
    entries.append(Entry(end, whole, whole, None, base.name, why=base.why))
    return entries


def _unroll(
    policy: Policy,
    chain: Chain,
    may: tuple[Masks, ...],
    must: tuple[Masks, ...],
    jump: Jump | None,
    entries: list[Entry],
    space: Space,
) -> None:
    hidden: list[Entry] = []
    for rule in chain.rules:
        if rule.action == "continue" or all(map(space.is_apart, rule.may)):
            continue
        here = _narrowed(may, rule.may, space)
        if not here:
            continue
        own = tuple(space.masks(region) for region in rule.certain)
        exact = may is must and rule.understood
        surely = here if exact else _common(must, own)
        if rule.action in {"jump", "goto"}:
            _enter(policy, rule, here, surely, Jump(jump, rule, here, own), entries, space)
        if rule.action in {"return", "goto"}:
            entry = Entry("hide", here, surely, rule, chain.name, jump, own)
            hidden.append(entry)
            entries.append(entry)
        elif rule.action != "jump":
            action: Literal["permit", "deny"] = "permit" if rule.action == "permit" else "deny"
            entries.append(Entry(action, here, surely, rule, chain.name, jump, own, why=rule.why))
        if len(entries) > ENTRIES_MAX:
            raise TooComplex
    for entry in hidden:
        entry.until = len(entries)


def _enter(
    policy: Policy,
    rule: Rule,
    may: tuple[Masks, ...],
    must: tuple[Masks, ...],
    jump: Jump,
    entries: list[Entry],
    space: Space,
) -> None:
    target = policy.chains.get(rule.target or "")
    if target is None or len(jump.all) > DEPTH_MAX:
        problem = "is not defined" if target is None else "calls itself"
        why = f"chain {rule.target} {problem}"
        entries.append(Entry("unknown", may, (), rule, rule.target or "", jump, why=why))
        return
    _unroll(policy, target, may, must, jump, entries, space)
    if target.default != "return":
        end: Literal["permit", "deny", "unknown"] = target.default
        entries.append(Entry(end, may, must, None, target.name, jump, why=target.why))


def _common(some: Sequence[Masks], others: Sequence[Masks]) -> tuple[Masks, ...]:
    met = (meet(one, other) for one in some for other in others)
    return tuple(masks for masks in met if masks is not None)


def _narrowed(
    context: Sequence[Masks], regions: Sequence[Region], space: Space
) -> tuple[Masks, ...]:
    if len(context) == 1 and context[0] is EVERYTHING:
        return tuple(space.masks(region) for region in regions)
    return _common(context, [space.masks(region) for region in regions])


def _outside(stage: Stage) -> Iterator[Region]:
    """What passes the stage unasked: what does not concern it, and replies where it is stateful."""
    rest = dict.fromkeys(FIELDS)
    for name in FIELDS:
        wanted = getattr(stage.concerns, name)
        if wanted is None:
            continue
        yield Region(**{**rest, name: _all_but(name, wanted)})  # type: ignore[arg-type]
        rest[name] = wanted
    if stage.stateful:
        yield Region(**{**rest, "state": Names(frozenset({"established", "related"}))})  # type: ignore[arg-type]


def _all_but(name: str, wanted: Numbers | Names) -> Numbers | Names:
    if isinstance(wanted, Names):
        return Names(wanted.exact, wanted.beginnings, not wanted.all_but)
    return without(WHOLES[name], wanted)
