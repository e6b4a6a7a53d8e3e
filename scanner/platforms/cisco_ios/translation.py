"""Address translation: packets whose addresses differ between one filter and the next.

The order is: inbound filter, then for packets from outside the translation, routing, then for
packets from inside the translation, outbound filter (Cisco, "NAT Order of Operation"). A filter
speaks of the addresses that it sees; there is no translated packet here, so that what depends on a
translation is said to be unknown, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rules.packets.policy import Region, Rule
from rules.packets.sets import Numbers, names
from scanner.platforms.cisco_ios.access_entries import mirrored
from scanner.platforms.cisco_ios.access_lists import (
    REPLIES,
    AccessLists,
    of_version,
    permitted,
)
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.interfaces import Port
from scanner.platforms.cisco_ios.ports import port_number
from scanner.platforms.netconfig.addresses import ANY_V4, host, masked
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ONLY_TCP, ONLY_UDP, only


@dataclass(frozen=True)
class Fixed:
    """`ip nat inside source static`: an inside address under another name."""

    line: Line
    inside: Region
    """Packets to the inside address."""
    outside: Region
    """Packets to the name by which it is known outside."""


@dataclass
class Translation:
    """All translations of a configuration."""

    fixed: list[Fixed] = field(default_factory=list)
    dynamic: list[tuple[Line, tuple[Region, ...]]] = field(default_factory=list)
    """The line and the packets from inside that could be translated."""
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        return bool(self.inside and self.outside and (self.fixed or self.dynamic))


def translation(config: Configuration, ports: dict[str, Port], lists: AccessLists) -> Translation:
    """The lines `ip nat inside source`; those that are not understood concern every packet."""
    found = Translation(
        inside=tuple(port.name for port in ports.values() if port.nat == "inside"),
        outside=tuple(port.name for port in ports.values() if port.nat == "outside"),
    )
    for line in config.starting("ip", "nat"):
        words = line.words[2:]
        if words[:1] in (["pool"], ["translation"], ["log"], ["service"], ["settings"]):
            config.use_all(line)
            continue
        config.use(line)
        if words[:3] == ["inside", "source", "static"]:
            fixed = _fixed(line, words[3:])
            if fixed is not None:
                found.fixed.append(fixed)
                continue
        elif words[:2] == ["inside", "source"] and len(words) > 3:
            found.dynamic.append((line, _dynamic(words[2], words[3], lists)))
            continue
        everything = Region(source=ANY_V4)
        found.fixed.append(Fixed(line, everything, everything))
    return found


def _fixed(line: Line, words: list[str]) -> Fixed | None:
    """`A B`, `network A B M`, `tcp A p B q`."""
    if words[:1] == ["network"] and len(words) >= 4:
        mask = words[3] if "." in words[3] else None
        pair = (masked(words[1], mask), masked(words[2], mask)) if mask else (None, None)
        return _both(line, pair, None, (None, None))
    if words[:1] in (["tcp"], ["udp"]) and len(words) >= 5:
        protocol = ONLY_TCP if words[0] == "tcp" else ONLY_UDP
        number = protocol.intervals[0][0]
        numbers = (port_number(words[2], number), port_number(words[4], number))
        known = host(words[3]) if words[3] != "interface" else None
        if known is None:
            known, numbers = ANY_V4, (numbers[0], port_number(words[-1], number))
        return _both(line, (host(words[1]), known), protocol, numbers)
    if len(words) >= 2:
        return _both(line, (host(words[0]), host(words[1])), None, (None, None))
    return None


def _both(
    line: Line,
    pair: tuple[Numbers | None, Numbers | None],
    protocol: Numbers | None,
    numbers: tuple[int | None, int | None],
) -> Fixed | None:
    if pair[0] is None or pair[1] is None:
        return None
    inside, outside = (
        Region(
            destination=address,
            protocol=protocol,
            destination_port=None if number is None else only(number),
        )
        for address, number in zip(pair, numbers, strict=True)
    )
    return Fixed(line, inside, outside)


def _dynamic(kind: str, name: str, lists: AccessLists) -> tuple[Region, ...]:
    acl = lists.get(name) if kind == "list" else None
    return permitted(acl) if acl is not None else (Region(source=ANY_V4),)


def before_inbound(found: Translation, port: str) -> tuple[Rule, ...]:
    """In front of an inbound filter outside: inside hosts can be reached under their other name."""
    if not found.works or port not in found.outside:
        return ()
    rules = [_perhaps("permit", fixed.line, (fixed.inside,)) for fixed in found.fixed]
    for line, regions in found.dynamic:
        # replies come to the translated address, of which the filter is asked
        replies = tuple(replace(mirrored(of_version(r, 4)), state=REPLIES) for r in regions)
        rules += [_perhaps("permit", line, replies), _perhaps("deny", line, replies)]
    return tuple(rules)


def before_outbound(found: Translation, port: str) -> tuple[Rule, ...]:
    """In front of an outbound filter: it sees what the translation made of the packet."""
    if not found.works:
        return ()
    rules: list[Rule] = []
    if port in found.outside:
        entering = names(*found.inside)
        for line, regions in found.dynamic:
            bound = tuple(replace(of_version(r, 4), entering=entering) for r in regions)
            rules += [_perhaps("permit", line, bound), _perhaps("deny", line, bound)]
        for fixed in found.fixed:
            back = Region(source=fixed.inside.destination or ANY_V4, entering=entering)
            rules += [
                _perhaps("permit", fixed.line, (back,)),
                _perhaps("deny", fixed.line, (back,)),
            ]
    if port in found.inside:
        entering = names(*found.outside)
        for fixed in found.fixed:
            named = replace(fixed.outside, entering=entering)
            rules += [
                _perhaps("permit", fixed.line, (named,)),
                _perhaps("deny", fixed.line, (named,)),
            ]
    return tuple(rules)


def unasked(found: Translation) -> Sequence[tuple[Line, Region]]:
    """Packets to names of inside hosts: where they end is not what their address says."""
    if not found.works:
        return ()
    entering = names(*found.outside)
    return [(fixed.line, replace(fixed.outside, entering=entering)) for fixed in found.fixed]


def _perhaps(action: str, line: Line, regions: tuple[Region, ...]) -> Rule:
    return Rule(
        "permit" if action == "permit" else "deny",
        line.number,
        shown(line),
        regions,
        (),
        why=shown(line),
    )
