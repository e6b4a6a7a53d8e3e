"""`traffic policy`: classifiers with behaviours, bound to interfaces.

Source: Huawei, "S Series Switches FAQ", "What is the relationship between an ACL and a traffic
policy": a packet is dropped when the rule of the list that it matches denies or the behaviour
does; a packet that no classifier matches is forwarded. Rates after "AR Series CLI-based
Configuration Guide - QoS": `queue af|ef|llq bandwidth` in kbit/s is kept for the class, `queue wfq`
shares what is left; `car` and `gts` hold it to a rate. CAR passes green and yellow and discards red
packets unless told otherwise, so that `pir` is the most where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING, Chain, Region, Rule
from scanner.platforms.huawei_vrp.access_list import AccessLists
from scanner.platforms.huawei_vrp.bandwidth import kept_by
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.netconfig.indented import Line

_HEADERS = re.compile(
    r"traffic (?:classifier \S+(?: operator (?:or|and))?(?: precedence \d+)?|behavior \S+"
    r"|policy \S+(?: match-order (?:config|auto))?(?: \w+)?)"
)


@dataclass(frozen=True, slots=True)
class _Pair:
    """`classifier C behavior B precedence 5`."""

    line: Line
    classifier: str
    behavior: str
    precedence: int


@dataclass
class TrafficPolicies:
    """The chains of every traffic policy, and what it keeps for which class."""

    configuration: Configuration
    lists: AccessLists
    classifiers: dict[str, Line] = field(default_factory=dict)
    behaviors: dict[str, Line] = field(default_factory=dict)
    policies: dict[str, list[_Pair]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, found in (("classifier", self.classifiers), ("behavior", self.behaviors)):
            for line in self.configuration.of("traffic", kind):
                if len(line.words) > 2:
                    self.configuration.read.update(one.number for one in line.all())
                    self._is_whole(line)
                    found[line.words[2]] = _together(found.get(line.words[2]), line)
        for line in self.configuration.of("traffic", "policy"):
            if len(line.words) > 2:
                self.configuration.read.add(line.number)
                self._is_whole(line)
                pairs = self.policies.setdefault(line.words[2], [])
                known = {(pair.classifier, pair.behavior): pair for pair in pairs}
                for pair in self._pairs(line):
                    known.setdefault((pair.classifier, pair.behavior), pair)
                pairs[:] = known.values()

    def _is_whole(self, line: Line) -> None:
        """A header with other words behind it has swallowed a line."""
        if not _HEADERS.fullmatch(" ".join(line.words)):
            self._not_understood(line)

    def _not_understood(self, line: Line) -> None:
        self.configuration.doubt(line, "line of a traffic policy")
        self.configuration.left_open.note(line.number, ("qos.classes",))

    def _pairs(self, line: Line) -> Iterator[_Pair]:
        for place, below in enumerate(line.below):
            words = below.words
            if words[0] != "classifier" or len(words) < 4 or words[2] != "behavior":
                if words[0] not in {"share-mode", "description", "step", "undo", "statistics"}:
                    self._not_understood(below)
                continue
            if words[4:5] not in ([], ["precedence"]) or len(words) > 6:
                self._not_understood(below)
            self.configuration.read.add(below.number)
            said = words[words.index("precedence") + 1 :][:1] if "precedence" in words else []
            order = int(said[0]) if said and said[0].isdecimal() else place + 1_000_000
            yield _Pair(below, words[1], words[3], order)

    def chain(self, name: str) -> Chain:
        """What the policy lets through."""
        if name not in self.policies:
            why = f"traffic policy {name} is not defined"
            return Chain(f"traffic policy {name}", (), "unknown", why=why)
        rules = [rule for pair in self._ordered(name) for rule in self._rules(pair)]
        return Chain(f"traffic policy {name}", tuple(rules), "permit")

    def _ordered(self, name: str) -> list[_Pair]:
        return sorted(self.policies[name], key=lambda pair: pair.precedence)

    def _rules(self, pair: _Pair) -> list[Rule]:
        classifier, behavior = (
            self.classifiers.get(pair.classifier),
            self.behaviors.get(pair.behavior),
        )
        if classifier is None or behavior is None:
            why = f"{shown(pair.line)}: not defined"
            return [Rule("deny", pair.line.number, shown(pair.line), must=(), why=why)]
        said = [line.text for line in behavior.below]
        drops = "deny" in said
        found = [self._behaving(rule, pair, behavior, drops) for rule in self._matching(classifier)]
        if "rule-deny skip-action" in said:
            found = [replace(rule, must=(), why="rule-deny skip-action") for rule in found]
        return found

    def _behaving(self, rule: Rule, pair: _Pair, behavior: Line, drops: bool) -> Rule:
        """A rule that denies drops whatever the behaviour says."""
        action = "deny" if drops or rule.action == "deny" else "permit"
        lines = (pair.line.number, behavior.number)
        return replace(rule, action="deny" if action == "deny" else "permit", lines=lines)

    def _matching(self, classifier: Line) -> list[Rule]:
        """What the classifier matches; its conditions are alternatives unless `operator and`."""
        said = {line.text: line for line in reversed(classifier.below)}
        conditions = [line for line in reversed(said.values()) if line.words[0] == "if-match"]
        rules = [rule for line in conditions for rule in self._condition(line)]
        if "and" in classifier.words[3:] and len(conditions) > 1:
            return [replace(rule, must=(), why=shown(classifier)) for rule in rules]
        return rules

    def _condition(self, line: Line) -> list[Rule]:
        words = [word for word in line.words[1:] if word != "name"]
        version_6 = words[:2] == ["ipv6", "acl"]
        words = words[1:] if version_6 else words
        if words == ["any"]:
            return [Rule("permit", line.number, shown(line))]
        if words[:1] == ["acl"] and len(words) == 2:
            acl = self.lists.find(words[1], version_6=version_6)
            if acl is not None:
                return acl.rules
        return [Rule("permit", line.number, shown(line), (EVERYTHING,), (), shown(line))]

    # --- bandwidth -----------------------------------------------------------------------------

    def classes(self, name: str, interface: str, direction: str, at: Line) -> Iterator[QosClass]:
        """What the policy keeps for each class on the interface, in kbit/s as VRP counts."""
        pairs = self._ordered(name) if name in self.policies else []
        first = next(iter(pairs), None)
        for pair in pairs:
            behavior = self.behaviors.get(pair.behavior)
            classifier = self.classifiers.get(pair.classifier)
            rules = self._matching(classifier) if classifier is not None else []
            matches = tuple(
                region for rule in rules if rule.action == "permit" for region in rule.may
            )
            # an earlier class may take the packets, and so may a rule that denies
            exact = pair is first and all(r.understood and r.action == "permit" for r in rules)
            kept = kept_by(behavior, pair.line)
            yield QosClass(
                interface,
                "out" if direction == "outbound" else "in",
                pair.classifier,
                kept.kbps,
                matches or (Region(),),
                kept.line.number,
                f"{shown(kept.line)} ({shown(at)})",
                kept.why,
                kept.keeps,
                kept.limit_kbps if exact and matches else None,
            )


def _together(known: Line | None, line: Line) -> Line:
    """A block that stands there twice is one, and so are its lines."""
    if known is None:
        return line
    said = {below.text for below in known.below}
    new = [below for below in line.below if below.text not in said]
    return Line(known.number, known.text, known.indent, [*known.below, *new])
