"""Connected and static routes, and VPN instances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from rules.network_facts import Address, Prefix, Route
from scanner.evidence import printable
from scanner.platforms.huawei_vrp.configuration import Configuration
from scanner.platforms.huawei_vrp.interfaces import Interfaces
from scanner.platforms.netconfig.connected import connected, parent
from scanner.platforms.netconfig.indented import Line

_NAME = re.compile(r"[\w-]{1,40}[\d/.:]{0,20}")
"""Names of interfaces and of VPN instances."""
_FREE = frozenset({"description", "track", "bfd"})
_OPTIONS = _FREE | {"preference", "tag", "permanent", "inherit-cost", "no-advertise", "no-install"}
_BEFORE_A_HOP = frozenset({"vpn-instance", "public"})
METRIC = 60
"""Preference of a static route that says none."""


def routes(
    configuration: Configuration, interfaces: Interfaces
) -> tuple[tuple[Route, ...], list[Line]]:
    """Routes in their order, and the lines they stand on; none where no static one is shown."""
    static, lines = _static(configuration)
    if not static:
        return (), []
    for words in (("ip", "address"), ("ipv6", "address")):
        for line in configuration.of(*words):  # the interface that it belongs to is lost
            configuration.left_open.note(line.number, ("routes",))
    direct = list(_connected(interfaces))
    return (*(r for r, _ in direct), *static), [*lines, *(line for _, line in direct)]


def learning(configuration: Configuration) -> Line | None:
    """A routing protocol: the routes that it learns are not in the configuration."""
    return next((line for word in _DYNAMIC for line in configuration.of(word)), None)


_DYNAMIC = ("bgp", "isis", "ospf", "ospfv3", "rip", "ripng")


def _connected(interfaces: Interfaces) -> Iterator[tuple[Route, Line]]:
    shut = {port.name for port in interfaces.ports if port.shut}
    for port, one in zip(interfaces.ports, interfaces.facts(), strict=True):
        if parent(port.name) not in shut:
            yield from ((route, port.line) for route in connected(one))


def _static(configuration: Configuration) -> tuple[tuple[Route, ...], list[Line]]:
    """Static routes in their order, and the lines they stand on."""
    found, lines = [], []
    told: set[Route] = set()
    for line in (
        *configuration.of("ip", "route-static"),
        *configuration.of("ipv6", "route-static"),
    ):
        route = _route(line.words[2:])
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
    """`[vpn-instance X] N M [interface] [vpn-instance Y] [next hop] [preference 60] ...`."""
    table = "main"
    if words[:1] == ["vpn-instance"] and len(words) > 1:
        table, words = printable(words[1], 80), words[2:]
    if len(words) < 3:
        return None
    try:
        destination: Prefix = ip_network(f"{words[0]}/{words[1]}", strict=False)
    except ValueError:
        return None
    interface: str | None = None
    via: Address | None = None
    for at, word in enumerate(words[2:], start=2):
        if word in _OPTIONS:
            break
        try:
            via = ip_address(word)
            if not _are_options(words[at + 1 :]):
                return None
            break
        except ValueError:
            if word not in _BEFORE_A_HOP and not _NAME.fullmatch(word):
                return None
            interface = printable(word, 80) if interface is None else interface
    if interface is None and via is None:
        return None
    said = words[words.index("preference") + 1 :][:1] if "preference" in words else []
    metric = int(said[0][:4]) if said and said[0].isdecimal() else METRIC
    return Route(destination, via, interface, metric, table)


def _are_options(words: list[str]) -> bool:
    """What stands behind the next hop; a description goes to the end of the line."""
    if not words:
        return True
    return words[0] in _OPTIONS and (
        words[0] in _FREE or all(w in _OPTIONS or w.isdecimal() for w in words)
    )


def instances(configuration: Configuration) -> tuple[tuple[str, ...], list[Line]]:
    """VPN instances by name."""
    lines = [line for line in configuration.of("ip", "vpn-instance") if len(line.words) == 3]
    for line in lines:
        configuration.read.update(one.number for one in line.all())
    return tuple(dict.fromkeys(printable(line.words[2], 80) for line in lines)), lines


def vlans(configuration: Configuration) -> tuple[tuple[int, ...], list[Line]]:
    """`vlan batch 10 20 to 30`, `vlan 40`."""
    found: set[int] = set()
    lines = []
    for line in configuration.of("vlan"):
        words = line.words[2:] if line.words[1:2] == ["batch"] else line.words[1:2]
        numbers = _numbers(words)
        if numbers:
            configuration.read.add(line.number)
            found |= numbers
            lines.append(line)
    return tuple(sorted(found)), lines


def _numbers(words: list[str]) -> set[int]:
    found: set[int] = set()
    first: int | None = None
    ranged = False
    for word in words:
        if word == "to":
            ranged = True
            continue
        if not word.isdecimal() or not 0 < int(word[:6]) < 4095:
            return set()
        if ranged and first is not None:
            found |= set(range(first, int(word) + 1))
        found.add(int(word))
        first, ranged = int(word), False
    return found
