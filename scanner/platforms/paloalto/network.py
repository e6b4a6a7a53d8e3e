"""Interfaces, virtual routers, connected and static routes, reserved bandwidth."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_interface, ip_network

from inventory.text import Text
from rules.network_facts import AddressWithPrefix, Interface, QosClass, Route
from rules.packets.policy import EVERYTHING, Region
from scanner.evidence import printable
from scanner.platforms.netconfig.connected import (
    LEARNT,
    UNREAD_ADDRESS,
    UNREAD_ROUTE,
    connected,
    parent,
)
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.objects import Objects
from scanner.platforms.paloalto.passing import virtual_systems
from scanner.platforms.paloalto.rulebase import Rulebase
from scanner.platforms.paloalto.tree import Source

Lined = list[int]


def interfaces(source: Source) -> tuple[tuple[Interface, ...], Lined]:
    """Every layer-3 interface and subinterface."""
    router = {
        node.word: vr.word
        for vr in source.root.each("network", "virtual-router")
        for node in vr.each("interface")
    }
    found, lines = [], []
    for name, node in _layer_3(source):
        addresses = []
        for path in (("ip",), ("ipv6", "address")):
            for entry in node.each(*path):
                address = _address(source, entry.word)
                if address is not None:
                    addresses.append(address)
        state = node.value("link-state")
        vrf = router.get(name)
        found.append(
            Interface(
                printable(name, 80),
                tuple(addresses),
                _number(node.value("tag")),
                printable(vrf, 80) if vrf else None,
                False if state is not None and state.word == "down" else None,
            )
        )
        lines.append(node.line)
    return tuple(found), lines


def _layer_3(source: Source) -> Iterator[tuple[str, Node]]:
    for kind in source.root.each("network", "interface"):
        if kind.word in {"ethernet", "aggregate-ethernet"}:
            for node in kind.below.values():
                inside = node.get("layer3")
                if inside is None:
                    continue
                state = node.get("link-state")
                if state is not None:
                    inside.adopt(state)
                yield node.word, inside
                yield from ((unit.word, unit) for unit in inside.each("units"))
        elif kind.word in {"loopback", "vlan", "tunnel"}:
            if "ip" in kind.below:
                yield kind.word, kind
            yield from ((unit.word, unit) for unit in kind.each("units"))


def _address(source: Source, text: str) -> AddressWithPrefix | None:
    """Written as it is, or by the name of an address object."""
    for scope in (source.root, source.root.get("shared"), *source.root.each("vsys")):
        named = scope.value("address", text, "ip-netmask") if scope is not None else None
        if named is not None:
            text = named.word
            break
    try:
        return ip_interface(text)
    except ValueError:
        return None


def vlans(source: Source) -> tuple[tuple[int, ...], Lined]:
    """Tags of all subinterfaces."""
    tags = [node.value("tag") for _, node in _layer_3(source)]
    found = {n: node.line for node in tags if node and (n := _number(node)) is not None}
    return tuple(sorted(found)), list(found.values())


def vrfs(source: Source) -> tuple[tuple[str, ...], Lined]:
    """Virtual routers: each has a table of its own."""
    listed = source.root.each("network", "virtual-router")
    return tuple(printable(node.word, 80) for node in listed), [node.line for node in listed]


def routes(source: Source) -> tuple[tuple[Route, ...] | Text, Lined]:
    """Connected and static routes of every virtual router, or why they are not known.

    Empty where no static route is shown. An interface that is in no virtual router takes no part
    in routing (Palo Alto Networks, "PAN-OS Networking Administrator's Guide", Virtual Routers).
    """
    static, lines = _static(source)
    if isinstance(static, Text) or not static:
        return static, lines
    learns = _learning(source)
    if learns is not None:
        return LEARNT.format(words=learns.word), [learns.line]
    odd = _unread_address(source)
    if odd is not None:
        return UNREAD_ADDRESS, [odd]
    listed, places = interfaces(source)
    down = {one.name for one in listed if one.up is False}
    direct = [
        route
        for one in listed
        if one.vrf is not None and parent(one.name) not in down
        for route in connected(one)
    ]
    return (*direct, *static), [*lines, *places]


def _learning(source: Source) -> Node | None:
    """A routing protocol that is switched on in a virtual router."""
    for router in source.root.each("network", "virtual-router"):
        for name in ("bgp", "ospf", "ospfv3", "rip"):
            node = router.get("protocol", name)
            switch = node.value("enable") if node is not None else None
            if node is not None and switch is not None and switch.word == "yes":
                return node
    return None


def _unread_address(source: Source) -> int | None:
    """The line of an address that is written and not understood, of a variable for instance."""
    for _, node in _layer_3(source):
        for path in (("ip",), ("ipv6", "address")):
            for entry in node.each(*path):
                if _address(source, entry.word) is None:
                    return entry.line
    return None


def _static(source: Source) -> tuple[tuple[Route, ...] | Text, Lined]:
    found, lines = [], []
    for router in source.root.each("network", "virtual-router"):
        for family in ("ip", "ipv6"):
            for node in router.each("routing-table", family, "static-route"):
                one = _route(node, printable(router.word, 80))
                if one is None:
                    return UNREAD_ROUTE, [node.line]
                found.append(one)
                lines.append(node.line)
    return tuple(found), lines


def _route(node: Node, table: str) -> Route | None:
    goal, hop = node.value("destination"), node.get("nexthop")
    place = node.value("interface")
    metric = _number(node.value("metric"))
    try:
        destination = ip_network(goal.word, strict=False) if goal is not None else None
    except ValueError:
        return None
    if destination is None:
        return None
    via = None
    name = place.word if place is not None else None
    for one in hop.below.values() if hop is not None else ():
        value = one.value()
        if one.word in {"ip-address", "ipv6-address"} and value is not None:
            try:
                via = ip_address(value.word.split("/")[0])
            except ValueError:
                name = value.word
        elif value is not None:
            name = f"{one.word} {value.word}"
        elif one.word in {"discard", "none"}:
            name = name or one.word
    rank = 10 if metric is None else metric
    return Route(destination, via, printable(name, 80) if name else None, rank, table)


def shared_tables(source: Source) -> Iterator[tuple[int, str]]:
    """Static routes that lead into another virtual router."""
    for router in source.root.each("network", "virtual-router"):
        for node in router.each("routing-table", "ip", "static-route"):
            other = node.value("nexthop", "next-vr")
            if other is not None:
                yield other.line, "next-vr: packets go on in another virtual router"


# --- bandwidth ---------------------------------------------------------------------------------
# Palo Alto Networks, "PAN-OS Web Interface Help", Network Profiles > QoS: Egress Guaranteed is what
# a class is sure of, Egress Max the most it gets, in Mbps or in percent of that of the profile.


def classes(source: Source) -> tuple[tuple[QosClass, ...], Lined]:
    """Classes of the QoS profiles that are bound to an interface that has QoS switched on."""
    qos = source.root.get("network", "qos")
    if qos is None:
        return (), []
    marked = _marked(source)
    found: list[QosClass] = []
    for interface in qos.each("interface"):
        on = interface.value("enabled")
        if on is not None and on.word == "no":
            continue
        for bound in interface.all():
            profile = bound.value() if bound.word == "qos-profile" else None
            if profile is None:
                continue
            for node, in_percent in _classes(qos, profile.word):
                found.append(_class(source, interface.word, node, marked, in_percent=in_percent))
        most = interface.value("interface-bandwidth", "egress-max")
        mbps = _decimal(most)
        if most is not None and mbps:  # 0 is the limit of the box
            found.append(_limited(source, interface.word, most, mbps))
    return tuple(found), [one.line for one in found]


def _classes(qos: Node, profile: str) -> Iterator[tuple[Node, bool]]:
    """The classes of a profile, and whether their figures are in percent."""
    node = qos.get("profile", profile)
    if node is None:
        return
    yield from ((one, False) for one in node.each("class"))
    for kind in node.each("class-bandwidth-type"):
        yield from ((one, kind.word != "mbps") for one in kind.each("class"))


def _class(
    source: Source,
    interface: str,
    node: Node,
    marked: dict[str, tuple[Region, ...]],
    *,
    in_percent: bool,
) -> QosClass:
    rate = node.value("class-bandwidth", "egress-guaranteed")
    mbps = None if in_percent else _decimal(rate)
    line = rate.line if rate is not None else node.line
    known = marked.get(node.word, ())
    why = "" if mbps is not None else "the class has no egress-guaranteed"
    if rate is not None and mbps is None:
        why = "a share in percent" if in_percent else "a figure that is not understood"
    return QosClass(
        interface=printable(interface, 80),
        direction="out",
        name=printable(node.word, 80),
        reserved_kbps=None if mbps is None else round(mbps * 1000),
        matches=known,
        line=line,
        text=source.text(line),
        why=why if known or why else "no QoS rule puts packets into the class",
        keeps=False if rate is None else None,
    )


def _limited(source: Source, interface: str, most: Node, mbps: float) -> QosClass:
    """`egress-max` of an interface: what leaves it in clear text and in tunnels together."""
    return QosClass(
        interface=printable(interface, 80),
        direction="out",
        name="egress-max",
        reserved_kbps=None,
        matches=(EVERYTHING,),
        line=most.line,
        text=source.text(most.line),
        why="a limit is no guarantee",
        keeps=False,
        limit_kbps=round(mbps * 1000),
    )


def _marked(source: Source) -> dict[str, tuple[Region, ...]]:
    """Class -> packets that QoS rules put into it."""
    found: dict[str, tuple[Region, ...]] = {}
    for one in virtual_systems(source):
        objects = Objects(source, (one.own, one.shared, one.panorama))
        reader = Rulebase(source, objects, tuple(one.zones))
        for base in one.rulebases():
            for node in base.each("qos", "rules"):
                number = node.value("action", "class")
                if number is not None:
                    may, _, _ = reader.regions(node)
                    name = f"class{number.word}"
                    found[name] = (*found.get(name, ()), *may)
    return found


def _decimal(node: Node | None) -> float | None:
    if node is None or not node.word.replace(".", "", 1).isdecimal() or len(node.word) > 9:
        return None
    return float(node.word) if node.word.isascii() else None


def _number(node: Node | None) -> int | None:
    if node is None or not node.word.isascii() or not node.word.isdigit() or len(node.word) > 9:
        return None
    return int(node.word)
