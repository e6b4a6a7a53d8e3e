"""What `ip -j` and `ss` say: interfaces, neighbours, routes and listening sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Interface, Neighbour, Prefix, Route
from scanner.evidence import Document, printable
from scanner.platforms.linux_commands import STATUS

_NOT_READ = Text(
    vi="không đọc được trả lời của lệnh {command}", en="the answer to {command} could not be read"
)
_POLICY_ROUTING = Text(
    vi="máy dùng định tuyến theo chính sách (ip rule), chưa phân tích được",
    en="the host routes by policy (ip rule), which is not analysed",
)


_NAME = re.compile(r"[^\s/<>&\x00-\x20\x7f-\x9f\u200b-\u2069\ud800-\udfff]{1,15}")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){0,31}")
_NO_HARDWARE_ADDRESS = frozenset({"INCOMPLETE", "FAILED", "NOARP", "NONE"})
"""States of an entry that need not have one."""

_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
"""What walking over an answer of the wrong shape runs into."""


def not_read(document: Document) -> Unknown:
    """The reason that an answer makes no sense, with the answer cited."""
    command = printable(document.source, 40)
    return Unknown(_NOT_READ.format(command=command), (document.cite(),))


def _objects(document: Document) -> list[Mapping[str, Any]] | None:
    """The list of objects that `ip -j` prints; None when it is anything else."""
    try:
        content = json.loads(document.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        return None
    return [item for item in content if item]


def _word(item: Mapping[str, Any], key: str) -> str:
    value = item[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _name(item: Mapping[str, Any], key: str) -> str:
    """The name of an interface, as the kernel allows it."""
    name = _word(item, key)
    if not _NAME.fullmatch(name):
        raise ValueError(key)
    return name


def _inner(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = item.get(key)
    return value if isinstance(value, Mapping) else {}


def interfaces(document: Document) -> Fact[tuple[Interface, ...]]:
    """Every interface but the loopback, with the addresses that others can reach."""
    items = _objects(document)
    try:
        found = [_interface(item) for item in items or () if item.get("ifname") != "lo"]
    except _MALFORMED:
        return not_read(document)
    if not found:
        return not_read(document)
    shown = [f"{i.name}: {', '.join(str(a) for a in i.addresses)}" for i in found if i.addresses]
    return Known(
        tuple(found), tuple(document.cite(1, line) for line in shown) or (document.cite(1),)
    )


def _interface(item: Mapping[str, Any]) -> Interface:
    info = _inner(item, "linkinfo")
    vlan = None
    if info.get("info_kind") == "vlan":
        number = _inner(info, "info_data").get("id")
        vlan = number if isinstance(number, int) else None
    addresses = [
        ip_interface(f"{_word(a, 'local')}/{int(a['prefixlen'])}")
        for a in item.get("addr_info", ())
        if a and a.get("scope") != "link"
    ]
    state = item.get("operstate")
    return Interface(
        name=_name(item, "ifname"),
        addresses=tuple(addresses),
        vlan=vlan,
        vrf=_name(item, "master") if info.get("info_slave_kind") == "vrf" else None,
        up={"UP": True, "DOWN": False, "LOWERLAYERDOWN": False}.get(str(state)),
    )


def neighbours(document: Document) -> Fact[tuple[Neighbour, ...]]:
    """The entries with a hardware address; one that failed to resolve is no neighbour."""
    items = _objects(document)
    if items is None:
        return not_read(document)
    try:
        found = tuple(
            Neighbour(ip_address(_word(item, "dst")), _name(item, "dev"), _mac(item))
            for item in items
            if _is_resolved(item)
        )
    except _MALFORMED:
        return not_read(document)
    shown = [f"{n.address} dev {n.interface} lladdr {n.mac}" for n in found]
    return Known(found, tuple(document.cite(1, line) for line in shown) or (document.cite(1),))


def _is_resolved(item: Mapping[str, Any]) -> bool:
    """Raises ValueError where the hardware address of a neighbour was lost."""
    state = item.get("state", ())
    if "lladdr" not in item and not _NO_HARDWARE_ADDRESS & set(state):
        raise ValueError("lladdr")
    return "lladdr" in item and "FAILED" not in state


def _mac(item: Mapping[str, Any]) -> str:
    mac = _word(item, "lladdr")
    if not _MAC.fullmatch(mac):
        raise ValueError("lladdr")
    return mac


def routes(document: Document, rules: Document | None) -> Fact[tuple[Route, ...]]:
    """Unicast routes of all tables; unknown where rules choose the table by other things."""
    if rules is None or (chosen := _objects(rules)) is None:
        return not_read(rules or document)
    items = _objects(document)
    try:
        if any(not _is_usual(rule) for rule in chosen):
            return Unknown(_POLICY_ROUTING, (rules.cite(1),))
        found = tuple(route for item in items or () for route in _routes(item))
    except _MALFORMED:
        return not_read(document)
    if not found:
        return not_read(document)
    shown = [_shown(route) for route in found if route.table == "main"]
    return Known(found, tuple(document.cite(1, line) for line in shown) or (document.cite(1),))


def _is_usual(rule: Mapping[str, Any]) -> bool:
    """One of the three rules that every host has."""
    selectors = set(rule) - {"priority", "table", "src", "protocol"}
    tables = {"local", "main", "default"}
    return not selectors and rule.get("src") == "all" and rule.get("table") in tables


def _routes(item: Mapping[str, Any]) -> Iterator[Route]:
    if item.get("type", "unicast") != "unicast":
        return
    hops = item.get("nexthops") or [item]
    for hop in hops:
        gateway = hop.get("gateway") or _inner(hop, "via").get("host")
        via = ip_address(gateway) if gateway else None
        destination = _destination(item, via.version if via else None)
        if destination.is_multicast:
            continue
        if via is None and destination.version == 4 and item.get("scope") not in {"link", "host"}:
            raise ValueError("gateway")  # only a connected network has none, and says so
        yield Route(
            destination=destination,
            via=via,
            interface=_name(hop if "dev" in hop else item, "dev"),
            metric=int(item.get("metric", 0)),
            table=printable(str(item.get("table", "main")), 40),
        )


def _destination(item: Mapping[str, Any], version: int | None) -> Prefix:
    text = _word(item, "dst")
    if text != "default":
        return ip_network(text)
    # only routes of IPv6 have a router preference
    ipv6 = version == 6 or (version is None and "pref" in item)
    return ip_network("::/0" if ipv6 else "0.0.0.0/0")


def _shown(route: Route) -> str:
    via = f" via {route.via}" if route.via else ""
    return f"{route.destination}{via} dev {route.interface}"


_SERVICES = {
    "ssh": ("tcp", 22),
    "telnet": ("tcp", 23),
    "http": ("tcp", 80),
    "https": ("tcp", 443),
    "snmp": ("udp", 161),
    "ftp": ("tcp", 21),
    "tftp": ("udp", 69),
    "upnp": ("udp", 1900),
}


def services(document: Document) -> dict[str, Fact[Any]]:
    """Which services listen on their usual port for more than the host itself.

    A listing that breaks off, or has a line that is not understood, proves nothing to be off.
    """
    heard: dict[tuple[str, int], int] = {}
    whole = document.lines[-2:] == (f"{STATUS}0", "")
    for number, line in enumerate(document.lines[:-1], start=1):
        if not line.strip() or line.startswith(STATUS) or _HEAD.fullmatch(line):
            continue
        socket = _socket(line)
        if socket is None:
            whole = False
        elif not socket[2]:
            heard.setdefault(socket[:2], number)
    facts: dict[str, Fact[Any]] = {}
    for name, key in _SERVICES.items():
        if key in heard:
            facts[f"service.{name}.enabled"] = Known(True, (document.cite(heard[key]),))
        elif whole and heard:
            facts[f"service.{name}.enabled"] = Known(False, (document.cite(),))
        else:
            facts[f"service.{name}.enabled"] = not_read(document)
    return facts


_HEAD = re.compile(r"(?:Netid\s+)?State\s+Recv-Q\s.*")
_BY_STATE = {"LISTEN": "tcp", "UNCONN": "udp"}


def _socket(line: str) -> tuple[str, int, bool] | None:
    """(protocol, port, only for the host itself) of a line of `ss -tulnH`, or of `ss -ltn`."""
    words = line.split()
    if words and words[0] in _BY_STATE:
        words = [_BY_STATE[words[0]], *words]
    if len(words) not in {6, 7} or words[0] not in {"tcp", "udp"}:
        return None
    if len(words) == 7 and not words[6].startswith("users:"):
        return None
    address, _, port = words[4].rpartition(":")
    if not (port.isascii() and port.isdigit()):
        return None
    address = address.partition("%")[0].strip("[]")
    local = address.startswith("127.") or address in {"::1", "[::1]"}
    return words[0], int(port), local
