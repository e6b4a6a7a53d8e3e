"""The answers to `get system arp` and `get router info routing-table all`.

Form: Fortinet, "FortiGate Administration Guide", ARP table and Routing concepts; "Technical Tip:
FortiGate Viewing FIB/RIB routing information". With VDOMs both tell of the VDOM only in which they
were asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Unknown
from rules.network_facts import Neighbour, Route
from scanner.evidence import Document
from scanner.platforms.netconfig.connected import MAIN
from scanner.platforms.netconfig.live_tables import (
    NEIGHBOUR_UNREAD,
    ROUTE_UNREAD,
    Numbered,
    below,
    ends_within,
    name,
    neighbour,
    table_fact,
)

COMMANDS = ("get system arp", "get router info routing-table all")

_ARP = re.compile(r"Address\s+Age\(min\)\s+Hardware Addr\s+Interface\s*$")
_HOST = re.compile(r"(\d[\d.]{6,14})\s+(?:\d{1,8}|-)\s+([0-9A-Fa-f:]{11,17})\s+(\S.{0,40}?)\s*$")

_LEGEND = re.compile(r"Codes: K - kernel, C - connected")
_EXPLAINS = re.compile(r"\s+(?:[A-Za-z*>]\w?|[*>]) - ")
_VRF = re.compile(r"Routing table for VRF=(\d{1,5})\s*$")
_ENTRY = re.compile(r"[A-Za-z][A-Za-z0-9* ]{0,8}?\s+(\d[\d.]{6,14}/\d{1,2})\s+(\S.{2,200}?)\s*$")
_FURTHER = re.compile(r"\s+((?:\[|is directly|via ).{2,200}?)\s*$")
_OUT = r"(?P<out>[^\s,()\[\]]+(?: [^\s,()\[\]]+)?)"
_REST = r"(?:, (?:[\d:]{4,8}|(?:\d{1,3}[ywdhm])+|\[\d{1,10}/\d{1,10}\]))*"
_DISTANCE = r"(?:\[\d{1,3}/\d{1,10}\] )?"
_PRIORITY = re.compile(r", \[(\d{1,10})/\d{1,10}\]")
_WAYS = tuple(
    re.compile(_DISTANCE + way + _REST)
    for way in (
        rf"is directly connected, {_OUT}",
        r"is a summary, (?P<out>Null)",
        rf"via {_OUT} tunnel (?P<via>[\d.]+)",
        rf"via (?P<via>[\d.]+) \(recursive is directly connected, {_OUT}\)",
        rf"via (?P<via>[\d.]+) \(recursive via [\d.]+, {_OUT}\)",
        rf"via (?P<via>[\d.]+), {_OUT}",
    )
)


def live_tables(document: Document) -> dict[str, Fact[Any]]:
    """`neighbours` and `routes`, as far as the document shows their tables."""
    facts: dict[str, Fact[Any]] = {}
    if (arp := below(document, _ARP)) is not None:
        header, lines = arp
        rows = ((number, _neighbour(line)) for number, line in lines)
        whole = not ends_within(document, lines)
        facts["neighbours"] = table_fact(
            document, header, rows, whole=whole, unread=NEIGHBOUR_UNREAD
        )
    if (table := below(document, _LEGEND)) is not None:
        header, lines = table
        if any(_ENTRY.match(line) for _, line in lines):
            whole = not ends_within(document, lines)
            facts["routes"] = table_fact(
                document, header, _routes(lines), whole=whole, unread=ROUTE_UNREAD
            )
    return facts


def tables_of_one_vdom(document: Document) -> dict[str, Fact[Any]]:
    """Of a device with VDOMs: nobody knows the neighbours of the others; routes are left alone."""
    shown = live_tables(document).get("neighbours")
    return {} if shown is None else {"neighbours": Unknown(_OF_ONE_VDOM, shown.citations[:1])}


def _neighbour(line: str) -> list[Neighbour] | None:
    row = _HOST.match(line)
    return None if row is None else neighbour(row[1], row[3], row[2])


def _routes(lines: Sequence[Numbered]) -> Iterator[tuple[int, list[Route] | None]]:
    table, destination = MAIN, None
    for number, line in lines:
        if vrf := _VRF.match(line):
            table, destination = MAIN if int(vrf[1]) == 0 else vrf[1], None
            continue
        if destination is None and _EXPLAINS.match(line):
            continue
        entry, further = _ENTRY.match(line), _FURTHER.match(line)
        if entry is not None:
            destination = _network(entry[1])
        way = entry[2] if entry is not None else further[1] if further is not None else ""
        route = _route(destination, way, table) if destination is not None else None
        yield number, [route] if route is not None else None


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


def _route(destination: IPv4Network, way: str, table: str) -> Route | None:
    """What counts among routes to the same place is their priority; the distance is the same."""
    row = next((found for pattern in _WAYS if (found := pattern.fullmatch(way))), None)
    if row is None:
        return None
    hop = row.groupdict().get("via")
    try:
        via = IPv4Address(hop) if hop else None
    except ValueError:
        return None
    priority = _PRIORITY.search(way)
    return Route(destination, via, name(row["out"]), int(priority[1]) if priority else 0, table)


_OF_ONE_VDOM = Text(
    vi="thiết bị có nhiều VDOM, mà `get system arp` chỉ cho biết một VDOM",
    en="the device has VDOMs, and `get system arp` tells of one of them only",
)
