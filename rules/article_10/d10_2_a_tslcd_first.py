"""A site reaches the MCU through TSLCD, or records why it cannot (reading A-14).

Judged by the best route of the site's gateway to every MCU. Another line passes only where the
inventory says that TSLCD is not available and why.
"""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Inventory, Site, Zone
from rules.conferencing_lines import Leg, Line
from rules.facts import Facts
from rules.model import (
    Rule,
    Verdict,
    failed,
    not_applicable,
    passed,
    unknown,
    worst,
)


def check(site: Site, network: Mapping[str, Facts], inventory: Inventory) -> Verdict:
    here = [d for d in inventory.devices if d.site == site.id and d.kind == "vcs"]
    if not here:
        return not_applicable("no_such_asset", "the site has no VCS")
    if not any(device.kind == "mcu" for device in inventory.devices):
        return unknown("the inventory declares no MCU to which the site would connect")
    zones = list(dict.fromkeys(zone.id if zone else None for zone in _zones(site, inventory)))
    homes = {zone.id: zone for zone in inventory.zones}
    verdicts = [_from(homes.get(id or ""), site, network, inventory) for id in zones]
    decisive = worst([verdict.outcome for verdict in verdicts])
    return next(verdict for verdict in verdicts if verdict.outcome is decisive)


def _zones(site: Site, inventory: Inventory) -> list[Zone | None]:
    return [
        inventory.zone_of(device.address)
        for device in inventory.devices
        if device.site == site.id and device.kind == "vcs"
    ]


def _from(
    home: Zone | None, site: Site, network: Mapping[str, Facts], inventory: Inventory
) -> Verdict:
    if home is None or home.gateway is None:
        return unknown("the inventory names no gateway for the VCS of the site")
    leg = Leg(home.gateway, home, inventory, network)
    for mcu in (device for device in inventory.devices if device.kind == "mcu"):
        lines = leg.towards(mcu)
        if isinstance(lines, Verdict):
            return lines
        for line in lines:
            if line.way != "tslcd":
                return _elsewhere(line, site, mcu.id)
    routes = network[home.gateway]["routes"]
    return passed("{gateway} reaches the MCU through TSLCD", routes, gateway=home.gateway)


def _elsewhere(line: Line, site: Site, mcu: str) -> Verdict:
    interface = line.interface or line.route.via
    if not site.tslcd_available:
        if site.other_link_reason:
            return passed(
                "TSLCD is not available at the site; recorded reason: {reason}",
                *line.citations,
                attested=True,
                reason=site.other_link_reason,
            )
        return unknown(
            "TSLCD is declared unavailable at the site without a reason", *line.citations
        )
    if line.way == "unclear":
        return unknown(
            "it is not known what lies behind interface {interface} of {gateway}",
            *line.citations,
            interface=interface,
            gateway=line.gateway,
        )
    return failed(
        "{gateway} reaches {mcu} through interface {interface}, not through TSLCD",
        *line.citations,
        gateway=line.gateway,
        mcu=mcu,
        interface=interface,
    )


RULE = Rule(check, id="D10.2-a", severity="S3", subject="site")
