"""The conferencing segment is really kept apart: filtered, probed, and without foreign hosts.

Fails on a line that lets another segment use any service, on a host in the segment that is not in
the inventory, and on a port that answers another segment without being listed. Filtering that was
only read, and probed from the scanner's own segment at most, decides nothing. What probes reached
although the filter denies it is a finding of its own; a line of a saved file that live probes do
not bear out decides nothing (CR-3). With the reading
`logical_separation: vlan_only` (A-09) only foreign hosts are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from inventory.model import Inventory, Zone
from inventory.readings import Readings
from inventory.text import Text
from rules.doubt import reasons
from rules.exposure import probes, unlisted
from rules.facts import Facts, Known, Unknown
from rules.flows import Flow, flows_into
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.neighbours import foreign_hosts
from rules.packets.boxes import span
from rules.packets.fields import TCP, UDP
from rules.packets.policy import Region
from rules.packets.sets import Numbers
from rules.probed_filter import Crossing, Looked, contradicted, disagreement, proof_of
from rules.zone_probes import devices_in

HIGHEST_PORT = 65535


def check(
    zone: Zone,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    now: datetime,
) -> Verdict:
    found = Looked()
    _look_for_foreign_hosts(found, zone, network, inventory)
    if readings.logical_separation == "vlan_and_filter":
        _look_at_the_filter(found, zone, network, inventory, now)
        _look_at_probes(found, zone, network, inventory)
    if found.problems:
        verdict = failed(
            "separation fails: {problems}", *found.proof, problems=_once(found.problems)
        )
        return replace(verdict, beside=contradicted(found.past))
    found.doubts += [disagreement(*pair) for pair in found.past]
    found.sources += proof_of(found.past)
    if found.doubts:
        return unknown(
            "separation is not proven: {doubts}", *found.sources, doubts=_once(found.doubts)
        )
    if readings.logical_separation == "vlan_only":
        return passed(
            "only inventoried devices stand in the segment; "
            "by the reading in force a VLAN is enough",
            *found.sources,
        )
    places = _probed_from(zone, network, inventory)
    if not places:
        return unknown(
            "{gateway} filters the segment and no foreign host was seen; not probed from elsewhere",
            *found.sources,
            gateway=zone.gateway,
        )
    return passed(
        "{gateway} filters the segment, no foreign host was seen, and probes from {places} "
        "reached nothing unlisted",
        *found.sources,
        gateway=zone.gateway,
        places=places,
    )


def _once(texts: list[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(texts))


def _look_for_foreign_hosts(
    found: Looked, zone: Zone, network: Mapping[str, Facts], inventory: Inventory
) -> None:
    hosts = foreign_hosts(zone, inventory, network)
    if isinstance(hosts, Unknown):
        found.doubts.extend(reasons([hosts]))
        return
    found.sources.extend(hosts.citations)
    for host in hosts.value:
        found.problems.append(
            Text(
                vi=f"thiết bị lạ {host.address} ({host.mac}) trong phân hệ",
                en=f"foreign host {host.address} ({host.mac}) in the segment",
            )
        )
        mine = [c for c in hosts.citations if str(host.address) in c.text]
        found.proof.extend(mine or hosts.citations)


def _look_at_the_filter(
    found: Looked,
    zone: Zone,
    network: Mapping[str, Facts],
    inventory: Inventory,
    now: datetime,
) -> None:
    flows = flows_into(zone, inventory, network)
    if isinstance(flows, Unknown):
        found.doubts.extend(reasons([flows]))
        return
    found.sources.append(flows.filters)
    found.doubts.extend(flows.doubts)
    gateway = zone.gateway or ""
    crossing = Crossing(gateway, zone, inventory.zones, flows, inventory, network, now)
    found.look_past(crossing)
    for flow in flows.flows:
        if flow.certain and _lets_everything_in(flow):
            found.blame(crossing, flow, flow.shown, flow.boxes)


def _lets_everything_in(flow: Flow) -> bool:
    """Any service for a whole segment: the default, or a line without service and source."""
    return flow.rule is None or any(
        _any_service(region) and _whole_zone(region, flow.origin) for region in flow.rule.certain
    )


def _any_service(region: Region) -> bool:
    if region.protocol is not None and not {TCP, UDP}.intersection(_members(region.protocol)):
        return False
    ports = region.destination_port
    return ports is None or any(a <= 1 and b >= HIGHEST_PORT for a, b in ports.intervals)


def _members(protocols: Numbers) -> set[int]:
    return {n for first, last in protocols.intervals for n in range(first, last + 1)}


def _whole_zone(region: Region, origin: Zone) -> bool:
    if region.source is None:
        return True
    whole = [span(prefix) for prefix in origin.prefixes]
    return any(a[0] <= b[0] and b[1] <= a[1] for a in region.source.intervals for b in whole)


def _look_at_probes(
    found: Looked, zone: Zone, network: Mapping[str, Facts], inventory: Inventory
) -> None:
    for device in devices_in(zone, inventory):
        for seen in unlisted(device, network[device.id], inventory):
            if seen.scan.zone != zone.id:
                found.problems.append(seen.shown)
                found.proof.extend(seen.citations)
        exposure = network[device.id]["exposure"]
        if isinstance(exposure, Known):
            found.sources.append(exposure)


def _probed_from(zone: Zone, network: Mapping[str, Facts], inventory: Inventory) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                scan.vantage
                for device in devices_in(zone, inventory)
                for scan in probes(network[device.id])
                if scan.zone != zone.id
            }
        )
    )


RULE = Rule(
    check,
    id="D10.1-b",
    severity="S2",
    subject="zone",
    kinds=frozenset({"hnth"}),
    always_applies=True,
    from_files=False,
)
