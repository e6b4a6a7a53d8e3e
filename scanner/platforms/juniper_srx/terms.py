"""The conditions of one term of a firewall filter as regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, ip_network

from rules.packets.fields import (
    ACK,
    ALL_PORTS,
    ALL_PROTOCOLS,
    FLAGS,
    RST,
    SYN,
    protocol_number,
    span,
)
from rules.packets.policy import EVERYTHING, Region
from rules.packets.sets import NOTHING, Names, Numbers, Part, common, numbers, union, without
from scanner.platforms.juniper_srx.addresses import wildcard_mask
from scanner.platforms.juniper_srx.applications import icmp_set, port_number
from scanner.platforms.juniper_srx.source import Source, fits
from scanner.platforms.juniper_srx.zones import matching
from scanner.platforms.netconfig.services import ONLY_TCP, only, port_span
from scanner.platforms.netconfig.word_tree import Node

_WITH_PORTS = numbers([(6, 6), (17, 17)])
_OTHERS = without(ALL_PROTOCOLS, _WITH_PORTS)
_NOT_TCP = without(ALL_PROTOCOLS, ONLY_TCP)
_ADDRESSES = {
    "address": "both",
    "source-address": "source",
    "destination-address": "destination",
    "prefix-list": "both",
    "source-prefix-list": "source",
    "destination-prefix-list": "destination",
}
_PORTS = {"port": "both", "source-port": "source", "destination-port": "destination"}
_PROTOCOLS = frozenset({"protocol", "next-header", "payload-protocol"})

Answer = tuple[tuple[Region, ...], tuple[Region, ...], str]


@dataclass(slots=True)
class _Read:
    """What was understood of a term so far."""

    base: Region = EVERYTHING
    either_address: Numbers | None = None
    """At one end or at the other."""
    either_port: Numbers | None = None
    why: str = ""


class Conditions:
    """Reads terms; keeps each prefix list once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lists: dict[str, list[tuple[int, Part]] | None] = {}

    def of(self, node: Node | None, family: str) -> Answer:
        """Packets that could match, those that certainly do, and why there is a difference."""
        if node is None or not node.below:
            return (EVERYTHING,), (EVERYTHING,), ""
        read = _Read()
        self._addresses(node, read)
        _protocol(node, read)
        _ports(node, read)
        _icmp(node, read, family)
        self._interfaces(node, read)
        odd_port = _needs_ports(read)
        for key in node.below.values():
            if key.word not in _READ and not read.why:
                read.why = " ".join([key.word, *list(key.below)[:3]])
        flagged = _flags(node, read)
        regions = tuple(_ends(flagged, read))
        if read.why:
            return regions, (), read.why
        if odd_port and read.base.protocol is None:
            # of other protocols the same bytes are looked at, and they are no ports
            other = tuple(replace(_portless(r), protocol=_OTHERS) for r in regions)
            sure = tuple(replace(r, protocol=_WITH_PORTS) for r in regions)
            return (*sure, *other), sure, "ports without a protocol"
        if flagged.flags is not None and flagged.protocol is None:
            sure = tuple(replace(r, protocol=ONLY_TCP) for r in regions)
            other = tuple(replace(r, flags=None, protocol=_NOT_TCP) for r in regions)
            return (*sure, *other), sure, "TCP flags without a protocol"
        return regions, regions, ""

    # --- addresses ---------------------------------------------------------------------------

    def _addresses(self, node: Node, read: _Read) -> None:
        sides: dict[str, list[tuple[int, Part, bool]]] = {}
        for key in node.below.values():
            side = _ADDRESSES.get(key.word)
            if side is None:
                continue
            entries = sides.setdefault(side, [])
            for value in key.below.values():
                excepted = "except" in value.below
                found = (
                    self._list(value.word)
                    if key.word.endswith("prefix-list")
                    else self._one(value.word, value.line)
                )
                if found is None:
                    read.why = read.why or f"{key.word} {value.word}"
                    continue
                entries += [(length, part, excepted) for length, part in found]
        if read.why:
            return
        wanted = {side: _longest(entries) for side, entries in sides.items()}
        read.base = replace(
            read.base, source=wanted.get("source"), destination=wanted.get("destination")
        )
        read.either_address = wanted.get("both")

    def _one(self, text: str, line: int) -> list[tuple[int, Part]] | None:
        """How many bits have to be the same, and the addresses."""
        said = self._source.text(line)
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            scattered = wildcard_mask(text)
            if scattered is None:
                return None
            length = int(IPv4Address(text.partition("/")[2])).bit_count()
            return [(length, Part(scattered.intervals, line, said))]
        return [(network.prefixlen, Part((span(network),), line, said))]

    def _list(self, name: str) -> list[tuple[int, Part]] | None:
        if name not in self._lists:
            self._lists[name] = self._read_list(name)
        return self._lists[name]

    def _read_list(self, name: str) -> list[tuple[int, Part]] | None:
        node = self._source.root.get("policy-options", "prefix-list", name)
        if node is None:
            return None
        found: list[tuple[int, Part]] = []
        for entry in node.below.values():
            if entry.word == "apply-path":
                path = entry.value()
                lines = self._applied(path.word) if path is not None else None
                if lines is None:
                    return None
                for word, line in lines:
                    found += self._one(word, line) or []
                continue
            one = self._one(entry.word, entry.line)
            if one is None:
                return None
            found += one
        return found

    def _applied(self, path: str) -> list[tuple[str, int]] | None:
        """The words of the configuration that an `apply-path` names."""
        words = path.split()
        if not words or any((";" in w) or (w[0] == "<") != (w[-1] == ">") for w in words):
            return None
        found = [self._source.root]
        for word in words:
            found = [
                child
                for node in found
                for child in node.below.values()
                if child.word == word or (word[0] == "<" and fits(word[1:-1], child.word))
            ]
        return [(node.word, node.line) for node in found]

    def _interfaces(self, node: Node, read: _Read) -> None:
        wanted = [n.word for n in node.each("interface")]
        for one in node.each("interface-set"):
            wanted += [
                n.word for n in self._source.root.each("firewall", "interface-set", one.word)
            ]
        if wanted:
            places = {name for pattern in wanted for name in matching(self._source, pattern)}
            read.base = replace(read.base, entering=Names(frozenset(places)))


