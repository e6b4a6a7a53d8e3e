"""How zones hang on a gateway: which zone lies behind which of its interfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from inventory.model import Inventory, Zone, zones_by_prefix
from inventory.remembered import Remembered
from rules.facts import Facts, Known
from rules.network_facts import Interface, Route
from rules.packets.boxes import ANY_V4, Interval, span
from rules.packets.sets import numbers, without
from rules.routing import best_routes

T = TypeVar("T")


class _Learned:
    """What was worked out about the gateways of one inventory, as long as it lives."""

    def __init__(self, _: Inventory) -> None:
        self._kept: dict[tuple[object, ...], tuple[object, ...]] = {}

    def __call__(self, about: tuple[object, ...], work_out: Callable[[], T]) -> T:
        """The same answer for the same objects; they are kept, so that an id stays its own."""
        key = tuple(one if isinstance(one, str) else id(one) for one in about)
        if key not in self._kept:
            self._kept[key] = (work_out(), about)
        return self._kept[key][0]  # type: ignore[return-value]


learned = Remembered(_Learned)


def _known(gateway: str, fact: str, network: Mapping[str, Facts]) -> Known[Any] | None:
    found = network[gateway][fact] if gateway in network else None
    return found if isinstance(found, Known) else None


def attached(
    gateway: str, inventory: Inventory, network: Mapping[str, Facts]
) -> Mapping[str, tuple[Zone, ...]]:
    """Zones on each interface of the gateway, as declared and as its own addresses show."""
    interfaces = _known(gateway, "interfaces", network)
    return learned(inventory)(
        ("attached", gateway, interfaces), lambda: _attached(gateway, inventory, interfaces)
    )


def _attached(
    gateway: str, inventory: Inventory, interfaces: Known[tuple[Interface, ...]] | None
) -> Mapping[str, tuple[Zone, ...]]:
    found: dict[str, dict[str, Zone]] = {}
    for zone in inventory.zones:
        if zone.gateway == gateway and zone.interface is not None:
            found.setdefault(zone.interface, {})[zone.id] = zone
    for interface in interfaces.value if interfaces is not None else ():
        for zone in zones_on(interface, inventory):
            found.setdefault(interface.name, {}).setdefault(zone.id, zone)
    return MappingProxyType({name: tuple(zones.values()) for name, zones in found.items()})


def zones_on(interface: Interface, inventory: Inventory) -> tuple[Zone, ...]:
    """The zones that the addresses of an interface belong to, or whose prefixes they cover."""
    networks = [a.network for a in interface.addresses if a.network.prefixlen > 0]
    near = zones_by_prefix(inventory)
    found = {zone.id: zone for network in networks for zone in near.overlapping(network)}
    if len(networks) <= 1:
        return tuple(found.values())
    return tuple(zone for zone in inventory.zones if zone.id in found)


def interfaces_towards(
    gateway: str, zone: Zone, inventory: Inventory, network: Mapping[str, Facts]
) -> tuple[str, ...]:
    """The interfaces of the gateway behind which the zone lies; empty when that is not known.

    A zone that is not attached itself is found by the gateway's routes; where these are unknown it
    is looked for behind the interfaces to the data network.
    """
    about = ("towards", gateway, *where_zones_lie(gateway, network))
    found = learned(inventory)(about, dict[str, tuple[str, ...]])
    if zone.id not in found:
        found[zone.id] = _towards(gateway, zone, inventory, network)
    return found[zone.id]


def where_zones_lie(gateway: str, network: Mapping[str, Facts]) -> tuple[object, ...]:
    """The facts on which it rests which interfaces lead towards which zone."""
    return tuple(_known(gateway, name, network) for name in ("interfaces", "routes"))


def _towards(
    gateway: str, zone: Zone, inventory: Inventory, network: Mapping[str, Facts]
) -> tuple[str, ...]:
    near = attached(gateway, inventory, network)
    direct = tuple(name for name, zones in near.items() if any(z.id == zone.id for z in zones))
    if direct:
        return direct
    routes = _known(gateway, "routes", network)
    if routes is not None:
        return _by_route(routes.value, zone, near)
    return tuple(name for name, zones in near.items() if any(z.kind == "tslcd" for z in zones))


def _by_route(
    routes: tuple[Route, ...], zone: Zone, near: Mapping[str, tuple[Zone, ...]]
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
    return learned(inventory)(("addresses", zone), lambda: _outside(zone, inventory))


def _outside(zone: Zone, inventory: Inventory) -> tuple[Interval, ...]:
    inside = [span(p) for z in inventory.zones if z.kind != "outside" for p in z.prefixes]
    declared = [span(prefix) for prefix in zone.prefixes if prefix.version == 6]
    return without(numbers([ANY_V4, *declared]), numbers(inside)).intervals
