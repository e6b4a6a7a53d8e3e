"""The gateway lets into the conferencing segment only addresses that the allowlist names (A-13).

Fails without a list, on a line that admits an address outside it, and on a port that answers a
probe from such an address. What answered although the filter denies it is a finding of its own; a
line of a saved file that live probes do not bear out decides nothing (CR-3). Admitting fewer
addresses than the list is a warning, not a violation. The list counts when a dated document
approves it that is still in force (CR-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from inventory.model import Inventory, Zone
from rules.allowed import listed_sources, standpoint
from rules.evidence_age import vouches
from rules.facts import Facts, Unknown
from rules.flows import Flow, Flows, flows_into
from rules.model import Rule, Verdict, failed, passed, unknown, unknown_because
from rules.packets.boxes import (
    ANY_ADDRESS,
    ANY_PORT,
    ANY_PROTOCOL,
    SOURCE,
    Box,
    Interval,
    intervals_without,
    remove,
    span,
)
from rules.probed_filter import Crossing, Looked, contradicted, disagreement, proof_of
from rules.zone_probes import answers_to, devices_in


def check(
    zone: Zone, network: Mapping[str, Facts], inventory: Inventory, today: date, now: datetime
) -> Verdict:
    allowlist = inventory.allowlist
    if not allowlist.services and not allowlist.management:
        return failed("there is no list of the addresses that may connect")
    listed = listed_sources(zone, inventory)
    found = Looked()
    flows = flows_into(zone, inventory, network)
    if isinstance(flows, Flows):
        gateway = zone.gateway or ""
        crossing = Crossing(gateway, zone, inventory.zones, flows, inventory, network, now)
        _look_at_the_filter(found, crossing, listed)
    _look_at_probes(found, zone, listed, network, inventory)
    if found.problems or found.answered:
        return replace(_guilty(found, zone), beside=contradicted(found.past))
    if isinstance(flows, Unknown):
        return unknown_because(flows)
    doubts = [*found.doubts, *(disagreement(*pair) for pair in found.past)]
    if doubts or not flows.complete:
        return unknown(
            "what {gateway} admits is not known completely: {why}",
            flows.filters,
            *found.sources,
            *proof_of(found.past),
            gateway=zone.gateway,
            why=tuple(dict.fromkeys([*doubts, *flows.doubts])),
        )
    return _by_the_list(flows, zone, listed, inventory, today)


def _guilty(found: Looked, zone: Zone) -> Verdict:
    if not found.problems:
        return failed(
            "addresses that are not on the list get through: {ports}",
            *found.proof,
            ports=tuple(dict.fromkeys(found.answered)),
        )
    return failed(
        "{gateway} admits addresses that are not on the list: {lines}",
        *found.proof,
        gateway=zone.gateway,
        lines=tuple(dict.fromkeys([*found.problems, *found.answered])),
    )


def _look_at_the_filter(found: Looked, crossing: Crossing, listed: list[Interval]) -> None:
    """Lines that admit an address outside the list."""
    found.look_past(crossing)
    for flow in crossing.flows.flows:
        excess = _excess(flow, listed) if flow.certain else []
        if excess:
            found.blame(crossing, flow, flow.shown, excess)


def _look_at_probes(
    found: Looked,
    zone: Zone,
    listed: list[Interval],
    network: Mapping[str, Facts],
    inventory: Inventory,
) -> None:
    """Ports in the segment that answered an address outside the list."""
    for device in devices_in(zone, inventory):
        for other in inventory.zones:
            if other.id == zone.id:
                continue
            for seen in answers_to(other, device, network[device.id]):
                if intervals_without(standpoint(seen.scan, inventory), listed):
                    found.answered.append(seen.shown)
                    found.proof += seen.citations


def _by_the_list(
    flows: Flows, zone: Zone, listed: list[Interval], inventory: Inventory, today: date
) -> Verdict:
    """Where the gateway keeps to the list: what the list itself is worth."""
    allowlist = inventory.allowlist
    if allowlist.approved is None:
        return unknown(
            "{gateway} keeps to the list, but no dated document approves the list",
            flows.filters,
            gateway=zone.gateway,
        )
    if not vouches(allowlist.approved, today):
        return unknown(
            "{gateway} keeps to the list, but document {number} of {issued} does not approve it "
            "for today",
            flows.filters,
            gateway=zone.gateway,
            number=allowlist.approved.number,
            issued=allowlist.approved.issued,
        )
    used = [box[SOURCE] for flow in flows.flows for box in flow.boxes]
    inside = [span(prefix) for prefix in zone.prefixes]
    if intervals_without(listed, [*used, *inside]):
        return passed(
            "{gateway} keeps to list {number}; warning: it admits fewer addresses than the list",
            flows.filters,
            gateway=zone.gateway,
            number=allowlist.approved.number,
        )
    return passed(
        "{gateway} admits exactly the addresses of list {number}",
        flows.filters,
        gateway=zone.gateway,
        number=allowlist.approved.number,
    )


def _excess(flow: Flow, listed: list[Interval]) -> list[Box]:
    """What of the line's packets comes from outside the list."""
    cuts: list[Box] = [(one, ANY_ADDRESS, ANY_PROTOCOL, ANY_PORT) for one in listed]
    return remove(flow.boxes, cuts)


RULE = Rule(
    check,
    id="D10.1-h",
    severity="S1",
    subject="zone",
    kinds=frozenset({"hnth"}),
    always_applies=True,
)
