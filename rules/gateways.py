"""How zones hang on a gateway: which zone lies behind which of its interfaces."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Inventory, Zone
from rules.facts import Facts, Known
from rules.network_facts import Interface, Route
from rules.packets.boxes import ANY_V4, Interval, intervals_without, span
from rules.routing import best_routes


def attached(
    gateway: str, inventory: Inventory, network: Mapping[str, Facts]
) -> dict[str, tuple[Zone, ...]]:
    """Zones on each interface of the gateway, as declared and as its own addresses show."""
    found: dict[str, list[Zone]] = {}
    for zone in inventory.zones:
        if zone.gateway == gateway and zone.interface is not None:
            found.setdefault(zone.interface, []).append(zone)
    interfaces = network[gateway]["interfaces"] if gateway in network else None
    if isinstance(interfaces, Known):
        for interface in interfaces.value:
            for zone in zones_on(interface, inventory):
                if zone not in found.setdefault(interface.name, []):
                    found[interface.name].append(zone)
    return {name: tuple(zones) for name, zones in found.items() if zones}


def zones_on(interface: Interface, inventory: Inventory) -> tuple[Zone, ...]:
    """The zones that the addresses of an interface belong to, or whose prefixes they cover."""
    return tuple(
        zone
        for zone in inventory.zones
        if any(
            address.network.overlaps(prefix)
            for address in interface.addresses
            for prefix in zone.prefixes
            if address.version == prefix.version and address.network.prefixlen > 0
        )
    )


def interfaces_towards(
    gateway: str, zone: Zone, inventory: Inventory, network: Mapping[str, Facts]
) -> tuple[str, ...]:
    """The interfaces of the gateway behind which the zone lies; empty when that is not known.

    A zone that is not attached itself is found by the gateway's routes; where these are unknown it
    is looked for behind the interfaces to the data network.
    """
    near = attached(gateway, inventory, network)
    direct = tuple(name for name, zones in near.items() if zone in zones)
    if direct:
        return direct
    routes = network[gateway]["routes"] if gateway in network else None
    if isinstance(routes, Known):
        return _by_route(routes.value, zone, near)
    return tuple(name for name, zones in near.items() if any(z.kind == "tslcd" for z in zones))


def _by_route(
    routes: tuple[Route, ...], zone: Zone, near: dict[str, tuple[Zone, ...]]
) -> tuple[str, ...]:
    names: list[str] = []
    for prefix in zone.prefixes:
        for route in best_routes(routes, prefix.network_address):
            if route.interface is not None:
                names.append(route.interface)
            elif route.via is not None:
                names.extend(name for name, zones in near.items() if _holds(zones, route))
    return tuple(dict.fromkeys(names))


def _holds(zones: tuple[Zone, ...], route: Route) -> bool:
    return any(
        route.via in prefix
        for zone in zones
        for prefix in zone.prefixes
        if route.via is not None and route.via.version == prefix.version
    )


def addresses_of(zone: Zone, inventory: Inventory) -> tuple[Interval, ...]:
    """The addresses that packets from the zone carry, and those that lie in it.

    Outside is everything that belongs to no other zone, whatever prefix is declared.
    """
    if zone.kind != "outside":
        return tuple(span(prefix) for prefix in zone.prefixes)
    inside = [span(p) for z in inventory.zones if z.kind != "outside" for p in z.prefixes]
    declared = [span(prefix) for prefix in zone.prefixes if prefix.version == 6]
    return tuple(intervals_without([ANY_V4, *declared], inside))
