"""Address translation: packets whose addresses differ between one filter and the next.

The order is: inbound filter, then for packets from outside the translation, routing, then for
packets from inside the translation, outbound filter (Cisco, "NAT Order of Operation"). A filter
speaks of the addresses that it sees. Static lines that are fully understood translate the packet;
what depends on any other line is said to be unknown, and nothing else is. Static lines come before
dynamic ones, because their entries are always in the table ("Configuring NAT for IP Address
Conservation"); of two static lines that concern the same packets neither is taken for certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from rules.network_facts import AddressWithPrefix
from rules.packets.policy import Region, Rewrite, Rule
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
from scanner.platforms.netconfig.one_to_one import change, may_meet
from scanner.platforms.netconfig.services import ONLY_TCP, ONLY_UDP, only


@dataclass(frozen=True)
class Fixed:
    """`ip nat inside source static`: an inside address under another name."""

    line: Line
    inside: Region
    """Packets to the inside address."""
    outside: Region
    """Packets to the name by which it is known outside."""
    certain: bool = False
    """Every packet has one outcome, told by the two."""

    @property
    def doubtful(self) -> bool:
        return not self.certain


_FREE = frozenset({"extendable", "no-alias", "no-payload"})
"""Options that change no outcome."""


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
    addresses = {port.name: port.addresses for port in ports.values()}
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
            fixed = _fixed(line, _with_addresses(words[3:], addresses))
            if fixed is not None:
                found.fixed.append(fixed)
                continue
        elif words[:2] == ["inside", "source"] and len(words) > 3:
            found.dynamic.append((line, _dynamic(words[2], words[3], lists)))
            continue
        everything = Region(source=ANY_V4)
        found.fixed.append(Fixed(line, everything, everything))
    found.fixed = list(_only_alone(found.fixed))
    return found


def _only_alone(several: Sequence[Fixed]) -> Iterator[Fixed]:
    """Those that share packets with another one are not certain."""
    for one in several:
        others = [other for other in several if other is not one]
        alone = not any(
            may_meet(getattr(one, side), getattr(other, side))
            for other in others
            for side in ("inside", "outside")
        )
        yield replace(one, certain=one.certain and alone)


def _with_addresses(
    words: list[str], addresses: Mapping[str, Sequence[AddressWithPrefix]]
) -> list[str]:
    """`interface GigabitEthernet0/0` as its one IPv4 address, where that is written."""
    if "interface" not in words:
        return words
    at = words.index("interface")
    known = [a for a in addresses.get("".join(words[at + 1 : at + 2]), ()) if a.version == 4]
    return [*words[:at], str(known[0].ip), *words[at + 2 :]] if len(known) == 1 else words


def _fixed(line: Line, words: list[str]) -> Fixed | None:
    """`A B`, `network A B M`, `tcp A p B q`."""
    if words[:1] == ["network"] and len(words) >= 4:
        mask = words[3] if "." in words[3] else None
        pair = (masked(words[1], mask), masked(words[2], mask)) if mask else (None, None)
        return _both(line, pair, None, (None, None), words[4:])
    if words[:1] in (["tcp"], ["udp"]) and len(words) >= 5:
        protocol = ONLY_TCP if words[0] == "tcp" else ONLY_UDP
        number = protocol.intervals[0][0]
        numbers = (port_number(words[2], number), port_number(words[4], number))
        known = host(words[3]) if words[3] != "interface" else None
        if known is None:
            known, numbers = ANY_V4, (numbers[0], port_number(words[-1], number))
        return _both(line, (host(words[1]), known), protocol, numbers, words[5:])
    if len(words) >= 2:
        return _both(line, (host(words[0]), host(words[1])), None, (None, None), words[2:])
    return None


def _both(
    line: Line,
    pair: tuple[Numbers | None, Numbers | None],
    protocol: Numbers | None,
    numbers: tuple[int | None, int | None],
    options: list[str],
) -> Fixed | None:
    if pair[0] is None or pair[1] is None:
        return None
    certain = (
        not set(options) - _FREE
        and all(len(one.intervals) == 1 for one in pair if one is not None)
        and pair[0].size == pair[1].size
        and (protocol is None) == (numbers[0] is None) == (numbers[1] is None)
    )
    inside, outside = (
        Region(
            destination=address,
            protocol=protocol,
            destination_port=None if number is None else only(number),
        )
        for address, number in zip(pair, numbers, strict=True)
    )
    return Fixed(line, inside, outside, certain)


def _dynamic(kind: str, name: str, lists: AccessLists) -> tuple[Region, ...]:
    acl = lists.get(name) if kind == "list" else None
    return permitted(acl) if acl is not None else (Region(source=ANY_V4),)


_IN_DOUBT = attrgetter("doubtful")


def before_inbound(found: Translation, port: str) -> tuple[Rule, ...]:
    """In front of an inbound filter outside: inside hosts can be reached under their other name."""
    if not found.works or port not in found.outside:
        return ()
    rules = [_perhaps("permit", one.line, (one.inside,)) for one in found.fixed if one.doubtful]
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
        for fixed in filter(_IN_DOUBT, found.fixed):
            back = Region(source=fixed.inside.destination or ANY_V4, entering=entering)
            rules += [
                _perhaps("permit", fixed.line, (back,)),
                _perhaps("deny", fixed.line, (back,)),
            ]
    if port in found.inside:
        entering = names(*found.outside)
        for fixed in filter(_IN_DOUBT, found.fixed):
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
    return [
        (fixed.line, replace(fixed.outside, entering=entering))
        for fixed in filter(_IN_DOUBT, found.fixed)
    ]


def inwards(found: Translation) -> tuple[Rewrite, ...]:
    """Packets from outside to the name of an inside host go to the host."""
    if not found.works:
        return ()
    entering = names(*found.outside)
    return tuple(
        Rewrite(
            Rule(
                "continue", one.line.number, shown(one.line),
                (replace(one.outside, entering=entering),),
            ),
            destination=change(one.outside.destination, one.inside.destination),
            destination_port=change(one.outside.destination_port, one.inside.destination_port),
        )
        for one in found.fixed
        if one.certain
    )  # fmt: skip


def outwards(found: Translation) -> tuple[Rewrite, ...]:
    """Packets of an inside host to outside bear its name."""
    if not found.works:
        return ()
    entering, leaving = names(*found.inside), names(*found.outside)
    return tuple(
        Rewrite(
            Rule(
                "continue", one.line.number, shown(one.line),
                (replace(mirrored(one.inside), entering=entering, leaving=leaving),),
            ),
            source=change(one.inside.destination, one.outside.destination),
            source_port=change(one.inside.destination_port, one.outside.destination_port),
        )
        for one in found.fixed
        if one.certain
    )  # fmt: skip


def _perhaps(action: str, line: Line, regions: tuple[Region, ...]) -> Rule:
    return Rule(
        "permit" if action == "permit" else "deny",
        line.number,
        shown(line),
        regions,
        (),
        why=shown(line),
    )
