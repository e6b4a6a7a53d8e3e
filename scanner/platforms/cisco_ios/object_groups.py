"""Object groups: addresses and services under a name, groups inside groups.

Cisco, "Object Groups for ACLs" (Security Configuration Guide: Access Control Lists, IOS-XE 17): in
a network group stands a subnet mask, not a wildcard; a service is a protocol with `source` ports
and destination ports, `eq` may be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rules.packets.fields import (
    ALL_V4,
    ALL_V6,
    ICMP,
    ICMP_V6,
    TCP,
    UDP,
    WITH_PORTS,
    protocol_number,
)
from rules.packets.sets import NOTHING, Numbers, Part, union
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.cursor import Cursor, NotUnderstood
from scanner.platforms.cisco_ios.ports import icmp_message, port_number, ports
from scanner.platforms.netconfig.addresses import between, host, masked, prefix, wildcard
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import (
    ANY_SERVICE,
    ONLY_TCP,
    ONLY_UDP,
    Service,
    merged,
    only,
)

DEPTH_MAX = 32


@dataclass(frozen=True)
class Addresses:
    """A network group; `why` when it may hold more than what was understood."""

    known: Numbers
    why: str = ""


@dataclass(frozen=True)
class Services:
    """A service group, as `Addresses`."""

    known: tuple[Service, ...]
    why: str = ""


@dataclass
class ObjectGroups:
    """All object groups of a configuration, each made into a set when it is first asked for."""

    config: Configuration
    _networks: dict[str, list[Line]] = field(default_factory=dict)
    _services: dict[str, list[Line]] = field(default_factory=dict)
    _ports: dict[str, list[Line]] = field(default_factory=dict)
    _kinds: dict[str, str] = field(default_factory=dict)
    _addresses: dict[str, Addresses] = field(default_factory=dict)
    _made: dict[str, Services] = field(default_factory=dict)

    def addresses(self, name: str) -> Addresses:
        """The addresses of a network group; nothing for certain when it is not defined."""
        if name not in self._addresses:
            self._addresses[name] = self._network(name, 0)
        return self._addresses[name]

    def services(self, name: str) -> Services:
        """The services of a service group."""
        if name not in self._made:
            made = self._service(name, 0)
            self._made[name] = replace(made, known=merged(made.known))
        return self._made[name]

    def port_group(self, name: str) -> Numbers | None:
        """`object-group ip port`; None when it is not defined or not understood."""
        if name not in self._ports:
            return None
        found = []
        for line in self._ports[name]:
            try:
                wanted = ports(Cursor(_unnumbered(line.words)), None)
            except NotUnderstood:
                return None
            if wanted is None:
                return None
            found.append(_with_part(wanted, line))
        return union(found) if found else None

    def is_service(self, name: str) -> bool:
        return name in self._services

    def _network(self, name: str, depth: int) -> Addresses:
        if name not in self._networks or depth > DEPTH_MAX:
            return Addresses(NOTHING, f"object-group {name} is not defined")
        found: list[Numbers] = []
        why = "" if self._networks[name] else f"object-group {name} is empty"
        for line in self._networks[name]:
            words = _unnumbered(line.words)
            if words[0] == "group-object" and len(words) == 2:
                inner = self._network(words[1], depth + 1)
                found.append(inner.known)
                why = why or inner.why
                continue
            member = _address_member(words, self._kinds.get(name, ""))
            if member is None:
                self.config.doubt(line, "address not understood", matters=False)
                why = why or f"object-group {name}: {shown(line)}"
            else:
                found.append(_with_part(member, line))
        return Addresses(union(found) if found else NOTHING, why)

    def _service(self, name: str, depth: int) -> Services:
        if name not in self._services or depth > DEPTH_MAX:
            return Services((), f"object-group {name} is not defined")
        found: list[Service] = []
        why = "" if self._services[name] else f"object-group {name} is empty"
        for line in self._services[name]:
            words = _unnumbered(line.words)
            if words[0] == "group-object" and len(words) == 2:
                inner = self._service(words[1], depth + 1)
                found += inner.known
                why = why or inner.why
                continue
            try:
                found += _service_member(Cursor(words), line, self._kinds.get(name, ""))
            except NotUnderstood:
                self.config.doubt(line, "service not understood", matters=False)
                why = why or f"object-group {name}: {shown(line)}"
        return Services(tuple(found), why)


def object_groups(config: Configuration) -> ObjectGroups:
    """The groups of the configuration. A group that is written twice holds the members of both."""
    groups = ObjectGroups(config)
    for line in config.top:
        words = line.words
        if words[0] != "object-group" or len(words) < 3:
            continue
        members = [m for m in line.below if m.words[0] not in {"description", "security-group"}]
        kind, name = words[1], words[-1]
        if kind == "ip" and len(words) == 4:
            kind = f"ip {words[2]}"
        table = _table(groups, kind)
        if table is None:
            continue
        config.use_all(line)
        table.setdefault(name, []).extend(members)
        groups._kinds[name] = kind
    return groups


def _table(groups: ObjectGroups, kind: str) -> dict[str, list[Line]] | None:
    if kind in {"network", "v6-network", "ip address"}:
        return groups._networks
    if kind in {"service", "v6-service", "protocol"}:
        return groups._services
    return groups._ports if kind == "ip port" else None


def _unnumbered(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0].isdigit() and len(words[0]) <= 5 else words


def _with_part(found: Numbers, line: Line) -> Numbers:
    return Numbers(found.intervals, (Part(found.intervals, line.number, shown(line)),))


def _address_member(words: list[str], kind: str) -> Numbers | None:
    words = words[1:] if words[0] == "network-object" else words
    forms: dict[int, Callable[[], Numbers | None]] = {
        1: lambda: _single(words[0], kind),
        2: lambda: _pair(words[0], words[1], kind),
        3: lambda: between(words[1], words[2]) if words[0] == "range" else None,
    }
    return forms[len(words)]() if len(words) in forms else None


def _single(word: str, kind: str) -> Numbers | None:
    if word == "any":
        return ALL_V6 if kind == "v6-network" else ALL_V4
    return prefix(word) if "/" in word else None


def _pair(first: str, second: str, kind: str) -> Numbers | None:
    if first in {"host", "host-info"}:
        return host(second)
    found = masked(first, second) if second.startswith("255.") or second == "0.0.0.0" else None  # noqa: S104 - a mask
    if found is None and kind == "ip address":
        return wildcard(first, second)
    return found


def _service_member(words: Cursor, line: Line, kind: str) -> list[Service]:
    """One member: several services for `tcp-udp`. Raises NotUnderstood."""
    words.skip("protocol-object")
    name = words.take()
    if name in {"ip", "ipv6"}:
        found = [ANY_SERVICE]
    elif name == "tcp-udp":
        found = [_with_ports(words, None, line)]
        found = [replace(found[0], protocol=one) for one in (ONLY_TCP, ONLY_UDP)]
    else:
        number = protocol_number(name)
        if number is None:
            raise NotUnderstood(name)
        if number == ICMP and kind == "v6-service":
            number = ICMP_V6
        found = [_one_protocol(words, number, line)]
    if words.word:
        raise NotUnderstood(words.word)
    return found


def _one_protocol(words: Cursor, number: int, line: Line) -> Service:
    if number in {ICMP, ICMP_V6}:
        kind, code = icmp_message(words, number)
        return Service(only(number), kind, code)
    if number not in WITH_PORTS:
        return Service(only(number))
    return replace(_with_ports(words, number, line), protocol=only(number))


def _with_ports(words: Cursor, number: int | None, line: Line) -> Service:
    source = None
    if words.skip("source"):
        source = _some_ports(words, number)
    wanted = _some_ports(words, number)
    return Service(None, source, None if wanted is None else _with_part(wanted, line))


def _some_ports(words: Cursor, number: int | None) -> Numbers | None:
    """As `ports`, and a bare port is one that has to be equal."""
    bare = port_number(words.word, number if number in {TCP, UDP} else None)
    if bare is None:
        return ports(words, number)
    words.take()
    return only(bare)
