"""The answers to `show arp` and `show route` of an ASA.

Form: Cisco, "ASA Series Command Reference", `show arp`, `show route`. Interfaces go by their
`nameif`. The table of ARP has no header: it is one where every line is an entry. A default route
marked `tunneled` holds for decrypted packets only and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from rules.facts import Fact
from rules.network_facts import Neighbour, Route
from scanner.evidence import Document
from scanner.platforms.netconfig.live_tables import (
    NEIGHBOUR_UNREAD,
    ROUTE_UNREAD,
    Numbered,
    below,
    ends_within,
    is_prompt,
    name,
    neighbour,
    table_fact,
)

COMMANDS = ("show arp", "show route")

_HOST = re.compile(
    r"\s*(?P<out>[\w.@/+-]{1,48}) (?P<address>\d[\d.]{6,14}) "
    r"(?P<mac>(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}) (?:\d{1,8}|-|alias)(?: alias)?\s*$"
)
BEGINS_WITHIN = 20
"""Lines; what begins later belongs to a document of another kind."""
_ANYTHING = re.compile(r"\s*[\w.@/+-]{1,48} \d[\d.]{6,14} (?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4} ")

_LEGEND = re.compile(r"Codes: .{0,40}\bC - connected\b")
_EXPLAINS = re.compile(r"\s+(?:[A-Za-z*+]\w?) - ")
_PLAIN = re.compile(r"Gateway of last resort is |Routing Table: |\s*$")
_ENTRY = re.compile(
    r"[A-Z](?:[A-Za-z0-9* ]{0,6}?)\s+(?P<network>[\w.-]{1,63}) (?P<mask>\d[\d.]{6,14})"
    r"(?P<rest> .{0,200})?$"
)
_FURTHER = re.compile(r"\s+(?P<rest>(?:\[|connected |is ).{2,200})$")
_DISTANCE = r"(?:\[(?P<distance>\d{1,3})/\d{1,10}\] )?"
_AGE = r"(?:, (?:[\d:]{4,8}|(?:\d{1,3}[ywdhm])+))?"
_OUT = r"(?P<out>[\w.@/+-]{1,48})"
_WAYS = tuple(
    re.compile(_DISTANCE + way + r"\s*")
    for way in (
        rf"via (?P<via>[\d.]+){_AGE}, {_OUT}(?P<tunneled> tunneled)?",
        rf"is directly connected, {_OUT}",
        rf"is a summary{_AGE}, {_OUT}",
        rf"connected by VPN \(advertised\), {_OUT}",
    )
)


def live_tables(document: Document) -> dict[str, Fact[Any]]:
    """`neighbours` and `routes`, as far as the document shows their tables."""
    if rows := _arp_rows(document):
        hosts = ((number, _neighbour(line)) for number, line in rows)
        whole = not ends_within(document, rows)
        return {
            "neighbours": table_fact(
                document, rows[0][0], hosts, whole=whole, unread=NEIGHBOUR_UNREAD
            )
        }
    found = below(document, _LEGEND)
    if found is None:
        return {}
    header, lines = found
    if not any(_ENTRY.match(line) for _, line in lines):
        return {}  # the router's table of another family, or none
    whole = not ends_within(document, lines)
    return {
        "routes": table_fact(document, header, _routes(lines), whole=whole, unread=ROUTE_UNREAD)
    }


def _arp_rows(document: Document) -> list[Numbered]:
    """The entries; none where the document is another answer."""
    if not any(_ANYTHING.match(line) for line in document.lines[:BEGINS_WITHIN]):
        return []
    rows = [
        (number, line)
        for number, line in enumerate(document.lines, start=1)
        if line.strip() and not is_prompt(line)
    ]
    asked = document.source == COMMANDS[0]
    return rows if asked or all(_ANYTHING.match(line) for _, line in rows) else []


def _neighbour(line: str) -> list[Neighbour] | None:
    row = _HOST.match(line)
    return None if row is None else neighbour(row["address"], row["out"], row["mac"])


def _routes(lines: Sequence[Numbered]) -> Iterator[tuple[int, list[Route] | None]]:
    destination: IPv4Network | None = None
    begun = waits = False
    last = 0
    for number, line in lines:
        entry, further = _ENTRY.match(line), _FURTHER.match(line)
        if not begun and entry is None and (_EXPLAINS.match(line) or _PLAIN.match(line)):
            continue
        if _PLAIN.match(line):
            continue
        begun, last = True, number
        if entry is not None:
            destination = _network(entry)
            rest = (entry["rest"] or "").strip()
        else:
            rest = further["rest"] if further is not None else "?"
        waits = entry is not None and not rest
        if destination is None:
            yield number, None
        elif not waits:
            yield number, _route(destination, rest)
    if waits:
        yield last, None


def _network(entry: re.Match[str]) -> IPv4Network | None:
    """None for a name in the place of an address (`names`), too."""
    try:
        return IPv4Network(f"{entry['network']}/{entry['mask']}", strict=False)
    except ValueError:
        return None


def _route(destination: IPv4Network, way: str) -> list[Route] | None:
    row = next((found for pattern in _WAYS if (found := pattern.fullmatch(way))), None)
    if row is None:
        return None
    groups = row.groupdict()
    if groups.get("tunneled"):
        return []
    try:
        via = IPv4Address(groups["via"]) if groups.get("via") else None
    except ValueError:
        return None
    return [Route(destination, via, name(row["out"]), int(row["distance"] or 0))]
