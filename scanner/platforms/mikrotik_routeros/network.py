"""Interfaces, VLANs, routing tables and routes."""

from __future__ import annotations

import re
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface, ip_network
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Interface, Route
from scanner.evidence import Document, printable
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.netconfig.connected import LEARNT, UNREAD_ADDRESS, connected

Facts = dict[str, Fact[Any]]


def network(export: Export, document: Document) -> Facts:
    """What the export tells about the network around the router."""
    facts = _interfaces(export, document)
    return (
        facts
        | _vlans(export, document)
        | _tables(export, document)
        | _routes(export, document, facts.get("interfaces"))
    )


def _interfaces(export: Export, document: Document) -> Facts:
    addresses: dict[str, list[IPv4Interface | IPv6Interface]] = {}
    cited = []
    for command in export.added("ip address", "ipv6 address"):
        try:
            address = ip_interface(command.get("address"))
        except ValueError:
            where = document.cite(command.line)
            return {"interfaces": Unknown(_ADDRESS, (where,))}
        addresses.setdefault(command.get("interface"), []).append(address)
        cited.append(document.cite(command.line))
    made: dict[str, Command] = {}
    for command in (c for c in export.commands if _makes_interface(c)):
        known = made.setdefault(command.get("name"), command)
        if command.verb == known.verb == "add" and command.values != known.values:
            return {"interfaces": Unknown(_TWICE, (document.cite(command.line),))}
        made[command.get("name")] = command
    if not cited:
        return {}
    tables = _table_of(export)
    twice = next((c for c in export.added("ip vrf") if _contradicts(c, tables)), None)
    if twice is not None:
        return {"interfaces": Unknown(_TABLES, (document.cite(twice.line),))}
    found = []
    for name in dict.fromkeys([*made, *addresses]):
        maker = made.get(name)
        vlan = maker.get("vlan-id") if maker is not None else ""
        is_vlan = maker is not None and maker.menu == "interface vlan" and vlan.isdigit()
        found.append(
            Interface(
                printable(name, 60),
                tuple(dict.fromkeys(addresses.get(name, ()))),
                int(vlan[:5]) if is_vlan else None,
                tables.get(name),
                False if maker is not None and maker.is_disabled else None,
            )
        )
        if maker is not None and name not in addresses:
            cited.append(document.cite(maker.line))
    return {"interfaces": Known(tuple(found), tuple(cited))}


_NOT_INTERFACES = frozenset({"interface list", "interface bridge port", "interface list member"})


def _makes_interface(command: Command) -> bool:
    """An item of a menu like `interface vlan`: it has a name, and its menu has two words."""
    words = command.menu.split()
    return (
        words[:1] == ["interface"]
        and len(words) == 2
        and command.menu not in _NOT_INTERFACES
        and command.verb in {"add", "set"}
        and bool(command.get("name"))
    )


def _vlans(export: Export, document: Document) -> Facts:
    numbers: set[int] = set()
    cited = []
    for command in export.added("interface vlan", "interface bridge vlan"):
        written = command.get("vlan-id") or command.get("vlan-ids")
        for part in written.split(","):
            first, _, last = part.partition("-")
            if not first.isdigit() or (last and not last.isdigit()):
                return {"vlans": Unknown(_VLAN, (document.cite(command.line),))}
            low, high = int(first[:5]), int((last or first)[:5])
            numbers |= {n for n in range(low, min(high, 4094) + 1) if 0 < n < 4095}
        cited.append(document.cite(command.line))
    return {"vlans": Known(tuple(sorted(numbers)), tuple(cited))} if cited else {}


def _table_of(export: Export) -> dict[str, str]:
    found = {}
    for command in export.added("ip vrf", "ip route vrf"):
        name = command.get("name") or command.get("routing-mark")
        for interface in command.get("interfaces").split(","):
            found[interface] = printable(name, 60)
    return found


def _contradicts(command: Command, tables: dict[str, str]) -> bool:
    """An interface of the table is in another one as well."""
    name = printable(command.get("name"), 60)
    return any(tables.get(one) != name for one in command.get("interfaces").split(",") if one)


def _tables(export: Export, document: Document) -> Facts:
    commands = export.added("ip vrf", "ip route vrf")
    names = [printable(c.get("name") or c.get("routing-mark"), 60) for c in commands]
    if not commands or not all(_NAME.fullmatch(name) for name in names):
        return {}
    return {
        "vrfs": Known(tuple(dict.fromkeys(names)), tuple(document.cite(c.line) for c in commands))
    }


