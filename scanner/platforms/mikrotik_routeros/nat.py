"""Destination NAT: it comes before the filter, which sees the translated destination.

The filter is expressed in translated destinations. What happens to a packet on its way to the
untranslated one cannot be told from the filter: it is left in doubt.
"""

from __future__ import annotations

from dataclasses import replace

from rules.packets.policy import Region, Rule
from rules.packets.sets import NOTHING, Numbers, union, without
from scanner.platforms.mikrotik_routeros.conditions import Conditions
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.mikrotik_routeros.lists import literal
from scanner.platforms.netconfig.doubt import Extent

_REDIRECTS = frozenset({"dst-nat", "netmap", "redirect", "same"})
_SOURCE_NAT = frozenset({"masquerade", "src-nat"})


class Nat:
    """The translations of one version of IP."""

    def __init__(self, export: Export, version: str, conditions: Conditions) -> None:
        self._conditions = conditions
        rules = export.added(f"{version} firewall nat")
        self._redirects = [rule for rule in rules if _redirects(rule)]
        self._changes_sources = any(rule.get("action") in _SOURCE_NAT for rule in rules)
        upnp = [c for c in export.of("ip upnp") if c.get("enabled") == "yes"]
        self._open = bool(upnp) and version == "ip"
        goals = [_goal(rule) for rule in self._redirects]
        self._anywhere = self._open or any(goal is None for goal in goals)
        self.goals: Numbers = union([NOTHING, *(goal for goal in goals if goal is not None)])
        """Destinations that translation leads to, as far as they are known."""

    def doubts(self) -> list[Rule]:
        """Rules after which nobody can tell what happens to packets that are translated."""
        found = []
        for rule in self._redirects:
            may, _, _ = self._conditions.understanding(rule)
            goal = _goal(rule)
            left = tuple(_outside(region, goal, self._conditions.whole) for region in may)
            regions = tuple(region for region in left if region.destination)
            why = "the destination is translated before the filter is asked"
            for action in ("permit", "deny") if regions else ():
                found.append(Rule(action, rule.line, rule.text, regions, (), why=why))
        return found

    def destination(self, written: str) -> Extent | None:
        """What `connection-nat-state` says: only what translation leads to can be `dstnat`."""
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
