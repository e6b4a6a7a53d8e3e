"""Routes that a configuration tells: connected and static ones."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from rules.network_facts import Address, Prefix, Route
from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.cisco_ios.interfaces import Port
from scanner.platforms.netconfig.indented import Line

MAIN = "main"
DYNAMIC = frozenset({"bgp", "eigrp", "isis", "ospf", "ospfv3", "rip", "odr", "lisp"})


def dynamic(config: Configuration) -> Line | None:
    """A routing protocol: routes that it learns are not in the configuration."""
    for line in config.starting("router"):
        if len(line.words) > 1 and line.words[1] in DYNAMIC:
            return line
    return None


def routes(config: Configuration, ports: dict[str, Port]) -> list[tuple[Route, int]]:
    """The routes with the lines that give them; those of interfaces that are shut down are not."""
    found: list[tuple[Route, int]] = []
    for port in ports.values():
        if port.shut:
            continue
        for address in port.addresses:
            route = Route(address.network, None, port.name, 0, port.vrf or MAIN)
            found.append((route, port.header.number))
    for line in config.top:
        words = line.words
        if words[:2] == ["ip", "route"]:
            route_read = _static(words[2:], 4)
        elif words[:2] == ["ipv6", "route"]:
            route_read = _static(words[2:], 6)
        else:
            continue
        if route_read is None:
            config.doubt(line, "static route not understood", matters=False)
        else:
            config.use(line)
            found.append((route_read, line.number))
    return found


def _static(words: list[str], version: int) -> Route | None:
    """`[vrf X] destination mask [interface] [next hop] [distance] ...`."""
    table = MAIN
    if words[:1] == ["vrf"] and len(words) > 2:
        table, words = words[1], words[2:]
    destination = _destination(words, version)
    if destination is None:
        return None
    words = words[2:] if version == 4 else words[1:]
    interface, via, metric = None, None, 1
    if words and _address(words[0]) is None:
        interface, words = words[0], words[1:]
    if words and (at := _address(words[0])) is not None:
        via, words = at, words[1:]
    if interface is None and via is None:
        return None
    if words and words[0].isascii() and words[0].isdigit() and len(words[0]) <= 3:
        metric = int(words[0])
    return Route(destination, via, interface, metric, table)


def _destination(words: list[str], version: int) -> Prefix | None:
    try:
        if version == 6:
            return IPv6Network(words[0], strict=False)
        return IPv4Network(f"{IPv4Address(words[0])}/{IPv4Address(words[1])}", strict=False)
    except (ValueError, IndexError):
        return None


def _address(word: str) -> Address | None:
    try:
        return IPv6Address(word) if ":" in word else IPv4Address(word)
    except ValueError:
        return None
