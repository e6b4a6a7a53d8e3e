"""ACLs: the rules in the order in which they are asked.

Source: Huawei, "Command Reference", `rule (basic ACL view)`, `rule (advanced ACL view)`,
`match-order`. With `match-order auto` narrower rules come first: VPN instance, protocol, source,
destination, ports, then the smaller number. What happens to a packet that no rule matches is said
by whoever uses the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from rules.packets.fields import ACK, ALL_PORTS, RST
from rules.packets.policy import EVERYTHING, Region, Rule
from rules.packets.sets import Numbers, numbers
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.huawei_vrp.matches import icmp_kind, matched, port_condition, protocols
from scanner.platforms.netconfig.addresses import ANY_V4, ANY_V6, host, prefix
from scanner.platforms.netconfig.indented import Line

_HEADER = re.compile(
    r"acl(?: ipv6)?(?: number)?"
    r"(?: \d+| name \S+(?: (?:number )?\d+| basic| advanced?| link| user)?)"
    r"(?: match-order (?:auto|config))?"
)
Kind = Literal["basic", "advanced", "other"]

_NO_CONDITION = frozenset({"logging", "log", "counting", "count"})
_WITH_A_WORD = frozenset({"time-range", "precedence", "tos", "dscp", "vpn-instance", "ttl", "igmp"})
_ESTABLISHED = numbers((n, n) for n in range(64) if n & (ACK | RST))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A rule with its number, and what `match-order auto` compares."""

    number: int
    rule: Rule
    in_instance: bool


@dataclass
class AccessList:
    """One list under its number and its name."""

    kind: Kind
    version_6: bool
    auto: bool
    line: int
    found: dict[int, Numbered] = field(default_factory=dict)
    """By number: a rule that is entered again takes the place of the one before."""

    @property
    def rules(self) -> list[Rule]:
        """In the order in which they are asked."""
        order = sorted(self.found.values(), key=lambda one: one.number)
        if self.auto:
            order.sort(key=_depth)
        return [one.rule for one in order]


def _depth(one: Numbered) -> tuple[bool, bool, int, int, int]:
    region = one.rule.may[0] if one.rule.may else EVERYTHING
    sizes = [
        numbers_.size if numbers_ else 1 << 128 for numbers_ in (region.source, region.destination)
    ]
    ports = sum((p or ALL_PORTS).size for p in (region.source_port, region.destination_port))
    return not one.in_instance, region.protocol is None, sizes[0], sizes[1], ports