def _routes(
    export: Export, document: Document, interfaces: Fact[tuple[Interface, ...]] | None
) -> Facts:
    """Connected and static routes, where the export shows static ones."""
    commands = export.added("ip route", "ipv6 route")
    if not commands:
        return {}
    learning = export.added(*_DYNAMIC)
    if learning:
        first = learning[0]
        reason = LEARNT.format(words=f"/{first.menu}")
        return {"routes": Unknown(reason, (document.cite(first.line),))}
    found = []
    for command in commands:
        route = _route(command)
        if route is None:
            return {"routes": Unknown(_ROUTE, (document.cite(command.line),))}
        found.append(route)
    if isinstance(interfaces, Unknown):
        return {"routes": Unknown(UNREAD_ADDRESS, interfaces.citations)}
    cited = tuple(document.cite(c.line) for c in commands)
    listed = interfaces.value if interfaces is not None else ()
    off = _switched_off(export)
    direct = [r for one in listed if one.name not in off for r in connected(one)]
    cited += interfaces.citations if interfaces is not None and direct else ()
    return {"routes": Known(tuple(dict.fromkeys((*direct, *found))), cited)}


_DYNAMIC = tuple(
    f"routing {menu}"
    for menu in (
        "bgp connection",
        "bgp peer",
        "isis instance",
        "isis interface-template",
        "ospf area",
        "ospf interface-template",
        "ospf network",
        "ospf-v3 area",
        "rip instance",
        "rip network",
    )
)
"""Menus of routing protocols in RouterOS 6 and 7 that hold items only where one runs."""


def _switched_off(export: Export) -> frozenset[str]:
    """Interfaces that are disabled, with the VLANs on them."""
    off = {
        name
        for c in export.commands
        if c.menu.startswith("interface ") and c.is_disabled
        for name in (c.get("name") or _original(c),)
        if name
    }
    for _ in range(LEVELS_MAX):
        off |= {c.get("name") for c in export.added("interface vlan") if c.get("interface") in off}
    return frozenset(printable(name, 60) for name in off)


def _original(command: Command) -> str:
    """`ether2` of `set [ find default-name=ether2 ] disabled=yes`."""
    found = _DEFAULT_NAME.search(command.target)
    return found[1] if found is not None else ""


LEVELS_MAX = 3
"""VLANs on VLANs."""
_DEFAULT_NAME = re.compile(r"\bdefault-name=\"?([\w.@/+-]{1,60})")


def _route(command: Command) -> Route | None:
    """None when it has no single next hop, or drops what it matches."""
    anywhere = "::/0" if command.menu == "ipv6 route" else "0.0.0.0/0"
    if command.get("type") in {"blackhole", "prohibit", "unreachable"} or "blackhole" in (
        command.target
    ):
        return None
    gateway, _, through = command.get("gateway").partition("%")
    gateway, _, table = gateway.partition("@")
    distance = command.get("distance")
    table = command.get("routing-table") or command.get("routing-mark") or table or "main"
    try:
        where = ip_network(command.get("dst-address") or anywhere, strict=False)
    except ValueError:
        return None
    metric = int(distance) if distance.isdigit() and len(distance) < 4 else 1
    if not gateway or "," in gateway:
        return None
    try:
        hop = ip_address(gateway)
    except ValueError:
        return Route(where, None, printable(gateway, 60), metric, printable(table, 60))
    return Route(where, hop, printable(through, 60) or None, metric, printable(table, 60))


_NAME = re.compile(r"[\w.@/+-]{1,60}")
_VLAN = Text(vi="số hiệu VLAN không hiểu được", en="a VLAN number that is not understood")
_ADDRESS = Text(
    vi="địa chỉ của một giao diện không hiểu được",
    en="an address of an interface is not understood",
)
_TWICE = Text(
    vi="hai giao diện khác nhau có cùng một tên",
    en="two different interfaces have the same name",
)
_TABLES = Text(
    vi="một giao diện thuộc hai VRF khác nhau",
    en="an interface belongs to two VRFs",
)
_ROUTE = Text(
    vi="một tuyến có nhiều gateway, hủy gói hoặc không hiểu được",
    en="a route has several gateways, drops packets or is not understood",
)
