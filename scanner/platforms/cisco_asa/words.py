"""Ports, protocols and ICMP types as an ASA writes them.

Source: Cisco, "ASA Series CLI Configuration Guide, General Operations", appendix "Addresses,
Protocols, and Ports" (names of TCP and UDP ports, protocols and ICMP types).
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.packets.fields import ICMP, ICMP_V6, TCP, UDP, protocol_number
from rules.packets.sets import Numbers, union
from scanner.platforms.netconfig.port_names import (
    ICMP_TYPES,
    ICMP_V6_TYPES,
    TCP_PORTS,
    UDP_PORTS,
)
from scanner.platforms.netconfig.services import TCP_AND_UDP, Service, only

OPERATORS = frozenset({"eq", "neq", "lt", "gt", "range"})
_MORE_TCP = {"aol": 5190, "ftp-data": 20, "rtsp": 554, "cifs": 3020}
_TCP = {**TCP_PORTS, **_MORE_TCP}
_EITHER = {**UDP_PORTS, **_TCP}


def protocols(word: str) -> Numbers | None:
    """`tcp`, `tcp-udp`, `47`; None when it is none. `ip` is for the caller: any protocol."""
    if word == "tcp-udp":
        return TCP_AND_UDP
    number = protocol_number(word)
    return None if number is None else only(number)


def port(word: str, protocol: Numbers | None) -> int | None:
    """A port by name or number."""
    if word.isascii() and word.isdigit():
        return int(word) if int(word) <= 65535 else None
    if protocol == only(TCP):
        return _TCP.get(word)
    if protocol == only(UDP):
        return UDP_PORTS.get(word)
    return _EITHER.get(word)


def port_condition(words: Sequence[str], protocol: Numbers | None) -> tuple[Numbers, int] | None:
    """`eq www`, `range 1 9`: the ports, and how many words say it; None when not understood."""
    if len(words) < 2 or words[0] not in OPERATORS:
        return None
    first = port(words[1], protocol)
    if first is None:
        return None
    if words[0] == "range":
        last = port(words[2], protocol) if len(words) > 2 else None
        return None if last is None or last < first else (Numbers(((first, last),)), 3)
    return _compared(words[0], first), 2


def _compared(operator: str, value: int) -> Numbers:
    below = Numbers(((0, value - 1),)) if value > 0 else Numbers(())
    above = Numbers(((value + 1, 65535),)) if value < 65535 else Numbers(())
    if operator == "eq":
        return only(value)
    if operator == "lt":
        return below
    return above if operator == "gt" else union((below, above))


def icmp_kind(words: Sequence[str], protocol: Numbers | None) -> tuple[Service, int] | None:
    """`echo`, `3 1`: the type and perhaps the code; None when the first word is no type."""
    version_6 = protocol == only(ICMP_V6)
    base = protocol if protocol is not None else only(ICMP)
    known = (ICMP_V6_TYPES if version_6 else ICMP_TYPES).get(words[0])
    if known is not None:
        kind, code = known
        took = 1
    elif words[0].isascii() and words[0].isdigit() and int(words[0]) <= 255:
        kind, code, took = int(words[0]), None, 1
    else:
        return None
    if len(words) > 1 and words[1].isascii() and words[1].isdigit() and int(words[1]) <= 255:
        code, took = int(words[1]), 2
    return Service(base, only(kind), None if code is None else only(code)), took
