"""Base chains of the Linux packet filter as stages: their order, and what rewriting does to them.

For nftables and iptables alike. A packet is the one that comes in: where an earlier chain may
have rewritten a field of it (DNAT, notrack), later conditions on the field are doubtful for it.
Netfilter: linux/netfilter_ipv4.h (priorities of conntrack -200, DNAT -100, SNAT 100).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rules.packets import fields
from rules.packets.policy import Action, Chain, Policy, Region, Rewrite, Rule, Stage
from rules.packets.sets import NOTHING, Names, Numbers, union
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    Box,
    Condition,
    both,
    doubtful,
    met,
    regions,
)
from scanner.platforms.nftables.chains import Base, Effect, Filter, Line
from scanner.platforms.nftables.translation import Entry, TooMuch, entries
from scanner.platforms.nftables.views import (
    DNAT,
    LATER,
    SNAT,
    TOUCHED,
    Rewriting,
    View,
    loosened,
    replies,
)

VISITS_MAX = 2_000
"""Beyond so many jumps to lines that change packets, any packet is taken to be changed."""


@dataclass(frozen=True, slots=True)
class Path:
    """The hooks that packets come by, in their order."""

    hooks: tuple[str, ...]
    at_some_time: bool = False
    """What passes while a limit is not reached passes, and what only a limit stops is not stopped:
    for the question who can get through at all."""
    translated: bool = False
    """Translations with one certain outcome are part of the policy; else they leave doubts."""


FORWARDED: Final = Path(
    ("ingress", "prerouting", "forward", "postrouting", "egress"), translated=True
)
FORWARDED_IN_PART: Final = Path(FORWARDED.hooks)
"""Where another rule set is asked as well, and may translate packets in between."""
ADMITTED: Final = Path(("ingress", "prerouting", "input"), at_some_time=True)
"""Packets for the host itself that open a connection."""
HOOKS: Final = frozenset({*FORWARDED.hooks, *ADMITTED.hooks, "output"})

_NAT: Final[Mapping[str, int]] = {"prerouting": DNAT, "postrouting": SNAT}
_NOBODY: Final = Region(source=NOTHING)


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
        self._rewriting: list[Rewriting] = []
        self._changing: dict[str, bool] = {}
        self._rewrites: dict[str, tuple[Rewrite, ...]] = {}
        """By the chain of the base."""

    def policy(self) -> Policy:
        passed = (base for base in self._found.bases if base.hook in self._path.hooks)
        bases = sorted(passed, key=lambda base: (self._place(base), base.priority))
        for base in bases:
            self._take(base, bases)
        stages: list[Stage] = []
        waiting: list[tuple[Base, tuple[Rewrite, ...]]] = []
        for base in bases:
            if self._denies(base):
                stages += self._carriers(waiting[:-1])
                rewrites = waiting[-1][1] if waiting else ()
                stages.append(replace(self._stage(base), rewrites=rewrites))
                waiting = []
            if base.chain in self._rewrites:
                waiting.append((base, self._rewrites[base.chain]))
        stages += self._carriers(waiting)
        return Policy(tuple(stages), self._chains, tuple(self._found.unread))

    def _carriers(self, waiting: Sequence[tuple[Base, tuple[Rewrite, ...]]]) -> Iterator[Stage]:
        """Stages that only translate: they ask no packet anything."""
        for base, rewrites in waiting:
            name = f"{base.chain} (nat)"
            self._chains[name] = Chain(name, (), "permit")
            yield Stage(name, _NOBODY, base.line, base.text, rewrites=rewrites)

    def _place(self, base: Base) -> tuple[int, int]:
        priority = _NAT.get(base.hook, base.priority) if base.translates else base.priority
        return self._path.hooks.index(base.hook), priority

    def _take(self, base: Base, bases: Sequence[Base]) -> None:
        """Notes what the chain does to packets."""
        found = self._entries(base, bases)
        if found is None:
            self._note(self._rewritten_by(base))
            return
        rewrites = tuple(rewrite for entry in found for rewrite in entry.rewrites())
        place = self._place(base)
        self._note(self._moved(found, place))
        for entry in found:
            self._note(self._doubts(entry, base))
        certain = [one for one in found if one.translates and not one.doubtful]
        if certain and base.hook == "prerouting":
            why = certain[0].line.text
            self._note([Rewriting(place, _later(certain), TOUCHED["destination"], why)])
        if any(rewrite.changes for rewrite in rewrites):
            self._rewrites[base.chain] = rewrites

    def _note(self, more: Iterable[Rewriting]) -> None:
        """Adds what is not known yet: a doubt that many lines share is one, told of the first."""
        for one in more:
            if one not in self._rewriting:
                self._rewriting.append(one)

    def _entries(self, base: Base, bases: Sequence[Base]) -> list[Entry] | None:
        """The translations of a nat chain; None where all of it stays in doubt."""
        if not (self._path.translated and base.translates and base.hook in _NAT):
            return None
        place = self._place(base)
        for other in bases:
            if other is not base and self._place(other) == place and _meet(base, other):
                return None
        if not self._changes(base.chain):
            return []
        try:
            return entries(base, self._found.chains, self._view(replace(base, translates=False)))
        except TooMuch:
            return None

    def _doubts(self, entry: Entry, base: Base) -> Iterator[Rewriting]:
        """Packets of which the values are not known behind the line."""
        side: Effect = "source" if base.hook == "postrouting" else "destination"
        if not entry.doubtful:
            if entry.translates:
                yield from self._of_later_packets(entry, base, side)
            return
        if entry.translates:
            yield from self._rewritten(base, entry.line, entry.boxes, side)
        else:
            yield Rewriting(self._place(base), entry.boxes, TOUCHED[side], entry.line.text)

    def _of_later_packets(self, entry: Entry, base: Base, side: Effect) -> Iterator[Rewriting]:
        """Packets that follow a connection whose first packet is translated for certain."""
        place, why = self._place(base), entry.line.text
        if side == "source":
            yield from replies(entry.boxes, why)
            yield Rewriting(place, ({"state": LATER},), TOUCHED[side], why)
            # another port is taken where the connection would be the same as one that stands
            yield Rewriting(place, ({},), frozenset({"source_port"}), why)
            return
        back = self._path.hooks.index("postrouting"), SNAT
        yield Rewriting(back, ({"state": LATER},), TOUCHED["source"], why)

    def _moved(self, found: Sequence[Entry], place: tuple[int, int]) -> list[Rewriting]:
        """Earlier doubts about packets that are translated here: they go on under new values."""
        more: list[Rewriting] = []
        for one in self._rewriting:
            if one.place >= place:
                continue
            for entry in found:
                for box, changes in zip(entry.boxes, entry.changes, strict=False):
                    shared = (met(box, packets)[0] for packets in one.boxes)
                    boxes = tuple(packets for packets in shared if packets is not None)
                    if boxes:
                        loose = loosened(boxes, set(changes))
                        more.append(Rewriting(place, loose, one.touched, one.why))
        return more

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
        view = self._view(base)
        tag = f" ({base.hook} {base.priority})" if view.changes else ""
        name = self._chain(base.chain, tag, view, base)
        return Stage(name, concerns, base.line, base.text)

    def _view(self, base: Base) -> View:
        earlier = [one for one in self._rewriting if one.place < self._place(base)]
        return View(base, earlier, at_some_time=self._path.at_some_time)

    def _chain(self, key: str, tag: str, view: View, base: Base) -> str:
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

    def _rewritten_by(self, base: Base) -> Iterator[Rewriting]:
        """Doubts about all packets that come to a line that changes them."""
        for line, condition in self._reached(base.chain):
            if not line.effect:
                continue
            effect = line.effect
            if base.translates and base.hook == "postrouting":
                effect = "source"  # NETMAP
            yield from self._rewritten(base, line, condition.may, effect)

    def _rewritten(
        self, base: Base, line: Line, boxes: tuple[Box, ...], effect: Effect
    ) -> Iterator[Rewriting]:
        why = line.text
        if effect == "source":
            # what comes back is translated before it is filtered
            yield from replies(boxes, why)
            yield Rewriting(self._place(base), ({},), TOUCHED["source"], why)
            return
        stays = loosened(boxes, {"state"})
        place = self._place(base) if base.translates or effect == "untracked" else (-1, 0)
        yield Rewriting(place, stays, TOUCHED[effect], why)

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


def _later(certain: Sequence[Entry]) -> tuple[Box, ...]:
    """The later packets of connections that the lines translate, and perhaps more: one box for all
    lines keeps the conditions behind them small.
    """
    wanted = [box.get("destination") for entry in certain for box in entry.boxes]
    listed = [one for one in wanted if isinstance(one, Numbers)]
    if len(listed) < len(wanted):
        return ({"state": LATER},)
    return ({"state": LATER, "destination": union(listed)},)


def _meet(one: Base, other: Base) -> bool:
    """Both are asked about packets of one version of IP."""
    mine, theirs = one.concerns.source, other.concerns.source
    return mine is None or theirs is None or mine == theirs


def _rules(line: Line, target: str, view: View) -> Iterator[Rule]:
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
