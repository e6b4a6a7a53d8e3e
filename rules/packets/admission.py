"""First match decides: which new connections each line of a filter admits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from rules.network_facts import FilterRule, Filters
from rules.packets.boxes import (
    ANY_ADDRESS,
    ANY_PORT,
    ANY_PROTOCOL,
    Box,
    Interval,
    keep,
    remove,
    span,
)

PROTOCOL_NUMBERS = {
    "icmp": 1,
    "igmp": 2,
    "tcp": 6,
    "udp": 17,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmpv6": 58,
    "ipv6-icmp": 58,
    "ospf": 89,
    "sctp": 132,
}
WITH_PORTS = (6, 17)


class UnknownProtocol(Exception):
    """A line asks for a protocol whose number is not known here."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Packets that get through because of one line; `rule` is None where the default lets them."""

    rule: FilterRule | None
    boxes: tuple[Box, ...]


def admitted(
    filters: Filters,
    in_interface: str,
    out_interface: str,
    sources: Iterable[Interval],
    destinations: Iterable[Interval],
) -> tuple[Admitted, ...]:
    """What may open a connection from the sources to the destinations, by line, in order.

    Lines that were not understood are not taken into account: see `Filters.unread`.
    Raises TooComplicated and UnknownProtocol.
    """
    remaining: list[Box] = [
        (source, destination, ANY_PROTOCOL, ANY_PORT)
        for source, destination in product(tuple(sources), tuple(destinations))
    ]
    found: list[Admitted] = []
    for rule in filters.rules:
        if not remaining:
            break
        if not (_at(rule.in_interfaces, in_interface) and _at(rule.out_interfaces, out_interface)):
            continue
        if not matches_new(rule):
            continue
        matching = rule_boxes(rule)
        if rule.action == "permit" and (hit := keep(remaining, matching)):
            found.append(Admitted(rule, tuple(hit)))
        remaining = remove(remaining, matching)
    if remaining and filters.default == "permit":
        found.append(Admitted(None, tuple(remaining)))
    return tuple(found)


def matches_new(rule: FilterRule) -> bool:
    """The line is about packets that open a connection."""
    return not rule.states or "new" in rule.states


def rule_boxes(rule: FilterRule) -> list[Box]:
    """The packets that the line is about, interfaces and states aside."""
    sources = [span(prefix) for prefix in rule.sources] or [ANY_ADDRESS]
    destinations = [span(prefix) for prefix in rule.destinations] or [ANY_ADDRESS]
    ports = [(part.first, part.last) for part in rule.ports] or [ANY_PORT]
    return [
        (source, destination, protocol, port)
        for source, destination, protocol, port in product(
            sources, destinations, _protocols(rule), ports
        )
    ]


def _protocols(rule: FilterRule) -> list[Interval]:
    if rule.protocol is None:
        return [(n, n) for n in WITH_PORTS] if rule.ports else [ANY_PROTOCOL]
    name = rule.protocol.lower()
    number = PROTOCOL_NUMBERS.get(name, int(name) if name.isdecimal() else -1)
    if not 0 <= number <= 255:
        raise UnknownProtocol(name)
    return [(number, number)]


def _at(patterns: tuple[str, ...], interface: str) -> bool:
    """No pattern means any interface; a trailing `*` stands for any ending."""
    if not patterns:
        return True
    return any(
        interface.startswith(pattern[:-1]) if pattern.endswith("*") else interface == pattern
        for pattern in patterns
    )
