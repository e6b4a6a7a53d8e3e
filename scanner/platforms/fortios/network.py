"""Interfaces, VLANs, virtual routers, connected and static routes of a FortiGate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, IPv6Interface, ip_address, ip_interface, ip_network
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import AddressWithPrefix, Interface, Prefix, Route
from scanner.evidence import Document, printable
from scanner.platforms.fortios.objects import interface_address
from scanner.platforms.fortios.tree import ROOT, Configuration, Entry, Section
from scanner.platforms.netconfig.connected import LEARNT, MAIN, connected

BROKEN = Text(
    vi="phần cấu hình này không đầy đủ hoặc có dòng không đọc được",
    en="this part of the configuration is not complete, or a line of it cannot be read",
)
BY_NAME = Text(
    vi="có tuyến tĩnh chỉ nêu đích bằng tên đối tượng (dstaddr, internet-service)",
    en="a static route names its destination by an object only (dstaddr, internet-service)",
)


def network_facts(document: Document, found: Configuration) -> dict[str, Fact[Any]]:
    """`interfaces`, `vlans`, `vrfs`, `routes`, as far as their sections are in the file."""
    facts: dict[str, Fact[Any]] = {}
    section = found.common.sections.get("system interface")
    if section is not None and section.entries:
        facts |= _of_interfaces(document, found, section)
    interfaces = facts.get("interfaces")
    listed = interfaces.value if isinstance(interfaces, Known) else None
    routes = _routes(document, found, listed)
    if routes is not None:
        facts["routes"] = routes
    return facts


def _of_interfaces(
    document: Document, found: Configuration, section: Section
) -> dict[str, Fact[Any]]:
    cited = tuple(document.cite(entry.line) for entry in section.entries.values())
    if not section.whole or is_damaged(section):
        unknown = Unknown(BROKEN, (document.cite(section.line),))
        return dict.fromkeys(("interfaces", "vlans", "vrfs"), unknown)
    interfaces = tuple(_interface(found, entry) for entry in section.entries.values())
    vlans = sorted({one.vlan for one in interfaces if one.vlan is not None})
    vrfs = sorted({one.vrf for one in interfaces if one.vrf is not None})
    return {
        "interfaces": Known(interfaces, cited),
        "vlans": Known(tuple(vlans), cited),
        "vrfs": Known(tuple(vrfs), cited),
    }


def is_damaged(section: Section) -> bool:
    """A line of an entry cannot be read, or two lines contradict each other."""
    return any(
        setting.damaged or setting.contradicted
        for entry in section.entries.values()
        for setting in (
            *entry.settings.values(),
            *(s for inner in entry.sections.values() for s in inner.own.settings.values()),
        )
    )


def _interface(found: Configuration, entry: Entry) -> Interface:
    vlan = entry.word("vlanid")
    state = entry.word("status")
    return Interface(
        printable(entry.name),
        tuple(_addresses(entry)),
        int(vlan) if re.fullmatch(r"[0-9]{1,4}", vlan) and int(vlan) else None,
        _vrf(found, entry),
        {"up": True, "down": False}.get(state),
    )


def _vrf(found: Configuration, entry: Entry) -> str | None:
    """The VDOM and, where it is not 0, the number of the virtual router in it."""
    number = entry.word("vrf")
    vdom = printable(entry.word("vdom") or ROOT) if found.has_vdoms else ""
    numbered = printable(number) if number not in {"", "0"} else ""
    return ":".join(part for part in (vdom, numbered) if part) or None


def _addresses(entry: Entry) -> Iterator[AddressWithPrefix]:
    secondary = [one.words("ip") for one in entry.entries("secondaryip")]
    for words in (entry.words("ip"), *secondary):
        own = interface_address(words)
        if own is not None:
            yield own
    section = entry.sections.get("ipv6")
    if section is None:
        return
    extra = [one.name for one in section.own.entries("ip6-extra-addr")]
    for text in (section.own.word("ip6-address"), *extra):
        try:
            address = ip_interface(text)
        except ValueError:
            continue
        if isinstance(address, IPv6Interface) and not address.ip.is_unspecified:
            yield address


# --- routes ----------------------------------------------------------------------------------

DISTANCE = 10
"""Of a static route that says none (FortiOS CLI Reference, `config router static`)."""


def _routes(
    document: Document, found: Configuration, interfaces: tuple[Interface, ...] | None
) -> Fact[tuple[Route, ...]] | None:
    """Connected and static routes; `interfaces` is None where they are not all known.

    None when the file shows no static routes: they could stand in a part that is missing.
    """
    routes: list[Route] = []
    cited: list[Citation] = []
    tables = {one.name: one.vrf or MAIN for one in interfaces or ()}
    seen = False
    for name, vdom in found.vdoms.items():
        table = printable(name) if found.has_vdoms else MAIN
        for path, everywhere in (("router static", "0.0.0.0/0"), ("router static6", "::/0")):
            section = vdom.sections.get(path)
            if section is None:
                continue
            seen = seen or bool(section.entries)
            cited.append(document.cite(section.line))
            if not section.whole:
                return Unknown(BROKEN, (document.cite(section.line),))
            for entry in section.entries.values():
                if entry.word("status") == "disable":
                    continue
                route = _route(entry, everywhere, table)
                if route is None:
                    return Unknown(BY_NAME, (document.cite(entry.line),))
                # a route belongs to the virtual router of the interface that it leaves through
                routes.append(replace(route, table=tables.get(route.interface or "", table)))
                cited.append(document.cite(entry.line))
    if not seen:
        return None
    section = found.common.sections.get("system interface")
    if section is not None:
        cited.append(document.cite(section.line))
        unread = any(_has_another_address(entry) for entry in section.entries.values())
        if unread or (interfaces is None and section.entries):
            return Unknown(BROKEN, (document.cite(section.line),))
    learns = _learning(found)
    if learns is not None:
        reason = LEARNT.format(words=f"config {learns.path}")
        return Unknown(reason, (document.cite(learns.line),))
    direct = tuple(route for one in interfaces or () for route in connected(one))
    return Known((*direct, *routes), tuple(cited))


def _learning(found: Configuration) -> Section | None:
    """A routing protocol of any VDOM: the routes that it learns are not in the configuration."""
    for vdom in found.vdoms.values():
        for path, inside in _LEARN:
            section = vdom.sections.get(path)
            if section is not None and next(section.own.entries(inside), None) is not None:
                return section
    return None


_LEARN = (
    ("router bgp", "neighbor"),
    ("router bgp", "neighbor-range"),
    ("router isis", "isis-interface"),
    ("router ospf", "area"),
    ("router ospf6", "area"),
    ("router rip", "network"),
    ("router ripng", "interface"),
)
"""Routing protocols and what they have only when they run."""


def _has_another_address(entry: Entry) -> bool:
    """Its address is written and not understood."""
    words = entry.words("ip")
    nothing = not words or words[0] == "0.0.0.0"  # noqa: S104 - no address
    return not nothing and interface_address(words) is None


def _route(entry: Entry, everywhere: str, table: str) -> Route | None:
    """A static route; its default destination is every address. None when that is not a prefix."""
    named = [key for key in ("dstaddr", "internet-service", "internet-service-custom")
             if entry.word(key) not in {"", "0"}]  # fmt: skip
    if named or any(setting.damaged or setting.contradicted for setting in entry.settings.values()):
        return None
    words = entry.words("dst") or (everywhere,)
    try:
        destination: Prefix = ip_network("/".join(words))
    except ValueError:
        return None
    distance = entry.word("distance")
    metric = int(distance) if re.fullmatch(r"[0-9]{1,3}", distance) else DISTANCE
    device = printable(entry.word("device")) or None
    if entry.word("blackhole") == "enable":
        device = "blackhole"
    return Route(destination, _gateway(entry.word("gateway")), device, metric, table)


def _gateway(text: str) -> IPv4Address | IPv6Address | None:
    try:
        gateway = ip_address(text)
    except ValueError:
        return None
    return None if gateway.is_unspecified else gateway
