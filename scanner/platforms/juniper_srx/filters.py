"""Stateless firewall filters, bound to logical interfaces.

Juniper TechLibrary, "Routing Policies, Firewall Filters, and Traffic Policers User Guide": terms in
order, everything else is discarded at the end; a term without a terminating action accepts, except
with `next term`; filters of a list are tried one after the other; `except` holds for the longest
prefix that matches.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.packets.fields import ALL_V4, ALL_V6
from rules.packets.policy import Action, Chain, Region, Rule, Stage
from rules.packets.sets import names
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.juniper_srx.terms import Conditions
from scanner.platforms.netconfig.word_tree import Node

FAMILIES = {"inet": ALL_V4, "inet6": ALL_V6}
_OTHER_FAMILIES = ("ethernet-switching", "bridge", "any")
_PASSING = frozenset({"accept", "routing-instance", "topology", "next-interface", "next-ip"})
_DENYING = frozenset({"discard", "reject"})
_ONLY_NOTED = frozenset(
    {"count", "log", "syslog", "sample", "port-mirror", "port-mirror-instance", "policer"}
    | {"three-color-policer", "forwarding-class", "loss-priority", "dscp", "traffic-class"}
    | {
        "prefix-action",
        "traffic-class-count",
        "ipsec-sa",
        "next-hop-group",
        "packet-mode",
        "decapsulate",
    }
    | {"hierarchical-policer", "service-accounting", "no-decrement-ttl", "clear-policy-map"}
)


class Filters:
    """Chains of the filters that are bound, and the stages that bind them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._conditions = Conditions(source)
        self.chains: dict[str, Chain] = {}
        self.coming: list[Stage] = []
        self.going: list[Stage] = []
        for interface in source.root.each("interfaces"):
            for unit in interface.each("unit"):
                for family, version in FAMILIES.items():
                    bound = unit.get("family", family, "filter")
                    if bound is not None:
                        place = f"{interface.word}.{unit.word}"
                        self._bind(place, family, bound, Region(source=version))
                for family in _OTHER_FAMILIES:
                    bound = unit.get("family", family, "filter")
                    if bound is not None:
                        self._unknown(f"{interface.word}.{unit.word}", family, bound)
        for family in FAMILIES:
            node = source.root.get("forwarding-options", "family", family, "filter")
            if node is not None:
                source.odd(node.line, "a filter of the forwarding table")

    def _bind(self, place: str, family: str, bound: Node, region: Region) -> None:
        for way in ("input", "output"):
            one = [n for n in (bound.value(way),) if n is not None and n.word not in _LISTS]
            listed = one or list(bound.each(f"{way}-list"))
            if not listed:
                continue
            line = listed[0].line
            name = self._whole(family, [node.word for node in listed], line)
            where = names(place)
            coming = way == "input" and not place.startswith("lo0.")
            concerns = Region(
                source=region.source,
                entering=where if coming else None,
                leaving=None if coming else where,
            )
            stage = Stage(name, concerns, line, self._source.text(line))
            (self.coming if coming else self.going).append(stage)

    def _unknown(self, place: str, family: str, bound: Node) -> None:
        """A filter for frames, or for every family: what it leaves of the packets is not told."""
        why = f"a filter of family {family}"
        name = f"{why} at {place}"
        text = self._source.text(bound.line)
        self.chains[name] = Chain(name, (), "unknown", bound.line, why)
        for concerns in (Region(entering=names(place)), Region(leaving=names(place))):
            self.coming.append(Stage(name, concerns, bound.line, text))

    def _whole(self, family: str, listed: list[str], line: int) -> str:
        """The chain of filters that are tried one after the other."""
        if len(listed) == 1:
            return self._chain(family, listed[0], "deny")
        name = f"filters {' '.join(listed)} ({family})"
        if name not in self.chains:
            text = self._source.text(line)
            jumps = tuple(
                Rule("jump", line, text, target=self._chain(family, one, "return"))
                for one in listed
            )
            self.chains[name] = Chain(name, jumps, "deny")
        return name

    def _chain(self, family: str, name: str, default: str) -> str:
        """The chain of one filter; `return` at its end where another one follows."""
        title = f"filter {name} ({family})" + (", then the next" if default == "return" else "")
        if title in self.chains:
            return title
        node = self._defined(family, name)
        if node is None:
            why = f"filter {name} is not defined"
            self.chains[title] = Chain(title, (), "unknown", why=why)
            return title
        self.chains[title] = Chain(title)  # a filter that leads to itself
        rules = tuple(rule for term in node.each("term") for rule in self._term(family, term))
        for one in node.below.values():
            if one.word not in _OF_A_FILTER:
                self._source.odd(one.line, f"filter {name} {one.word}")
        self.chains[title] = Chain(title, rules, "return" if default == "return" else "deny")
        return title

    def _defined(self, family: str, name: str) -> Node | None:
        root = self._source.root
        found = root.get("firewall", "family", family, "filter", name)
        if found is None and family == "inet":
            found = root.get("firewall", "filter", name)
        return found

    def _term(self, family: str, term: Node) -> Iterator[Rule]:
        line, text = term.line, self._source.text(term.line)
        nested = term.value("filter")
        if nested is not None:
            yield Rule("jump", line, text, target=self._chain(family, nested.word, "return"))
            return
        may, must, why = self._conditions.of(term.get("from"), family)
        actions, at, also = _actions(term)
        if also:
            must, why = (), also
        lines = (at,) if at and at != line else ()
        for action in actions:
            yield Rule(
                action,
                line,
                text,
                may,
                None if must == may and not why else must,
                why=why,
                lines=lines,
            )


_LISTS = frozenset({"precedence"})
_OF_A_FILTER = frozenset(
    {
        "term",
        "interface-specific",
        "apply-groups",
        "accounting-profile",
        "physical-interface-filter",
    }
    | {"instance-shared", "enhanced-mode", "fast-filter-lookup", "description"}
)


def _actions(term: Node) -> tuple[tuple[Action, ...], int, str]:
    """What the term does, the line that says so, and why that is not certain."""
    then = term.get("then")
    if then is None or not then.below:
        return ("permit",), term.line, ""
    for node in reversed(then.below.values()):
        if node.word in _DENYING:
            return ("deny",), node.line, ""
        if node.word in _PASSING:
            return ("permit",), node.line, ""
        if node.word == "next":
            return ("continue",), node.line, ""
    unknown = next((node for node in then.below.values() if node.word not in _ONLY_NOTED), None)
    if unknown is not None:
        return ("permit", "deny"), unknown.line, f"then {unknown.word}"
    return ("permit",), then.line, ""
