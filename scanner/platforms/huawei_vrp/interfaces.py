"""Interfaces and security zones. Filters name zones; an interface stands for its zone as well."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_interface

from rules.network_facts import AddressWithPrefix, Interface
from rules.packets.sets import Names
from scanner.evidence import printable
from scanner.platforms.huawei_vrp.configuration import Configuration
from scanner.platforms.netconfig.indented import Line

LOCAL = "local"
PRIORITIES = {"local": 100, "trust": 85, "dmz": 50, "untrust": 5}
"""Of the zones that a device has from the beginning (Huawei, "USG Command Reference",
`set priority`)."""

_VLAN = re.compile(r"(?:port default vlan|dot1q termination vid|vlan-type dot1q) (\d{1,4})")

_HEADER = re.compile(r"(?:\d{1,3}GE|[A-Za-z][A-Za-z-]{0,30}(?:\d{1,3}GE)?)[\d/.:]{0,20}(?:model2)?")
_TORN = re.compile(
    r"(?:port default vlan \d+|dot1q termination vid \d+|vlan-type dot1q \d+)(?!\d| \d| to )."
    r"|shutdown\W|ip binding vpn-instance \S+ \S"
)
"""Something stands behind a value that ends its line."""
_OF_A_ZONE = re.compile(r"(?!add|set)|add interface \S+(?: [\d/.:]+)?$|set priority \d+$")
"""A line of a zone that names an interface or a priority ends there."""
_NO_ADDRESS = frozenset(
    {"auto", "bootp-alloc", "cellular-alloc", "dhcp-alloc", "ppp-negotiate", "unnumbered"}
)
_LOOKS_LIKE_AN_ADDRESS = re.compile(r"(?:^|\s)\d+\.\d+\.\d+\.\d+ 255\.")
_PORTS = ("interfaces", "routes", "vlans")


@dataclass
class Port:
    """An interface."""

    name: str
    line: Line
    vlan: int | None = None
    vrf: str | None = None
    shut: bool = False
    addresses: list[AddressWithPrefix] = field(default_factory=list)


@dataclass
class Interfaces:
    """Interfaces in their order, zones with their members and priorities."""

    configuration: Configuration
    ports: list[Port] = field(default_factory=list)
    zones: dict[str, dict[str, None]] = field(default_factory=dict)
    _zone_of: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, Port] = field(default_factory=dict)
    priorities: dict[str, int] = field(default_factory=lambda: dict(PRIORITIES))

    def __post_init__(self) -> None:
        for line in self.configuration.of("interface"):
            if len(line.words) > 1:
                self._port(line)
        for port in self.ports:
            port.vlan = port.vlan or _hybrid(port.line.below)
        for line in self.configuration.of("firewall", "zone"):
            self._zone(line)
        for zone, members in self.zones.items():
            self._zone_of |= dict.fromkeys(members, zone)

    def _port(self, line: Line) -> None:
        """An interface that stands there twice is one."""
        name = "".join(line.words[1:])
        if not _HEADER.fullmatch(name):
            self.configuration.doubt(line, "an interface that is not understood")
            self.configuration.left_open.note(line.number, _PORTS)
        port = self._by_name.get(name)
        if port is None:
            port = self._by_name[name] = Port(name, Line(line.number, line.text, line.indent))
            self.ports.append(port)
        _read(port, self.configuration, line)

    def _zone(self, line: Line) -> None:
        """`firewall zone name dmz2 id 5`; members by `add interface`."""
        words = line.words[3:] if line.words[2:3] == ["name"] else line.words[2:]
        if not words or words[0] == "vpn-instance":
            self.configuration.doubt(line, "a zone that is not understood")
            return
        self.configuration.read.add(line.number)
        members = self.zones.setdefault(words[0], {})
        for below in line.below:
            said = below.words
            if not _OF_A_ZONE.match(below.text):
                self.configuration.doubt(below, "line of a zone")
            if said[:2] == ["add", "interface"] and len(said) > 2:
                members["".join(said[2:])] = None
            elif said[:2] == ["set", "priority"] and len(said) > 2 and said[2].isdecimal():
                self.priorities[words[0]] = int(said[2][:4])
            elif said[0] not in {"description", "detect", "statistic", "undo"}:
                self.configuration.doubt(below, "line of a zone")
                continue
            self.configuration.read.add(below.number)

    @property
    def has_zones(self) -> bool:
        return bool(self.zones)

    def names(self, *zones: str) -> Names:
        """The zones, and their interfaces: either may stand in a packet."""
        members = (member for zone in zones for member in self.zones.get(zone, ()))
        return Names(frozenset((*zones, *members)))

    def all_zones(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((LOCAL, *self.zones)))

    def outside_zones(self) -> Names:
        """Every interface that is in no zone."""
        return Names(self.names(*self.all_zones()).exact, all_but=True)

    def zone_of(self, interface: str) -> str | None:
        return self._zone_of.get(interface)

    def places(self, interface: str) -> Names:
        """The interface; also its zone when nothing else is in it."""
        zone = self.zone_of(interface)
        alone = zone is not None and len(self.zones[zone]) == 1
        return Names(frozenset((interface, zone) if zone is not None and alone else (interface,)))

    def facts(self) -> tuple[Interface, ...]:
        return tuple(
            Interface(
                printable(port.name, 80),
                tuple(port.addresses),
                port.vlan,
                port.vrf,
                False if port.shut else None,
            )
            for port in self.ports
        )


def _hybrid(lines: list[Line]) -> int | None:
    """The VLAN of a hybrid port that carries one VLAN, without tags; None for any other port.

    Huawei, "S Series Switches, Command Reference", `port hybrid pvid vlan`, `port hybrid untagged
    vlan`: frames without a tag come into the first and leave from the second.
    """
    said = [line.words for line in lines if line.words[:2] == ["port", "hybrid"]]
    own = [words[4] for words in said if words[2:4] == ["pvid", "vlan"] and len(words) == 5]
    untagged = [words[4:] for words in said if words[2:4] == ["untagged", "vlan"]]
    tagged = any(words[2:3] == ["tagged"] for words in said)
    if tagged or len(own) != 1 or untagged != [own] or not own[0].isdecimal():
        return None
    return int(own[0][:5]) if 0 < int(own[0][:5]) < 4095 else None


def _read(port: Port, configuration: Configuration, line: Line) -> None:
    port.line.below.extend(line.below)
    configuration.read.add(line.number)
    digits = port.name[len("Vlanif") :]
    if port.name.startswith("Vlanif") and digits.isdecimal() and 0 < int(digits[:5]) < 4095:
        port.vlan = int(digits)
    for below in line.below:
        words = below.words
        if _TORN.match(below.text):
            configuration.left_open.note(below.number, _PORTS)
        match = _VLAN.match(below.text)
        if match is not None and 0 < int(match[1]) < 4095:
            port.vlan = int(match[1])
        elif words[:3] == ["ip", "binding", "vpn-instance"] and len(words) > 3:
            port.vrf = printable(words[3], 80)
        elif words == ["shutdown"]:
            port.shut = True
        elif words[:2] in (["ip", "address"], ["ipv6", "address"]) and len(words) > 2:
            if not _addressed(port, configuration, below):
                continue
        else:
            if _LOOKS_LIKE_AN_ADDRESS.search(below.text):
                configuration.left_open.note(below.number, ("routes",))
            continue
        configuration.read.add(below.number)


def _addressed(port: Port, configuration: Configuration, line: Line) -> bool:
    """Notes the address of the line; False when it holds none that is known."""
    words = line.words
    if _comes_at_run_time(words):
        return False
    address = _address(words)
    more = words[3 if "/" in words[2] else 4 :]
    if words[2][:1].isdigit() and (address is None or more not in ([], ["sub"])):
        configuration.doubt(line, "an address that is not understood")
        configuration.left_open.note(line.number, _PORTS)
    elif address is None:
        configuration.left_open.note(line.number, ("routes",))
    if address is not None and address not in port.addresses[:9]:
        port.addresses.append(address)
    return address is not None


def _comes_at_run_time(words: list[str]) -> bool:
    """`ip address dhcp-alloc`, `ip address unnumbered interface ...`, link-local addresses."""
    return words[2] in _NO_ADDRESS or words[-1] == "link-local"


def _address(words: list[str]) -> AddressWithPrefix | None:
    """`ip address A M|24 [sub]`, `ipv6 address A/64`, `ipv6 address A 64`."""
    text = words[2] if "/" in words[2] else "/".join(words[2:4])
    try:
        return ip_interface(text)
    except ValueError:
        return None
