"""Class maps: which packets a class is about, for firewalls and for bandwidth.

`match-all` is the default. A class is a list of criteria; each is an access list, a protocol, or
words that say nothing about the fields of a packet that are known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.packets.fields import TCP, UDP
from rules.packets.policy import EVERYTHING, Region
from scanner.platforms.cisco_ios.access_lists import AccessLists, permitted
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ONLY_ICMP, ONLY_TCP, ONLY_UDP, only

_PORTS: dict[str, tuple[tuple[int, int], ...]] = {
    "bgp": ((TCP, 179),),
    "dns": ((TCP, 53), (UDP, 53)),
    "ftp": ((TCP, 21),),
    "h323": ((TCP, 1720),),
    "http": ((TCP, 80),),
    "https": ((TCP, 443),),
    "imap": ((TCP, 143),),
    "isakmp": ((UDP, 500),),
    "ldap": ((TCP, 389),),
    "ntp": ((UDP, 123),),
    "pop3": ((TCP, 110),),
    "sip": ((UDP, 5060), (TCP, 5060)),
    "smtp": ((TCP, 25),),
    "snmp": ((UDP, 161),),
    "ssh": ((TCP, 22),),
    "syslog": ((UDP, 514),),
    "telnet": ((TCP, 23),),
    "tftp": ((UDP, 69),),
}
"""Port-to-application mapping as it is before `ip port-map` (Cisco, "Port to Application Mapping",
system-defined ports)."""


@dataclass(frozen=True)
class Criterion:
    """One `match` of a class."""

    line: Line
    access_list: str = ""
    regions: tuple[Region, ...] | None = None
    """Packets of a protocol; None where the criterion is no protocol."""
    why: str = ""
    """The words of a criterion that tells nothing about the known fields."""


@dataclass(frozen=True)
class ClassMap:
    name: str
    header: Line
    match_all: bool
    criteria: tuple[Criterion, ...]


def class_maps(config: Configuration) -> dict[tuple[str, str], ClassMap]:
    """(`inspect` or empty, name) -> class map. Other types of class maps are left out."""
    remapped = {words[2] for words in (line.words for line in config.starting("ip", "port-map"))
                if len(words) > 2}  # fmt: skip
    found: dict[tuple[str, str], ClassMap] = {}
    for header in config.starting("class-map"):
        words = header.words[1:]
        kind = ""
        if words[:2] == ["type", "inspect"]:
            kind, words = "inspect", words[2:]
        match_all = words[:1] != ["match-any"]
        words = words[1:] if words[:1] in (["match-any"], ["match-all"]) else words
        if len(words) != 1:
            continue
        config.use(header)
        criteria = []
        for line in header.below:
            if line.words[0] != "description":
                criteria.append(_criterion(line, remapped))
            config.use(line)
        found[kind, words[0]] = ClassMap(words[0], header, match_all, tuple(criteria))
    return found


def _criterion(line: Line, remapped: set[str]) -> Criterion:
    words = line.words
    if words[:2] == ["match", "access-group"] and len(words) in {3, 4}:
        if len(words) == 3 or words[2] == "name":
            return Criterion(line, access_list=words[-1])
    elif words == ["match", "any"]:
        return Criterion(line, regions=(EVERYTHING,))
    elif words[:2] == ["match", "protocol"] and len(words) == 3 and words[2] not in remapped:
        regions = protocol_regions(words[2])
        if regions is not None:
            return Criterion(line, regions=regions)
    return Criterion(line, why=shown(line))


def protocol_regions(name: str) -> tuple[Region, ...] | None:
    """The packets of a protocol as class maps name it; None when its ports are not known here."""
    whole = {"tcp": ONLY_TCP, "udp": ONLY_UDP, "icmp": ONLY_ICMP}.get(name)
    if whole is not None:
        return (Region(protocol=whole),)
    if name not in _PORTS:
        return None
    return tuple(
        Region(protocol=only(number), destination_port=only(port)) for number, port in _PORTS[name]
    )


def could_match(one: ClassMap, lists: AccessLists) -> tuple[tuple[Region, ...], str]:
    """Packets that could belong to the class, and why that is not exact.

    () with a reason when nothing is known of them.
    """
    known: list[Sequence[Region]] = []
    why = "" if one.criteria else f"class {one.name} has no match"
    for criterion in one.criteria:
        regions = criterion.regions
        if criterion.access_list:
            acl = lists.get(criterion.access_list)
            regions = permitted(acl) if acl is not None else None
            if acl is None:
                why = why or f"access list {criterion.access_list} is not defined"
        why = why or criterion.why
        if regions is not None:
            known.append(regions)
        elif not one.match_all:
            return (), why
    if not known:
        return (), why
    if one.match_all:
        # any one of the criteria bounds the class; the shortest says it best
        bound = min(known, key=len)
        inexact = f"class {one.name} asks for several things at once" if len(known) > 1 else ""
        return tuple(bound), why or inexact
    return tuple(region for regions in known for region in regions), why
