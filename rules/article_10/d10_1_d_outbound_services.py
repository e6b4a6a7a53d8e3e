"""What the conferencing segment may reach is listed service by service, and nothing else.

Fails on a line of its gateway that lets it out to more than the allowlist names, the gateway's
default among them, and on an unlisted port elsewhere that answers a probe from the segment. What
answered although the filter denies it is a finding of its own; a line of a saved file that live
probes do not bear out decides nothing (CR-3). A rule base that holds passes when a dated document
approves the list that is still in force (CR-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from inventory.model import Device, Inventory, Zone
from inventory.text import Text
from rules.allowed import is_listed, service_boxes
from rules.doubt import reasons
from rules.evidence_age import vouches
from rules.facts import Facts, Unknown
from rules.flows import Flow, flows_out_of
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.packets.boxes import Box, remove
from rules.probed_filter import Crossing, Looked, contradicted, disagreement, proof_of
from rules.zone_probes import answers_to, probed_from


def check(
    zone: Zone, network: Mapping[str, Facts], inventory: Inventory, today: date, now: datetime
) -> Verdict:
    found = Looked()
    asked = _asked_from(zone, network, inventory)
    listed, gateway = service_boxes(inventory), zone.gateway or ""
    leading_out = flows_out_of(zone, gateway, inventory, network) if gateway else ()
    for other, flows in leading_out:
        if isinstance(flows, Unknown):
            found.doubts.extend(reasons([flows]))
            continue
        places = inventory, network, now, asked.get(other.id, ())
        _look_at(found, Crossing(gateway, other, (zone,), flows, *places), listed)
    _look_at_probes(found, zone, asked, network, inventory)
    if found.problems or found.answered:
        return replace(_guilty(found, zone), beside=contradicted(found.past))
    found.doubts += [disagreement(*pair) for pair in found.past]
    if not found.sources and not found.doubts:
        found.doubts.append(
            Text(vi="chưa biết bộ lọc của phân hệ", en="the filter of the segment is not known")
        )
    proof = [*found.sources, *proof_of(found.past)]
    if found.doubts:
        return unknown(
            "what the segment can reach is not known completely: {why}",
            *proof,
            why=tuple(dict.fromkeys(found.doubts)),
        )
    approved = inventory.allowlist.approved
    if approved is None or not vouches(approved, today):
        return unknown(
            "{gateway} lets the segment out to listed services only, but no document in force "
            "approves the list",
            *proof,
            gateway=zone.gateway,
        )
    return passed(
        "{gateway} lets the segment out to the services of list {number} only",
        *proof,
        gateway=zone.gateway,
        number=approved.number,
    )


def _asked_from(
    zone: Zone, network: Mapping[str, Facts], inventory: Inventory
) -> dict[str, tuple[Device, ...]]:
    """Devices elsewhere that were probed from the segment, by the zone in which they stand."""
    asked: dict[str, tuple[Device, ...]] = {}
    for device in inventory.devices:
        if probed_from(zone, network[device.id]):
            home = inventory.zone_of(device.address)
            if home is not None and home.id != zone.id:
                asked[home.id] = (*asked.get(home.id, ()), device)
    return asked


def _guilty(found: Looked, zone: Zone) -> Verdict:
    if not found.problems:
        return failed(
            "the segment reaches more than the list names: {ports}",
            *found.proof,
            ports=tuple(dict.fromkeys(found.answered)),
        )
    return failed(
        "{gateway} lets the segment out to more than the list names: {lines}",
        *found.proof,
        gateway=zone.gateway,
        lines=tuple(dict.fromkeys([*found.problems, *found.answered])),
    )


def _look_at(found: Looked, crossing: Crossing, listed: list[Box]) -> None:
    """Lines that let more out than is listed."""
    flows = crossing.flows
    found.sources.append(flows.filters)
    found.doubts.extend(flows.doubts)
    found.look_past(crossing)
    for flow in flows.flows:
        excess = remove(flow.boxes, listed) if flow.certain else []
        if excess:
            found.blame(crossing, flow, _shown(crossing.target, flow), excess)


def _look_at_probes(
    found: Looked,
    zone: Zone,
    asked: Mapping[str, tuple[Device, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
) -> None:
    """Ports of devices elsewhere, the gateway's own left out, that answered from the segment."""
    for device in (device for devices in asked.values() for device in devices):
        if device.id == zone.gateway:
            continue
        for seen in answers_to(zone, device, network[device.id]):
            if not is_listed(seen.scan, device, seen.port.port, inventory):
                found.answered.append(seen.shown)
                found.proof += seen.citations


def _shown(other: Zone, flow: Flow) -> Text:
    to = other.name or other.id
    if flow.rule is None:
        return Text(
            vi=f"tới vùng {to}: bộ lọc mặc định cho qua",
            en=f"to zone {to}: the filter permits by default",
        )
    return Text(
        vi=f"tới vùng {to}: dòng {flow.rule.line} “{flow.rule.text}”",
        en=f"to zone {to}: line {flow.rule.line} “{flow.rule.text}”",
    )


RULE = Rule(
    check,
    id="D10.1-d",
    severity="S3",
    subject="zone",
    kinds=frozenset({"hnth"}),
    always_applies=True,
)
