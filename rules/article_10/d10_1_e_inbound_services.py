"""From outside, only listed services of listed devices can be reached, and never administration.

Fails on a filter line that admits more than the allowlist, on administration admitted at all, and
on a port that answers an outside probe without being listed. A rule base that holds passes even
without an outside probe, and says so. What answered although the filter denies it is a finding of
its own; a line of a saved file that live probes do not bear out decides nothing (CR-3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from inventory.model import Device, Inventory, Zone
from inventory.text import Text
from rules.allowed import service_boxes
from rules.doubt import reasons
from rules.exposure import SNMP_PORT, management_ports, probes, reached, unlisted
from rules.facts import Facts, Unknown
from rules.flows import Flow, flows_into
from rules.gateways import attached
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.packets.boxes import ANY_ADDRESS, Box, keep, remove, span
from rules.packets.fields import TCP, UDP
from rules.probed_filter import Crossing, Looked, contradicted, disagreement, proof_of

PROTECTED = frozenset({"hnth", "management", "server"})


def check(
    device: Device, network: Mapping[str, Facts], inventory: Inventory, now: datetime
) -> Verdict:
    outside = tuple(zone for zone in inventory.zones if zone.kind == "outside")
    near = attached(device.id, inventory, network)
    if not any(zone in outside for zones in near.values() for zone in zones):
        return unknown("no zone of kind outside is known at {device}", device=device.id)
    found = Looked()
    behind = tuple(_devices_behind(device, inventory))
    administration = _administration(network, inventory)
    for zone in _protected(device, behind, inventory):
        flows = flows_into(zone, inventory, network, gateway=device.id, origins=outside)
        if isinstance(flows, Unknown):
            found.doubts.extend(reasons([flows]))
            continue
        crossing = Crossing(device.id, zone, outside, flows, inventory, network, now)
        _look_at_the_filter(found, crossing, administration)
    places = _look_at_probes(found, behind, network, inventory)
    if found.problems:
        verdict = failed(
            "reachable from outside: {problems}",
            *found.proof,
            problems=tuple(dict.fromkeys(found.problems)),
        )
        return replace(verdict, beside=contradicted(found.past))
    found.doubts += [disagreement(*pair) for pair in found.past]
    found.sources += proof_of(found.past)
    if found.doubts:
        return unknown(
            "what can be reached from outside is not proven: {doubts}",
            *found.sources,
            doubts=tuple(dict.fromkeys(found.doubts)),
        )
    if not places:
        return passed(
            "only listed services are admitted; not verified from outside", *found.sources
        )
    return passed(
        "only listed services are admitted, and probes from {places} agree",
        *found.sources,
        places=places,
    )


def _devices_behind(firewall: Device, inventory: Inventory) -> Iterator[Device]:
    """Devices whose segment hangs on this firewall, or on none that is declared as a firewall."""
    firewalls = {device.id for device in inventory.devices if device.kind == "firewall"}
    for device in inventory.devices:
        zone = inventory.zone_of(device.address)
        gateway = zone.gateway if zone is not None else None
        if gateway == firewall.id or gateway not in firewalls:
            yield device


def _protected(
    firewall: Device, behind: tuple[Device, ...], inventory: Inventory
) -> tuple[Zone, ...]:
    homes = {
        zone.id
        for device in behind
        if (zone := inventory.zone_of(device.address)) is not None and zone.kind != "outside"
    }
    return tuple(
        zone
        for zone in inventory.zones
        if zone.id in homes or (zone.gateway == firewall.id and zone.kind in PROTECTED)
    )


def _look_at_the_filter(found: Looked, crossing: Crossing, administration: list[Box]) -> None:
    flows, zone = crossing.flows, crossing.target
    found.sources.append(flows.filters)
    found.doubts.extend(flows.doubts)
    found.look_past(crossing)
    listed = service_boxes(crossing.inventory)
    for flow in flows.flows:
        excess = [*remove(flow.boxes, listed), *keep(flow.boxes, administration)]
        if flow.certain and excess:
            found.blame(crossing, flow, _shown(flow, zone), excess)


def _administration(network: Mapping[str, Facts], inventory: Inventory) -> list[Box]:
    """Packets that would administer an inventoried device, whatever the allowlist says."""
    return [
        (ANY_ADDRESS, span(device.address), (number, number), (port, port))
        for device in inventory.devices
        for number in (TCP, UDP)
        for port in management_ports(device, network[device.id]) | {SNMP_PORT}
    ]


def _shown(flow: Flow, zone: Zone) -> Text:
    into = zone.name or zone.id
    return Text(vi=f"vào vùng {into} {flow.shown.vi}", en=f"into zone {into} {flow.shown.en}")


def _look_at_probes(
    found: Looked,
    behind: tuple[Device, ...],
    network: Mapping[str, Facts],
    inventory: Inventory,
) -> tuple[str, ...]:
    """Adds what answered outside probes; gives the places that were probed from."""
    outside = {zone.id for zone in inventory.zones if zone.kind == "outside"}
    places: set[str] = set()
    for device in behind:
        facts = network[device.id]
        places |= {scan.vantage for scan in probes(facts) if scan.zone in outside}
        administration = management_ports(device, facts) | {SNMP_PORT}
        wrong = [*unlisted(device, facts, inventory)]
        wrong += [r for r in reached(device, facts) if r.port.port in administration]
        for seen in wrong:
            if seen.scan.zone in outside:
                found.problems.append(seen.shown)
                found.proof.extend(seen.citations)
    return tuple(sorted(places))


RULE = Rule(
    check,
    id="D10.1-e",
    severity="S1",
    subject="device",
    kinds=frozenset({"firewall"}),
    always_applies=True,
)
