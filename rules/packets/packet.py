"""One packet, with a value in every field that filters look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from rules.packets.fields import ACK, ICMP, ICMP_V6, SYN, TCP, WITH_PORTS, address_at, place
from rules.packets.policy import Change, Region
from rules.packets.sets import Names, Numbers

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Packet:
    """The first packet of a connection, or a later one when `state` says so."""

    source: Address
    destination: Address
    protocol: int
    source_port: int = 0
    """For ICMP the type."""
    destination_port: int = 0
    """For ICMP the code."""
    flags: int = 0
    entering: str = ""
    leaving: str = ""
    state: str = "new"

    @property
    def has_ports(self) -> bool:
        return self.protocol in WITH_PORTS

    def is_in(self, region: Region) -> bool:
        """Whether it fits every field of the region."""
        numbers = (
            (region.source, place(self.source)),
            (region.destination, place(self.destination)),
            (region.protocol, self.protocol),
            (region.source_port, self.source_port),
            (region.destination_port, self.destination_port),
            (region.flags, self.flags),
        )
        words = (
            (region.entering, self.entering),
            (region.leaving, self.leaving),
            (region.state, self.state),
        )
        return all(wanted is None or value in wanted for wanted, value in numbers) and all(
            wanted is None or word in wanted for wanted, word in words
        )

    def translated(self, changes: Mapping[str, Change]) -> Packet:
        """The packet with these fields changed."""
        found: dict[str, Any] = {}
        for name, change in changes.items():
            value = getattr(self, name)
            if isinstance(value, int):
                found[name] = change.of(value)
            else:
                found[name] = address_at(change.of(place(value)))
        return replace(self, **found)

    def between(self, entering: str | None, leaving: str | None) -> Packet:
        """The packet at these places; None leaves what it names itself."""
        return replace(
            self,
            entering=self.entering if entering is None else entering,
            leaving=self.leaving if leaving is None else leaving,
        )


def usual_flags(protocol: int, state: str) -> int:
    """The TCP flags of a packet in that state of its connection; 0 for other protocols."""
    if protocol != TCP:
        return 0
    return SYN if state == "new" else ACK


def exactly(packet: Packet) -> Region:
    """The packet and no other, wherever it comes in and goes out."""
    return Region(
        source=_only(place(packet.source)),
        destination=_only(place(packet.destination)),
        protocol=_only(packet.protocol),
        source_port=_only(packet.source_port),
        destination_port=_only(packet.destination_port),
        flags=_only(packet.flags),
        state=Names(frozenset({packet.state})),
    )


def _only(value: int) -> Numbers:
    return Numbers(((value, value),))


def numbered(source: int, destination: int, protocol: int, **fields: int | str) -> Packet:
    """A packet whose addresses are places on the line of addresses."""
    return Packet(address_at(source), address_at(destination), protocol, **fields)  # type: ignore[arg-type]


def is_possible(packet: Packet) -> bool:
    """Whether a packet can be so: one IP version, and ICMP of that version."""
    if packet.source.version != packet.destination.version:
        return False
    if packet.protocol == ICMP:
        return packet.source.version == 4
    return packet.protocol != ICMP_V6 or packet.source.version == 6
