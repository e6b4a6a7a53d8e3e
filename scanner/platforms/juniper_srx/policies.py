"""Security policies: the pair of zones first, then the global ones, then the default.

Juniper TechLibrary, "Security Policies User Guide": "Security Policies Overview" (order, default),
"Global Security Policies", "Address Books and Address Sets". Also traffic inside one zone needs a
policy, and a policy sees the destination after static and destination NAT, the source before NAT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from rules.packets.policy import Chain, Region, Rule
from rules.packets.sets import Names
from scanner.platforms.juniper_srx.addresses import Books
from scanner.platforms.juniper_srx.applications import Applications
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.juniper_srx.zones import Zones
from scanner.platforms.netconfig.services import regions
from scanner.platforms.netconfig.word_tree import Node

POLICIES = "security policies"
GLOBAL = "global"
_ANY_VALUE = frozenset({"any", "none"})
_INSPECTION = frozenset({"idp", "idp-policy", "utm-policy", "gprs-gtp-profile", "ssl-proxy"})
"""Services that look into what is permitted; what they block is not told by addresses and ports."""


@dataclass
class Reader:
    """What the policies refer to."""

    source: Source
    books: Books
    applications: Applications
    zones: Zones


def chains(reader: Reader) -> dict[str, Chain]:
    """The chain of all policies, and one for each pair of zones."""
    found: dict[str, Chain] = {}
    top: list[Rule] = []
    for begin in reader.source.root.each("security", "policies", "from-zone"):
        for end in begin.each("to-zone"):
            name = f"from-zone {begin.word} to-zone {end.word}"
            rules = tuple(
                rule
                for policy in end.each("policy")
                for rule in _rules(reader, policy, (begin.word, end.word))
            )
            found[name] = Chain(name, rules)
            pair = Region(
                entering=reader.zones.names([begin.word]), leaving=reader.zones.names([end.word])
            )
            text = reader.source.text(end.line)
            top.append(Rule("jump", end.line, text, (pair,), target=name))
    everywhere = tuple(
        rule
        for policy in reader.source.root.each("security", "policies", "global", "policy")
        for rule in _rules(reader, policy, None)
    )
    if everywhere:
        found[GLOBAL] = Chain(GLOBAL, everywhere)
        line = everywhere[0].line
        top.append(Rule("jump", line, reader.source.text(line), target=GLOBAL))
    found[POLICIES] = _with_default(reader.source, tuple(top))
    return found


def _with_default(source: Source, rules: tuple[Rule, ...]) -> Chain:
    default = source.root.value("security", "policies", "default-policy")
    if default is None:
        return Chain(POLICIES, rules, "deny")
    word = default.word
    if word in {"deny-all", "reject-all"}:
        return Chain(POLICIES, rules, "deny", default.line)
    if word == "permit-all":
        return Chain(POLICIES, rules, "permit", default.line)
    return Chain(POLICIES, rules, "unknown", default.line, f"default-policy {word}")


def _rules(reader: Reader, policy: Node, pair: tuple[str, str] | None) -> Iterator[Rule]:
    may, must, why = _regions(reader, policy, pair)
    action, line, also = _action(policy)
    if also:
        must, why = (), also
    text = reader.source.text(policy.line)
    lines = (line,) if line and line != policy.line else ()
    actions: tuple[Literal["permit", "deny"], ...] = (action,) if action else ("permit", "deny")
    for one in actions:
        yield Rule(one, policy.line, text, may, must, why=why, lines=lines)


def _regions(
    reader: Reader, policy: Node, pair: tuple[str, str] | None
) -> tuple[tuple[Region, ...], tuple[Region, ...] | None, str]:
    """Packets that could match, those that certainly do, and why there is a difference."""
    match = policy.get("match") or Node("match", policy.line)
    why = _condition(policy, match)
    services = reader.applications.listed(_names(match, "application"))
    why = why or (services[1] if services else "")
    ends = [
        reader.books.listed(
            pair[n] if pair else None,
            _names(match, f"{side}-address"),
            f"{side}-address-excluded" in match.below,
        )
        for n, side in enumerate(("source", "destination"))
    ]
    certain = Region(
        source=ends[0][0] if ends[0] else None,
        destination=ends[1][0] if ends[1] else None,
        entering=_zones(reader, match, "from-zone", pair),
        leaving=_zones(reader, match, "to-zone", pair),
    )
    unknown = next((end[1] for end in ends if end and end[1]), "")
    # an address that is not known could be any
    could = replace(
        certain,
        source=None if ends[0] and ends[0][1] else certain.source,
        destination=None if ends[1] and ends[1][1] else certain.destination,
    )
    may = regions(could, services[0]) if services else (could,)
    if not why and not unknown:
        return may, None, ""
    excluded = any(f"{side}-address-excluded" in match.below for side in ("source", "destination"))
    if why or excluded:
        return may, (), why or unknown
    return may, (regions(certain, services[0]) if services else (certain,)), unknown


def _condition(policy: Node, match: Node) -> str:
    """A condition that addresses, ports and zones do not tell."""
    for node in policy.each("scheduler-name"):
        return f"scheduler-name {node.word}"
    for key in match.below.values():
        if key.word not in _UNDERSTOOD:
            values = [node.word for node in key.below.values()]
            if not values or not set(values) <= _ANY_VALUE:
                return " ".join([key.word, *values[:4]])
    return ""


_UNDERSTOOD = frozenset(
    {"source-address", "destination-address", "application", "from-zone", "to-zone"}
    | {"source-address-excluded", "destination-address-excluded"}
)


def _zones(reader: Reader, match: Node, key: str, pair: tuple[str, str] | None) -> Names | None:
    if pair is not None:
        return None  # the jump asked for the zones
    return reader.zones.names(node.word for node in match.each(key))


def _names(match: Node, key: str) -> tuple[str, ...]:
    """What is listed under a key; any where the key is not written."""
    return tuple(node.word for node in match.each(key)) or ("any",)


def _action(policy: Node) -> tuple[Literal["permit", "deny"] | None, int, str]:
    """The action, its line, and what makes it uncertain."""
    then = policy.get("then")
    if then is None:
        return None, 0, f"policy {policy.word} has no action"
    own = [node for node in then.below.values() if node.word in {"permit", "deny", "reject"}]
    if not own:
        return None, then.line, f"policy {policy.word} has no action"
    chosen = next((node for node in reversed(own) if not node.inherited), own[0])
    if chosen.word != "permit":
        return "deny", chosen.line, ""
    return "permit", chosen.line, _narrowed(chosen)


def _narrowed(permit: Node) -> str:
    """What lets only some of the packets through that match."""
    for node in permit.below.values():
        if node.word in {"firewall-authentication", "destination-address"}:
            return f"permit {node.word}"
        if node.word == "application-services":
            inside = [one.word for one in node.below.values() if one.word not in _INSPECTION]
            if "application-firewall" in inside:
                return "permit application-services application-firewall"
    return ""
