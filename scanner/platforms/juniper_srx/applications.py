"""Applications of security policies: ports and protocols behind a name."""

from __future__ import annotations

from collections.abc import Iterator

from rules.packets.fields import protocol_number
from rules.packets.sets import Numbers
from scanner.platforms.juniper_srx.predefined import predefined
from scanner.platforms.netconfig.port_names import (
    ICMP_TYPES,
    ICMP_V6_TYPES,
    TCP_PORTS,
    UDP_PORTS,
)
from scanner.platforms.netconfig.services import ANY_SERVICE, Service, only, port_span
from scanner.platforms.netconfig.word_tree import Node

DEPTH_MAX = 16
_SAYS_NOTHING = frozenset(
    {"alg", "application-protocol", "inactivity-timeout", "description", "do-not-translate-A-query"}
    | {"do-not-translate-AAAA-query", "term"}
)

Found = tuple[tuple[Service, ...], str]
"""Services that could be meant, and why it is not certain; empty when it is."""


class Applications:
    """Every application of the configuration by its name."""

    def __init__(self, root: Node) -> None:
        self._own = root.get("applications", "application") or Node("", 1)
        self._sets = root.get("applications", "application-set") or Node("", 1)
        self._known: dict[str, Found] = {}
        self._lists: dict[tuple[str, ...], Found | None] = {}

    def listed(self, names: tuple[str, ...]) -> Found | None:
        """The services of all applications together; None = any."""
        if names not in self._lists:
            self._lists[names] = self._together(names)
        return self._lists[names]

    def _together(self, names: tuple[str, ...]) -> Found | None:
        if "any" in names:
            return None
        found = [self.named(name) for name in names]
        services = tuple(service for one, _ in found for service in one)
        return services, next((why for _, why in found if why), "")

    def named(self, name: str, depth: int = 0) -> Found:
        if name not in self._known:
            self._known[name] = ((ANY_SERVICE,), f"application-set {name} holds itself")
            self._known[name] = self._looked_up(name, depth)
        return self._known[name]

    def _looked_up(self, name: str, depth: int) -> Found:
        if name == "any":
            return (ANY_SERVICE,), ""
        if depth > DEPTH_MAX:
            return (ANY_SERVICE,), f"application-set {name} is nested too deep"
        own = self._own.below.get(name)
        if own is not None:
            return application(own)
        members = self._sets.below.get(name)
        if members is not None:
            both = [*members.each("application"), *members.each("application-set")]
            found = [self.named(node.word, depth + 1) for node in both]
            services = tuple(service for one, _ in found for service in one)
            return services, next((why for _, why in found if why), "")
        known = predefined(name) if name.startswith("junos-") else None
        if known is not None:
            return known, ""
        said = "is not one whose ports are known" if name[:6] == "junos-" else "is not defined"
        return (ANY_SERVICE,), f"application {name} {said}"


def pairs(node: Node) -> Iterator[tuple[str, str, int]]:
    """`protocol tcp destination-port 80` as key, value and line, whether on one line or several."""
    for key in node.below.values():
        if not key.below:
            yield key.word, "", key.line
        for value in key.below.values():
            yield key.word, value.word, value.line
            yield from pairs(value)


def application(node: Node) -> Found:
    """The services of one application, of its terms or its own words."""
    terms = node.each("term")
    found = [_term(term) for term in terms]
    if not terms or any(key not in _SAYS_NOTHING for key in node.below):
        found.append(_term(node))
    services = tuple(service for service, _ in found)
    return services, next((f"application {node.word}: {why}" for _, why in found if why), "")


def _term(node: Node) -> tuple[Service, str]:
    values: dict[str, str] = {}
    why = ""
    for key, value, _ in pairs(node):
        if key in {"protocol", "destination-port", "source-port"} or key.startswith("icmp"):
            values[key] = value
        elif key not in _SAYS_NOTHING:
            why = f"{key} {value}".strip()
        if key == "term":
            break
    protocol = protocol_number(values.get("protocol", ""))
    if protocol is None:
        return ANY_SERVICE, why or f"protocol {values.get('protocol', 'is not given')}"
    source, wrong = port_set(values.get("source-port"), protocol)
    destination, also = port_set(values.get("destination-port"), protocol)
    if protocol in {1, 58}:
        kind = values.get("icmp-type", values.get("icmp6-type"))
        code = values.get("icmp-code", values.get("icmp6-code"))
        source, wrong = icmp_set(kind, protocol)
        destination, also = icmp_set(code, protocol)
    return Service(only(protocol), source, destination), why or wrong or also


def port_set(text: str | None, protocol: int) -> tuple[Numbers | None, str]:
    """`80`, `1024-65535`, `https`; and what was not understood."""
    if text is None:
        return None, ""
    number = port_number(text, protocol)
    if number is not None:
        return only(number), ""
    first, _, last = text.partition("-")
    span = port_span(first, last or None)
    return (Numbers((span,)), "") if span else (None, f"port {text}")


def port_number(name: str, protocol: int | None) -> int | None:
    """The port that Junos calls so."""
    name = {"imaps": "993", "pop3s": "995", "ntalk": "518", "radacct": "1813"}.get(name, name)
    name = {"dhcp": "67", "snmp": "161", "radius": "1812", "socks": "1080"}.get(name, name)
    if name.isascii() and name.isdigit() and int(name) <= 65535:
        return int(name)
    tables = (UDP_PORTS, TCP_PORTS) if protocol == 17 else (TCP_PORTS, UDP_PORTS)
    return next((table[name] for table in tables if name in table), None)


def icmp_set(text: str | None, protocol: int) -> tuple[Numbers | None, str]:
    """A type or code by number, range or name."""
    if text is None:
        return None, ""
    named = (ICMP_V6_TYPES if protocol == 58 else ICMP_TYPES).get(text)
    if named is not None and named[1] is None:
        return only(named[0]), ""
    first, _, last = text.partition("-")
    span = port_span(first, last or None)
    return (Numbers((span,)), "") if span else (None, f"icmp {text}")
