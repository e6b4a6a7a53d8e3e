"""The answer to `show ip route vrf *`: the routes in use, also those that were learnt.

Form: Cisco, "IP Routing: Protocol-Independent Command Reference", `show ip route`. A network whose
mask stands in the line above (`is subnetted`) takes it from there. Further next hops of a route
stand in lines of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Route
from scanner.evidence import Document
from scanner.platforms.cisco_ios.routes import MAIN

COMMAND = "show ip route"
CITED_MAX = 40

_LEGEND = re.compile(r"^Codes: .{0,40}\bconnected\b")
_TABLE = re.compile(r"^Routing Table: (\S{1,64})\s*$")
_SUBNETS = re.compile(r"^ +(\d[\d.]{6,14})/(\d{1,2}) is (variably )?subnetted,")
_ENTRY = re.compile(
    r"^[A-Za-z][A-Za-z0-9 *%+&]{0,8} +(?P<network>\d[\d.]{6,14})(?:/(?P<length>\d{1,2}))?"
    r"(?: \[\d{1,3}/(?P<metric>\d{1,10})\])?(?P<rest> .{0,200})?$"
)
_NEXT = re.compile(r"^ +\[\d{1,3}/(?P<metric>\d{1,10})\](?P<rest> via .{1,200})$")
_VIA = re.compile(r"\bvia (\d[\d.]{6,14})\b")
_OUT = re.compile(r"(?:, |directly connected, )([A-Z][A-Za-z-]{1,30}\d[\d/.:]{0,16})\s*$")


@dataclass
class _Place:
    """Where in the answer a line stands."""

    table: str = MAIN
    length: int | None = None
    destination: IPv4Network | None = None


def route_facts(document: Document) -> dict[str, Fact[Any]]:
    """The routes of all tables; {} for any other text."""
    lines = document.lines[:-1]  # what stands behind the last line end may be half a line
    if not any(_LEGEND.match(line) for line in lines[:20]):
        return {}
    place = _Place()
    found: list[Route] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, start=1):
        if table := _TABLE.match(line):
            place = _Place(table[1])
            continue
        if _LEGEND.match(line) and place.destination is not None:
            place = _Place()  # the global table has no heading
        if subnets := _SUBNETS.match(line):
            place.length = None if subnets[3] else int(subnets[2])
            continue
        if " via " not in line and " is directly connected, " not in line:
            continue
        entry = _ENTRY.match(line)
        route = _further(line, place) if entry is None else _route(entry, place)
        if route is None:
            return {"routes": Unknown(_NOT_READ, (document.cite(number),))}
        found.append(route)
        numbers.append(number)
    if not found:
        return {}
    cited = tuple(document.cite(number) for number in numbers[:CITED_MAX])
    return {"routes": Known(tuple(dict.fromkeys(found)), cited)}


def _route(entry: re.Match[str], place: _Place) -> Route | None:
    length = int(entry["length"]) if entry["length"] else place.length
    try:
        place.destination = IPv4Network(f"{entry['network']}/{length}", strict=False)
    except ValueError:
        return None
    return _made(place, entry["rest"] or "", entry["metric"])


def _further(line: str, place: _Place) -> Route | None:
    """One more next hop of the route above."""
    more = _NEXT.match(line)
    return _made(place, more["rest"], more["metric"]) if more is not None else None


def _made(place: _Place, rest: str, metric: str | None) -> Route | None:
    via, out = _VIA.search(rest), _OUT.search(rest)
    if place.destination is None or (via is None and out is None):
        return None
    try:
        at = IPv4Address(via[1]) if via else None
    except ValueError:
        return None
    return Route(place.destination, at, out[1] if out else None, int(metric or 0), place.table)


_NOT_READ = Text(
    vi="không hiểu một dòng của bảng định tuyến",
    en="a line of the routing table is not understood",
)
