"""The lines of a site: where its conferencing traffic leaves the place, by its gateways' routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from inventory.model import Address, Device, Inventory, Site, Zone
from rules.citing import route_lines
from rules.facts import Citation, Facts, Known, Unknown
from rules.gateways import attached
from rules.model import Verdict, not_applicable, unknown, unknown_because
from rules.network_facts import Interface, Route
from rules.routing import MAIN, best_routes

Way = Literal["tslcd", "local", "other", "unclear"]


@dataclass(frozen=True, slots=True)
class Line:
    """One way out of a site: the gateway's route from the segment `home` towards `far`."""

    gateway: str
    home: Zone
    far: tuple[Device, ...]
    """The devices at the other end whose traffic takes it."""
    route: Route
    interface: str | None
    """None where only a next hop is told that lies on none of the interfaces."""
    way: Way
    behind: Zone | None
    """The zone that the line leads into, where it is known."""
    table: str
    citations: tuple[Citation, ...] = ()


def lines_of(
    site: Site, inventory: Inventory, network: Mapping[str, Facts]
) -> tuple[Line, ...] | Verdict:
    """Every line between the devices of the site and those at the other ends, each once.

    Empty when all stand at this site; a verdict (UND) when a line cannot be told.
    """
    found: dict[tuple[str, str | None, Address | None], Line] = {}
    # what stands in the same segment and talks to the same devices takes the same lines
    ends: dict[tuple[str, str], tuple[str, Zone, tuple[Device, ...]]] = {}
    for device, others in _ends(site, inventory):
        home = inventory.zone_of(device.address)
        if home is None or home.gateway is None:
            return unknown("the inventory names no gateway for {device}", device=device.id)
        ends[home.id, device.kind] = (home.gateway, home, others)
    for gateway, home, others in ends.values():
        leg = Leg(gateway, home, inventory, network)
        for other in others:
            lines = leg.towards(other)
            if isinstance(lines, Verdict):
                return lines
            for line in lines:
                key = (line.gateway, line.interface, line.route.via)
                found[key] = _joined(found.get(key), line)
    return tuple(found.values())


def lines_to_judge(
    site: Site, inventory: Inventory, network: Mapping[str, Facts]
) -> tuple[Line, ...] | Verdict:
    """The lines of the site, at least one; else why there is nothing to judge (NA, UND)."""
    if not conferencing(site, inventory):
        return not_applicable("no_such_asset", "neither MCU nor VCS stands at the site")
    if not any(device.kind == "mcu" for device in inventory.devices):
        return unknown("the inventory declares no MCU")
    lines = lines_of(site, inventory, network)
    if lines == ():
        return not_applicable("no_such_asset", "conferencing of the site stays inside the site")
    return lines


def _joined(known: Line | None, line: Line) -> Line:
    """Both as one line that leads to the devices of both."""
    if known is None:
        return line
    return replace(
        known,
        far=tuple(dict.fromkeys((*known.far, *line.far))),
        citations=tuple(dict.fromkeys((*known.citations, *line.citations))),
    )


def conferencing(site: Site, inventory: Inventory) -> tuple[Device, ...]:
    """The MCU and VCS of the site."""
    return tuple(d for d in inventory.devices if d.site == site.id and d.kind in {"mcu", "vcs"})


def holds_mcu(site: Site, inventory: Inventory) -> bool:
    return any(device.kind == "mcu" for device in conferencing(site, inventory))


def _ends(site: Site, inventory: Inventory) -> Iterator[tuple[Device, tuple[Device, ...]]]:
    """Each device of the site with those elsewhere that it talks to: a VCS to MCU, and back."""
    away = [d for d in inventory.devices if d.site != site.id]
    partners = {
        "vcs": tuple(d for d in away if d.kind == "mcu"),
        "mcu": tuple(d for d in away if d.kind == "vcs"),
    }
    for device in conferencing(site, inventory):
        yield device, partners[device.kind]


def interfaces_of(gateway: str, network: Mapping[str, Facts]) -> tuple[Interface, ...]:
    """What the gateway tells of its interfaces; empty when it does not."""
    fact = network[gateway]["interfaces"] if gateway in network else None
    return fact.value if isinstance(fact, Known) else ()


class Leg:
    """A segment with its gateway: what is the same for every device at the other end."""

    def __init__(
        self, gateway: str, home: Zone, inventory: Inventory, network: Mapping[str, Facts]
    ) -> None:
        self.gateway, self.home, self.inventory = gateway, home, inventory
        self.facts = network[gateway]
        self.near = attached(gateway, inventory, network)
        self.interfaces = interfaces_of(gateway, network)
        own = {name for name, zones in self.near.items() if home in zones}
        self.table = next((i.vrf for i in self.interfaces if i.name in own and i.vrf), MAIN)

    def towards(self, far: Device) -> list[Line] | Verdict:
        routes = self.facts["routes"]
        if isinstance(routes, Unknown):
            return unknown_because(routes)
        best = best_routes(routes.value, far.address, self.table)
        if not best:
            return unknown(
                "{gateway} has no route to {far}", routes, gateway=self.gateway, far=far.id
            )
        lines = []
        for route in best:
            interface = route.interface or self._interface_to(route.via)
            way, behind = way_of(route, interface, self.near, self.inventory)
            if way != "local":
                cited = route_lines(routes, route)
                lines.append(
                    Line(
                        self.gateway,
                        self.home,
                        (far,),
                        route,
                        interface,
                        way,
                        behind,
                        self.table,
                        cited,
                    )
                )
        return lines

    def _interface_to(self, hop: Address | None) -> str | None:
        """The interface on whose network the next hop lies; the most specific one."""
        holding = [
            (address.network.prefixlen, interface.name)
            for interface in self.interfaces
            for address in interface.addresses
            if hop is not None
            and (interface.vrf or MAIN) == self.table
            and address.version == hop.version
            and hop in address.network
        ]
        return max(holding)[1] if holding else None


def way_of(
    route: Route, interface: str | None, near: Mapping[str, tuple[Zone, ...]], inventory: Inventory
) -> tuple[Way, Zone | None]:
    """What lies behind the route: the next hop's zone tells first, then the interface's."""
    hop = inventory.zone_of(route.via) if route.via is not None else None
    zones = (hop,) if hop is not None else near.get(interface or "", ())
    kinds = {zone.kind for zone in zones}
    behind = zones[0] if zones else None
    if kinds == {"tslcd"}:
        return "tslcd", behind
    if route.via is None and kinds == {"hnth"}:
        return "local", behind
    return ("other", behind) if kinds else ("unclear", None)
