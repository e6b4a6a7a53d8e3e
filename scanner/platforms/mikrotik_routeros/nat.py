"""Translation: `dstnat` comes before the filter, which sees the translated destination; `srcnat`
comes behind it (RouterOS, "Packet Flow in RouterOS", "NAT").

The first packet of a connection decides. Where the line that it meets has one certain outcome, it
is translated for the filter; otherwise what happens to it cannot be told and is left in doubt, and
so are the later packets of a connection on their way to the untranslated destination.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rules.packets.fields import V6_FROM
from rules.packets.policy import Region, Rewrite, Rule
from rules.packets.sets import NOTHING, Names, Numbers, union, without
from scanner.platforms.mikrotik_routeros.conditions import Conditions
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.mikrotik_routeros.lists import literal
from scanner.platforms.mikrotik_routeros.nat_state import asked_of
from scanner.platforms.netconfig.conditions import Condition, regions
from scanner.platforms.netconfig.doubt import Extent, Interfaces
from scanner.platforms.netconfig.services import port_span
from scanner.platforms.nftables.chains import Base, Effect, Goal, Line, Verb
from scanner.platforms.nftables.translation import (
    Entry,
    TooMuch,
    as_it_is,
    boxes_of,
    entries,
    rewrites_of,
)

_REDIRECTS = frozenset({"dst-nat", "netmap", "redirect", "same"})
_SOURCE_NAT = frozenset({"masquerade", "src-nat"})
_ENDS: Final[dict[str, Verb]] = {
    "accept": "permit",
    "add-dst-to-address-list": "continue",
    "add-src-to-address-list": "continue",
    "jump": "jump",
    "log": "continue",
    "passthrough": "continue",
    "return": "return",
}
_LATER: Final = Names(frozenset({"established", "related"}))
LINES_MAX = 500
"""Of both chains together; beyond that, what leaves is not told apart by its translation."""


class Nat:
    """The translations of one version of IP."""

    def __init__(self, export: Export, version: str, conditions: Conditions) -> None:
        self._conditions = conditions
        self._rules = export.added(f"{version} firewall nat")
        self._redirects = [rule for rule in self._rules if _redirects(rule)]
        self._changes_sources = any(rule.get("action") in _SOURCE_NAT for rule in self._rules)
        upnp = [c for c in export.of("ip upnp") if c.get("enabled") == "yes"]
        self._open = bool(upnp) and version == "ip"
        goals = [_goal(rule) for rule in self._redirects]
        self._anywhere = self._open or any(goal is None for goal in goals)
        self.goals: Numbers = union([NOTHING, *(goal for goal in goals if goal is not None)])
        """Destinations that translation leads to, as far as they are known."""
        self._told: tuple[list[Entry], list[Entry]] | None = None

    def read(self) -> None:
        """Tells the lines with one certain outcome, once all conditions can be judged."""
        # UPnP adds lines while the router runs; packets that are not tracked are not translated
        if self._open or self._conditions.untracked:
            return
        try:
            there, out = self._entries("dstnat"), self._entries("srcnat")
        except TooMuch:
            return
        self._told = there, out if (len(there) + 1) * (len(out) + 1) <= LINES_MAX else []

    def arriving(self) -> tuple[Rewrite, ...]:
        """What the filter sees translated."""
        return rewrites_of(self._told[0]) if self._told else ()

    def leaving(self) -> tuple[Rewrite, ...]:
        """What is translated behind the filter."""
        return rewrites_of(self._told[1]) if self._told else ()

    def _entries(self, start: str) -> list[Entry]:
        chains: dict[str, list[Line]] = {start: []}
        side: Effect = "destination" if start == "dstnat" else "source"
        for rule in self._rules:
            chains.setdefault(rule.get("chain"), []).append(self._line(rule, side))
        hook = "prerouting" if start == "dstnat" else "postrouting"
        concerns = Region(self._conditions.whole)
        return entries(Base(hook, 0, start, concerns, "permit", 0, start), chains, as_it_is)

    def _line(self, rule: Command, side: Effect) -> Line:
        may, must, why = self._conditions.understanding(rule, rule.inactive)
        condition = Condition(boxes_of(may), None if must is None else boxes_of(must), why)
        action = rule.get("action") or "accept"
        verb = _ENDS.get(action)
        if verb is None:
            line = Line("permit", rule.line, rule.text, condition, "", side)
            line.goal = _certain_goal(rule, action, side)
            return line
        return Line(verb, rule.line, rule.text, condition, rule.get("jump-target"))

    @property
    def entries(self) -> Sequence[Entry] | None:
        """The lines that change destinations, first match first; None where they are not known."""
        return self._told[0] if self._told is not None else None

    def later(self) -> list[Rule]:
        """As `doubts`, for packets of connections that stand."""
        found: list[Rule] = []
        for entry in self._told[0] if self._told else ():
            boxes = [{**box, "state": _LATER} for box in entry.boxes if entry.translates]
            line = entry.line
            found += self._doubt(line.line, line.text, regions(boxes), self._goal_at(line.line))
        return found

    def _goal_at(self, line: int) -> Numbers | None:
        return next((_goal(rule) for rule in self._redirects if rule.line == line), None)

    def doubts(self) -> list[Rule]:
        """Rules after which nobody can tell what happens to packets that are translated."""
        found: list[Rule] = []
        if self._told is None:
            for rule in self._redirects:
                may, _, _ = self._conditions.understanding(rule)
                found += self._doubt(rule.line, rule.text, may, _goal(rule))
            return found
        for entry in self._told[0]:
            boxes = [{n: v for n, v in box.items() if n != "state"} for box in entry.boxes]
            if not entry.doubtful:
                boxes = [{**box, "state": _LATER} for box in boxes] if entry.translates else []
            line = entry.line
            found += self._doubt(line.line, line.text, regions(boxes), self._goal_at(line.line))
        return found

    def _doubt(
        self, line: int, text: str, may: Sequence[Region], goal: Numbers | None
    ) -> Iterator[Rule]:
        left = (_outside(region, goal, self._conditions.whole) for region in may)
        kept = tuple(region for region in left if region.destination)
        why = "the destination is translated before the filter is asked"
        if kept:
            yield Rule("permit", line, text, kept, (), why=why)
            yield Rule("deny", line, text, kept, (), why=why)

    def destination(self, written: str) -> Extent | Interfaces | None:
        """What `connection-nat-state` says: only what translation leads to can be `dstnat`."""
        if self._told is not None and not self._redirects and self._rules:
            return asked_of(written, translated=False)
        words = set(written.removeprefix("!").split(","))
        whole = self._conditions.whole
        if not words <= {"dstnat", "srcnat"} or ("srcnat" in words and self._changes_sources):
            return None
        perhaps = whole if self._anywhere else self.goals
        if "dstnat" not in words:
            perhaps = NOTHING
        why = f"connection-nat-state={written}"
        if written[0] != "!":
            return Extent(perhaps, NOTHING, why) if perhaps else Extent(NOTHING, NOTHING)
        return Extent(whole, without(whole, perhaps), why) if perhaps else Extent(whole, whole)


def _certain_goal(rule: Command, action: str, side: Effect) -> Goal | None:
    """What every packet of the rule gets; None where it is one of several."""
    goal = literal(rule.get("to-addresses") or rule.get("to-address"))
    written = rule.get("to-ports")
    if goal is None or len(goal.intervals) != 1:
        return None
    first, last = goal.intervals[0]
    version = 4 if first < V6_FROM else 6
    if action == "netmap":
        size = last - first + 1
        aligned = size & (size - 1) == 0 and (first - (V6_FROM if version == 6 else 0)) % size == 0
        return Goal(prefix=(first, last), version=version) if aligned and not written else None
    wanted = "dst-nat" if side == "destination" else "src-nat"
    if action != wanted or first != last or (written and side == "source"):
        return None
    port = port_span(written) if written else None
    if written and (port is None or port[0] != port[1]):
        return None
    return Goal(first, port[0] if port else None, None, version)


def _redirects(rule: Command) -> bool:
    return rule.get("action") in _REDIRECTS and rule.get("chain") != "srcnat"


def _goal(rule: Command) -> Numbers | None:
    """The destinations that a rule puts in; None when they are not known."""
    if rule.get("action") == "redirect":
        return NOTHING
    written = rule.get("to-addresses") or rule.get("to-address")
    return literal(written) if written else None


def _outside(region: Region, goal: Numbers | None, whole: Numbers) -> Region:
    """A packet that already has the destination that would be put in is not in doubt."""
    if not goal:
        return region
    return replace(region, destination=without(region.destination or whole, goal))
