"""A stateful firewall stands on every path from outside to the MCU and VCS of a site.

Judged at the gateway of each segment in which the site's devices stand. A site with VCS only,
whose gateway does not filter, inherits the firewall in front of the MCU when the routes prove that
nothing but the data network leads there. With `firewall_kind: acl_accepted` (A-11) any filter
counts. A firewall that denies what a live probe got is not known to be on every path (CR-3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from inventory.model import Device, Inventory, Site, Zone
from inventory.readings import Readings
from rules.exposure import Reached
from rules.facts import Facts, Known, Unknown
from rules.flows import Flows, flows_into
from rules.gateways import attached
from rules.model import (
    Outcome,
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
from rules.packets.policy import Policy
from rules.probed_filter import Crossing, disagreement, proof_of
from rules.routing import best_routes


def check(
    site: Site,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    now: datetime,
) -> Verdict:
    mine = [d for d in inventory.devices if d.site == site.id and d.kind in {"mcu", "vcs"}]
    if not mine:
        return not_applicable("no_such_asset", "the site has neither MCU nor VCS")
    homeless = tuple(d.id for d in mine if _gateway(d, inventory) is None)
    if homeless:
        return unknown("the inventory names no gateway for {devices}", devices=homeless)
    gateways = dict.fromkeys(_gateway(device, inventory) or "" for device in mine)
    has_mcu = any(device.kind == "mcu" for device in mine)
    verdicts = [_at(g, network, inventory, readings, may_inherit=not has_mcu) for g in gateways]
    decisive = worst([verdict.outcome for verdict in verdicts])
    if decisive is Outcome.PASS:
        zones = dict.fromkeys(inventory.zone_of(device.address) for device in mine)
        past = [seen for zone in zones for seen in _past(zone, network, inventory, now)]
        if past:
            return unknown(
                "not every path is known to lead through the firewall: {ports}",
                *proof_of(past),
                ports=tuple(dict.fromkeys(disagreement(*seen) for seen in past)),
            )
    return next(verdict for verdict in verdicts if verdict.outcome is decisive)


def _past(
    zone: Zone | None, network: Mapping[str, Facts], inventory: Inventory, now: datetime
) -> Iterator[tuple[Reached, Crossing]]:
    """What answered in the segment although the filter of its gateway denies it."""
    if zone is None or zone.gateway is None:
        return
    flows = flows_into(zone, inventory, network)
    if isinstance(flows, Flows):
        crossing = Crossing(zone.gateway, zone, inventory.zones, flows, inventory, network, now)
        yield from ((seen, crossing) for seen in crossing.got_past)


def _gateway(device: Device, inventory: Inventory) -> str | None:
    zone = inventory.zone_of(device.address)
    return None if zone is None else zone.gateway


def _at(
    gateway: str,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    *,
    may_inherit: bool,
) -> Verdict:
    filters = network[gateway]["filters"]
    if isinstance(filters, Unknown):
        return unknown_because(filters)
    if _counts(filters.value, readings):
        return _unless_unread(
            passed("{gateway} filters with connection tracking", filters, gateway=gateway),
            gateway,
            filters,
        )
    if may_inherit and (central := _central_firewall(inventory)) not in {None, gateway}:
        return _inherited(gateway, str(central), network, inventory, readings)
    return _lacking(gateway, filters)


def _counts(filters: Policy, readings: Readings) -> bool:
    return filters.denies and (filters.tracks or readings.firewall_kind == "acl_accepted")


def _lacking(gateway: str, filters: Known[Policy]) -> Verdict:
    if filters.value.denies or any(chain.rules for chain in filters.value.chains.values()):
        return failed(
            "the filter of {gateway} does not track connections: it is no firewall",
            filters,
            gateway=gateway,
        )
    return failed(
        "{gateway} forwards everything: no firewall on the path", filters, gateway=gateway
    )


def _central_firewall(inventory: Inventory) -> str | None:
    """The gateway in front of the MCU."""
    homes = (inventory.zone_of(d.address) for d in inventory.devices if d.kind == "mcu")
    return next((zone.gateway for zone in homes if zone is not None), None)


def _inherited(
    gateway: str,
    central: str,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
) -> Verdict:
    own, filters, routes = (
        network[gateway]["filters"],
        network[central]["filters"],
        network[gateway]["routes"],
    )
    assert isinstance(own, Known)
    near = attached(gateway, inventory, network)
    if any(zone.kind == "outside" for zones in near.values() for zone in zones):
        return _lacking(gateway, own)
    if isinstance(routes, Unknown):
        return unknown_because(routes)
    if isinstance(filters, Unknown):
        return unknown_because(filters)
    if not _only_through_tslcd(routes, near, inventory):
        return _lacking(gateway, own)
    if not _counts(filters.value, readings):
        return _lacking(central, filters)
    behind = passed(
        "{gateway} reaches the rest through TSLCD only, behind the firewall {central}",
        routes,
        filters,
        gateway=gateway,
        central=central,
    )
    return _unless_unread(behind, central, filters)


def _unless_unread(verdict: Verdict, gateway: str, filters: Known[Policy]) -> Verdict:
    """A line that was not understood may let everything by."""
    unread = [line for line in filters.value.unread if line.matters]
    if not unread:
        return verdict
    return unknown(
        "{gateway} has a filter, but {count} of its lines were not understood",
        filters,
        gateway=gateway,
        count=len(unread),
    )


def _only_through_tslcd(
    routes: Known[tuple[Route, ...]], near: Mapping[str, tuple[Zone, ...]], inventory: Inventory
) -> bool:
    """The routes to the MCU and to everything unknown leave into the data network."""
    mcus = [device.address for device in inventory.devices if device.kind == "mcu"]
    default = [route for route in routes.value if route.destination.prefixlen == 0]
    towards = [route for address in mcus for route in best_routes(routes.value, address)]
    return bool(towards) and all(
        any(zone.kind == "tslcd" for zone in near.get(route.interface or "", ()))
        for route in [*towards, *default]
    )


RULE = Rule(check, id="D10.1-c", severity="S2", subject="site")
