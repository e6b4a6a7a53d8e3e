"""Which packets a rule speaks of: interfaces, addresses, protocol, ports and connection state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network, summarize_address_range
from typing import TypeAlias, TypeVar

from rules.network_facts import PortRange, Prefix

ALL_STATES = frozenset({"new", "established", "related", "invalid", "untracked"})
ANY_IPV4 = IPv4Network("0.0.0.0/0")
ANY_IPV6 = IPv6Network("::/0")

_PROTOCOLS = {
    "tcp": "tcp",
    "udp": "udp",
    "icmp": "icmp",
    "icmpv6": "58",
    "ipv6-icmp": "58",
    "igmp": "2",
    "gre": "47",
    "esp": "50",
    "ah": "51",
    "ospf": "89",
    "vrrp": "112",
    "sctp": "132",
    "udplite": "136",
}
_NUMBERS = {"1": "icmp", "6": "tcp", "17": "udp"}

_SERVICES = {
    "ftp-data": 20,
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "tftp": 69,
    "http": 80,
    "ntp": 123,
    "snmp": 161,
    "https": 443,
    "microsoft-ds": 445,
    "syslog": 514,
    "h323hostcall": 1720,
    "sip": 5060,
    "sip-tls": 5061,
}


class NotUnderstood(ValueError):
    """A condition or value that is not known here; the text is the word that stopped it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A set of packets. None = any."""

    in_interfaces: frozenset[str] | None = None
    out_interfaces: frozenset[str] | None = None
    sources: tuple[Prefix, ...] | None = None
    destinations: tuple[Prefix, ...] | None = None
    protocols: frozenset[str] | None = None
    ports: tuple[PortRange, ...] | None = None
    states: frozenset[str] | None = None
    narrower: bool = False
    """It speaks of fewer packets than said here, by a condition that a fact cannot express."""

    @property
    def everything(self) -> bool:
        return self == Match()


T = TypeVar("T")

Values: TypeAlias = Sequence[str]


def both(first: Match, second: Match) -> Match | None:
    """The packets in both; None when there are none."""
    joined = Match(
        in_interfaces=_common(first.in_interfaces, second.in_interfaces),
        out_interfaces=_common(first.out_interfaces, second.out_interfaces),
        protocols=_common(first.protocols, second.protocols),
        states=_common(first.states, second.states),
        sources=_overlap(first.sources, second.sources),
        destinations=_overlap(first.destinations, second.destinations),
        ports=_shared_ports(first.ports, second.ports),
        narrower=first.narrower or second.narrower,
    )
    parts = (
        joined.in_interfaces,
        joined.out_interfaces,
        joined.protocols,
        joined.states,
        joined.sources,
        joined.destinations,
        joined.ports,
    )
    return None if any(part is not None and not part for part in parts) else joined


def _common(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _overlap(
    first: tuple[Prefix, ...] | None, second: tuple[Prefix, ...] | None
) -> tuple[Prefix, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    found: dict[Prefix, None] = {}
    for a in first:
        for b in second:
            if _within(a, b):
                found[a] = None
            elif _within(b, a):
                found[b] = None
    return tuple(found)


def _within(inner: Prefix, outer: Prefix) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def _shared_ports(
    first: tuple[PortRange, ...] | None, second: tuple[PortRange, ...] | None
) -> tuple[PortRange, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    return tuple(
        PortRange(max(a.first, b.first), min(a.last, b.last))
        for a in first
        for b in second
        if max(a.first, b.first) <= min(a.last, b.last)
    )


# --- values ----------------------------------------------------------------------------------


def prefixes(values: Values, version: int) -> tuple[Prefix, ...]:
    """Addresses, prefixes and ranges as prefixes. Raises NotUnderstood."""
    found: list[Prefix] = []
    for value in values:
        try:
            if "-" in value:
                first, last = (ip_address(part) for part in value.split("-"))
                found.extend(summarize_address_range(first, last))
            else:
                found.append(ip_network(value, strict=False))
        except (ValueError, TypeError) as error:
            raise NotUnderstood(value) from error
    if any(prefix.version != version for prefix in found):
        raise NotUnderstood("address family")
    return tuple(found)


def without(excluded: Iterable[Prefix], version: int) -> tuple[Prefix, ...]:
    """Every address of the family except those."""
    rest: list[Prefix] = [ANY_IPV4 if version == 4 else ANY_IPV6]
    for prefix in excluded:
        kept: list[Prefix] = []
        for part in rest:
            if _within(part, prefix):
                continue
            if _within(prefix, part):
                kept.extend(part.address_exclude(prefix))  # type: ignore[arg-type]
            else:
                kept.append(part)
        rest = kept
    return tuple(sorted(rest, key=lambda p: (int(p.network_address), p.prefixlen)))


def ports(values: Values) -> tuple[PortRange, ...]:
    """Ports and ranges, by number or well-known name. Raises NotUnderstood."""
    found = []
    for value in values:
        if value in _SERVICES:
            found.append(PortRange(_SERVICES[value], _SERVICES[value]))
            continue
        first, _, last = value.partition("-")
        if not (first.isascii() and first.isdigit()) or (last and not last.isdigit()):
            raise NotUnderstood(value)
        numbers = int(first), int(last or first)
        if not 0 <= numbers[0] <= numbers[1] <= 65535:
            raise NotUnderstood(value)
        found.append(PortRange(*numbers))
    return tuple(found)


def other_ports(excluded: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Every port except those."""
    found = []
    start = 0
    for part in sorted(excluded, key=lambda p: p.first):
        if part.first > start:
            found.append(PortRange(start, part.first - 1))
        start = max(start, part.last + 1)
    if start <= 65535:
        found.append(PortRange(start, 65535))
    return tuple(found)


def protocols(values: Values) -> frozenset[str]:
    """Protocols as facts name them. Raises NotUnderstood."""
    found = set()
    for value in values:
        if value in _PROTOCOLS:
            found.add(_PROTOCOLS[value])
        elif value.isascii() and value.isdigit() and int(value) < 256:
            found.add(_NUMBERS.get(value, value))
        else:
            raise NotUnderstood(value)
    return frozenset(found)


def states(values: Values) -> frozenset[str]:
    """Connection states. Raises NotUnderstood."""
    for value in values:
        if value not in ALL_STATES:
            raise NotUnderstood(value)
    return frozenset(values)


_INTERFACE = re.compile(r"[^\s/<>&\x00-\x20\x7f-\x9f\u200b-\u2069\ud800-\udfff]{1,16}")


def interfaces(values: Values, known: frozenset[str], *, negated: bool) -> frozenset[str]:
    """Interface names; wildcards and negations are resolved with the known ones.

    Raises NotUnderstood where they would have to be and none are known.
    """
    found: set[str] = set()
    for value in values:
        if not _INTERFACE.fullmatch(value):
            raise NotUnderstood("interface name")
        if value.endswith("*"):
            if not known:
                raise NotUnderstood(value)
            found |= {name for name in known if name.startswith(value[:-1])}
        else:
            found.add(value)
    if not negated:
        return frozenset(found)
    if not known:
        raise NotUnderstood("!=")
    return known - found
