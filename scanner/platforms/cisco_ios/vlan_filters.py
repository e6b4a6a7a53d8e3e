"""VLAN access maps: filters for all packets of a VLAN, switched or routed.

Cisco, "Configuring VACLs" (Catalyst Security Configuration Guide): the entries are asked in the
order of their numbers; a packet that matches the access list of an entry is forwarded or dropped;
one that matches none is dropped when an entry asks for packets of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from rules.packets.fields import ALL_V4, ALL_V6
from rules.packets.policy import Chain, Region, Rule, Stage
from rules.packets.sets import names
from scanner.platforms.cisco_ios.access_lists import AccessLists
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.vlan_numbers import vlan_numbers
from scanner.platforms.netconfig.indented import Line


@dataclass
class _Map:
    header: Line
    entries: list[tuple[int, Line]] = field(default_factory=list)


def vlan_filters(config: Configuration, lists: AccessLists) -> tuple[list[Stage], list[Chain]]:
    """Stages at `VlanN` for packets that come from the VLAN and for those that go into it."""
    maps: dict[str, _Map] = {}
    for line in config.starting("vlan", "access-map"):
        words = line.words
        if len(words) < 3:
            continue
        number = int(words[3][:6]) if len(words) > 3 and words[3].isdigit() else 10
        maps.setdefault(words[2], _Map(line)).entries.append((number, line))
        config.use_all(line)
    stages: list[Stage] = []
    chains: list[Chain] = []
    for line in config.starting("vlan", "filter"):
        words = line.words
        numbers = vlan_numbers(words[4]) if len(words) == 5 and words[3] == "vlan-list" else None
        if numbers is None or words[2] not in maps:
            config.doubt(line, "a filter of VLANs that is not understood", matters=True)
            continue
        config.use(line)
        found = _chains(words[2], maps[words[2]], lists)
        chains += found
        at = names(*(f"Vlan{number}" for number in sorted(numbers)))
        for concerns in (Region(entering=at), Region(leaving=at)):
            stages += [
                Stage(
                    chain.name,
                    replace(concerns, source=ALL_V4 if "IPv4" in chain.name else ALL_V6),
                    line.number,
                    shown(line),
                )
                for chain in found
                if " for " in chain.name
            ]
    return stages, chains


def _chains(name: str, one: _Map, lists: AccessLists) -> list[Chain]:
    chains: list[Chain] = []
    versions: tuple[tuple[Literal[4, 6], str], ...] = ((4, "ip"), (6, "ipv6"))
    for version, word in versions:
        rules: list[Rule] = []
        asks = False
        for number, entry in sorted(one.entries, key=lambda pair: pair[0]):
            action, what = _action(entry)
            matches = [line for line in entry.below if line.words[0] == "match"]
            of_version = [line for line in matches if line.words[1:3] == [word, "address"]]
            asks = asks or bool(of_version)
            if not matches:
                rules.append(Rule(action, what.number, shown(what)))
            for line in of_version:
                for listed in line.words[3:]:
                    title = f"vlan access-map {name} {number}, IPv{version} list {listed}"
                    chain, rule = _match(title, listed, version, lists, action, what, line)
                    rules.append(rule)
                    if chain is not None:
                        chains.append(chain)
            rules += [
                Rule(action, line.number, shown(line), must=(), why=shown(line))
                for line in matches
                if line.words[1:3] not in (["ip", "address"], ["ipv6", "address"])
                and line.words[1:2] != ["mac"]
            ]
        default: Literal["permit", "deny"] = "deny" if asks else "permit"
        chains.append(Chain(f"vlan access-map {name} for IPv{version}", tuple(rules), default))
    return chains


def _action(entry: Line) -> tuple[Literal["permit", "deny"], Line]:
    for line in entry.below:
        if line.words[:2] == ["action", "drop"]:
            return "deny", line
    return "permit", next((x for x in entry.below if x.words[0] == "action"), entry)


def _match(
    title: str,
    listed: str,
    version: Literal[4, 6],
    lists: AccessLists,
    action: Literal["permit", "deny"],
    what: Line,
    line: Line,
) -> tuple[Chain | None, Rule]:
    """The list with `permit` for a match and `deny` for none, and the jump to it."""
    acl = lists.get(listed, version)
    if acl is None:
        why = f"access list {listed} is not defined"
        return None, Rule(action, line.number, shown(line), must=(), why=why)
    rules = tuple(
        replace(
            rule,
            action=action if rule.action == "permit" else "return",
            lines=(line.number, what.number),
        )
        for rule in acl.rules
    )
    return Chain(title, rules, "return"), Rule("jump", line.number, shown(line), target=title)
