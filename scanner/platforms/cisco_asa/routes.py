"""Connected and static routes of an ASA.

An interface that is for management only has a table of its own since 9.5, which no packet that
goes through the box is sent by (Cisco, "ASA General Operations CLI Configuration Guide", Routing
Overview).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network

from rules.network_facts import Address, Prefix, Route
from scanner.evidence import printable
from scanner.platforms.cisco_asa.configuration import Configuration
from scanner.platforms.cisco_asa.interfaces import Interfaces
from scanner.platforms.netconfig.connected import MAIN, connected, parent
from scanner.platforms.netconfig.indented import Line

_OPTIONS = re.compile(r"(?:[0-9]{1,3})?(?: ?(?:track [0-9]{1,4}|tunneled))?")
"""What may stand behind the next hop."""


SEPARATE_SINCE = (9, 5)
MANAGEMENT = "management-only"


def routes(
    configuration: Configuration, interfaces: Interfaces
) -> tuple[tuple[Route, ...], list[int]]:
    """Routes in their order, and the lines they stand on; none where no static one is shown."""
    static, lines = _static(configuration)
    if not static:
        return (), []
    direct = list(_connected(interfaces))
    apart = frozenset(
        port.name for port in interfaces.named if port.management_only and _is_apart(configuration)
    )
    found = (*(route for route, _ in direct), *static)
    told = tuple(replace(r, table=MANAGEMENT if r.interface in apart else MAIN) for r in found)
    return told, [*lines, *(line for _, line in direct)]


def learning(configuration: Configuration) -> Line | None:
    """A routing protocol: the routes that it learns are not in the configuration."""
    lines = configuration.of("router")
    return next((line for line in lines if line.words[1:2] and line.words[1] in _DYNAMIC), None)


_DYNAMIC = frozenset({"bgp", "eigrp", "isis", "ospf", "rip"})


def _is_apart(configuration: Configuration) -> bool:
    return configuration.release is None or configuration.release >= SEPARATE_SINCE


def _connected(interfaces: Interfaces) -> Iterator[tuple[Route, int]]:
    """Those of interfaces with a name; one without takes no part in forwarding."""
    shut = {port.physical for port in interfaces.ports if port.shut}
    for port, one in zip(interfaces.ports, interfaces.facts(), strict=True):
        if port.name and parent(port.physical) not in shut:
            yield from ((route, port.line) for route in connected(one))


def _static(configuration: Configuration) -> tuple[tuple[Route, ...], list[int]]:
    """Static routes in their order, and the lines they stand on."""
    found, lines = [], []
    told: set[Route] = set()
    for line in (*configuration.of("route"), *configuration.of("ipv6", "route")):
        route = _route([configuration.names.get(word, word) for word in line.words])
        if route is None:
            configuration.doubt(line, "a route that is not understood", matters=False)
            configuration.left_open.note(line.number, ("routes",))
            continue
        configuration.read.add(line.number)
        if route not in told:
            told.add(route)
            found.append(route)
            lines.append(line.number)
    return tuple(found), lines


def _route(words: list[str]) -> Route | None:
    """`route inside N M G [metric]`, `ipv6 route inside P G`."""
    version_6 = words[0] == "ipv6"
    interface, rest = (words[2:3], words[3:]) if version_6 else (words[1:2], words[2:])
    prefix = rest[0] if version_6 and rest else "/".join(rest[:2])
    at = 1 if version_6 else 2
    try:
        destination: Prefix = ip_network(prefix, strict=False)
        via: Address | None = ip_address(rest[at]) if len(rest) > at else None
    except ValueError:
        return None
    options = " ".join(rest[at + 1 :])
    name = printable(interface[0], 80) if interface else None
    is_whole = via is not None or (name or "").lower() == "null0"
    if not is_whole or not _OPTIONS.fullmatch(options):
        return None
    metric = int(rest[at + 1]) if options[:1].isdigit() else 1
    if via is not None and int(via) == 0:
        via = None
    return Route(destination, via, name, min(metric, 255))
