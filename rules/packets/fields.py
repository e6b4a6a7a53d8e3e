"""The fields of a packet that filters look at, and the whole of each.

IPv4 and IPv6 addresses lie on one line, so that one set can hold both and a match on either kind
needs no field of its own. ICMP and ICMPv6 have no ports: their type stands in the place of the
source port and their code in that of the destination port.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from rules.packets.sets import Interval, Numbers

V6_FROM: Final = 1 << 32
"""IPv6 addresses follow the IPv4 addresses on one line."""

ALL_V4: Final = Numbers(((0, V6_FROM - 1),))
ALL_V6: Final = Numbers(((V6_FROM, V6_FROM + (1 << 128) - 1),))
ALL_ADDRESSES: Final = Numbers(((0, V6_FROM + (1 << 128) - 1),))
ALL_PROTOCOLS: Final = Numbers(((0, 255),))
ALL_PORTS: Final = Numbers(((0, 65535),))
ALL_FLAGS: Final = Numbers(((0, 63),))

FIN, SYN, RST, PSH, ACK, URG = (1 << n for n in range(6))
FLAGS: Final = {"FIN": FIN, "SYN": SYN, "RST": RST, "PSH": PSH, "ACK": ACK, "URG": URG}

STATES: Final = ("new", "established", "related", "invalid", "untracked")

ICMP, IGMP, TCP, UDP, ICMP_V6, SCTP = 1, 2, 6, 17, 58, 132
WITH_PORTS: Final = frozenset({TCP, UDP, 33, SCTP, 136})
"""TCP, UDP, DCCP, SCTP, UDP-Lite."""

PROTOCOLS: Final = {
    "ahp": 51,
    "ah": 51,
    "dccp": 33,
    "egp": 8,
    "eigrp": 88,
    "esp": 50,
    "gre": 47,
    "hopopt": 0,
    "icmp": ICMP,
    "icmp6": ICMP_V6,
    "icmpv6": ICMP_V6,
    "igmp": IGMP,
    "igrp": 9,
    "ip-in-ip": 4,
    "ipinip": 4,
    "ipip": 4,
    "ipcomp": 108,
    "ipencap": 4,
    "ipv6": 41,
    "ipv6-frag": 44,
    "ipv6-icmp": ICMP_V6,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "ipv6-route": 43,
    "l2tp": 115,
    "mh": 135,
    "nos": 94,
    "ospf": 89,
    "pcp": 108,
    "pim": 103,
    "rdp": 27,
    "rsvp": 46,
    "sctp": SCTP,
    "snp": 109,
    "tcp": TCP,
    "udp": UDP,
    "udplite": 136,
    "vrrp": 112,
}
"""IANA, "Assigned Internet Protocol Numbers", with the vendors' spellings."""


def protocol_number(name: str) -> int | None:
    """The number of a protocol by its name or number; None when it is neither."""
    name = name.strip().lower()
    if name.isascii() and name.isdigit():
        return int(name) if int(name) <= 255 else None
    return PROTOCOLS.get(name)


def place(address: IPv4Address | IPv6Address) -> int:
    """Where an address lies on the line."""
    return int(address) + (V6_FROM if address.version == 6 else 0)


def address_at(number: int) -> IPv4Address | IPv6Address:
    """The address at a place of the line."""
    return IPv4Address(number) if number < V6_FROM else IPv6Address(number - V6_FROM)


def span(prefix: IPv4Network | IPv6Network) -> Interval:
    """The addresses of a prefix."""
    return place(prefix.network_address), place(prefix.broadcast_address)
