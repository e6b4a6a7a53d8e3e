"""Base chains of the Linux packet filter as stages: their order, and what rewriting does to them.

For nftables and iptables alike. A packet is the one that comes in: where an earlier chain may
have rewritten a field of it (DNAT, notrack), later conditions on the field are doubtful for it.
Netfilter: linux/netfilter_ipv4.h (priorities of conntrack -200, DNAT -100, SNAT 100).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

CONNTRACK, DNAT, SNAT = -200, -100, 100
VISITS_MAX = 2_000
"""Beyond so many jumps to lines that change packets, any packet is taken to be changed."""

Effect: TypeAlias = Literal["", "destination", "source", "untracked"]
Verb: TypeAlias = Literal["permit", "deny", "jump", "goto", "return", "continue", "unknown"]


@dataclass(frozen=True, slots=True)
class Path:
    """The hooks that packets come by, in their order."""

    hooks: tuple[str, ...]
    at_some_time: bool = False
    """What passes while a limit is not reached passes, and what only a limit stops is not stopped:
    for the question who can get through at all."""


FORWARDED: Final = Path(("ingress", "prerouting", "forward", "postrouting", "egress"))
ADMITTED: Final = Path(("ingress", "prerouting", "input"), at_some_time=True)
"""Packets for the host itself that open a connection."""
HOOKS: Final = frozenset({*FORWARDED.hooks, *ADMITTED.hooks, "output"})

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


def policy_of(found: Filter, path: Path = FORWARDED) -> Policy:
    """The stages that packets pass on their path, in their order.

    Chains that cannot deny anything are left out.
    """
    return _Assembly(found, path).policy()


class _Assembly:
    def __init__(self, found: Filter, path: Path) -> None:
        self._found = found
        self._path = path
        self._chains: dict[str, Chain] = {}
        self._rewriting: list[_Rewriting] = []
        self._changing: dict[str, bool] = {}

    def policy(self) -> Policy:
        passed = (base for base in self._found.bases if base.hook in self._path.hooks)
        bases = sorted(passed, key=self._place)
        for base in bases:
            self._rewriting += self._rewritten_by(base)
        stages = tuple(self._stage(base) for base in bases if self._denies(base))
        return Policy(stages, self._chains, tuple(self._found.unread))

    def _place(self, base: Base) -> tuple[int, int]:
        return self._path.hooks.index(base.hook), base.priority

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
        earlier = [one for one in self._rewriting if one.place < self._place(base)]
        view = _View(base, earlier, at_some_time=self._path.at_some_time)
        tag = f" ({base.hook} {base.priority})" if view.changes else ""
        name = self._chain(base.chain, tag, view, base)
        return Stage(name, concerns, base.line, base.text)

    def _chain(self, key: str, tag: str, view: _View, base: Base) -> str:
        """Makes the chain and all those it leads to; its name in the policy."""
        waiting = [key]
        while waiting:
            name = waiting.pop()
            lines = self._found.chains.get(name)
            if lines is None or name + tag in self._chains:
                continue
            rules: list[Rule] = []
            for line in lines:
                if line.verb in {"jump", "goto"}:
                    waiting.append(line.target)
                rules += _rules(line, line.target + tag, view)
            self._chains[name + tag] = Chain(name + tag, tuple(rules))
        made = self._chains.get(key + tag)
        if made is not None:
            self._chains[key + tag] = replace(
                made, default=base.default, line=base.default_line, why=base.why
            )
        return key + tag

    def _rewritten_by(self, base: Base) -> Iterator[_Rewriting]:
        for line, condition in self._reached(base.chain):
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
                yield _Rewriting(self._place(base), ({},), _TOUCHED["source"], why)
                continue
            stays = tuple(
                {name: value for name, value in one.items() if name != "state"}
                for one in condition.may
            )
            place = self._place(base) if base.translates or line.effect == "untracked" else (-1, 0)
            yield _Rewriting(place, stays, _TOUCHED[line.effect], why)

    def _reached(self, start: str) -> list[tuple[Line, Condition]]:
        """Lines that change packets, with the packets that can come to them."""
        chains = self._found.chains
        found: list[tuple[Line, Condition]] = []
        inside = [(iter(chains.get(start, ())), ALWAYS)]
        visits = 0
        while inside:
            lines, context = inside[-1]
            line = next(lines, None)
            if line is None:
                inside.pop()
            elif line.effect:
                found.append((line, both(context, line.condition)))
            elif line.verb in {"jump", "goto"} and self._changes(line.target):
                visits += 1
                if visits > VISITS_MAX:
                    return [(one, ALWAYS) for one in self._led_to(start, set()) if one.effect]
                inside.append((iter(chains[line.target]), both(context, line.condition)))
        return found

    def _changes(self, name: str) -> bool:
        """The chain is there, and a line that it leads to changes packets."""
        if name not in self._changing:
            seen: set[str] = set()
            self._changing[name] = any(line.effect for line in self._led_to(name, seen))
            if not self._changing[name]:
                self._changing |= dict.fromkeys(seen, False)
        return self._changing[name] and name in self._found.chains

    def _led_to(self, start: str, seen: set[str]) -> Iterator[Line]:
        """The lines of the chain and of all that it leads to, each once; `seen` are the chains."""
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for line in self._found.chains.get(name, ()):
                yield line
                if line.verb in {"jump", "goto"}:
                    waiting.append(line.target)


class _View:
    """How conditions of a chain look at one hook."""

    def __init__(self, base: Base, rewriting: Sequence[_Rewriting], *, at_some_time: bool) -> None:
        self.at_some_time = at_some_time
        self._rewriting = rewriting
        early = base.hook in {"ingress", "egress"} or (
            base.hook == "prerouting" and base.priority < CONNTRACK
        )
        self._untracked_yet = early
        self._no_way_out = base.hook in {"ingress", "prerouting", "input"}
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
    if line.limits and view.at_some_time and line.verb == "deny":
        return
    if line.limits and not (view.at_some_time and line.verb == "permit"):
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
