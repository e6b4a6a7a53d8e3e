"""Zone-based firewall: a stage for every pair of zones.

Cisco, "Zone-Based Policy Firewall" (Security Configuration Guide, IOS-XE 17): traffic between
interfaces of one zone passes, between zones only what the policy of their zone pair lets through,
between an interface with a zone and one without nothing. `inspect` remembers connections, `pass`
does not; what no class decides is dropped (class-default).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from rules.packets.fields import ALL_V4
from rules.packets.policy import EVERYTHING, Chain, Region, Rule, Stage
from rules.packets.sets import names
from scanner.platforms.cisco_ios.access_lists import REPLIES, AccessLists, of_version
from scanner.platforms.cisco_ios.class_maps import ClassMap, Criterion
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.interfaces import Port
from scanner.platforms.netconfig.indented import Line

ACTIONS = frozenset({"inspect", "pass", "drop"})
NO_ZONE = "(no zone)"
SELF = "self"


@dataclass
class Firewall:
    """Zones, the policies between them, and the stages made of them."""

    config: Configuration
    lists: AccessLists
    classes: dict[tuple[str, str], ClassMap]
    ports: dict[str, Port]
    chains: dict[str, Chain] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    zones: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], tuple[Line, str | None]] = field(default_factory=dict)
    _policies: dict[str, Line] = field(default_factory=dict)

    def build(self) -> None:
        """Fills `zones`, `stages` and `chains`; nothing when no interface has a zone."""
        self._read()
        self._members()
        if not self.zones:
            return
        places = list(self.zones)
        for source in places:
            for destination in places:
                if source != destination or (source, destination) in self._pairs:
                    self._stage(source, destination)

    def _read(self) -> None:
        for line in self.config.starting("zone-pair", "security"):
            words = line.words
            if len(words) != 7 or words[3] != "source" or words[5] != "destination":
                self.config.doubt(line, "pair of zones not understood", matters=True)
                continue
            self.config.use_all(line)
            policy = None
            for below in line.below:
                if below.words[:3] == ["service-policy", "type", "inspect"]:
                    policy = below.words[-1]
            self._pairs[words[4], words[6]] = (line, policy)
        for line in self.config.starting("policy-map", "type", "inspect"):
            if len(line.words) == 4:
                self._policies[line.words[3]] = line
                self.config.use_all(line)
        for line in self.config.starting("zone", "security"):
            self.config.use_all(line)

    def _members(self) -> None:
        found: dict[str, list[str]] = {}
        for line in self.config.starting("zone", "security"):
            if len(line.words) == 3:
                found.setdefault(line.words[2], [])
        has_default = "default" in found
        without: list[str] = []
        for port in self.ports.values():
            if port.zone is not None:
                found.setdefault(port.zone, []).append(port.name)
            elif has_default and port.is_routed:
                found["default"].append(port.name)
            elif port.is_routed:
                without.append(port.name)
        found.pop(SELF, None)
        if not any(found.values()):
            # nothing is in a zone: zones that are only defined filter nothing
            return
        self.zones = {zone: tuple(members) for zone, members in found.items()}
        if without:
            self.zones[NO_ZONE] = tuple(without)

    def _stage(self, source: str, destination: str) -> None:
        pair = self._pairs.get((source, destination))
        back = self._pairs.get((destination, source))
        line, chain = self._pair_chain(source, destination, pair)
        actions = self._actions(pair) | self._actions(back)
        stateful = "inspect" in actions and "pass" not in actions
        if "inspect" in actions and "pass" in actions:
            binding = next(one[0] for one in (pair, back) if one is not None)
            chain = self._with_doubt_about_replies(chain, binding)
        self.stages.append(
            Stage(
                chain,
                Region(
                    entering=names(*(self.zones[source] or (source,))),
                    leaving=names(*(self.zones[destination] or (destination,))),
                ),
                line.number if line else None,
                shown(line) if line else "",
                stateful,
            )
        )

    def _pair_chain(
        self, source: str, destination: str, pair: tuple[Line, str | None] | None
    ) -> tuple[Line | None, str]:
        title = f"zones {source} to {destination}"
        if pair is None:
            self.chains[title] = Chain(title, (), "deny")
            return None, title
        line, policy = pair
        if policy is None:
            # without a policy everything between two zones is dropped
            self.chains[title] = Chain(title, (), "deny", line.number)
            return line, title
        if policy not in self._policies:
            why = f"policy-map type inspect {policy} is not defined"
            self.chains[title] = Chain(title, (), "unknown", line.number, why)
            return line, title
        return line, self._policy_chain(policy)

    def _with_doubt_about_replies(self, chain: str, binding: Line) -> str:
        title = f"{chain} (replies)"
        at, text = binding.number, shown(binding)
        why = "whether the packet belongs to a connection that is inspected or one that is passed"
        self.chains[title] = Chain(
            title,
            (
                Rule("permit", at, text, (Region(state=REPLIES),), (), why=why),
                Rule("goto", at, text, target=chain),
            ),
            "deny",
        )
        return title

    def _actions(self, pair: tuple[Line, str | None] | None) -> set[str]:
        policy = self._policies.get(pair[1] or "") if pair else None
        if policy is None:
            return set()
        return {line.words[0] for line in policy.all()} & {"inspect", "pass"}

    def _policy_chain(self, policy: str) -> str:
        """The classes of a policy map in their order."""
        title = f"policy-map type inspect {policy}"
        if title in self.chains:
            return title
        header = self._policies[policy]
        rules: list[Rule] = []
        default: Literal["permit", "deny", "unknown"] = "deny"
        default_line: int | None = None
        why = ""
        for line in header.below:
            words = line.words
            if words == ["class", "class-default"]:
                action, what, why = _action(line)
                default, default_line = action, what.number
            elif words[:3] == ["class", "type", "inspect"]:
                target = self._class_chain(policy, line)
                rules.append(Rule("jump", line.number, shown(line), target=target))
            elif words[0] != "description":
                self.config.doubt(line, "a line of a firewall policy", matters=True)
        self.chains[title] = Chain(title, tuple(rules), default, default_line, why)
        return title

    def _class_chain(self, policy: str, line: Line) -> str:
        """A chain that decides packets of the class and returns with the others."""
        name = line.words[-1]
        title = f"policy-map type inspect {policy}, class {name}"
        end = f"{title}, action"
        action, what, why = _action(line)
        if action == "unknown":
            rule = Rule("deny", what.number, shown(what), must=(), why=why)
        else:
            rule = Rule(action, what.number, shown(what))
        self.chains[end] = Chain(end, (rule,), "unknown" if action == "unknown" else "return",
                                 what.number, why)  # fmt: skip
        one = self.classes.get(("inspect", name))
        if one is None or len(line.words) != 4 or not one.criteria:
            doubt = f"class-map type inspect {name} is not defined or empty"
            jump = Rule("goto", line.number, shown(line), must=(), target=end, why=doubt)
            self.chains[title] = Chain(title, (jump,), "return")
        elif one.match_all:
            self._all_of(title, one, end)
        else:
            rules = [
                rule for n, c in enumerate(one.criteria) for rule in self._one(title, n, c, end)
            ]
            self.chains[title] = Chain(title, tuple(rules), "return")
        return title

    def _all_of(self, title: str, one: ClassMap, end: str) -> None:
        """Criterion after criterion, each in a chain that leads to the next one."""
        target = end
        for number in range(len(one.criteria) - 1, -1, -1):
            chain = title if number == 0 else f"{title}, match {number + 1}"
            rules = tuple(self._one(title, number, one.criteria[number], target))
            self.chains[chain] = Chain(chain, rules, "return")
            target = chain

    def _one(self, title: str, number: int, criterion: Criterion, target: str) -> Iterator[Rule]:
        """Rules that lead packets of the criterion to the target."""
        line, text = criterion.line.number, shown(criterion.line)
        if criterion.regions is not None:
            yield Rule("goto", line, text, criterion.regions, target=target)
            return
        acl = self.lists.get(criterion.access_list) if criterion.access_list else None
        if acl is None:
            missing = f"access list {criterion.access_list} is not defined"
            yield Rule("goto", line, text, (EVERYTHING,), (), target, criterion.why or missing)
            return
        copy = f"{title}, match {number + 1}, {acl.chain}"
        if copy not in self.chains:
            rules = tuple(
                replace(
                    rule,
                    action="goto" if rule.action == "permit" else "return",
                    target=target if rule.action == "permit" else None,
                    may=tuple(of_version(region, 4) for region in rule.may),
                    must=None
                    if rule.must is None
                    else tuple(of_version(region, 4) for region in rule.must),
                    lines=(line,),
                )
                for rule in acl.rules
            )
            self.chains[copy] = Chain(copy, rules, "return")
        yield Rule("jump", line, text, (Region(source=ALL_V4),), target=copy)


def _action(line: Line) -> tuple[Literal["permit", "deny", "unknown"], Line, str]:
    """What a class does, the line that says so, and why that is not known."""
    found = [below for below in line.below if below.words[0] in ACTIONS]
    others = [below for below in line.below if below.words[0] not in ACTIONS]
    if len({below.words[0] for below in found}) != 1:
        if line.words == ["class", "class-default"] and not line.below:
            return "deny", line, ""
        return "unknown", line, f"no single action: {shown(line)}"
    one = found[0]
    if one.words[0] == "drop":
        return "deny", one, ""
    if others:
        # deep inspection and rate limits may still drop the packet
        return "unknown", one, shown(others[0])
    return "permit", one, ""
