"""Values of nftables and iptables as sets: addresses, ports, protocols, ICMP types, interfaces.

Sources: nft(8) of 1.0.6, sections "Payload expressions" and "Data types"; iptables-extensions(8) of
1.8.9; /etc/services and /etc/protocols of Debian 12 for names.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rules.packets import fields
from rules.packets.sets import Interval, Names, Numbers, numbers
from scanner.platforms.netconfig import addresses

PORTS: Final = {
    "tcpmux": 1, "echo": 7, "discard": 9, "systat": 11, "daytime": 13, "netstat": 15, "qotd": 17,
    "chargen": 19, "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "time": 37,
    "whois": 43, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68, "tftp": 69, "gopher": 70,
    "finger": 79, "http": 80, "www": 80, "kerberos": 88, "iso-tsap": 102, "pop3": 110,
    "sunrpc": 111, "auth": 113, "nntp": 119, "ntp": 123, "epmap": 135, "netbios-ns": 137,
    "netbios-dgm": 138, "netbios-ssn": 139, "imap2": 143, "imap": 143, "snmp": 161,
    "snmp-trap": 162, "snmptrap": 162, "bgp": 179, "ldap": 389, "https": 443, "microsoft-ds": 445,
    "kpasswd": 464, "submissions": 465, "isakmp": 500, "exec": 512, "login": 513, "shell": 514,
    "syslog": 514, "printer": 515, "route": 520, "rtsp": 554, "submission": 587, "ipp": 631,
    "ldaps": 636, "syslog-tls": 6514, "domain-s": 853, "rsync": 873, "ftps-data": 989,
    "ftps": 990, "imaps": 993, "pop3s": 995, "socks": 1080, "openvpn": 1194, "ms-sql-s": 1433,
    "h323hostcall": 1720, "radius": 1812, "radius-acct": 1813, "nfs": 2049, "mysql": 3306,
    "postgresql": 5432, "sip": 5060, "sip-tls": 5061, "xmpp-client": 5222, "xmpp-server": 5269,
    "x11": 6000, "http-alt": 8080, "ipsec-nat-t": 4500, "bfd-control": 3784,
}  # fmt: skip

ICMP: Final = {
    "echo-reply": 0, "pong": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5,
    "echo-request": 8, "ping": 8, "router-advertisement": 9, "router-solicitation": 10,
    "time-exceeded": 11, "ttl-exceeded": 11, "parameter-problem": 12, "timestamp-request": 13,
    "timestamp-reply": 14, "info-request": 15, "info-reply": 16, "address-mask-request": 17,
    "address-mask-reply": 18,
}  # fmt: skip
ICMP_V6: Final = {
    "destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "ttl-exceeded": 3,
    "parameter-problem": 4, "echo-request": 128, "ping": 128, "echo-reply": 129, "pong": 129,
    "mld-listener-query": 130, "mld-listener-report": 131, "mld-listener-done": 132,
    "mld-listener-reduction": 132, "nd-router-solicit": 133, "router-solicitation": 133,
    "nd-router-advert": 134, "router-advertisement": 134, "nd-neighbor-solicit": 135,
    "neighbour-solicitation": 135, "neighbor-solicitation": 135, "nd-neighbor-advert": 136,
    "neighbour-advertisement": 136, "neighbor-advertisement": 136, "nd-redirect": 137,
    "redirect": 137, "router-renumbering": 138, "ind-neighbor-solicit": 141,
    "ind-neighbor-advert": 142, "mld2-listener-report": 143,
}  # fmt: skip
ICMP_CODES: Final = {
    "net-unreachable": 0, "host-unreachable": 1, "prot-unreachable": 2, "port-unreachable": 3,
    "frag-needed": 4, "net-prohibited": 9, "host-prohibited": 10, "admin-prohibited": 13,
}  # fmt: skip
ICMP_V6_CODES: Final = {
    "no-route": 0, "admin-prohibited": 1, "addr-unreachable": 3, "port-unreachable": 4,
    "policy-fail": 5, "reject-route": 6,
}  # fmt: skip
FLAGS: Final = {name.lower(): bit for name, bit in fields.FLAGS.items()}
"""`ecn` and `cwr` are not among the six that are looked at."""

_V4_MAX = (1 << 32) - 1


class NotUnderstood(ValueError):
    """A value or condition that is not known here; the text is the word that stopped it."""


def _octets(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdigit()) or len(part) > 3 or int(part) > 255:
            return None
        value = value << 8 | int(part)
    return value


def address(text: str, version: int) -> Interval:
    """An address, a prefix or a range of the version. Raises NotUnderstood."""
    found = _v4(text) if version == 4 else None
    if found is not None:
        return found
    first, hyphen, last = text.partition("-")
    values = addresses.between(first, last) if hyphen else addresses.prefix(text)
    if values is None or (values.intervals[0][0] <= _V4_MAX) != (version == 4):
        raise NotUnderstood(text)
    return values.intervals[0]


def _v4(text: str) -> Interval | None:
    """The usual spellings, quickly."""
    base, slash, length = text.partition("/")
    value = _octets(base)
    if value is None:
        return None
    if not slash:
        return value, value
    if not (length.isascii() and length.isdigit()) or len(length) > 2 or int(length) > 32:
        return None
    free = (1 << 32 - int(length)) - 1
    return value & ~free, value | free


def ends_of(text: str, version: int | None) -> tuple[Interval | None, int | None, int]:
    """`10.0.0.5:8443`, `[2001:db8::5]:443`, `:443`, each part of it as an address and a port, and
    the version of IP. Raises NotUnderstood for several ports, and for a range of addresses.
    """
    base, port = text, ""
    if text.startswith("["):
        base, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        base, _, port = text.partition(":")
    found = version or (6 if ":" in base else 4)
    if "-" in base:
        raise NotUnderstood(text)
    return (
        address(base, found) if base else None,
        number(port, PORTS, 65535) if port else None,
        found,
    )


@lru_cache(maxsize=64)
def masked(text: str, mask: str, version: int) -> Numbers:
    """Addresses that agree with the text in the bits of the mask. Raises NotUnderstood."""
    if version == 4:
        bits = _octets(mask)
        free = None if bits is None else ~bits & _V4_MAX
        dotted = "" if free is None else ".".join(str(free >> n & 255) for n in (24, 16, 8, 0))
        found = addresses.wildcard(text, dotted) if dotted else None
        if found is not None:
            return found
    else:
        at, kept = addresses.host(text), addresses.host(mask)
        if at is not None and kept is not None and kept.intervals[0][0] > _V4_MAX:
            ones = kept.intervals[0][0] - fields.V6_FROM
            free = ~ones & (1 << 128) - 1
            if free & (free + 1) == 0 and at.intervals[0][0] > _V4_MAX:
                low = (at.intervals[0][0] - fields.V6_FROM) & ones
                return Numbers(((fields.V6_FROM + low, fields.V6_FROM + low + free),))
    raise NotUnderstood(mask)


def number(text: str, names: dict[str, int], largest: int) -> int:
    """A number, decimal or with 0x, or one of the names. Raises NotUnderstood."""
    if text.isascii() and text.isdigit() and len(text) < 12:
        value = int(text)
    elif text[:2] == "0x" and text[2:].isalnum() and len(text) < 12:
        try:
            value = int(text, 16)
        except ValueError as error:
            raise NotUnderstood(text) from error
    elif text in names:
        value = names[text]
    else:
        raise NotUnderstood(text)
    if value > largest:
        raise NotUnderstood(text)
    return value


def span(text: str, names: dict[str, int], largest: int, hyphen: str = "-") -> Interval:
    """A number or a range; a name may hold hyphens itself. Raises NotUnderstood."""
    if hyphen in text and text not in names:
        first, last = _ends(text, names, hyphen)
        low = number(first, names, largest) if first else 0
        high = number(last, names, largest) if last else largest
        if low > high:
            raise NotUnderstood(text)
        return low, high
    value = number(text, names, largest)
    return value, value


def _ends(text: str, names: dict[str, int], hyphen: str) -> tuple[str, str]:
    """The two ends of a range; nft lists `1-4` as `destination-unreachable-parameter-problem`."""
    parts = text.split(hyphen)
    for at in range(1, len(parts)):
        first, last = hyphen.join(parts[:at]), hyphen.join(parts[at:])
        if first in names and last in names:
            return first, last
    return parts[0], hyphen.join(parts[1:])


def protocol(text: str) -> Interval:
    """A protocol by number or name. Raises NotUnderstood."""
    first, hyphen, last = text.partition("-")
    if hyphen and first.isdigit() and last.isdigit():
        return span(text, {}, 255)
    value = fields.protocol_number(text)
    if value is None:
        raise NotUnderstood(text)
    return value, value


def one_of(intervals: Iterable[Interval]) -> Numbers:
    """The numbers in any of the intervals."""
    return numbers(intervals)


def interfaces(listed: Iterable[str], wildcard: str, *, all_but: bool = False) -> Names:
    """Names of interfaces, `wildcard` at the end standing for any ending."""
    exact, beginnings = set(), set()
    for name in listed:
        if name[-2:] == "\\" + wildcard:
            exact.add(name[:-2] + wildcard)
        elif name[-1:] == wildcard:
            beginnings.add(name[:-1])
        else:
            exact.add(name)
    return Names(frozenset(exact), frozenset(beginnings), all_but)


def states(wanted: Iterable[str]) -> Names:
    """States of a connection. Raises NotUnderstood."""
    found = frozenset(wanted)
    strange = found - set(fields.STATES)
    if strange:
        raise NotUnderstood(min(strange))
    return Names(found)


def icmp(text: str, version: int) -> tuple[int, int | None]:
    """`8`, `3/4` or a name of iptables: type and code. Raises NotUnderstood."""
    known = _IPTABLES_V4 if version == 4 else _IPTABLES_V6
    if text in known:
        return known[text]
    kind, slash, code = text.partition("/")
    names = ICMP if version == 4 else ICMP_V6
    return number(kind, names, 255), number(code, {}, 255) if slash else None


_IPTABLES_V4: Final[dict[str, tuple[int, int | None]]] = {
    "network-unreachable": (3, 0), "host-unreachable": (3, 1), "protocol-unreachable": (3, 2),
    "port-unreachable": (3, 3), "fragmentation-needed": (3, 4), "source-route-failed": (3, 5),
    "network-unknown": (3, 6), "host-unknown": (3, 7), "network-prohibited": (3, 9),
    "host-prohibited": (3, 10), "TOS-network-unreachable": (3, 11),
    "TOS-host-unreachable": (3, 12), "communication-prohibited": (3, 13),
    "host-precedence-violation": (3, 14), "precedence-cutoff": (3, 15),
    "network-redirect": (5, 0), "host-redirect": (5, 1), "TOS-network-redirect": (5, 2),
    "TOS-host-redirect": (5, 3), "ttl-zero-during-transit": (11, 0),
    "ttl-zero-during-reassembly": (11, 1), "ip-header-bad": (12, 0),
    "required-option-missing": (12, 1),
}  # fmt: skip
_IPTABLES_V6: Final[dict[str, tuple[int, int | None]]] = {
    "no-route": (1, 0), "communication-prohibited": (1, 1), "beyond-scope": (1, 2),
    "address-unreachable": (1, 3), "port-unreachable": (1, 4), "failed-policy": (1, 5),
    "reject-route": (1, 6), "ttl-zero-during-transit": (3, 0),
    "ttl-zero-during-reassembly": (3, 1), "bad-header": (4, 0), "unknown-header-type": (4, 1),
    "unknown-option": (4, 2),
}  # fmt: skip
