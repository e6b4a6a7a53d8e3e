"""Addresses, ports and services as VRP writes them.

A wildcard says with its zeros what has to fit; `0` stands for 0.0.0.0, one host. Names of ports
are those of Huawei, "S Series Switches, Command Reference", `rule (advanced ACL view)`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.packets.fields import ICMP, ICMP_V6, TCP, UDP, protocol_number
from rules.packets.sets import Interval, Numbers, numbers
from scanner.platforms.netconfig.addresses import between, host, masked, prefix, wildcard
from scanner.platforms.netconfig.port_names import (
    ICMP_TYPES,
    ICMP_V6_TYPES,
    TCP_PORTS,
    UDP_PORTS,
)
from scanner.platforms.netconfig.services import Service, only

_MORE = {"CHARgen": 19, "snmp": 161, "snmptrap": 162, "ntp": 123, "tacacs": 49, "www": 80}


def protocols(word: str) -> Numbers | None:
    """`tcp`, `47`; None when it is none. `ip` and `ipv6` mean any: that is for the caller."""
    number = protocol_number(word)
    return None if number is None else only(number)


def port(word: str, protocol: Numbers | None) -> int | None:
    """A port by name or number."""
    if word.isascii() and word.isdigit():
        return int(word) if int(word) <= 65535 else None
    name = word.lower()
    first, second = (UDP_PORTS, TCP_PORTS) if protocol == only(UDP) else (TCP_PORTS, UDP_PORTS)
    return first.get(name, second.get(name, _MORE.get(name)))


def port_condition(words: Sequence[str], protocol: Numbers | None) -> tuple[Numbers, int] | None:
    """`eq www`, `range 1 9`, `gt 1`, `lt 9`: the ports and how many words say it."""
    first = port(words[1], protocol) if len(words) > 1 else None
    if first is None:
        return None
    if words[0] == "range":
        last = port(words[2], protocol) if len(words) > 2 else None
        return None if last is None or last < first else (Numbers(((first, last),)), 3)
    compared = {
        "eq": [(first, first)],
        "gt": [(first + 1, 65535)],
        "lt": [(0, first - 1)],
        "neq": [(0, first - 1), (first + 1, 65535)],
    }.get(words[0])
    return None if compared is None else (numbers(compared), 2)


def matched(address: str, free: str) -> Numbers | None:
    """An address with its wildcard; `0` is one host."""
    return host(address) if free == "0" else wildcard(address, free)


def network(words: Sequence[str]) -> Numbers | None:
    """`A 24`, `A mask 255.255.255.0`, `A mask 24`, `A 0.0.0.255`, `A 0`, `P6 64`, `range A B`."""
    if words[:1] == ["range"]:
        return between(words[1], words[2]) if len(words) >= 3 else None
    if len(words) < 2:
        one = words[0] if words else ""
        return prefix(one) if "/" in one else host(one)
    address, *rest = words
    is_mask = rest[0] == "mask"
    said = rest[1] if is_mask and len(rest) > 1 else rest[0]
    if said.isascii() and said.isdigit():
        is_host = said == "0" and not is_mask
        return host(address) if is_host else prefix(f"{address}/{said}")
    return masked(address, said) if is_mask else matched(address, said)


def icmp_kind(words: Sequence[str], protocol: Numbers | None) -> tuple[Service, int] | None:
    """`echo`, `8 0`: ICMP type and code."""
    base = protocol if protocol is not None else only(ICMP)
    named = (ICMP_V6_TYPES if base == only(ICMP_V6) else ICMP_TYPES).get(words[0].lower())
    if named is not None:
        return Service(base, only(named[0]), None if named[1] is None else only(named[1])), 1
    kind = port(words[0], None)
    if kind is None or kind > 255:
        return None
    code = port(words[1], None) if len(words) > 1 else None
    if code is None or not words[1].isdigit():
        return Service(base, only(kind)), 1
    return Service(base, only(kind), only(code)), 2


def listed_ports(words: Sequence[str]) -> tuple[Numbers, int] | None:
    """`80 443 8000 to 8080`: the ports and how many words say it."""
    found: list[Interval] = []
    at = 0
    while at < len(words) and words[at].isascii() and words[at].isdigit():
        first = last = int(words[at])
        at += 1
        if words[at : at + 1] == ["to"] and len(words) > at + 1 and words[at + 1].isdecimal():
            last = int(words[at + 1])
            at += 2
        if not first <= last <= 65535:
            return None
        found.append((first, last))
    return (numbers(found), at) if found else None


def written_service(words: Sequence[str]) -> Service | None:
    """`protocol tcp source-port 0 to 65535 destination-port 80`, `protocol icmp icmp-type echo`."""
    if words[:1] != ["protocol"] or len(words) < 2:
        return None
    protocol = protocols(words[1])
    if protocol is None:
        return None
    rest = list(words[2:])
    ports: dict[str, Numbers] = {}
    while rest:
        if rest[0] == "description":
            break
        if rest[0] in {"icmp-type", "icmpv6-type"} and len(rest) > 1:
            kind = icmp_kind(rest[1:], protocol)
            return kind[0] if kind is not None and kind[1] == len(rest) - 1 else None
        found = listed_ports(rest[1:]) if rest[0] in {"source-port", "destination-port"} else None
        if found is None or rest[0] in ports:
            return None
        ports[rest[0]] = found[0]
        rest = rest[1 + found[1] :]
    return Service(protocol, ports.get("source-port"), ports.get("destination-port"))


def _tcp(*ports: int) -> tuple[Service, ...]:
    return tuple(Service(only(TCP), None, only(one)) for one in ports)


def _udp(*ports: int) -> tuple[Service, ...]:
    return tuple(Service(only(UDP), None, only(one)) for one in ports)


PREDEFINED: dict[str, tuple[Service, ...]] = {
    "any": (Service(),),
    "ftp": _tcp(21),
    "ssh": _tcp(22),
    "telnet": _tcp(23),
    "smtp": _tcp(25),
    "dns": (*_udp(53), *_tcp(53)),
    "tftp": _udp(69),
    "http": _tcp(80),
    "pop3": _tcp(110),
    "ntp": _udp(123),
    "imap": _tcp(143),
    "snmp": _udp(161),
    "snmptrap": _udp(162),
    "bgp": _tcp(179),
    "https": _tcp(443),
    "syslog": _udp(514),
    "rtsp": _tcp(554),
    "h323": _tcp(1720),
    "sip": (*_udp(5060), *_tcp(5060)),
    "icmp": (Service(only(ICMP)),),
    "icmpv6": (Service(only(ICMP_V6)),),
    "tcp": (Service(only(TCP)),),
    "udp": (Service(only(UDP)),),
    "gre": (Service(only(47)),),
    "esp": (Service(only(50)),),
    "ah": (Service(only(51)),),
    "ospf": (Service(only(89)),),
}
"""Services that every USG knows by name; a name that stands neither here nor in the file is
left open."""
CERTAIN = frozenset(
    {"any", "ftp", "ssh", "telnet", "smtp", "http", "pop3", "ntp", "bgp", "https", "icmp", "icmpv6"}
    | {"tcp", "udp", "gre", "esp", "ah", "ospf", "tftp"}
)
"""Of these the ports are documented everywhere alike; of the others the widest is not known."""
