"""What an nftables condition looks at, and the packets for which it holds.

Semantics as `nft --debug=netlink` of 1.0.6 shows them: a match on a header also asks for that
header, so that `tcp dport != 22` is "TCP and not 22"; a flag without an operator means "has it".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rules.packets import fields
from rules.packets.sets import Interval, Names, Numbers, numbers, without
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    both,
    box,
    doubtful,
    either,
    negated,
)
from scanner.platforms.nftables import values as v
from scanner.platforms.nftables.values import NotUnderstood

_BYTE: Final = Numbers(((0, 255),))
_PORTED: Final = numbers((n, n) for n in fields.WITH_PORTS)
_FAMILIES: Final = {"ipv4": fields.ALL_V4, "ipv6": fields.ALL_V6, "2": fields.ALL_V4}
_ETHER: Final = {
    "ip": fields.ALL_V4, "0x0800": fields.ALL_V4, "0x800": fields.ALL_V4,
    "ip6": fields.ALL_V6, "0x86dd": fields.ALL_V6,
}  # fmt: skip

Reader = Callable[[str], Interval]


@dataclass(frozen=True, slots=True)
class Selector:
    """A key that conditions look at."""

    kind: str
    """number, name, state, flags, family or doubt."""
    looks_at: str = ""
    """The field of a packet."""
    base: Mapping[str, Numbers] = field(default_factory=dict)
    """What else a packet must be so that the key is there at all."""
    domain: Numbers = fields.ALL_PORTS
    read: Reader | None = None
    version: int = 0
    """For addresses."""
    anywhere: bool = False
    """It reads the first bytes behind the IP header, whatever protocol that is."""

    def holds(self, listed: Sequence[str], *, negative: bool = False) -> Condition:
        """Packets whose key is one of the values, or is none of them. Raises NotUnderstood."""
        if self.kind == "number":
            return self.within(self.numbers(listed), negative=negative)
        if self.kind == "name":
            names = v.interfaces(listed, "*", all_but=negative)
            return box(**{self.looks_at: names})
        if self.kind == "state":
            return _states(listed, negative)
        if self.kind == "family":
            return self._of_family(listed, negative)
        raise NotUnderstood(self.looks_at)

    def numbers(self, listed: Sequence[str]) -> Numbers:
        """The values as a set. Raises NotUnderstood."""
        assert self.read is not None
        if len(listed) == 1:
            return Numbers((self.read(listed[0]),))
        return numbers([self.read(one) for one in listed])

    def within(self, wanted: Numbers, *, negative: bool = False) -> Condition:
        """Packets whose key is in the set, or outside of it."""
        if negative:
            wanted = without(self.domain, wanted)
        return box(**self.base, **{self.looks_at: wanted})

    def _of_family(self, listed: Sequence[str], negative: bool) -> Condition:
        known = _FAMILIES if self.looks_at == "nfproto" else _ETHER
        strange = [one for one in listed if one not in known]
        if strange and (self.looks_at == "nfproto" or not negative):
            raise NotUnderstood(strange[0])
        found = either(box(source=known[one]) for one in listed if one in known)
        return negated(found) if negative else found


def _states(listed: Sequence[str], negative: bool) -> Condition:
    if not negative:
        return box(state=v.states(listed))
    others = Names(frozenset(fields.STATES) - v.states(listed).exact)
    if len(listed) == 1:
        return box(state=others)
    # 1.0.6 compares with all of them at once, which no packet equals; others may not
    return Condition(({},), ({"state": others},), f"ct state != {','.join(listed)}")


# --- the selectors ---------------------------------------------------------------------------


def _address(where: str, version: int) -> Selector:
    domain = fields.ALL_V4 if version == 4 else fields.ALL_V6

    def read(text: str) -> Interval:
        return v.address(text, version)

    return Selector("number", where, {}, domain, read, version)


def _port(text: str) -> Interval:
    return v.span(text, v.PORTS, 65535)


def _ports(where: str, *protocols: int) -> Selector:
    base = {"protocol": numbers((n, n) for n in protocols)}
    return Selector("number", where, base, fields.ALL_PORTS, _port)


def _protocol(base: Mapping[str, Numbers]) -> Selector:
    return Selector("number", "protocol", base, fields.ALL_PROTOCOLS, v.protocol)


def _icmp(where: str, protocol: int, names: dict[str, int]) -> Selector:
    def read(text: str) -> Interval:
        return v.span(text, names, 255)

    only = {"protocol": Numbers(((protocol, protocol),))}
    return Selector("number", where, only, _BYTE, read)


def _flag(text: str) -> Interval:
    return v.span(text, v.FLAGS, 63)


_ENTERING, _LEAVING = Selector("name", "entering"), Selector("name", "leaving")
_ONLY_TCP: Final = {"protocol": Numbers(((fields.TCP, fields.TCP),))}

TCP_ONLY: Final = box(**_ONLY_TCP)

SELECTORS: Final[Mapping[tuple[str, ...], Selector]] = {
    ("ip", "saddr"): _address("source", 4),
    ("ip", "daddr"): _address("destination", 4),
    ("ip6", "saddr"): _address("source", 6),
    ("ip6", "daddr"): _address("destination", 6),
    ("ip", "protocol"): _protocol({"source": fields.ALL_V4}),
    ("ip6", "nexthdr"): _protocol({"source": fields.ALL_V6}),
    ("meta", "l4proto"): _protocol({}),
    ("tcp", "sport"): _ports("source_port", fields.TCP),
    ("tcp", "dport"): _ports("destination_port", fields.TCP),
    ("udp", "sport"): _ports("source_port", fields.UDP),
    ("udp", "dport"): _ports("destination_port", fields.UDP),
    ("sctp", "sport"): _ports("source_port", fields.SCTP),
    ("sctp", "dport"): _ports("destination_port", fields.SCTP),
    ("dccp", "sport"): _ports("source_port", 33),
    ("dccp", "dport"): _ports("destination_port", 33),
    ("udplite", "sport"): _ports("source_port", 136),
    ("udplite", "dport"): _ports("destination_port", 136),
    ("th", "sport"): replace(_ports("source_port", *fields.WITH_PORTS), anywhere=True),
    ("th", "dport"): replace(_ports("destination_port", *fields.WITH_PORTS), anywhere=True),
    ("tcp", "flags"): Selector("flags", "flags", _ONLY_TCP, fields.ALL_FLAGS, _flag),
    ("icmp", "type"): _icmp("source_port", fields.ICMP, v.ICMP),
    ("icmp", "code"): _icmp("destination_port", fields.ICMP, v.ICMP_CODES),
    ("icmpv6", "type"): _icmp("source_port", fields.ICMP_V6, v.ICMP_V6),
    ("icmpv6", "code"): _icmp("destination_port", fields.ICMP_V6, v.ICMP_V6_CODES),
    ("iifname",): _ENTERING,
    ("meta", "iifname"): _ENTERING,
    ("iif",): _ENTERING,
    ("meta", "iif"): _ENTERING,
    ("oifname",): _LEAVING,
    ("meta", "oifname"): _LEAVING,
    ("oif",): _LEAVING,
    ("meta", "oif"): _LEAVING,
    ("ct", "state"): Selector("state", "state"),
    ("meta", "nfproto"): Selector("family", "nfproto"),
    ("meta", "protocol"): Selector("family", "protocol"),
    ("ether", "type"): Selector("doubt", "ether type"),
}
"""Keys that fields of a packet answer."""

_META: Final = [
    "mark",
    "length",
    "skuid",
    "skgid",
    "priority",
    "pkttype",
    "cpu",
    "iifgroup",
    "oifgroup",
    "cgroup",
    "random",
    "iiftype",
    "oiftype",
    "rtclassid",
    "secpath",
    "ibrname",
    "obrname",
    "ibriport",
    "obriport",
    "iifkind",
    "oifkind",
    "time",
    "day",
    "hour",
    "secmark",
    "sdif",
    "sdifname",
    "nftrace",
    "broute",
    "ibrpvid",
    "ibrvproto",
]
_CT: Final = [
    "mark",
    "status",
    "expiration",
    "helper",
    "label",
    "l3proto",
    "protocol",
    "bytes",
    "packets",
    "avgpkt",
    "zone",
    "id",
    "count",
    "direction",
    "secmark",
]
_HEADERS: Final = {
    "ip": "version hdrlength dscp ecn length id frag-off ttl checksum",
    "ip6": "version dscp ecn flowlabel length hoplimit",
    "tcp": "sequence ackseq doff window checksum urgptr reserved",
    "udp": "length checksum",
    "icmp": "id sequence mtu gateway checksum",
    "icmpv6": "id sequence mtu max-delay checksum parameter-problem packet-too-big taddr daddr",
    "ether": "saddr daddr",
    "vlan": "id dei pcp type cfi",
    "rt": "classid nexthop mtu ipsec",
    "ah": "nexthdr hdrlength reserved spi sequence",
    "esp": "spi sequence",
    "frag": "nexthdr reserved frag-off more-fragments id",
    "socket": "transparent mark wildcard",
    "sctp": "vtag checksum",
    "dccp": "type",
    "udplite": "checksum",
}
DOUBTFUL: Final = frozenset(
    [("meta", key) for key in _META]
    + [("ct", key) for key in _CT]
    + [(head, key) for head, keys in _HEADERS.items() for key in keys.split()]
)
"""Keys that a packet has, but none that is looked at here."""
BARE_META: Final = frozenset(_META) - {"length", "time", "id", "random"}
"""Keys of `meta` that may stand without the word: `mark 1`, `skuid root`."""
_HEADER_OF: Final = {
    "ip": {"source": fields.ALL_V4}, "ip6": {"source": fields.ALL_V6},
    "tcp": _ONLY_TCP, "udp": {"protocol": Numbers(((fields.UDP, fields.UDP),))},
    "icmp": {"protocol": Numbers(((fields.ICMP, fields.ICMP),))},
    "icmpv6": {"protocol": Numbers(((fields.ICMP_V6, fields.ICMP_V6),))},
}  # fmt: skip


def doubt(words: Sequence[str], listed: Sequence[str] = (), *, negative: bool = False) -> Condition:
    """The condition on a doubtful key: its header must be there, more cannot be told."""
    why = " ".join([*words, *(["!="] if negative else []), *listed[:3]])[:120]
    if tuple(words) == ("ct", "direction") and not negative and len(listed) == 1:
        return _direction(listed[0], why)
    header = _HEADER_OF.get(words[0])
    return doubtful(why, (header,) if header else ({},))


def _direction(way: str, why: str) -> Condition:
    """A new connection has only seen its first direction."""
    new = {"state": Names(frozenset({"new"}))}
    if way in {"original", "0"}:
        return Condition(({},), (new,), why)
    return doubtful(why, ({"state": Names(frozenset({"new"}), frozenset(), True)},))


def beyond_ports(selector: Selector, found: Condition) -> Condition:
    """`th dport` finds something in a packet without ports as well, and nobody knows what."""
    if not selector.anywhere:
        return found
    others = without(fields.ALL_PROTOCOLS, _PORTED)
    return either([found, doubtful("th", ({"protocol": others},))])


def domain_of(selector: Selector | None) -> Condition:
    """Packets that have the key at all."""
    if selector is None or selector.kind != "number":
        return ALWAYS
    if not selector.anywhere:
        return selector.within(selector.domain)
    long_enough = numbers([*_PORTED.intervals, (fields.ICMP, fields.ICMP), (58, 58)])
    return Condition(({},), ({"protocol": long_enough},), "th")


def flags(
    listed: Sequence[str], operator: str, mask: Sequence[str] | None, *, in_braces: bool
) -> Condition:
    """Packets by TCP flags. Raises NotUnderstood."""
    bits = 0
    for one in listed:
        bits |= _bits(one)
    if mask is not None:
        looked_at = 0
        for one in mask:
            looked_at |= _bits(one)
        chosen = [n for n in range(64) if (n & looked_at == bits) != (operator in {"!=", "!"})]
    elif in_braces:
        exact = {_bits(one) for one in listed}
        chosen = [n for n in range(64) if (n in exact) != (operator == "!=")]
    elif operator == "":
        chosen = [n for n in range(64) if n & bits]
    elif operator == "!":
        chosen = [n for n in range(64) if not n & bits]
    else:
        chosen = [n for n in range(64) if (n == bits) != (operator == "!=")]
    return box(**_ONLY_TCP, flags=numbers((n, n) for n in chosen))


def _bits(word: str) -> int:
    return v.number(word, v.FLAGS, 63)


def masked_state(listed: Sequence[str], mask: Sequence[str], negative: bool) -> Condition:
    """`ct state & (established|related) != 0`, `ct state new / new,established`."""
    looked_at = set(mask)
    wanted = set() if list(listed) in (["0"], ["0x0"]) else set(listed)
    v.states(looked_at | wanted)
    return box(
        state=Names(
            frozenset(
                state for state in fields.STATES if ({state} & looked_at == wanted) != negative
            )
        )
    )


def compared(selector: Selector, operator: str, word: str) -> Condition:
    """`tcp dport < 1024`. Raises NotUnderstood."""
    if selector.kind != "number" or selector.version:
        raise NotUnderstood(operator)
    low, high = selector.numbers([word]).intervals[0]
    if low != high:
        raise NotUnderstood(word)
    last = selector.domain.intervals[-1][1]
    spans = {"<": (0, low - 1), "<=": (0, low), ">": (low + 1, last), ">=": (low, last)}
    first, end = spans[operator]
    if first > end:
        return NEVER
    return selector.within(Numbers(((first, end),)))


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Packets that meet every condition."""
    found = ALWAYS
    for condition in conditions:
        found = both(found, condition)
    return found
