"""Interfaces, VLANs, routing instances, connected and static routes, reserved bandwidth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_interface, ip_network

from inventory.text import Text
from rules.network_facts import AddressWithPrefix, Interface, QosClass, Route
from rules.packets.policy import EVERYTHING, Region
from scanner.evidence import printable
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.juniper_srx.terms import Conditions
from scanner.platforms.juniper_srx.zones import with_unit
from scanner.platforms.netconfig.connected import (
    LEARNT,
    UNREAD_ADDRESS,
    UNREAD_ROUTE,
    connected,
)
from scanner.platforms.netconfig.word_tree import Node

Lined = list[int]
_RATE = re.compile(r"(\d{1,12})([kmg]?)")
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def interfaces(source: Source) -> tuple[tuple[Interface, ...], Lined]:
    """Every logical interface, and the lines of the first ones."""
    instance = {
        with_unit(node.word): vrf.word
        for vrf in source.root.each("routing-instances")
        for node in vrf.each("interface")
    }
    tagged = _layer_3(source)
    found, lines = [], []
    for physical in source.root.each("interfaces"):
        for unit in physical.each("unit"):
            name = f"{physical.word}.{unit.word}"
            lines.append(unit.line)
            addresses: list[AddressWithPrefix] = []
            for family in ("inet", "inet6"):
                for node in unit.each("family", family, "address"):
                    address = _interface(node.word)
                    if address is None:
                        return (), []  # an interface with fewer addresses would be another one
                    addresses.append(address)
            off = "disable" in physical.below or "disable" in unit.below
            found.append(
                Interface(
                    printable(name, 80),
                    tuple(addresses),
                    _number(unit.value("vlan-id")) or tagged.get(name),
                    printable(instance[name], 80) if name in instance else None,
                    False if off else None,
                )
            )
    return tuple(found), lines


def _layer_3(source: Source) -> dict[str, int]:
    """`irb.10` -> its VLAN."""
    found = {}
    for vlan in source.root.each("vlans"):
        number, place = _number(vlan.value("vlan-id")), vlan.value("l3-interface")
        if number is not None and place is not None:
            found[with_unit(place.word)] = number
    return found


def vlans(source: Source) -> tuple[tuple[int, ...], Lined]:
    """Numbers of all VLANs."""
    found: dict[int, int] = {}
    for vlan in source.root.each("vlans"):
        for node in (*vlan.each("vlan-id"), *vlan.each("vlan-id-list")):
            number = _number(node)
            if number is not None:
                found.setdefault(number, node.line)
    for physical in source.root.each("interfaces"):
        for unit in physical.each("unit"):
            tag = unit.value("vlan-id")
            number = _number(tag)
            if tag is not None and number is not None:
                found.setdefault(number, tag.line)
    return tuple(sorted(found)), list(found.values())


def vrfs(source: Source) -> tuple[tuple[str, ...], Lined]:
    """Routing instances that have a table of their own."""
    found = [
        node
        for node in source.root.each("routing-instances")
        if (kind := node.value("instance-type")) is not None
        and kind.word in {"virtual-router", "vrf"}
    ]
    return tuple(printable(node.word, 80) for node in found), [node.line for node in found]


_OUT_OF_BAND = ("em0.", "fxp0.", "me0.")


def routes(source: Source) -> tuple[tuple[Route, ...] | Text, Lined]:
    """Connected and static routes of every table, or why they are not known.

    Empty where no static route is shown.
    """
    static, lines = _static(source)
    if isinstance(static, Text) or not static:
        return static, lines
    learns = _learning(source)
    if learns is not None:
        return LEARNT.format(words=f"protocols {learns.word}"), [learns.line]
    listed, places = interfaces(source)
    if not listed and source.root.each("interfaces"):
        return UNREAD_ADDRESS, [node.line for node in source.root.each("interfaces")][:1]
    apart = source.root.get("system", "management-instance") is not None
    direct = [
        # Juniper, "Management Interface in a Dedicated Instance": mgmt_junos takes its routes
        replace(route, table="mgmt_junos") if apart and one.name.startswith(_OUT_OF_BAND) else route
        for one in listed
        for route in connected(one)
    ]
    return (*direct, *static), [*lines, *places]


def _learning(source: Source) -> Node | None:
    """A routing protocol of any table."""
    homes = [source.root, *source.root.each("routing-instances")]
    found = (home.get("protocols", name) for home in homes for name in _DYNAMIC)
    return next((node for node in found if node is not None), None)


_DYNAMIC = ("bgp", "isis", "ospf", "ospf3", "rip", "ripng")


def _static(source: Source) -> tuple[tuple[Route, ...] | Text, Lined]:
    found: list[Route] = []
    lines: Lined = []
    tables = [("main", source.root.get("routing-options"))]
    tables += [(n.word, n.get("routing-options")) for n in source.root.each("routing-instances")]
    for table, options in tables:
        if options is None:
            continue
        listed = [*options.each("static", "route")]
        listed += [r for rib in options.each("rib") for r in rib.each("static", "route")]
        for route in listed:
            ways = list(_routes(route, printable(table, 80)))
            if not ways:
                return UNREAD_ROUTE, [route.line]
            for one in ways:
                found.append(one)
                lines.append(route.line)
    return tuple(found), lines


def _routes(route: Node, table: str) -> Iterator[Route]:
    try:
        destination = ip_network(route.word, strict=False)
    except ValueError:
        return
    metric = _number(route.value("preference")) or 5
    for key in ("next-hop", "qualified-next-hop"):
        for hop in route.each(key):
            own = _number(hop.value("preference"))
            rank = own if own is not None else metric
            try:
                yield Route(destination, ip_address(hop.word), None, rank, table)
            except ValueError:
                yield Route(destination, None, printable(hop.word, 80), rank, table)
    for key in ("discard", "reject", "receive"):
        if key in route.below:
            yield Route(destination, None, key, metric, table)
    other = route.value("next-table")
    if other is not None:
        yield Route(destination, None, printable(f"next-table {other.word}", 80), metric, table)


def shared_tables(source: Source) -> Iterator[tuple[int, str]]:
    """Lines that bring routes of one table into another."""
    tops = [source.root.get("routing-options")]
    tops += [n.get("routing-options") for n in source.root.each("routing-instances")]
    for options in tops:
        if options is None:
            continue
        for node in options.all():
            if node.word in {"rib-groups", "rib-group", "instance-import", "interface-routes"}:
                if node.word != "interface-routes" or "rib-group" in node.below:
                    yield node.line, f"{node.word}: routes of one table come into another"
            elif node.word == "next-table":
                yield node.line, "next-table: packets go on in another table"


def classes(source: Source) -> tuple[tuple[QosClass, ...], Lined]:
    """Schedulers that are bound to an interface by a scheduler map."""
    cos = source.root.get("class-of-service")
    if cos is None:
        return (), []
    marked = _marked(source)
    found: list[QosClass] = []
    whole_lines: list[QosClass] = []
    for interface in cos.each("interfaces"):
        places = [(with_unit(interface.word), interface)]
        places += [(f"{interface.word}.{n.word}", n) for n in interface.each("unit")]
        for place, own in places:
            profile = own.value("output-traffic-control-profile")
            other = profile and cos.get("traffic-control-profiles", profile.word)
            node = other or own
            shaped = _shaped(source, place, node)
            whole_lines += shaped
            bound = node.value("scheduler-map")
            if bound is None:
                continue
            speed = shaped[0].limit_kbps if shaped else None
            for forwarding in cos.each("scheduler-maps", bound.word, "forwarding-class"):
                kept = _kept(cos, forwarding, speed)
                found.append(
                    QosClass(
                        interface=printable(place, 80),
                        direction="out",
                        name=printable(forwarding.word, 80),
                        reserved_kbps=kept.kbps,
                        matches=marked.get(forwarding.word, ()),
                        line=kept.line,
                        text=source.text(kept.line),
                        why=kept.why if forwarding.word in marked or kept.why else _BY_MARKS,
                        keeps=kept.keeps,
                    )
                )
    found += whole_lines
    return tuple(found), [one.line for one in found]


def _shaped(source: Source, place: str, node: Node) -> list[QosClass]:
    """`shaping-rate` of an interface: the most that all classes of it get together."""
    rate = node.value("shaping-rate")
    bits = _rate(rate.word) if rate is not None else None
    if rate is None or bits is None:
        return []
    return [
        QosClass(
            interface=printable(place, 80),
            direction="out",
            name="shaping-rate",
            reserved_kbps=None,
            matches=(EVERYTHING,),
            line=rate.line,
            text=source.text(rate.line),
            why="a limit is no guarantee",
            keeps=False,
            limit_kbps=bits // 1000,
        )
    ]


@dataclass(frozen=True, slots=True)
class _Kept:
    kbps: int | None
    line: int
    why: str
    keeps: bool | None = None


def _kept(cos: Node, forwarding: Node, speed_kbps: int | None) -> _Kept:
    """What the scheduler of a forwarding class keeps: its `transmit-rate`.

    `shaping-rate` is the most it gets and keeps nothing. Without a transmit rate queues 0 and 3
    have 95 and 5 percent, and all others none (Juniper, "transmit-rate", "shaping-rate").
    """
    scheduler = forwarding.value("scheduler")
    node = cos.get("schedulers", scheduler.word) if scheduler is not None else None
    if node is None:
        return _Kept(None, forwarding.line, "the scheduler is not shown")
    rate = node.get("transmit-rate")
    if rate is not None:
        kbps, why = _reserved(rate, speed_kbps)
        return _Kept(kbps, rate.line, why)
    nothing = _queue_of(cos, forwarding.word) not in {None, 0, 3}
    why = "the scheduler has no transmit-rate"
    return _Kept(None, node.line, why, keeps=False if nothing else None)


_QUEUES = {
    "best-effort": 0,
    "expedited-forwarding": 1,
    "assured-forwarding": 2,
    "network-control": 3,
}
"""Of the forwarding classes that are there from the beginning."""


def _queue_of(cos: Node, name: str) -> int | None:
    """The queue of a forwarding class; None when it is not known."""
    classes = cos.get("forwarding-classes")
    if classes is None:
        return _QUEUES.get(name)
    found = [_number(classes.value("class", name, "queue-num"))]
    found += [_number(n) for n in classes.each("queue") if name in n.below]
    known = [one for one in found if one is not None]
    return known[0] if len(known) == 1 else None


_BY_MARKS = "packets come into the class by their DSCP or not at all"


def _reserved(rate: Node, speed_kbps: int | None) -> tuple[int | None, str]:
    """`2m`, `percent 20`, `remainder`, in kbit/s; and why there is no figure."""
    for node in rate.below.values():
        bits = _rate(node.word)
        if bits is not None:
            return bits // 1000, ""
        if node.word == "percent":
            share = _number(node.value())
            if share is None or speed_kbps is None:
                return None, "a share of a speed that is not written"
            return speed_kbps * share // 100, ""
    return None, "transmit-rate without a figure"


def _rate(text: str) -> int | None:
    found = _RATE.fullmatch(text)
    return int(found[1]) * _TIMES[found[2]] if found else None


def _marked(source: Source) -> dict[str, tuple[Region, ...]]:
    """Forwarding class -> packets that terms of firewall filters put into it."""
    conditions = Conditions(source)
    found: dict[str, tuple[Region, ...]] = {}
    for family, term in _terms(source):
        chosen = term.value("then", "forwarding-class")
        if chosen is not None:
            may, _, _ = conditions.of(term.get("from"), family)
            found[chosen.word] = (*found.get(chosen.word, ()), *may)
    return found


def _terms(source: Source) -> Iterator[tuple[str, Node]]:
    for family in ("inet", "inet6"):
        for one in source.root.each("firewall", "family", family, "filter"):
            yield from ((family, term) for term in one.each("term"))
    for one in source.root.each("firewall", "filter"):
        yield from (("inet", term) for term in one.each("term"))


def _interface(text: str) -> AddressWithPrefix | None:
    try:
        return ip_interface(text)
    except ValueError:
        return None


def _number(node: Node | None) -> int | None:
    if node is None or not node.word.isascii() or not node.word.isdigit() or len(node.word) > 9:
        return None
    return int(node.word)
