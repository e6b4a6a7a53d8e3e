"""Options of an iptables rule: the packets they match, or that nobody can say.

Sources: iptables(8) and iptables-extensions(8) of 1.8.9. The exclamation mark stands before the
option, in files of old releases behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rules.packets import fields
from rules.packets.sets import Numbers, numbers, without
from scanner.platforms.netconfig.conditions import ALWAYS, Condition, box, doubtful, either
from scanner.platforms.nftables import values as v
from scanner.platforms.nftables.values import NotUnderstood

Match = Callable[[Sequence[str], bool, int], Condition]
"""Values, whether negated, version of IP -> packets. Raises NotUnderstood."""

TRANSPARENT: Final = frozenset(
    {
        "tcp", "udp", "sctp", "dccp", "udplite", "icmp", "icmp6", "icmpv6", "ipv6-icmp", "comment",
        "multiport", "iprange", "conntrack", "state", "standard",
    }
)  # fmt: skip
"""Modules whose options say it all; any other module is a condition in itself."""


def _addresses(where: str) -> Match:
    def match(listed: Sequence[str], negative: bool, version: int) -> Condition:
        wanted = numbers(
            interval
            for one in listed[0].split(",")
            for interval in _address(one, version).intervals
        )
        if negative:
            wanted = without(fields.ALL_V4 if version == 4 else fields.ALL_V6, wanted)
        return box(**{where: wanted})

    return match


def _address(text: str, version: int) -> Numbers:
    base, slash, mask = text.partition("/")
    if slash and ("." in mask or ":" in mask):
        return v.masked(base, mask, version)
    return Numbers((v.address(text, version),))


def _range(where: str) -> Match:
    return _addresses(where)


def _interface(where: str) -> Match:
    def match(listed: Sequence[str], negative: bool, version: int) -> Condition:
        return box(**{where: v.interfaces(listed[:1], "+", all_but=negative)})

    return match


def _protocol(listed: Sequence[str], negative: bool, version: int) -> Condition:
    name = listed[0].lower()
    if name in {"all", "0"}:
        if negative:
            raise NotUnderstood(f"! -p {name}")
        return ALWAYS
    if name == "mobility-header":
        name = "mh"
    wanted = Numbers((v.protocol(name),))
    return box(protocol=without(fields.ALL_PROTOCOLS, wanted) if negative else wanted)


def _port_set(text: str) -> Numbers:
    return numbers(v.span(one, v.PORTS, 65535, ":") for one in text.split(","))


def _ports(*where: str) -> Match:
    """One place, or either of the two."""

    def match(listed: Sequence[str], negative: bool, version: int) -> Condition:
        wanted = _port_set(listed[0])
        if negative:
            wanted = without(fields.ALL_PORTS, wanted)
            return box(**dict.fromkeys(where, wanted))
        return either(box(**{one: wanted}) for one in where)

    return match


def _flags(listed: Sequence[str], negative: bool, version: int) -> Condition:
    mask, wanted = _bits(listed[0]), _bits(listed[1])
    chosen = [n for n in range(64) if (n & mask == wanted) != negative]
    return box(flags=numbers((n, n) for n in chosen))


def _bits(text: str) -> int:
    if text in {"ALL", "NONE"}:
        return 63 if text == "ALL" else 0
    found = 0
    for name in text.split(","):
        if name not in fields.FLAGS:
            raise NotUnderstood(name)
        found |= fields.FLAGS[name]
    return found


def _syn(listed: Sequence[str], negative: bool, version: int) -> Condition:
    return _flags(["FIN,SYN,RST,ACK", "SYN"], negative, version)


def _icmp(listed: Sequence[str], negative: bool, version: int) -> Condition:
    if listed[0] == "any":
        if negative:
            raise NotUnderstood("! any")
        return ALWAYS
    kind, code = v.icmp(listed[0], version)
    types, codes = Numbers(((kind, kind),)), None if code is None else Numbers(((code, code),))
    whole = Numbers(((0, 255),))
    if not negative:
        return box(source_port=types) if codes is None else _type_and_code(types, codes)
    others = box(source_port=without(whole, types))
    if codes is None:
        return others
    return either([others, _type_and_code(types, without(whole, codes))])


def _type_and_code(types: Numbers, codes: Numbers) -> Condition:
    return box(source_port=types, destination_port=codes)


def _states(listed: Sequence[str], negative: bool, version: int) -> Condition:
    wanted = {state.lower() for state in listed[0].split(",")}
    translated = wanted & {"snat", "dnat"}
    found = v.states(wanted - translated)
    if translated:
        # virtual states: of a connection that was translated, whatever else it is
        known = () if negative else ({"state": found},)
        return Condition(({},), known, f"--ctstate {listed[0]}")
    if negative:
        found = v.states(set(fields.STATES) - found.exact)
    return box(state=found)


def _direction(listed: Sequence[str], negative: bool, version: int) -> Condition:
    if listed[0].upper() == "ORIGINAL" and not negative:
        return Condition(({},), ({"state": v.states(["new"])},), "--ctdir ORIGINAL")
    return doubtful(f"--ctdir {listed[0]}")


def _any(listed: Sequence[str], negative: bool, version: int) -> Condition:
    return ALWAYS


def _not_first_fragment(listed: Sequence[str], negative: bool, version: int) -> Condition:
    """Packets are looked at as they were before they were cut."""
    return ALWAYS if negative else doubtful("-f")


_TWO: Final = ("source_port", "destination_port")

OPTIONS: Final[Mapping[str, tuple[int, Match]]] = {
    "-s": (1, _addresses("source")),
    "-d": (1, _addresses("destination")),
    "-i": (1, _interface("entering")),
    "-o": (1, _interface("leaving")),
    "-p": (1, _protocol),
    "-f": (0, _not_first_fragment),
    "--sport": (1, _ports("source_port")),
    "--dport": (1, _ports("destination_port")),
    "--sports": (1, _ports("source_port")),
    "--dports": (1, _ports("destination_port")),
    "--ports": (1, _ports(*_TWO)),
    "--tcp-flags": (2, _flags),
    "--syn": (0, _syn),
    "--icmp-type": (1, _icmp),
    "--icmpv6-type": (1, _icmp),
    "--src-range": (1, _range("source")),
    "--dst-range": (1, _range("destination")),
    "--ctstate": (1, _states),
    "--state": (1, _states),
    "--ctdir": (1, _direction),
    "--comment": (1, _any),
}
ALIASES: Final = {
    "--source": "-s", "--src": "-s", "--destination": "-d", "--dst": "-d",
    "--in-interface": "-i", "--out-interface": "-o", "--protocol": "-p", "--proto": "-p",
    "--fragment": "-f", "--source-port": "--sport", "--destination-port": "--dport",
    "--source-ports": "--sports", "--destination-ports": "--dports", "--match": "-m",
    "--jump": "-j", "--goto": "-g", "--set-counters": "-c",
}  # fmt: skip
