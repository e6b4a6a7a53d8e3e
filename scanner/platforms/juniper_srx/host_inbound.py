"""What a zone lets to the device itself; at an interface the list replaces that of the zone.

Juniper TechLibrary, "host-inbound-traffic": "interface-level settings override those of the zone".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.packets.policy import Chain, Region, Rule
from rules.packets.sets import Names, names
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.juniper_srx.zones import Zones, with_unit
from scanner.platforms.netconfig.services import Service, only, regions
from scanner.platforms.netconfig.word_tree import Node

CHAIN = "host-inbound-traffic"
_SERVICES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "bootp": ((17, 67),),
    "dhcp": ((17, 67), (17, 68)),
    "dhcpv6": ((17, 546), (17, 547)),
    "dns": ((17, 53), (6, 53)),
    "finger": ((6, 79),),
    "ftp": ((6, 21),),
    "http": ((6, 80),),
    "https": ((6, 443),),
    "ident-reset": ((6, 113),),
    "ike": ((17, 500), (17, 4500)),
    "lsping": ((17, 3503),),
    "netconf": ((6, 830),),
    "ntp": ((17, 123),),
    "ping": ((1, 8), (58, 128)),
    "reverse-ssh": ((6, 2901),),
    "reverse-telnet": ((6, 2900),),
    "rlogin": ((6, 513),),
    "rsh": ((6, 514),),
    "sip": ((17, 5060), (6, 5060)),
    "snmp": ((17, 161),),
    "snmp-trap": ((17, 162),),
    "ssh": ((6, 22),),
    "telnet": ((6, 23),),
    "tftp": ((17, 69),),
    "xnm-clear-text": ((6, 3221),),
    "xnm-ssl": ((6, 3220),),
}
_PROTOCOLS: dict[str, tuple[tuple[int, int | None], ...]] = {
    "bgp": ((6, 179),),
    "igmp": ((2, None),),
    "ldp": ((6, 646), (17, 646)),
    "ospf": ((89, None),),
    "ospf3": ((89, None),),
    "pim": ((103, None),),
    "rip": ((17, 520),),
    "rsvp": ((46, None),),
    "vrrp": ((112, None),),
}
_ALL = frozenset({"all", "any-service"})


def host_inbound(source: Source, zones: Zones) -> Chain | None:
    """What comes to the device; None without zones."""
    listed = source.root.each("security", "zones", "security-zone")
    if not listed:
        return None
    rules: list[Rule] = []
    for zone in listed:
        own: list[str] = []
        for interface in zone.each("interfaces"):
            allowed = interface.get("host-inbound-traffic")
            if allowed is not None:
                own.append(with_unit(interface.word))
                rules += _rules(source, allowed, names(own[-1]))
                rules.append(_nothing(source, allowed, names(own[-1])))
        allowed = zone.get("host-inbound-traffic")
        place = zones.names([zone.word])
        if allowed is not None and place is not None:
            rules += _rules(source, allowed, place)
    return Chain(CHAIN, tuple(rules), "deny")


def _nothing(source: Source, allowed: Node, place: Names) -> Rule:
    """What an interface does not list is not taken from its zone."""
    return Rule("deny", allowed.line, source.text(allowed.line), (Region(entering=place),))


def _rules(source: Source, allowed: Node, place: Names) -> Iterator[Rule]:
    base = Region(entering=place)
    for kind, table in (("system-services", _SERVICES), ("protocols", _PROTOCOLS)):
        services = allowed.each(kind)
        refused = [node for node in services if "except" in node.below]
        for node in [*refused, *(n for n in services if "except" not in n.below)]:
            action = "deny" if node in refused else "permit"
            text = source.text(node.line)
            if node.word in _ALL and kind == "system-services":
                yield Rule("permit", node.line, text, (base,))
                continue
            known = table.get(node.word)
            if node.word == "all":
                known = tuple(service for one in table.values() for service in one)
                why = "protocols all"
                yield Rule("permit", node.line, text, regions(base, _services(known)))
                yield Rule("permit", node.line, text, (base,), (), why=why)
                continue
            if known is None:
                why = f"{kind} {node.word}"
                yield Rule(action, node.line, text, (base,), (), why=why)  # type: ignore[arg-type]
                continue
            yield Rule(action, node.line, text, regions(base, _services(known)))  # type: ignore[arg-type]


def _services(known: Iterable[tuple[int, int | None]]) -> list[Service]:
    return [_service(protocol, port) for protocol, port in known]


def _service(protocol: int, port: int | None) -> Service:
    if port is None:
        return Service(only(protocol))
    if protocol in {1, 58}:
        return Service(only(protocol), only(port))
    return Service(only(protocol), None, only(port))
