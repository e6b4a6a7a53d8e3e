"""Interfaces: their names, levels and addresses. Filters name them by `nameif`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_interface

from rules.network_facts import AddressWithPrefix, Interface
from rules.packets.fields import place
from rules.packets.sets import Names, Numbers
from scanner.evidence import printable
from scanner.platforms.cisco_asa.configuration import Configuration
from scanner.platforms.netconfig.indented import Line

LEVEL_OF_INSIDE = 100
"""Of an interface called `inside` that says none; every other has 0 then (Cisco, "Command
Reference", `security-level`)."""

_SAYS_NOTHING = frozenset(
    {"description", "speed", "duplex", "channel-group", "mac-address", "delay", "ospf", "nameif"}
    | {"ipv6", "ip", "no", "authentication", "hello-interval", "lacp", "port-channel", "dhcprelay"}
    | {"member-interface", "management-only", "shutdown", "vlan", "security-level", "flowcontrol"}
    | {"summary-address", "split-horizon", "dhcp", "switchport", "poll-timer", "standby", "mtu"}
    | {"rip", "eigrp", "isis", "policy-route", "zone-member", "igmp", "pim", "multicast"}
)
_CHANGES_THE_FILTER = frozenset({"bridge-group", "zone-member", "policy-route"})

_HEADER = re.compile(r"[A-Za-z][\w-]{0,40}[\d/.:]{0,20}")
_LENGTH = {"nameif": 2, "security-level": 2, "shutdown": 1, "management-only": 1}
"""Words of lines that say nothing else."""


@dataclass
class Port:
    """An interface that has a name and so takes part in forwarding."""

    physical: str
    line: int
    name: str = ""
    level: int | None = None
    level_line: int = 0
    management_only: bool = False
    shut: bool = False
    vlan: int | None = None
    addresses: list[AddressWithPrefix] = field(default_factory=list)


@dataclass
class Interfaces:
    """Every interface of the configuration."""

    configuration: Configuration
    ports: list[Port] = field(default_factory=list)
    _physical: dict[str, Port] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.configuration.of("interface"):
            if len(line.words) >= 2:
                self._port(line)
        self.named = tuple(port for port in self.ports if port.name)
        self._by_name = {port.name: port for port in reversed(self.named)}
        self._everybody = frozenset(_both(self, tuple(port.name for port in self.named)))

    def _port(self, line: Line) -> None:
        """An interface that stands there twice is one."""
        physical = "".join(line.words[1:])
        port = self._physical.get(physical)
        if port is None:
            port = self._physical[physical] = Port(physical, line.number)
            self.ports.append(port)
        self.configuration.read.add(line.number)
        if not _HEADER.fullmatch(physical) or _is_torn(line):
            self._not_understood(line, "an interface that is not understood")
        for below in line.below:
            words = below.words
            if not _is_whole(words):
                self._not_understood(below, "line of an interface")
            if words[0] in _CHANGES_THE_FILTER:
                self.configuration.doubt(below, "changes which filter is asked")
            elif words[0] not in _SAYS_NOTHING:
                self.configuration.doubt(below, "line of an interface", matters=False)
            else:
                self.configuration.read.add(below.number)
                _set(port, words, below.number)
        if port.level is None and port.name:
            port.level, port.level_line = (
                LEVEL_OF_INSIDE if port.name == "inside" else 0,
                port.level_line or port.line,
            )

    def _not_understood(self, line: Line, why: str) -> None:
        self.configuration.doubt(line, why)
        self.configuration.left_open.note(line.number, ("interfaces", "routes", "vlans"))

    def port(self, name: str) -> Port | None:
        return self._by_name.get(name)

    def names(self, *of: str) -> Names:
        """The interfaces by `nameif` and by their hardware name: either may stand in a packet."""
        return Names(frozenset(_both(self, of)))

    def others(self) -> Names:
        """Every interface that is not one of the named ones."""
        return Names(self._everybody, all_but=True)

    def address(self, name: str) -> Numbers | None:
        """Its own address; None when it is not in the configuration."""
        port = self.port(name)
        if port is None or not port.addresses:
            return None
        return Numbers(tuple(sorted((place(a.ip), place(a.ip)) for a in port.addresses)))

    def facts(self) -> tuple[Interface, ...]:
        """As values of the fact; an interface without a name goes by its hardware name."""
        return tuple(
            Interface(
                printable(port.name or port.physical, 80),
                tuple(port.addresses),
                port.vlan,
                None,
                False if port.shut else None,
            )
            for port in self.ports
        )


def _is_torn(line: Line) -> bool:
    """Two interfaces in one block, or an address without a name: a line in between is lost."""
    said = [below.words for below in line.below]
    names = {tuple(words) for words in said if words[0] == "nameif"}
    addresses = {tuple(words) for words in said if words[:2] == ["ip", "address"]}
    unnamed = not names and ["no", "nameif"] not in said
    levels = {tuple(words) for words in said if words[0] == "security-level"}
    return max(len(names), len(addresses), len(levels)) > 1 or bool(
        unnamed and levels and addresses
    )


def _is_whole(words: list[str]) -> bool:
    """A line that says something about the fact says it to its end."""
    if words[0] in {"nameif", "security-level", "shutdown", "management-only"}:
        return len(words) == _LENGTH[words[0]]
    if words[:2] == ["ip", "address"]:
        more = words[4:5] in ([], ["standby"], ["cluster-pool"])
        return words[2:3] in (["dhcp"], ["pppoe"]) or (more and any(_addresses(words)))
    return True


def _both(interfaces: Interfaces, of: tuple[str, ...]) -> Iterator[str]:
    for name in of:
        yield name
        port = interfaces.port(name)
        if port is not None:
            yield port.physical


def _set(port: Port, words: list[str], line: int) -> None:
    if words[0] == "nameif" and len(words) > 1:
        port.name = words[1]
    elif words[0] == "security-level" and len(words) > 1 and words[1].isascii():
        if words[1].isdigit() and int(words[1]) <= 100:
            port.level, port.level_line = int(words[1]), line
    elif words[0] == "management-only":
        port.management_only = len(words) == 1
    elif words[0] == "shutdown":
        port.shut = True
    elif words[0] == "vlan" and len(words) > 1 and words[1].isascii() and words[1].isdigit():
        port.vlan = int(words[1]) if 0 < int(words[1][:5]) < 4095 else None
    else:
        port.addresses += [one for one in _addresses(words) if one not in port.addresses[:9]]


def _addresses(words: list[str]) -> Iterator[AddressWithPrefix]:
    text = ""
    if words[:2] == ["ip", "address"] and len(words) >= 4:
        text = f"{words[2]}/{words[3]}"
    elif words[:2] == ["ipv6", "address"] and len(words) >= 3:
        text = words[2]
    try:
        if text:
            yield ip_interface(text)
    except ValueError:
        return
