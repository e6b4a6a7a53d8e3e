"""Objects and object groups: networks, services, protocols, ICMP types; nested as deep as they are.

A group with a member that is not understood certainly holds the others and could hold anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rules.packets.sets import Interval, Numbers, Part, numbers
from scanner.platforms.cisco_asa.configuration import Configuration, shown
from scanner.platforms.cisco_asa.parts import (
    Addresses,
    Services,
    any_of,
    exactly,
    just,
    some_service,
)
from scanner.platforms.cisco_asa.words import icmp_kind, port_condition, protocols
from scanner.platforms.netconfig.addresses import between, masked, prefix
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ANY_SERVICE, ONLY_ICMP, Service, merged

DEPTH_MAX = 32
GROUPS_MAX = 200
"""No group is followed into more others than these."""

_NETWORK, _SERVICE, _PROTOCOL, _ICMP = "network", "service", "protocol", "icmp-type"
_OF_A_SERVICE = {_SERVICE: ("tcp", "udp", "tcp-udp")}
"""What may stand behind the name of a group."""


@dataclass
class Objects:
    """What stands behind the names of a configuration; each is worked out once."""

    configuration: Configuration
    own: dict[tuple[str, str], list[Line]] = field(default_factory=dict)
    """Kind and name of an `object` -> the lines below it."""
    groups: dict[str, tuple[str, str, list[Line]]] = field(default_factory=dict)
    """Name of a group -> kind, protocol of a service group, the lines below it."""
    _networks: dict[str, Addresses] = field(default_factory=dict)
    _services: dict[str, Services] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.configuration.of("object"):
            words = line.words
            if len(words) >= 3 and words[1] in {_NETWORK, _SERVICE}:
                self.configuration.read.add(line.number)
                self.own.setdefault((words[1], words[2]), []).extend(line.below)
                if len(words) > 3:
                    self.configuration.doubt(line, "an object that is not understood")
        for line in self.configuration.of("object-group"):
            self._group(line)

    def _group(self, line: Line) -> None:
        words = line.words
        if len(words) < 3 or words[1] not in {_NETWORK, _SERVICE, _PROTOCOL, _ICMP}:
            return
        self.configuration.read.add(line.number)
        protocol = words[3] if len(words) > 3 else ""
        if len(words) > 4 or (protocol and protocol not in _OF_A_SERVICE.get(words[1], ())):
            self.configuration.doubt(line, "a group that is not understood")
        kind, known, below = self.groups.get(words[2], (words[1], protocol, []))
        if (kind, known) == (words[1], protocol):
            below += line.below
            self.groups[words[2]] = (kind, known, below)

    def kind(self, group: str) -> str:
        """Of a group; empty when there is none. `ports` for a service group of one protocol."""
        kind, protocol, _ = self.groups.get(group, ("", "", []))
        return "ports" if kind == _SERVICE and protocol else kind

    # --- networks ----------------------------------------------------------------------------

    def network(self, name: str) -> Addresses:
        """Addresses of an `object network`."""
        key = f"o {name}"
        if key not in self._networks:
            self._networks[key] = self._network(name)
        return self._networks[key]

    def _network(self, name: str) -> Addresses:
        for line in self.own.get((_NETWORK, name), ()):
            words = line.words
            if words[0] in {"host", "subnet", "range"}:
                found = self._plain(words[1:] if words[0] == "host" else words)
                if found is None:
                    return any_of(shown(line))
                self.configuration.read.add(line.number)
                return exactly(Numbers(found.intervals, (_part(found.intervals, line),)))
            if words[0] == "fqdn":
                self.configuration.read.add(line.number)
                return any_of(f"object {name}: {shown(line)}")
        return any_of(f"object network {name} is not defined")

    def _plain(self, words: list[str]) -> Numbers | None:
        """`A`, `A M`, `A/n`, `subnet A M`, `range A B`."""
        if words and words[0] in {"subnet", "range", "host"}:
            if words[0] == "range":
                return between(*self._named(words[1:3])) if len(words) > 2 else None
            words = words[1:]
        named = self._named(words)
        if len(named) == 1:
            return prefix(named[0])
        return masked(named[0], named[1]) if len(named) >= 2 else None

    def _named(self, words: Iterable[str]) -> list[str]:
        return [self.configuration.names.get(word, word) for word in words]

    def network_group(self, name: str, depth: int = 0) -> Addresses:
        """Addresses of an `object-group network`."""
        key = f"g {name}"
        if key not in self._networks:
            if depth > DEPTH_MAX or self.kind(name) != _NETWORK:
                return any_of(f"object-group {name} is not defined")
            self._networks[key] = any_of(f"object-group {name} contains itself")
            self._networks[key] = self._network_group(name, depth)
        return self._networks[key]

    def _network_group(self, name: str, depth: int) -> Addresses:
        found: list[Interval] = []
        parts: list[Part] = []
        why = ""
        for line in self.groups[name][2]:
            words = line.words
            if words[0] == "description":
                continue
            member = self._member(words, depth)
            if member is None:
                self.configuration.doubt(line, "member of a network group", matters=False)
            else:
                self.configuration.read.add(line.number)
            why = why or (shown(line) if member is None else member.why)
            inside = member.must.intervals if member is not None and member.must else ()
            found += inside
            parts.append(_part(inside, line))
        must = numbers(found, parts)
        return Addresses(None, must, f"object-group {name}: {why}") if why else exactly(must)

    def _member(self, words: list[str], depth: int) -> Addresses | None:
        if words[0] == "group-object" and len(words) == 2:
            return self.network_group(words[1], depth + 1)
        if words[0] != "network-object" or len(words) < 2:
            return None
        if words[1] == "object":
            return self.network(words[2]) if len(words) > 2 else None
        plain = self._plain(words[1:])
        return None if plain is None else exactly(plain)

    # --- services ----------------------------------------------------------------------------

    def service(self, name: str) -> Services:
        """What an `object service` stands for."""
        for line in self.own.get((_SERVICE, name), ()):
            if line.words[0] == "service":
                found = self._one_service(line.words[1:])
                if found is None:
                    return some_service(shown(line))
                self.configuration.read.add(line.number)
                return just(found)
        return some_service(f"object service {name} is not defined")

    def _one_service(self, words: list[str]) -> Service | None:
        """`tcp source eq 1 destination eq 2`, `icmp echo`, `ip`, `47`."""
        if not words:
            return None
        if words[0] == "ip":
            return ANY_SERVICE if len(words) == 1 else None
        protocol = protocols(words[0])
        if protocol is None:
            return None
        rest = words[1:]
        if words[0] in {"icmp", "icmp6"} and rest:
            kind = icmp_kind(rest, protocol)
            return kind[0] if kind is not None and kind[1] == len(rest) else None
        source = destination = None
        while rest and not rest[0].startswith("!"):
            side = rest.pop(0) if rest[0] in {"source", "destination"} else "destination"
            condition = port_condition(rest, protocol)
            if condition is None:
                return None
            rest = rest[condition[1] :]
            source, destination = (
                (condition[0], destination) if side == "source" else (source, condition[0])
            )
        return Service(protocol, source, destination)

    def service_group(self, name: str) -> Services:
        """What a service, protocol or ICMP group stands for."""
        if name not in self._services:
            self._services[name] = self._service_group(name)
        return self._services[name]

    def _service_group(self, name: str) -> Services:
        kind, protocol, _ = self.groups.get(name, ("", "", []))
        read: dict[str, Callable[[list[str]], Service | None]] = {
            _SERVICE: lambda words: self._service_member(words, protocol),
            _PROTOCOL: _protocol_member,
            _ICMP: _icmp_member,
        }
        if kind not in read:
            return some_service(f"object-group {name} is not defined")
        found: list[Service] = []
        why = self._collect(name, kind, read[kind], found, {name})
        known = merged(dict.fromkeys(found))
        if why:
            return Services((ANY_SERVICE,), known, f"object-group {name}: {why}")
        return Services(known, known)

    def _collect(
        self,
        name: str,
        kind: str,
        read: Callable[[list[str]], Service | None],
        found: list[Service],
        seen: set[str],
    ) -> str:
        """The members of the group and of those inside it; says what was not understood."""
        why = ""
        for line in self.groups[name][2]:
            words = line.words
            if words[0] == "description":
                continue
            if words[0] == "group-object" and len(words) == 2:
                inner = words[1]
                if self.groups.get(inner, ("", "", []))[0] != kind or len(seen) > GROUPS_MAX:
                    why = why or f"{shown(line)} is not defined"
                elif inner not in seen:
                    seen.add(inner)
                    why = self._collect(inner, kind, read, found, seen) or why
                self.configuration.read.add(line.number)
                continue
            member = read(words)
            if member is None:
                why = why or shown(line)
                self.configuration.doubt(line, "member of a group", matters=False)
            else:
                self.configuration.read.add(line.number)
                found.append(member)
        return why

    def _service_member(self, words: list[str], protocol: str) -> Service | None:
        if words[0] == "port-object" and protocol:
            base = protocols(protocol)
            condition = port_condition(words[1:], base)
            if base is None or condition is None or condition[1] != len(words) - 1:
                return None
            return Service(base, None, condition[0])
        if words[0] != "service-object":
            return None
        if words[1:2] == ["object"]:
            inner = self.service(words[2]) if len(words) == 3 else some_service("?")
            return inner.must[0] if inner.must else None
        return self._one_service(words[1:])


def _protocol_member(words: list[str]) -> Service | None:
    if words[0] != "protocol-object" or len(words) != 2:
        return None
    if words[1] == "ip":
        return ANY_SERVICE
    protocol = protocols(words[1])
    return None if protocol is None else Service(protocol)


def _icmp_member(words: list[str]) -> Service | None:
    kind = icmp_kind(words[1:], ONLY_ICMP) if words[0] == "icmp-object" and words[1:] else None
    return None if kind is None else kind[0]


def _part(intervals: tuple[Interval, ...], line: Line) -> Part:
    return Part(intervals, line.number, shown(line))
