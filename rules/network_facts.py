"""What a network device has: interfaces, neighbours, routes, filters. Values of facts."""

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
class FilterRule:
    """One line of a packet filter in evaluation order, jumps resolved.

    Empty tuples mean any. A rule whose match holds a condition that could not be understood is not
    represented here but in `Filters.unread`.
    """

    action: Literal["permit", "deny"]
    line: int
    text: str
    in_interfaces: tuple[str, ...] = ()
    out_interfaces: tuple[str, ...] = ()
    sources: tuple[Prefix, ...] = ()
    destinations: tuple[Prefix, ...] = ()
    protocol: str | None = None
    """tcp, udp, icmp, a number as text, or None for any."""
    ports: tuple[PortRange, ...] = ()
    states: tuple[str, ...] = ()
    """Connection states it asks for, e.g. established, related; () = any, new included."""


@dataclass(frozen=True, slots=True)
class UnreadLine:
    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What a device does with forwarded packets."""

    default: Literal["permit", "deny"]
    """What happens to a packet that no rule decides."""
    stateful: bool
    """Replies are admitted by connection tracking."""
    rules: tuple[FilterRule, ...] = ()
    unread: tuple[UnreadLine, ...] = ()
    """Lines that could change a verdict and were not understood."""


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
