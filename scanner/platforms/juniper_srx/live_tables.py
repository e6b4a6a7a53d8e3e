"""The answers to `show arp no-resolve` and `show route`.

Form: Juniper, "Junos OS CLI Reference", `show arp`, `show route`. Both tell of every routing
instance. Of the routes the active ones count (`*`, `+`); tables other than those of IP are left
out. A bridge interface stands before the port behind which a host is: `irb.10 [ge-0/0/1.0]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from rules.facts import Fact
from rules.network_facts import Neighbour, Prefix, Route
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

COMMANDS = ("show arp no-resolve | no-more", "show route | no-more")

_ARP = re.compile(r"MAC Address\s+Address\s+Interface\s+Flags\b")
_HOST = re.compile(
    r"(?P<mac>[0-9A-Fa-f:]{17})\s+(?P<address>\d[\d.]{6,14})\s+(?P<out>[\w/.:-]{2,40})"
    r"(?:\s+\[[^\]]{1,60}\])?\s+[a-z][\w ,-]{1,40}$"
)
_TOTAL = re.compile(r"Total entries: (\d{1,7})\s*$")
_OF_A_NODE = re.compile(r"node\d:\s*$|-{10,}\s*$|\{\w+:\w+\}\s*$|MAC Address\s+Address\s")

_TABLE = re.compile(
    r"(?:(?P<of>[\w-]{1,60})\.)?(?P<kind>\w{1,12})\.(?P<n>\d): \d{1,9} destinations, \d{1,9} "
    r"routes \((?P<active>\d{1,9}) active, \d{1,9} holddown, \d{1,9} hidden\)"
)
_LEGEND = re.compile(r"[+*] = |Restart |\{\w+:\w+\}\s*$|node\d:\s*$|-{10,}\s*$|\s+AS path: ")
_ENTRY = re.compile(r"(?P<network>[0-9A-Fa-f.:]{2,45}/\d{1,3})\s*(?P<rest>.{0,200})$")
_WAY_IN = re.compile(r"\s*(?P<mark>[*+-]?)\[(?P<by>[\w-]{1,20})/\d{1,10}(?:/\d{1,10})?\]")
_HOP = re.compile(
    r"\s+>?\s*to (?P<via>[0-9A-Fa-f.:]{2,45}) via (?P<out>[\w/.:-]{2,40})(?:,.*)?\s*$"
)
_OUT = re.compile(r"\s+>?\s*(?P<local>Local )?via (?P<out>[\w/.:-]{2,40})(?:,.*)?\s*$")
_OTHER_TABLE = re.compile(r"\s+>?\s*to table (?P<out>[\w.-]{2,60})\s*$")
_ENDS = re.compile(r"\s+(?P<out>Discard|Reject|Receive|MultiRecv)\s*$")


def live_tables(document: Document) -> dict[str, Fact[Any]]:
    """`neighbours` and `routes`, as far as the document shows their tables."""
    facts: dict[str, Fact[Any]] = {}
    if (arp := below(document, _ARP)) is not None:
        header, lines = arp
        hosts = ((number, _neighbour(line)) for number, line in lines)
        facts["neighbours"] = table_fact(
            document, header, hosts, whole=_has_all_hosts(lines), unread=NEIGHBOUR_UNREAD
        )
    if (table := below(document, _TABLE)) is not None:
        header, rest = table
        routes = _Routes()
        rows = list(routes.rows(((header, document.lines[header - 1]), *rest)))
        whole = routes.whole and not ends_within(document, rest)
        facts["routes"] = table_fact(document, header, rows, whole=whole, unread=ROUTE_UNREAD)
    return facts


def _has_all_hosts(lines: Sequence[Numbered]) -> bool:
    """The last line counts what stands above it; of a cluster each node has such a line."""
    totals = [int(m[1]) for _, line in lines if (m := _TOTAL.match(line))]
    ends = bool(lines) and (_TOTAL.match(lines[-1][1]) or _OF_A_NODE.match(lines[-1][1]))
    return bool(ends and totals) and sum(totals) == sum(1 for _, line in lines if _HOST.match(line))


def _neighbour(line: str) -> list[Neighbour] | None:
    if _TOTAL.match(line) or _OF_A_NODE.match(line):
        return []
    row = _HOST.match(line.rstrip())
    return None if row is None else neighbour(row["address"], row["out"], row["mac"])


@dataclass
class _Routes:
    """One pass over the tables."""

    table: str | None = None
    """None in a table that is left out."""
    counted: int = 0
    active: int = 0
    destination: Prefix | None = None
    used: bool = False
    """The hops that follow are those of an active route."""
    waits: bool = False
    """No hop of it was seen yet."""

    @property
    def whole(self) -> bool:
        return self.counted == self.active and self.counted > 0

    def rows(self, lines: Sequence[Numbered]) -> Iterator[tuple[int, list[Route] | None]]:
        for number, line in lines:
            if heading := _TABLE.match(line):
                self._open(heading)
            elif self.table is not None and not _LEGEND.match(line):
                yield number, self._row(line, self.table)

    def _open(self, heading: re.Match[str]) -> None:
        is_ip = heading["kind"] in {"inet", "inet6"} and heading["n"] == "0"
        self.table = name(heading["of"] or MAIN) if is_ip else None
        self.destination, self.used, self.waits = None, False, False
        self.counted += int(heading["active"]) if is_ip else 0

    def _row(self, line: str, table: str) -> list[Route] | None:
        entry = _ENTRY.match(line)
        if entry is not None:
            self.used = self.waits = False
            try:
                self.destination = ip_network(entry["network"], strict=False)
            except ValueError:
                return None
            if not entry["rest"].strip():
                return []
            line = f" {entry['rest']}"
        if self.destination is None:
            return None
        if way_in := _WAY_IN.match(line):
            self.used = self.waits = way_in["mark"] in {"*", "+"}
            return []
        return self._hop(line, self.destination, table)

    def _hop(self, line: str, destination: Prefix, table: str) -> list[Route] | None:
        patterns = (_HOP, _OUT, _OTHER_TABLE, _ENDS)
        row = next((found for one in patterns if (found := one.match(line))), None)
        if row is None:
            return None
        groups = row.groupdict()
        self.active += self.waits
        self.waits = False
        if not self.used or groups.get("local"):
            return []
        try:
            via = ip_address(groups["via"]) if groups.get("via") else None
        except ValueError:
            return None
        out = row["out"] if row.re is not _OTHER_TABLE else f"next-table {row['out']}"
        return [Route(destination, via, name(out), 0, table)]
