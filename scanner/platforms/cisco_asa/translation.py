"""Address translation, as far as it changes what a filter sees.

Since 8.3 access lists name real addresses, of both ends and in both directions: a packet to a
mapped address is looked up under its real one, and what becomes of its source does not matter
(Cisco, "ASA Series Firewall CLI Configuration Guide", "Real IP addresses in ACLs"). So only
destinations are looked at here. The first line that fits has the packet, in the order of "NAT Rule
Order": `nat` lines as they stand, static lines of objects with the fewest real addresses, the
lowest and the first name first, then `after-auto`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.packets.fields import ALL_V4, ALL_V6
from rules.packets.policy import Change, Region, Rewrite, Rule
from rules.packets.sets import Names, Numbers, common, numbers
from scanner.platforms.cisco_asa.configuration import Configuration, shown
from scanner.platforms.cisco_asa.interfaces import Interfaces
from scanner.platforms.cisco_asa.objects import Objects
from scanner.platforms.cisco_asa.words import port
from scanner.platforms.netconfig.addresses import host, prefix
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ONLY_TCP, ONLY_UDP, only

BEFORE_8_3 = "translation as it was before 8.3: access lists name mapped addresses"
NOT_UNDERSTOOD = "translation that is not understood"
_OLD = frozenset({"static", "global"})
_FREE = frozenset({"no-proxy-arp", "route-lookup", "dns", "net-to-net", "unidirectional"})
"""Options that change no destination; `unidirectional` is looked at before."""
_FIRST, _OBJECTS, _LAST = range(3)


@dataclass(frozen=True, slots=True)
class Translated:
    """Packets whose destination is another one before the filter looks."""

    packets: Region
    line: int
    text: str
    address: Change | None = None
    port: Change | None = None
    certain: bool = True
    """What becomes of them is told by `address` and `port`; both None = they stay as they are."""

    @property
    def rewrite(self) -> Rewrite:
        """Where it is not certain they are left as they are, so that no later line has them."""
        rule = Rule("continue", self.line, self.text, (self.packets,))
        if not self.certain:
            return Rewrite(rule)
        return Rewrite(rule, destination=self.address, destination_port=self.port)

    @property
    def stays(self) -> bool:
        return self.certain and self.address is None and self.port is None


@dataclass(frozen=True, slots=True)
class _Ends:
    """Interfaces of a line: `(inside,outside)`."""

    here: str
    there: str


@dataclass
class Translations:
    """What the lines about translation say."""

    configuration: Configuration
    objects: Objects
    interfaces: Interfaces

    def found(self) -> list[Translated]:
        """Every translation of destinations, in the order in which they are asked.

        Lines that are not understood are noted.
        """
        listed = [
            (_LAST if "after-auto" in line.words[:3] else _FIRST, one)
            for line in self.configuration.by_word.get("nat", ())
            for one in self._twice(line)
        ]
        listed += [(_OBJECTS, one) for one in self._of_objects()]
        for word in _OLD:
            for line in self.configuration.by_word.get(word, ()):
                self.configuration.doubt(line, BEFORE_8_3)
        ordered = [one for _, one in sorted(listed, key=lambda pair: pair[0])]
        found: list[Translated] = []
        for at, one in enumerate(ordered):
            if not one.stays:
                found.append(one)
                continue
            # which line has a packet depends on where it goes out, too
            parts = (_both(one.packets, later.packets) for later in ordered[at + 1 :]
                     if not later.stays)  # fmt: skip
            found += [replace(one, packets=part, certain=False) for part in parts if part]
        return found

    # --- nat (a,b) source ... ------------------------------------------------------------------

    def _twice(self, line: Line) -> Iterator[Translated]:
        """`nat (a,b) source static real mapped destination static mapped real`."""
        words = line.words[1:]
        pair = _interfaces(words[0]) if words else None
        if pair is not None and len(pair) == 1:
            self.configuration.doubt(line, BEFORE_8_3)
            return
        ends = _Ends(*pair) if pair is not None and len(pair) == 2 else _Ends("any", "any")
        rest = words[1:] if pair is not None else words
        if "source" not in rest or len(rest) < rest.index("source") + 4:
            self.configuration.doubt(line, NOT_UNDERSTOOD)
            return
        self.configuration.read.add(line.number)
        if "description" in rest:
            rest = rest[: rest.index("description")]
        if "inactive" in rest:
            return
        rest = rest[rest.index("source") + 1 :]
        kind, real, mapped = rest[:3]
        to = rest.index("destination") if "destination" in rest else len(rest)
        goal = rest[to + 2 : to + 4] if rest[to + 1 : to + 2] == ["static"] else ["any", "any"]
        options = rest[3:to] + rest[to + 4 :]
        understood = (
            kind in {"static", "dynamic"}
            and len(goal) == 2
            and (to == len(rest) or rest[to + 1] == "static")
        )
        if not understood:
            self.configuration.doubt(line, NOT_UNDERSTOOD)
            return
        plain = kind == "dynamic" or not set(options) - _FREE
        plain = plain and "service" not in options
        yield from self._forward(line, ends, real, goal, plain)
        if kind == "static" and "unidirectional" not in options:
            yield from self._back(line, ends, (real, mapped), goal, plain)

    def _forward(
        self, line: Line, ends: _Ends, real: str, goal: list[str], plain: bool
    ) -> Iterator[Translated]:
        """Packets of the real sources to the mapped destination."""
        outer, inner = (self._addresses(word, ends.here) for word in goal)
        if (outer is None or inner is None) and "any" not in goal:
            self.configuration.doubt(line, "translation to addresses that are not known")
            return
        sources = self._addresses(real, ends.here)
        packets = Region(sources, outer, entering=self._at(ends.here))
        known = plain and (sources is not None or real == "any")
        yield self._one(line, packets, outer, inner, known, goal[0] == goal[1])

    def _back(
        self, line: Line, ends: _Ends, own: tuple[str, str], goal: list[str], plain: bool
    ) -> Iterator[Translated]:
        """Packets to the mapped address of the sources, from the real destinations."""
        inner, outer = (self._addresses(word, ends.there) for word in own)
        if outer is None and own[1] != "any":
            self.configuration.doubt(line, "translation to addresses that are not known")
            return
        peers = self._addresses(goal[1], ends.there)
        packets = Region(peers, outer, entering=self._at(ends.there))
        known = plain and (peers is not None or goal[1] == "any")
        yield self._one(line, packets, outer, inner, known, own[0] == own[1])

    def _one(
        self,
        line: Line,
        packets: Region,
        outer: Numbers | None,
        inner: Numbers | None,
        known: bool,
        same: bool,
    ) -> Translated:
        change = None if same else _change(outer, inner)
        certain = known and (same or change is not None)
        return Translated(packets, line.number, shown(line), change, certain=certain)

    # --- object network ... nat ----------------------------------------------------------------

    def _of_objects(self) -> Iterator[Translated]:
        """Static lines below `object network real`, in their order."""
        lines = [
            (block.words[2], line)
            for block in self.configuration.of("object", "network")
            for line in block.below
            if line.text.startswith("nat ") and len(block.words) > 2
        ]
        real = {name: self._addresses(name, "") for name, _ in lines}

        def order(pair: tuple[str, Line]) -> tuple[int, int, str]:
            known = real[pair[0]]
            return (known.size, known.intervals[0][0], pair[0]) if known else (1 << 140, 0, pair[0])

        for name, line in sorted(lines, key=order):
            yield from self._of_object(name, real[name], line)

    def _of_object(self, name: str, inner: Numbers | None, line: Line) -> Iterator[Translated]:
        """`nat (a,b) static mapped [service tcp 443 8443]` below `object network real`."""
        words = line.words[1:]
        pair = _interfaces(words[0]) if words else None
        ends = _Ends(*pair) if pair is not None and len(pair) == 2 else _Ends("any", "any")
        rest = words[1:] if pair is not None else words
        self.configuration.read.add(line.number)
        if rest[:1] == ["dynamic"]:
            return
        if rest[:1] != ["static"] or len(rest) < 2:
            self.configuration.doubt(line, NOT_UNDERSTOOD)
            return
        outer = self._mapped(rest[1], ends.there, inner)
        if outer is None:
            self.configuration.doubt(line, "translation to addresses that are not known")
            return
        packets = Region(destination=outer, entering=self._at(ends.there))
        options, ports, known = rest[2:], None, True
        if "service" in options:
            at = options.index("service")
            ports = _ports(options[at + 1 : at + 4])
            known, options = ports is not None, options[:at] + options[at + 4 :]
        known = known and not set(options) - _FREE
        one = self._one(line, packets, outer, inner, known, rest[1] == name)
        if ports is not None:
            protocol, back, front = ports
            packets = replace(packets, protocol=protocol, destination_port=only(front))
            changed = Change(back) if back != front else None
            one = replace(one, packets=packets, port=changed)
        yield one

    # --- addresses and interfaces --------------------------------------------------------------

    def _at(self, interface: str) -> Names | None:
        return None if interface == "any" else self.interfaces.names(interface)

    def _mapped(self, word: str, interface: str, real: Numbers | None) -> Numbers | None:
        """An address that stands in the line begins as many as the object has."""
        found = self._addresses(word, interface)
        written = host(self.configuration.names.get(word, word))
        if found is None or written is None or real is None:
            return found
        first = written.intervals[0][0]
        return numbers([(first, first + real.size - 1)])

    def _addresses(self, word: str, interface: str) -> Numbers | None:
        """None for `any`, and for what is not known."""
        if word == "any":
            return None
        if word == "interface":
            return self.interfaces.address(interface)
        written = host(self.configuration.names.get(word, word))
        if written is not None or "/" in word:
            return written if written is not None else prefix(word)
        for known in (self.objects.network(word), self.objects.network_group(word)):
            if not known.why:
                return known.may
        return None


def _change(outer: Numbers | None, inner: Numbers | None) -> Change | None:
    """How one range of addresses becomes another of the same size; None when it is not certain.

    The members of a group are paired in an order of their own, so that only one range is certain.
    """
    if outer is None or inner is None or len(outer.intervals) != 1 or len(inner.intervals) != 1:
        return None
    versions = [next((v for v in (ALL_V4, ALL_V6) if common(one, v) == one), None)
                for one in (outer, inner)]  # fmt: skip
    if outer.size != inner.size or versions[0] is None or versions[0] is not versions[1]:
        return None
    if outer.size == 1:
        return Change(inner.intervals[0][0])
    if len(outer.parts) > 1 or len(inner.parts) > 1:
        return None
    return Change(inner.intervals[0][0] - outer.intervals[0][0], shifts=True)


def _ports(words: list[str]) -> tuple[Numbers, int, int] | None:
    """`tcp 443 8443`: the protocol, the real port and the mapped one."""
    protocol = {"tcp": ONLY_TCP, "udp": ONLY_UDP}.get(words[0]) if len(words) == 3 else None
    if protocol is None:
        return None
    real, mapped = (port(word, protocol) for word in words[1:])
    return None if real is None or mapped is None else (protocol, real, mapped)


def _both(one: Region, other: Region) -> Region | None:
    """The packets in both; None when there are none."""
    found = {}
    for name in ("source", "destination", "protocol", "destination_port"):
        first, second = getattr(one, name), getattr(other, name)
        found[name] = second if first is None else first
        if first is not None and second is not None:
            found[name] = common(first, second)
            if not found[name]:
                return None
    here, there = one.entering, other.entering
    place = there if here is None else here
    if here is not None and there is not None:
        place = Names(here.exact & there.exact)
        if not place.exact:
            return None
    return Region(**found, entering=place)


def _interfaces(word: str) -> tuple[str, ...] | None:
    """`(inside,outside)`; None when the word names no interfaces."""
    if not word.startswith("(") or not word.endswith(")"):
        return None
    return tuple(word[1:-1].split(","))
