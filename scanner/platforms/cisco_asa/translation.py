"""Address translation, as far as it changes what a filter sees.

Since 8.3 access lists name real addresses: a packet to a mapped address is looked up under its
real one, and the source of a packet is not yet translated (Cisco, "ASA Series Firewall CLI
Configuration Guide", "Real IP addresses in ACLs"). A packet that still carries a mapped
destination is therefore another packet to the filter, and what happens to it is left open here.
Dynamic translation of sources changes nothing for the filter.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.packets.fields import ALL_ADDRESSES
from rules.packets.policy import Region
from rules.packets.sets import Names, Numbers, without
from scanner.platforms.cisco_asa.configuration import Configuration, shown
from scanner.platforms.cisco_asa.interfaces import Interfaces
from scanner.platforms.cisco_asa.objects import Objects
from scanner.platforms.netconfig.addresses import host, prefix
from scanner.platforms.netconfig.indented import Line

BEFORE_8_3 = "translation as it was before 8.3: access lists name mapped addresses"
_OLD = frozenset({"static", "global"})


@dataclass(frozen=True, slots=True)
class Translated:
    """Packets whose destination is another one before the filter looks."""

    packets: Region
    line: int
    text: str


@dataclass
class Translations:
    """What the lines about translation say."""

    configuration: Configuration
    objects: Objects
    interfaces: Interfaces

    def found(self) -> list[Translated]:
        """Every translation of destinations; lines that are not understood are noted."""
        found = [self._twice(line) for line in self.configuration.by_word.get("nat", ())]
        for block in self.configuration.of("object", "network"):
            for line in block.below:
                if line.text.startswith("nat "):
                    found.append(self._of_object(block, line))
        for word in _OLD:
            for line in self.configuration.by_word.get(word, ()):
                self.configuration.doubt(line, BEFORE_8_3)
        return [one for one in found if one is not None]

    def _twice(self, line: Line) -> Translated | None:
        """`nat (a,b) source static real mapped destination static mapped real`."""
        words = line.words[1:]
        pair = _interfaces(words[0]) if words else None
        if pair is not None and len(pair) == 1:
            self.configuration.doubt(line, BEFORE_8_3)
            return None
        here, there = pair if pair is not None else ("any", "any")
        rest = words[1:] if pair is not None else words
        if "source" not in rest or len(rest) < rest.index("source") + 4:
            self.configuration.doubt(line, "translation that is not understood")
            return None
        self.configuration.read.add(line.number)
        if "inactive" in rest:
            return None
        at = rest.index("source")
        kind, real, mapped = rest[at + 1 : at + 4]
        if "destination" in rest[at:]:
            to = rest.index("destination", at)
            if (
                rest[to + 1 : to + 2] == ["static"]
                and rest[to + 2 : to + 3] != rest[to + 3 : to + 4]
            ):
                return self._translated(line, here, there, rest[to + 2])
        if kind == "static" and real != mapped:
            return self._translated(line, there, here, mapped)
        return None

    def _of_object(self, block: Line, line: Line) -> Translated | None:
        """`nat (a,b) static mapped` below `object network real`."""
        words = line.words[1:]
        pair = _interfaces(words[0]) if words else None
        here, there = pair if pair is not None and len(pair) == 2 else ("any", "any")
        rest = words[1:] if pair is not None else words
        self.configuration.read.add(line.number)
        if rest[:1] == ["dynamic"]:
            return None
        if rest[:1] != ["static"] or len(rest) < 2:
            self.configuration.doubt(line, "translation that is not understood")
            return None
        if rest[1] == block.words[2]:
            return None
        return self._translated(line, there, here, rest[1])

    def _translated(
        self, line: Line, entering: str, leaving: str, mapped: str
    ) -> Translated | None:
        addresses = self._addresses(mapped, entering)
        if addresses is None:
            self.configuration.doubt(line, "translation to addresses that are not known")
            return None
        names: Names | None = None if entering == "any" else self.interfaces.names(entering)
        packets = Region(destination=addresses, entering=names)
        return Translated(packets, line.number, shown(line))

    def _addresses(self, mapped: str, interface: str) -> Numbers | None:
        if mapped == "any":
            return without(ALL_ADDRESSES, Numbers(()))
        if mapped == "interface":
            return self.interfaces.address(interface)
        written = host(self.configuration.names.get(mapped, mapped))
        if written is not None or "/" in mapped:
            return written if written is not None else prefix(mapped)
        for known in (self.objects.network(mapped), self.objects.network_group(mapped)):
            if not known.why:
                return known.may
        return None


def _interfaces(word: str) -> tuple[str, ...] | None:
    """`(inside,outside)`; None when the word names no interfaces."""
    if not word.startswith("(") or not word.endswith(")"):
        return None
    return tuple(word[1:-1].split(","))