@dataclass
class AccessLists:
    """Every ACL of the configuration: by number and by name, IPv6 ones behind `6 `."""

    configuration: Configuration
    lists: dict[str, AccessList] = field(default_factory=dict)
    _addresses: dict[tuple[str, ...], Numbers | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.configuration.of("acl"):
            self._list(line)

    def find(self, name: str, *, version_6: bool = False) -> AccessList | None:
        return self.lists.get(f"6 {name}" if version_6 else name)

    def _list(self, line: Line) -> None:
        words = line.words[1:]
        version_6 = words[:1] == ["ipv6"]
        words = words[1:] if version_6 else words
        auto = "match-order" in words and words[words.index("match-order") + 1 :][:1] == ["auto"]
        named = [
            word
            for word in words
            if word not in {"number", "name", "match-order", "auto", "config"}
        ]
        kind = _kind(named)
        self.configuration.read.add(line.number)
        if not _HEADER.fullmatch(" ".join(line.words)):
            self.configuration.doubt(line, "an access list that is not understood")
            concerned = ("management.allowlist", "qos.classes")
            self.configuration.left_open.note(line.number, concerned)
        found = AccessList(kind, version_6, auto, line.number)
        for name in named:
            if name not in {"basic", "advance", "advanced", "link", "user"}:
                found = self.lists.setdefault(f"6 {name}" if version_6 else name, found)
        for below in line.below:
            self._line(found, below)

    def _line(self, acl: AccessList, line: Line) -> None:
        words = line.words
        if words[0] in {"description", "step"}:
            self.configuration.read.add(line.number)
            return
        number = int(words[1]) if len(words) > 2 and words[1].isdecimal() else None
        at = 1 if number is None else 2
        action = words[at] if len(words) > at else ""
        if words[0] == "rule" and action in {"description", "remark"}:
            self.configuration.read.add(line.number)
            return
        if words[0] != "rule" or action not in {"permit", "deny"}:
            self.configuration.doubt(line, "line of an access list")
            return
        self.configuration.read.add(line.number)
        if number is None:
            number = max(acl.found, default=0) + 5
        rule = self._rule(acl, line, "permit" if action == "permit" else "deny", words[at + 1 :])
        acl.found[number] = Numbered(number, rule, "vpn-instance" in words)

    def _rule(
        self, acl: AccessList, line: Line, action: Literal["permit", "deny"], words: list[str]
    ) -> Rule:
        everything = Region(source=ANY_V6 if acl.version_6 else ANY_V4)
        if acl.kind == "other":
            return Rule(
                action, line.number, shown(line), (everything,), (), f"layer 2: {shown(line)}"
            )
        region, rest = everything, list(words)
        if acl.kind == "advanced" and rest:
            word = rest.pop(0)
            if word not in {"ip", "ipv6"}:
                protocol = protocols(word)
                if protocol is None:
                    return Rule(
                        action, line.number, shown(line), (everything,), (), f"protocol {word}"
                    )
                region = replace(region, protocol=protocol)
        region, conditions = self._conditions(region, rest)
        if conditions:
            return Rule(action, line.number, shown(line), (region,), (), " ".join(conditions))
        return Rule(action, line.number, shown(line), (region,))

    def _conditions(self, region: Region, rest: list[str]) -> tuple[Region, list[str]]:
        """The region of the words, and those that are not understood."""
        open_: list[str] = []
        while rest:
            word = rest.pop(0)
            if word in _NO_CONDITION or word.startswith("("):
                if word.startswith("("):  # `(94 matches)` of `display acl`
                    break
                continue
            if word in {"source", "destination"}:
                took = self._side(region, word, rest)
            elif word in {"source-port", "destination-port"}:
                took = _ports(region, word, rest)
            elif word in {"icmp-type", "icmp6-type"}:
                took = _icmp(region, rest)
            elif word == "tcp-flag" and rest[:1] == ["established"]:
                took = replace(region, flags=_ESTABLISHED), 1
            else:
                took = None
            if took is None:
                count = 1 if word in _WITH_A_WORD else 0
                open_ += [word, *rest[:count]]
                del rest[:count]
                continue
            region = took[0]
            del rest[: took[1]]
        return region, open_

    def _side(self, region: Region, side: str, rest: list[str]) -> tuple[Region, int] | None:
        if rest[:1] == ["any"]:
            return region, 1
        if not rest:
            return None
        one = "/" in rest[0] or len(rest) < 2
        key = tuple(rest[:1] if one else rest[:2])
        if key not in self._addresses:
            self._addresses[key] = _address(key)
        found = self._addresses[key]
        if found is None:
            return None
        if side == "source":
            return replace(region, source=found), len(key)
        return replace(region, destination=found), len(key)


def _kind(words: list[str]) -> Kind:
    """By the number, else by the word; a name alone is an advanced list."""
    for word in words:
        if word == "basic" or (word.isdecimal() and 2000 <= int(word[:6]) <= 2999):
            return "basic"
        if word in {"link", "user"} or (word.isdecimal() and not 2000 <= int(word[:6]) <= 3999):
            return "other"
    return "advanced"


def _address(words: tuple[str, ...]) -> Numbers | None:
    if len(words) == 1:
        return prefix(words[0]) if "/" in words[0] else host(words[0])
    if ":" in words[0]:
        return prefix(f"{words[0]}/{words[1]}") if words[1].isdecimal() else None
    return matched(words[0], words[1])


def _ports(region: Region, side: str, rest: list[str]) -> tuple[Region, int] | None:
    found = port_condition(rest, region.protocol)
    if found is None:
        return None
    if side == "source-port":
        return replace(region, source_port=found[0]), found[1]
    return replace(region, destination_port=found[0]), found[1]


def _icmp(region: Region, rest: list[str]) -> tuple[Region, int] | None:
    found = icmp_kind(rest, region.protocol) if rest else None
    if found is None:
        return None
    service = found[0]
    kind = replace(
        region, source_port=service.source_port, destination_port=service.destination_port
    )
    return kind, found[1]