_READ = frozenset(
    {*_ADDRESSES, *_PORTS, *_PROTOCOLS, "protocol-except", "next-header-except"}
    | {"port-except", "source-port-except", "destination-port-except"}
    | {"icmp-type", "icmp-code", "icmp-type-except", "icmp-code-except"}
    | {"tcp-established", "tcp-initial", "tcp-flags", "interface", "interface-set"}
)


def _longest(entries: Iterable[tuple[int, Part, bool]]) -> Numbers:
    """The addresses whose longest matching prefix is not an exception."""
    listed = sorted(entries, key=lambda e: (e[0], e[2]))
    if not any(excepted for _, _, excepted in listed):
        parts = [part for _, part, _ in listed]
        return numbers((i for part in parts for i in part.intervals), parts)
    found = NOTHING
    for _, part, excepted in listed:
        here = Numbers(part.intervals)
        found = without(found, here) if excepted else union([found, here])
    return Numbers(found.intervals, tuple(part for _, part, excepted in listed if not excepted))


def _values(
    node: Node, key: str, one: Callable[[str], tuple[Numbers | None, str]], read: _Read
) -> Numbers | None:
    """All values of a key together, without those of `key-except`."""
    found: Numbers | None = None
    for name, excepted in ((key, False), (f"{key}-except", True)):
        entries = node.each(name)
        if not entries:
            continue
        parts = []
        for entry in entries:
            values, wrong = one(entry.word)
            if wrong or values is None:
                read.why = read.why or f"{name} {entry.word}"
                return None
            parts.append(values)
        whole = union(parts)
        whole = without(Numbers(((0, 65535),)), whole) if excepted else whole
        found = whole if found is None else common(found, whole)
    return found


