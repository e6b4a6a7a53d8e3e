"""What a network device has: interfaces, neighbours, routes, traffic classes. Values of facts."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import Literal, TypeAlias

from rules.packets.policy import Region

Address: TypeAlias = IPv4Address | IPv6Address
AddressWithPrefix: TypeAlias = IPv4Interface | IPv6Interface
Prefix: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Interface:
    name: str
    addresses: tuple[AddressWithPrefix, ...] = ()
    vlan: int | None = None
    vrf: str | None = None
    up: bool | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entry of the ARP or neighbour table that has a hardware address."""

    address: Address
    interface: str
    mac: str


@dataclass(frozen=True, slots=True)
class Route:
    destination: Prefix
    via: Address | None
    """Next hop; None for a connected route."""
    interface: str | None
    metric: int = 0
    table: str = "main"


@dataclass(frozen=True, slots=True)
class PortRange:
    """Inclusive."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class UnreadLine:
    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class QosClass:
    """Bandwidth that a device keeps for a class of traffic where its policy is attached."""

    interface: str
    direction: Literal["in", "out"]
    name: str
    reserved_kbps: int | None
    """What the class gets when the line is full, in units of 1,000 bit/s; None where it is a limit
    and no guarantee, or where the figure depends on something that is not shown."""
    matches: tuple[Region, ...]
    """Packets that could belong to the class; () where that is not known."""
    line: int
    text: str = ""
    why: str = ""
    """Why the figure or the packets are not known."""
    keeps: bool | None = None
    """False where it is certain that nothing is guaranteed: a limit only, or nothing at all."""
    limit_kbps: int | None = None
    """The most that the packets of `matches` get; told only where all of these are in the class."""
