"""The allowlist: which sources, services and administrators it names."""

from __future__ import annotations

from ipaddress import ip_network

from inventory.model import AllowedService, Device, Inventory, Prefix, Zone
from rules.facts import PortScan
from rules.packets.boxes import ANY_PORT, Box, Interval, intervals_without, span
from rules.packets.fields import PROTOCOLS

EVERYWHERE = 0
"""Length of a prefix that holds every address."""


def prefixes_named(name: str, inventory: Inventory) -> tuple[Prefix, ...]:
    """What a zone id, a device id or a prefix of the allowlist stands for; empty when nothing."""
    for zone in inventory.zones:
        if zone.id == name:
            return zone.prefixes
    for device in inventory.devices:
        if device.id == name:
            return (ip_network(device.address),)
    try:
        return (ip_network(name, strict=False),)
    except ValueError:
        return ()


def sources_of(service: AllowedService, inventory: Inventory) -> list[Interval]:
    """The addresses from which the service may be used."""
    return [span(p) for name in service.sources for p in prefixes_named(name, inventory)]


def destinations_of(service: AllowedService, inventory: Inventory) -> list[Interval]:
    """The addresses at which the service may be reached."""
    return [span(p) for name in service.destinations for p in prefixes_named(name, inventory)]


def ports_of(service: AllowedService) -> list[Interval]:
    """The ports of the service; every port for icmp."""
    found = []
    for part in service.ports:
        first, _, last = part.partition("-")
        found.append((int(first), int(last or first)))
    return found or [ANY_PORT]


def service_boxes(inventory: Inventory) -> list[Box]:
    """All packets that the services of the allowlist may open connections with."""
    return [
        (source, destination, (number, number), port)
        for service in inventory.allowlist.services
        for number in [PROTOCOLS[service.protocol]]
        for source in sources_of(service, inventory)
        for destination in destinations_of(service, inventory)
        for port in ports_of(service)
    ]


def listed_sources(zone: Zone, inventory: Inventory) -> list[Interval]:
    """Every address that the allowlist lets connect into the zone, for whatever service."""
    inside = [span(prefix) for prefix in zone.prefixes]
    found = [span(prefix) for prefix in inventory.allowlist.management]
    for service in inventory.allowlist.services:
        if any(_meet(a, b) for a in destinations_of(service, inventory) for b in inside):
            found.extend(sources_of(service, inventory))
    return found


def _meet(one: Interval, other: Interval) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def standpoint(scan: PortScan, inventory: Inventory) -> list[Interval]:
    """The addresses a probe came from: the vantage point's own, else its whole zone.

    The scanner's own host has those of the approval that lie in its zone.
    """
    zone = [span(p) for one in inventory.zones if one.id == scan.zone for p in one.prefixes]
    for point in inventory.vantage_points:
        if point.id == scan.vantage and point.address is not None:
            return [span(point.address)]
        if point.id == scan.vantage and point.via == "local" and inventory.approval is not None:
            approved = [span(address) for address in inventory.approval.source_addresses]
            return [one for one in approved if any(_meet(one, part) for part in zone)] or zone
    return zone


def may_administer(sources: list[Interval], inventory: Inventory) -> bool:
    """All the addresses are on the management list."""
    management = [span(prefix) for prefix in inventory.allowlist.management]
    return bool(sources) and not intervals_without(sources, management)


def is_listed(scan: PortScan, device: Device, port: int, inventory: Inventory) -> bool:
    """The allowlist lets the place of the probe reach the port of the device."""
    sources = standpoint(scan, inventory)
    if may_administer(sources, inventory):
        return True
    wanted = PROTOCOLS[scan.protocol]
    target = span(device.address)
    admitted = [
        source
        for source, destination, protocol, ports in service_boxes(inventory)
        if protocol[0] <= wanted <= protocol[1]
        and ports[0] <= port <= ports[1]
        and _meet(destination, target)
    ]
    return bool(sources) and not intervals_without(sources, admitted)


def is_specific(prefix: Prefix) -> bool:
    """The prefix is a restriction: it does not hold every address."""
    return prefix.prefixlen > EVERYWHERE
