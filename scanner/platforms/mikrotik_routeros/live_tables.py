"""The answers to `/ip arp print terse` and `/ip route print terse`.

Form: MikroTik, "RouterOS Manual", Console (print), ARP, IP Routing; releases 6 and 7. An entry of
ARP without hardware address was not resolved, one that is disabled or invalid is none. Of the
routes the active ones count (flag A).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any, TypeVar

from inventory.text import Text
from rules.facts import Fact
from rules.network_facts import Neighbour, Route
from scanner.evidence import Document
from scanner.platforms.netconfig.connected import MAIN
from scanner.platforms.netconfig.live_tables import (
    NEIGHBOUR_UNREAD,
    ROUTE_UNREAD,
    Numbered,
    ends_within,
    is_prompt,
    name,
    neighbour,
    table_fact,
)

T = TypeVar("T")
COMMANDS = ("/ip arp print terse", "/ip route print terse")

_ROW = re.compile(
    r"\s*\d{1,7}\s+(?:(?P<flags>[A-Za-z+][A-Za-z+ ]{0,8}?)\s+)?(?P<pairs>[a-z][a-z-]*=.*)$"
)
_PAIR = re.compile(r"(?:^|(?<=\s))([a-z][a-z-]{1,30})=(.*?)(?=\s[a-z][a-z-]{1,30}=|$)")
_LEGEND = re.compile(r"(?:Flags|Columns): |\s+[A-Za-z+] - ")
BEGINS_WITHIN = 20
"""Lines; what begins later belongs to a document of another kind."""
_NO_ENTRY = frozenset("XI")
_NOT_THERE = frozenset({"failed", "incomplete"})
_DROPS = frozenset({"blackhole", "prohibit", "unreachable"})


def live_tables(document: Document) -> dict[str, Fact[Any]]:
    """`neighbours` or `routes` of a document that is the table; nothing of any other."""
    if not any(_ROW.match(line) for line in document.lines[:BEGINS_WITHIN]):
        return {}
    lines = tuple(
        (number, line)
        for number, line in enumerate(document.lines, start=1)
        if line.strip() and not _LEGEND.match(line) and not is_prompt(line)
    )
    first = _ROW.match(lines[0][1]) if lines else None
    told = _pairs(first["pairs"]) if first is not None else {}
    if "dst-address" in told and "distance" in told:
        return {"routes": _table(document, lines, _route, ROUTE_UNREAD)}
    if "address" in told and "published" in told:
        return {"neighbours": _table(document, lines, _neighbour, NEIGHBOUR_UNREAD)}
    return {}


def _table(
    document: Document,
    lines: Sequence[Numbered],
    row: Callable[[str, dict[str, str]], list[T] | None],
    unread: Text,
) -> Fact[tuple[T, ...]]:
    rows = []
    for number, line in lines:
        found = _ROW.match(line)
        told = None if found is None else row(found["flags"] or "", _pairs(found["pairs"]))
        rows.append((number, told))
    whole = not ends_within(document, lines)
    return table_fact(document, lines[0][0], rows, whole=whole, unread=unread)


def _pairs(text: str) -> dict[str, str]:
    return {key: value.strip() for key, value in _PAIR.findall(text)}


def _neighbour(flags: str, told: dict[str, str]) -> list[Neighbour] | None:
    if _NO_ENTRY & set(flags) or told.get("status") in _NOT_THERE:
        return []
    if "address" not in told:
        return None
    if "mac-address" not in told:
        return []
    if not told.get("interface"):
        return None
    return neighbour(told["address"], told["interface"], told["mac-address"])


def _route(flags: str, told: dict[str, str]) -> list[Route] | None:
    if "dst-address" not in told:
        return None
    if "A" not in flags:
        return []
    table = told.get("routing-table") or told.get("routing-mark") or MAIN
    distance = told.get("distance", "")
    try:
        destination = IPv4Network(told["dst-address"], strict=False)
        metric = int(distance[:4]) if distance.isdecimal() else 0
        hops = [_hop(gateway) for gateway in told.get("gateway", "").split(",") if gateway]
    except ValueError:
        return None
    if told.get("type") in _DROPS:
        hops = [(None, told["type"])]
    if not hops:
        return None
    return [Route(destination, via, out, metric, name(table)) for via, out in hops]


def _hop(gateway: str) -> tuple[IPv4Address | None, str | None]:
    """`10.0.0.1`, `10.0.0.1%ether1`, `10.0.0.1@main`, `ether1`."""
    at, _, through = gateway.partition("@")[0].partition("%")
    if not at[:1].isdigit():
        return None, name(at)
    return IPv4Address(at), name(through) or None
