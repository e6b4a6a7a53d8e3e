"""Tables that a device shows while it runs: who stands beside it, and the routes in use.

A family finds the lines of such a table and reads each; here the lines become facts, and the facts
are laid over those of the configuration. A line that is not understood, or a table that may go on
behind the end of the document, leaves the fact Unknown: a host that was not seen is no host that is
not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any, TypeAlias, TypeVar

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import Interface, Neighbour, Route
from scanner.evidence import Document, printable
from scanner.platforms.model import Reading
from scanner.platforms.netconfig.connected import MAIN
from scanner.platforms.several_documents import together

T = TypeVar("T")
Numbered: TypeAlias = tuple[int, str]
"""A line with its number, which begins at 1."""
CITED_MAX = 1000

_PROMPT = re.compile(
    r"(?:[<\[][\w.@/~-]{1,80}[>\]]|[\w.@/~-]{1,80} ?(?:\([\w.-]{1,60}\) ?)?[#>$])(?:\s.*)?"
)
_DOTTED = re.compile(r"[0-9A-Fa-f]{4}([.-])[0-9A-Fa-f]{4}\1[0-9A-Fa-f]{4}")
_COLONS = re.compile(r"[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}")


def hardware_address(text: str) -> str | None:
    """`aa:bb:cc:dd:ee:ff` for any usual way to write it; None for what is no such address."""
    if _DOTTED.fullmatch(text):
        digits = re.sub(r"[.-]", "", text).lower()
        return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
    if _COLONS.fullmatch(text):
        return ":".join(part.zfill(2) for part in text.lower().split(":"))
    return None


def neighbour(address: str, interface: str, mac: str) -> list[Neighbour] | None:
    """The entry of a table of ARP; None where an address in it is none."""
    hardware = hardware_address(mac)
    if hardware is None:
        return None
    try:
        return [Neighbour(IPv4Address(address), name(interface), hardware)]
    except ValueError:
        return None


def is_prompt(line: str) -> bool:
    """The device waits for the next command here, or got it."""
    return _PROMPT.fullmatch(line.rstrip()) is not None


def below(document: Document, header: re.Pattern[str]) -> tuple[int, tuple[Numbered, ...]] | None:
    """The number of the line that is the header, and the lines below it up to the next prompt.

    None where no line is the header. Blank lines are left out.
    """
    lines = document.lines
    at = next((n for n, line in enumerate(lines) if header.match(line)), None)
    if at is None:
        return None
    found = []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        if is_prompt(line):
            break
        if line.strip():
            found.append((number, line))
    return at + 1, tuple(found)


def ends_within(document: Document, rows: Sequence[Numbered]) -> bool:
    """The last line of the document is one of the rows and has no end, so that it may be half."""
    return bool(rows) and rows[-1][0] == len(document.lines)


def table_fact(
    document: Document,
    header: int,
    rows: Iterable[tuple[int, Sequence[T] | None]],
    *,
    whole: bool,
    unread: Text,
) -> Fact[tuple[T, ...]]:
    """Everything that the rows tell, in their order, each once; None is a row not understood."""
    found: list[T] = []
    numbers = []
    for number, told in rows:
        if told is None:
            return Unknown(unread, (document.cite(number),))
        found += told
        numbers += [number] if told else []
    if not whole:
        return Unknown(CUT_OFF, (document.cite(numbers[-1] if numbers else header),))
    cited = tuple(document.cite(number) for number in numbers[:CITED_MAX])
    return Known(tuple(dict.fromkeys(found)), cited or (document.cite(header),))


def with_tables(
    reading: Reading,
    documents: Sequence[Document],
    tell: Callable[[Document], dict[str, Fact[Any]]],
) -> Reading:
    """The reading with the tables that the documents show.

    Of the configured routes those stay of which no table was shown: of another version of IP, or of
    another table than the main one where only that was shown.
    """
    told: dict[str, Fact[Any]] = {}
    for document in documents:
        for name, fact in document.once(tell).items():
            told[name] = together(name, told.get(name), fact)
    if not told:
        return reading
    facts = dict(reading.facts)
    if "neighbours" in told:
        facts["neighbours"] = _without_ipv6(told["neighbours"], facts)
    if "routes" in told:
        facts["routes"] = _beside(told["routes"], facts)
    return replace(reading, facts=facts)


def _interfaces(facts: Mapping[str, Fact[Any]]) -> Iterator[Interface]:
    known = facts.get("interfaces")
    if isinstance(known, Known):
        yield from known.value


def _speaks_ipv6(facts: Mapping[str, Fact[Any]]) -> bool:
    return any(a.version == 6 for one in _interfaces(facts) for a in one.addresses)


def _without_ipv6(
    neighbours: Fact[tuple[Neighbour, ...]], facts: Mapping[str, Fact[Any]]
) -> Fact[tuple[Neighbour, ...]]:
    """The table of ARP says nothing of hosts that speak IPv6 only."""
    if isinstance(neighbours, Known) and _speaks_ipv6(facts):
        return Unknown(_IPV4_ONLY, neighbours.citations[:1])
    return neighbours


def _beside(
    shown: Fact[tuple[Route, ...]], facts: Mapping[str, Fact[Any]]
) -> Fact[tuple[Route, ...]]:
    configured = facts.get("routes")
    if isinstance(shown, Unknown) or configured is None:
        return shown
    tables = {route.table for route in shown.value} | {MAIN}
    versions = {route.destination.version for route in shown.value} | {4}
    if isinstance(configured, Unknown):
        parts = any(one.vrf is not None and one.vrf not in tables for one in _interfaces(facts))
        return configured if parts or (_speaks_ipv6(facts) and 6 not in versions) else shown
    kept = tuple(
        route
        for route in configured.value
        if route.table not in tables or route.destination.version not in versions
    )
    if not kept:
        return shown
    return Known((*shown.value, *kept), (*shown.citations, *configured.citations))


def name(text: str) -> str:
    """The name of an interface or of a table, as it may be shown."""
    return printable(text, 80)


NEIGHBOUR_UNREAD = Text(
    vi="không hiểu một dòng của bảng ARP",
    en="a line of the ARP table is not understood",
)
ROUTE_UNREAD = Text(
    vi="không hiểu một dòng của bảng định tuyến",
    en="a line of the routing table is not understood",
)
CUT_OFF = Text(
    vi="bảng do thiết bị hiển thị bị cắt dở; hãy lấy lại toàn bộ trả lời của lệnh",
    en="the table that the device shows breaks off; take the whole answer again",
)
_IPV4_ONLY = Text(
    vi="thiết bị còn dùng IPv6, mà bảng ARP không cho biết các máy chỉ dùng IPv6; hãy đối chiếu "
    "bảng láng giềng IPv6 trên thiết bị",
    en="the device also speaks IPv6, and the ARP table says nothing of hosts that speak only that; "
    "look at the table of IPv6 neighbours on the device",
)
