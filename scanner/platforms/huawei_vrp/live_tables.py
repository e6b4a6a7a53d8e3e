"""The answers to `display arp all` (or `display arp`) and `display ip routing-table`.

Form: Huawei, "Command Reference", `display arp`, `display ip routing-table`. Names of interfaces
are abbreviated here and written out in the configuration. A switch names the port that a host is
behind; where a VLAN stands in the line below, the host is beside the VLAN's interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from rules.facts import Fact
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

ARP_ALL, ARP, ROUTES = "display arp all", "display arp", "display ip routing-table"

_ARP_HEADER = re.compile(r"IP ADDRESS\s+MAC ADDRESS\s+EXPIRE\(M\)\s+TYPE\s+INTERFACE\b")
_FILLING = re.compile(r"\s+VLAN\b|-{10,}\s*$")
_HOST = re.compile(
    r"(?P<address>\d[\d.]{6,14})\s+(?P<mac>[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}|Incomplete)"
    r"\s+(?:\d{1,6}\s+)?(?P<kind>[A-Z])(?:[A-Z]?[-F/\d]*| -)\s+"
    r"(?P<out>\d{0,3}[A-Za-z][A-Za-z-]{0,30} ?\d[\d/.:]{0,20})(?:\s+(?P<vpn>\S{1,60}))?\s*$"
)
_VLAN = re.compile(r"\s+(\d{1,4})/(?:\d{1,4}|-)\s*$")
_TOTAL = re.compile(r"Total:(\d{1,7})\s+Dynamic:\d")
_NOBODY = "Incomplete"
_OWN = "I"
"""Type of the entries of the device itself."""

_LEGEND = re.compile(r"Route Flags: R - relay, D - download to fib")
_TABLE = re.compile(r"Routing Tables?\s?: ?(\S{1,60})\s*$")
_COUNT = re.compile(r"\s+Destinations : \d{1,9}\s+Routes : (\d{1,9})\s*$")
_COLUMNS = re.compile(r"Destination/Mask\s+Proto\s+Pre\s+Cost\b")
_ROUTE = re.compile(
    r"\s*(?:(?P<network>\d[\d.]{6,14}/\d{1,2})\s+)?(?P<by>[A-Za-z][\w-]{0,15})\s+\d{1,3}\s+\d{1,10}"
    r"\s+(?:(?P<flags>[A-Z]{1,4})\s+)?(?P<via>\d[\d.]{6,14})\s+(?P<out>[\w/.:-]{1,60})\s*$"
)
_PUBLIC = frozenset({"Public", "_public_"})
_IN_FULL = {"GE": "GigabitEthernet", "XGE": "XGigabitEthernet", "Eth": "Ethernet"}
_SHORT = re.compile(r"(GE|XGE|Eth)(?=\d)")


def live_tables(document: Document) -> dict[str, Fact[Any]]:
    """`neighbours` and `routes`, as far as the document shows their tables."""
    facts: dict[str, Fact[Any]] = {}
    if (arp := below(document, _ARP_HEADER)) is not None:
        header, lines = arp
        facts["neighbours"] = table_fact(
            document,
            header,
            _neighbours(lines),
            whole=_has_all_hosts(lines),
            unread=NEIGHBOUR_UNREAD,
        )
    if (table := below(document, _LEGEND)) is not None:
        header, lines = table
        whole = _has_all_routes(lines) and not ends_within(document, lines)
        facts["routes"] = table_fact(
            document, header, _routes(lines), whole=whole, unread=ROUTE_UNREAD
        )
    return facts


def _has_all_hosts(lines: Sequence[Numbered]) -> bool:
    """As many as the last line counts, with or without those that are looked for still."""
    total = next((int(m[1]) for _, line in lines if (m := _TOTAL.match(line))), None)
    rows = [row for _, line in lines if (row := _HOST.match(line))]
    found = sum(1 for row in rows if row["mac"] != _NOBODY)
    return total is not None and found <= total <= len(rows)


def _neighbours(lines: Sequence[Numbered]) -> Iterator[tuple[int, list[Neighbour] | None]]:
    waiting: tuple[int, list[Neighbour] | None] | None = None
    for number, line in lines:
        vlan = _VLAN.match(line)
        if vlan is not None and waiting is not None:
            yield waiting[0], _in_vlan(waiting[1], vlan[1])
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = None
        if _TOTAL.match(line):
            return
        if not _FILLING.match(line):
            waiting = number, _neighbour(line)
    if waiting is not None:
        yield waiting


def _in_vlan(found: list[Neighbour] | None, vlan: str) -> list[Neighbour] | None:
    return found and [
        one if "." in one.interface else replace(one, interface=f"Vlanif{int(vlan)}")
        for one in found
    ]


def _neighbour(line: str) -> list[Neighbour] | None:
    row = _HOST.match(line)
    if row is None:
        return None
    if row["kind"] == _OWN or row["mac"] == _NOBODY:
        return []
    return neighbour(row["address"], _in_full(row["out"]), row["mac"])


def _in_full(interface: str) -> str:
    return name(_SHORT.sub(lambda m: _IN_FULL[m[1]], interface.replace(" ", ""), count=1))


def _has_all_routes(lines: Sequence[Numbered]) -> bool:
    """Every table has as many routes as it counts."""
    counted = [int(m[1]) for _, line in lines if (m := _COUNT.match(line))]
    return bool(counted) and sum(counted) == sum(1 for _, line in lines if _ROUTE.match(line))


def _routes(lines: Sequence[Numbered]) -> Iterator[tuple[int, list[Route] | None]]:
    table, destination = MAIN, None
    for number, line in lines:
        if of := _TABLE.match(line):
            table, destination = MAIN if of[1] in _PUBLIC else name(of[1]), None
            continue
        if _FILLING.match(line) or _COUNT.match(line) or _COLUMNS.match(line):
            continue
        row = _ROUTE.match(line)
        try:
            if row is not None and row["network"]:
                destination = IPv4Network(row["network"], strict=False)
            via = IPv4Address(row["via"]) if row is not None else None
        except ValueError:
            row = None
        if row is None or destination is None:
            yield number, None
        else:
            yield number, _route(row, destination, via, table)


def _route(
    row: re.Match[str], destination: IPv4Network, via: IPv4Address | None, table: str
) -> list[Route]:
    """None of what is not used to forward packets (no flag D), or stays in the device."""
    out = _in_full(row["out"])
    if out.startswith("InLoopBack") or (row["flags"] and "D" not in row["flags"]):
        return []
    if row["by"] == "Direct" or out.upper().startswith("NULL"):
        via = None
    return [Route(destination, via, out, 0, table)]
