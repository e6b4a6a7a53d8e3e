"""Static routes of an ASA."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from rules.network_facts import Address, Prefix, Route
from scanner.evidence import printable
from scanner.platforms.cisco_asa.configuration import Configuration
from scanner.platforms.netconfig.indented import Line

_OPTIONS = re.compile(r"(?:[0-9]{1,3})?(?: ?(?:track [0-9]{1,4}|tunneled))?")
"""What may stand behind the next hop."""


def routes(configuration: Configuration) -> tuple[tuple[Route, ...], list[Line]]:
    """Routes in their order, and the lines they stand on."""
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
            lines.append(line)
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