def _protocol(node: Node, read: _Read) -> None:
    def numbered(text: str) -> tuple[Numbers | None, str]:
        number = protocol_number(text)
        first, _, last = text.partition("-")
        interval = port_span(first, last) if last and number is None else None
        if interval is not None and interval[1] <= 255:
            return Numbers((interval,)), ""
        return (None, text) if number is None else (only(number), "")

    for key in sorted(_PROTOCOLS):
        found = _values(node, key, numbered, read)
        if found is not None:
            own = read.base.protocol
            found = common(found, ALL_PROTOCOLS)
            read.base = replace(read.base, protocol=found if own is None else common(own, found))


def _ports(node: Node, read: _Read) -> None:
    udp = read.base.protocol is not None and 6 not in read.base.protocol

    def numbered(text: str) -> tuple[Numbers | None, str]:
        number = port_number(text, 17 if udp else 6)
        if number is not None:
            return only(number), ""
        first, _, last = text.partition("-")
        low, high = port_number(first, None), port_number(last, None)
        if low is None or high is None or low > high:
            return None, text
        return Numbers(((low, high),)), ""

    read.either_port = _values(node, "port", numbered, read)
    source = _values(node, "source-port", numbered, read)
    destination = _values(node, "destination-port", numbered, read)
    read.base = replace(read.base, source_port=source, destination_port=destination)


def _needs_ports(read: _Read) -> bool:
    ports = (read.base.source_port, read.base.destination_port, read.either_port)
    return any(port is not None for port in ports)


def _icmp(node: Node, read: _Read, family: str) -> None:
    number = 58 if family == "inet6" else 1
    kind = _values(node, "icmp-type", lambda text: icmp_set(text, number), read)
    code = _values(node, "icmp-code", lambda text: icmp_set(text, number), read)
    if kind is None and code is None:
        return
    if _needs_ports(read):
        read.why = read.why or "icmp-type together with ports"
        return
    if read.base.protocol is None or read.base.protocol != only(number):
        read.why = read.why or "icmp-type without protocol icmp"
        return
    read.base = replace(read.base, source_port=kind, destination_port=code)


def _flags(node: Node, read: _Read) -> Region:
    wanted: Numbers | None = None
    if "tcp-established" in node.below:
        wanted = _having(lambda f: bool(f & (ACK | RST)))
    if "tcp-initial" in node.below:
        wanted = _having(lambda f: bool(f & SYN) and not f & ACK)
    for entry in node.each("tcp-flags"):
        found = _expression(entry.word)
        if found is None:
            read.why = read.why or f"tcp-flags {entry.word}"
        else:
            wanted = found if wanted is None else common(wanted, found)
    if wanted is None:
        return read.base
    return replace(read.base, flags=wanted)


def _having(holds: Callable[[int], bool]) -> Numbers:
    return numbers((f, f) for f in range(64) if holds(f))


def _expression(text: str) -> Numbers | None:
    """`syn & !ack`, `(ack | rst)`: only `&` or only `|` between flags."""
    words = text.strip().strip("()").lower()
    if "&" in words and ("|" in words or "," in words):
        return None
    either = "|" in words or "," in words
    parts = [w.strip() for w in words.replace(",", "|").split("|" if either else "&")]
    tests: list[tuple[int, bool]] = []
    for part in parts:
        bit = {"push": FLAGS["PSH"], "urgent": FLAGS["URG"]}.get(part.lstrip("! "))
        bit = bit or FLAGS.get(part.lstrip("! ").upper())
        if bit is None:
            return None
        tests.append((bit, not part.startswith("!")))
    join = any if either else all
    return _having(lambda f: join(bool(f & bit) == wanted for bit, wanted in tests))


def _ends(base: Region, read: _Read) -> Iterable[Region]:
    """The region once for each end at which an address or port may stand."""
    regions = [base]
    if read.either_address is not None:
        both = read.either_address
        regions = [
            replace(r, source=both if r.source is None else common(r.source, both)) for r in regions
        ] + [
            replace(r, destination=both if r.destination is None else common(r.destination, both))
            for r in regions
        ]
    if read.either_port is not None:
        port = read.either_port
        regions = [
            replace(r, source_port=common(r.source_port or ALL_PORTS, port)) for r in regions
        ] + [
            replace(r, destination_port=common(r.destination_port or ALL_PORTS, port))
            for r in regions
        ]
    return regions


def _portless(region: Region) -> Region:
    return replace(region, source_port=None, destination_port=None)
