"""Base chains of the Linux packet filter as stages: their order, and what rewriting does to them.

For nftables and iptables alike. A packet is the one that comes in: where an earlier chain may
have rewritten a field of it (DNAT, notrack), later conditions on the field are doubtful for it.
Netfilter: linux/netfilter_ipv4.h (priorities of conntrack -200, DNAT -100, SNAT 100).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from rules.packets import fields
from rules.packets.policy import Action, Chain, Policy, Region, Rule, Stage, Unread
from rules.packets.sets import Names
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    Box,
    Condition,
    both,
    doubtful,
    met,
    regions,
    subtracted,
)

HOOKS: Final = ("ingress", "prerouting", "forward", "postrouting", "egress")
CONNTRACK, DNAT, SNAT = -200, -100, 100
DEPTH_MAX = 32

Effect: TypeAlias = Literal["", "destination", "source", "untracked"]
Verb: TypeAlias = Literal["permit", "deny", "jump", "goto", "return", "continue", "unknown"]

_TOUCHED: Final[Mapping[str, frozenset[str]]] = {
    "destination": frozenset({"destination", "destination_port"}),
    "source": frozenset({"source", "source_port"}),
    "untracked": frozenset({"state"}),
}
_LATER = Names(frozenset({"established", "related"}))


@dataclass(slots=True)
class Line:
    """One rule, with what it does to a packet besides deciding about it."""

    verb: Verb
    line: int
    text: str
    condition: Condition = ALWAYS
    target: str = ""
    effect: Effect = ""
    file: str = ""
    limits: str = ""
    """`limit rate 10/second`: it matches only so often, or until so much has passed."""


@dataclass(slots=True)
class Base:
    """A chain at a hook. `chain` is the key of its lines."""

    hook: str
    priority: int
    chain: str
    concerns: Region
    default: Literal["permit", "deny", "unknown"]
    line: int
    text: str
    default_line: int | None = None
    why: str = ""
    translates: bool = False
    """A chain of type nat: it is asked about the first packet of a connection only."""

    @property
    def place(self) -> tuple[int, int]:
        return HOOKS.index(self.hook), self.priority


@dataclass(slots=True)
class Filter:
    """All chains of a host."""

    bases: list[Base] = field(default_factory=list)
    chains: dict[str, list[Line]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """From a place on, packets in the boxes may have other values in some fields."""

    place: tuple[int, int]
    boxes: tuple[Box, ...]
    touched: frozenset[str]
    why: str


def policy_of(found: Filter) -> Policy:
    """The stages that forwarded packets pass, in their order.

    Chains that cannot deny anything are left out.
    """
    return _Assembly(found).policy()


class _Assembly:
    def __init__(self, found: Filter) -> None:
        self._found = found
        self._chains: dict[str, Chain] = {}
        self._rewriting: list[_Rewriting] = []

    def policy(self) -> Policy:
        bases = sorted(
            (base for base in self._found.bases if base.hook in HOOKS), key=lambda b: b.place
        )
        for base in bases:
            self._rewriting += self._rewritten_by(base)
        stages = tuple(self._stage(base) for base in bases if self._denies(base))
        return Policy(stages, self._chains, tuple(self._found.unread))

    def _denies(self, base: Base) -> bool:
        if base.default != "permit":
            return True
        seen: set[str] = set()
        waiting = [base.chain]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            lines = self._found.chains.get(name)
            if lines is None:
                return True  # jumps to nowhere
            for line in lines:
                if line.verb in {"deny", "unknown"}:
                    return True
                if line.verb in {"jump", "goto"}:
                    waiting.append(line.target)
        return False

    def _stage(self, base: Base) -> Stage:
        concerns = base.concerns
        if base.translates:
            concerns = Region(
                source=concerns.source,
                entering=concerns.entering,
                leaving=concerns.leaving,
                state=Names(frozenset({"new", "related"})),
            )
        view = _View(base, [one for one in self._rewriting if one.place < base.place])
        tag = f" ({base.hook} {base.priority})" if view.changes else ""
        name = self._chain(base.chain, tag, view, base)
        return Stage(name, concerns, base.line, base.text)

    def _chain(self, key: str, tag: str, view: _View, base: Base | None = None) -> str:
        """Makes the chain and all those it leads to; its name in the policy."""
        name = key + tag
        if name in self._chains:
            return name
        lines = self._found.chains.get(key)
        if lines is None:
            return name
        self._chains[name] = Chain(name)  # a chain that leads to itself ends here
        rules: list[Rule] = []
        for line in lines:
            target = line.target
            if line.verb in {"jump", "goto"}:
                target = self._chain(line.target, tag, view)
            rules += _rules(line, target, view)
        if base is None:
            self._chains[name] = Chain(name, tuple(rules))
        else:
            self._chains[name] = Chain(
                name, tuple(rules), base.default, base.default_line, base.why
            )
        return name

    def _rewritten_by(self, base: Base) -> Iterator[_Rewriting]:
        for line, condition in self._reached(base.chain, ALWAYS, 0):
            if not line.effect:
                continue
            why = line.text
            if line.effect == "source":
                replies = tuple(
                    {"state": _LATER, "entering": one["leaving"]}
                    if "leaving" in one
                    else {"state": _LATER}
                    for one in condition.may
                )
                # what comes back is translated before it is filtered
                yield _Rewriting((1, DNAT), replies, _TOUCHED["destination"], why)
                yield _Rewriting(base.place, ({},), _TOUCHED["source"], why)
                continue
            stays = tuple(
                {name: value for name, value in one.items() if name != "state"}
                for one in condition.may
            )
            place = base.place if base.translates or line.effect == "untracked" else (-1, 0)
            yield _Rewriting(place, stays, _TOUCHED[line.effect], why)

    def _reached(
        self, name: str, context: Condition, depth: int
    ) -> Iterator[tuple[Line, Condition]]:
        """Lines that change packets, with the packets that can come to them."""
        if depth > DEPTH_MAX or not self._changes(name, set()):
            return
        for line in self._found.chains.get(name, ()):
            if line.effect:
                yield line, both(context, line.condition)
            elif line.verb in {"jump", "goto"}:
                yield from self._reached(line.target, both(context, line.condition), depth + 1)

    def _changes(self, name: str, seen: set[str]) -> bool:
        if name in seen:
            return False
        seen.add(name)
        return any(
            line.effect or (line.verb in {"jump", "goto"} and self._changes(line.target, seen))
            for line in self._found.chains.get(name, ())
        )


class _View:
    """How conditions of a chain look at one hook."""

    def __init__(self, base: Base, rewriting: Sequence[_Rewriting]) -> None:
        self._rewriting = rewriting
        early = base.hook in {"ingress", "egress"} or (
            base.hook == "prerouting" and base.priority < CONNTRACK
        )
        self._untracked_yet = early
        self._no_way_out = base.hook in {"ingress", "prerouting"}
        self._no_way_in = base.hook in {"postrouting", "egress"}
        self._translates = base.translates

    @property
    def changes(self) -> bool:
        return bool(
            self._rewriting
            or self._untracked_yet
            or self._no_way_out
            or self._no_way_in
            or self._translates
        )

    def __call__(self, condition: Condition) -> Condition:
        if not self.changes:
            return condition
        if self._untracked_yet:
            condition = _before_conntrack(condition)
        for name, absent in (("leaving", self._no_way_out), ("entering", self._no_way_in)):
            if absent and any(name in one for one in condition.may):
                condition = doubtful(f"{name} interface", _loosened(condition.may, {name}))
        for one in self._rewriting:
            condition = _rewritten(condition, one)
        if self._translates:
            new = ({"state": Names(frozenset({"new"}))},)
            must = both(Condition(condition.certain), Condition(new)).may
            condition = Condition(condition.may, must, condition.why or "nat")
        return condition


def _before_conntrack(condition: Condition) -> Condition:
    """The kernel has not looked for the connection yet and calls every packet invalid."""

    def seen(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
        return tuple(
            {name: values for name, values in one.items() if name != "state"}
            for one in boxes
            if "state" not in one or _is_invalid(one)
        )

    must = None if condition.must is None else seen(condition.must)
    return Condition(seen(condition.may), must, condition.why)


def _is_invalid(one: Box) -> bool:
    states = one["state"]
    return isinstance(states, Names) and "invalid" in states


def _loosened(boxes: tuple[Box, ...], names: set[str] | frozenset[str]) -> tuple[Box, ...]:
    return tuple({n: values for n, values in one.items() if n not in names} for one in boxes)


def _rewritten(condition: Condition, by: _Rewriting) -> Condition:
    concerned = tuple(one for one in condition.may if not by.touched.isdisjoint(one))
    if not concerned:
        return condition
    more = []
    for one in _loosened(concerned, by.touched):
        for packets in by.boxes:
            shared, _ = met(one, packets)
            if shared is not None:
                more.append(shared)
    if not more:
        return condition
    kept: list[Box] = []
    for one in condition.certain:
        if by.touched.isdisjoint(one):
            kept.append(one)
        else:
            kept += subtracted((one,), by.boxes) or ()
    return Condition((*condition.may, *more), tuple(kept), condition.why or by.why)


def _rules(line: Line, target: str, view: _View) -> Iterator[Rule]:
    given = line.condition
    if line.limits:
        given = both(given, doubtful(line.limits))
    condition = view(given)
    if not condition.may:
        return
    may = regions(condition.may)
    must = None if condition.must is None else regions(condition.must)
    why = condition.why
    if line.verb == "unknown":
        verbs: tuple[Action, ...] = ("permit", "deny")
        must, why = (), why or line.text
    else:
        verbs = (line.verb,)
    for verb in verbs:
        leads = target if verb in {"jump", "goto"} else None
        yield Rule(verb, line.line, line.text, may, must, leads, why, line.file)


def of_version(version: int | None) -> Region:
    """Packets of IPv4, of IPv6, or of both."""
    if version is None:
        return Region()
    return Region(source=fields.ALL_V4 if version == 4 else fields.ALL_V6)
