"""A site reaches the MCU through TSLCD, or records why it cannot (reading A-14).

Judged by the best route of the site's gateway to every MCU. Another line passes only where the
inventory says that TSLCD is not available and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from inventory.model import Address, Device, Inventory, Site, Zone
from rules.facts import Facts, Known, Unknown
from rules.gateways import attached
from rules.model import (
    Rule,
    Verdict,
    failed,
    not_applicable,
    passed,
    unknown,
    unknown_because,
    worst,
)
from rules.network_facts import Route
from rules.routing import best_routes

Way = Literal["tslcd", "local", "other", "unclear"]


def check(site: Site, network: Mapping[str, Facts], inventory: Inventory) -> Verdict:
    here = [d for d in inventory.devices if d.site == site.id and d.kind == "vcs"]
    if not here:
        return not_applicable("no_such_asset", "the site has no VCS")
    mcus = [device for device in inventory.devices if device.kind == "mcu"]
    if not mcus:
        return unknown("the inventory declares no MCU to which the site would connect")
    gateways = dict.fromkeys(_gateway(device, inventory) for device in here)
    verdicts = [_from(gateway, site, mcus, network, inventory) for gateway in gateways]
    decisive = worst([verdict.outcome for verdict in verdicts])
    return next(verdict for verdict in verdicts if verdict.outcome is decisive)


def _gateway(device: Device, inventory: Inventory) -> str | None:
    zone = inventory.zone_of(device.address)
    return None if zone is None else zone.gateway


def _from(
    gateway: str | None,
    site: Site,
    mcus: list[Device],
    network: Mapping[str, Facts],
    inventory: Inventory,
) -> Verdict:
    if gateway is None:
        return unknown("the inventory names no gateway for the VCS of the site")
    routes = network[gateway]["routes"]
    if isinstance(routes, Unknown):
        return unknown_because(routes)
    near = attached(gateway, inventory, network)
    for mcu in mcus:
        best = best_routes(routes.value, mcu.address)
        if not best:
            return unknown("{gateway} has no route to {mcu}", routes, gateway=gateway, mcu=mcu.id)
        for route in best:
            way = _way(route, near, inventory)
            if way in {"other", "unclear"}:
                return _elsewhere(way, route, site, routes, gateway=gateway, mcu=mcu.id)
    return passed("{gateway} reaches the MCU through TSLCD", routes, gateway=gateway)


def _way(route: Route, near: dict[str, tuple[Zone, ...]], inventory: Inventory) -> Way:
    """What lies behind the route: the next hop's zone tells first, then the interface's."""
    hop = _zone_of(route.via, inventory)
    zones = (hop,) if hop is not None else near.get(route.interface or "", ())
    kinds = {zone.kind for zone in zones}
    if kinds == {"tslcd"}:
        return "tslcd"
    if route.via is None and kinds == {"hnth"}:
        return "local"
    return "other" if kinds else "unclear"


def _zone_of(address: Address | None, inventory: Inventory) -> Zone | None:
    return inventory.zone_of(address) if address is not None else None


def _elsewhere(
    way: Way, route: Route, site: Site, routes: Known[tuple[Route, ...]], *, gateway: str, mcu: str
) -> Verdict:
    line = [c for c in routes.citations if str(route.destination) in c.text] or routes.citations
    if not site.tslcd_available:
        if site.other_link_reason:
            return passed(
                "TSLCD is not available at the site; recorded reason: {reason}",
                *line,
                attested=True,
                reason=site.other_link_reason,
            )
        return unknown("TSLCD is declared unavailable at the site without a reason", *line)
    if way == "unclear":
        return unknown(
            "it is not known what lies behind interface {interface} of {gateway}",
            *line,
            interface=route.interface,
            gateway=gateway,
        )
    return failed(
        "{gateway} reaches {mcu} through interface {interface}, not through TSLCD",
        *line,
        gateway=gateway,
        mcu=mcu,
        interface=route.interface or route.via,
    )


RULE = Rule(check, id="D10.2-a", severity="S3", subject="site")
