"""`ip address-set` and `ip service-set`: named addresses and services, and groups of them.

A set with a member that is not understood certainly holds the others and could hold anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rules.packets.sets import NOTHING, Interval, Numbers, Part, numbers
from scanner.platforms.huawei_vrp.configuration import Configuration, shown
from scanner.platforms.huawei_vrp.matches import CERTAIN, PREDEFINED, network, written_service
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import Service, merged

DEPTH_MAX = 32

_HEADER = re.compile(r"(?:type (?:object|group)(?: \d+)?)?(?: ?vpn-instance \S+)?")
"""What may stand behind the name of a set."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses that certainly belong to a set; with `why`, others may as well."""

    certain: Numbers | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """Services that certainly belong to a set; with `why`, others may as well."""

    certain: tuple[Service, ...]
    why: str = ""


@dataclass
class Sets:
    """What stands behind the names of a configuration; each is worked out once."""

    configuration: Configuration
    lines: dict[tuple[str, str], list[Line]] = field(default_factory=dict)
    _addresses: dict[str, Addresses] = field(default_factory=dict)
    _services: dict[str, Services] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.configuration.of("ip"):
            words = line.words
            if len(words) > 2 and words[1] in {"address-set", "service-set"}:
                self.configuration.read.add(line.number)
                self.lines.setdefault((words[1], words[2]), []).extend(line.below)
                if not _HEADER.fullmatch(" ".join(words[3:])):
                    self.configuration.doubt(line, "a set that is not understood")

    def addresses(self, name: str, depth: int = 0) -> Addresses:
        """Of an address set or a group of them."""
        if name not in self._addresses:
            lines = self.lines.get(("address-set", name))
            if lines is None or depth > DEPTH_MAX:
                return Addresses(NOTHING, f"address-set {name} is not defined")
            self._addresses[name] = Addresses(NOTHING, f"address-set {name} contains itself")
            self._addresses[name] = self._collected(name, lines, depth)
        return self._addresses[name]

    def _collected(self, name: str, lines: list[Line], depth: int) -> Addresses:
        found: list[Interval] = []
        parts: list[Part] = []
        why = ""
        for line in lines:
            member = self._address(line, depth)
            if member is None:
                continue
            self.configuration.read.add(line.number)
            why = why or member.why
            inside = member.certain.intervals if member.certain is not None else ()
            found += inside
            parts.append(Part(inside, line.number, shown(line)))
        reason = f"address-set {name}: {why}" if why else ""
        return Addresses(numbers(found, parts), reason)

    def _address(self, line: Line, depth: int) -> Addresses | None:
        """`address 0 10.0.0.0 mask 24`, `address 1 range A B`, `address 2 address-set X`."""
        words = line.words
        if words[0] == "description":
            return None
        rest = words[1:]
        if rest and rest[0].isdecimal():
            rest = rest[1:]
        if "description" in rest:
            rest = rest[: rest.index("description")]
        if words[0] == "address" and rest[:1] == ["address-set"] and len(rest) > 1:
            return self.addresses(rest[1], depth + 1)
        found = network(rest) if words[0] == "address" else None
        return Addresses(NOTHING, shown(line)) if found is None else Addresses(found)

    def services(self, name: str, depth: int = 0) -> Services:
        """Of a service set, a group of them, or a service that every device knows."""
        if name not in self._services:
            lines = self.lines.get(("service-set", name))
            if lines is None or depth > DEPTH_MAX:
                return _predefined(name)
            self._services[name] = Services((), f"service-set {name} contains itself")
            self._services[name] = self._collected_services(name, lines, depth)
        return self._services[name]

    def _collected_services(self, name: str, lines: list[Line], depth: int) -> Services:
        found: list[Service] = []
        why = ""
        for line in lines:
            words = line.words
            if words[0] == "description":
                continue
            rest = words[2:] if len(words) > 1 and words[1].isdecimal() else words[1:]
            self.configuration.read.add(line.number)
            if words[0] == "service" and rest[:1] == ["service-set"] and len(rest) > 1:
                inner = self.services(rest[1], depth + 1)
                found = list(dict.fromkeys((*found, *inner.certain)))
                why = why or inner.why
                continue
            service = written_service(rest) if words[0] == "service" else None
            if service is None:
                why = why or shown(line)
            else:
                found.append(service)
        return Services(merged(dict.fromkeys(found)), f"service-set {name}: {why}" if why else "")


def _predefined(name: str) -> Services:
    found = PREDEFINED.get(name.lower())
    if found is None:
        return Services((), f"service {name} is not defined")
    why = "" if name.lower() in CERTAIN else f"service {name}: its ports depend on the release"
    return Services(found, why)
