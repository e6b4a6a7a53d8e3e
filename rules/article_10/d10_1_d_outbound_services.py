"""What the conferencing segment may reach is listed service by service, and nothing else.

Fails on a line of its gateway that lets it out to more than the allowlist names, the gateway's
default among them. A rule base that holds passes when a dated document approves the list that is
still in force (CR-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.allowed import service_boxes
from rules.doubt import reasons
from rules.evidence_age import vouches
from rules.facts import Facts, Unknown
from rules.flows import Flow, Flows, flows_into
from rules.model import Proof, Rule, Verdict, failed, passed, unknown
from rules.packets.boxes import Box, remove


def check(zone: Zone, network: Mapping[str, Facts], inventory: Inventory, today: date) -> Verdict:
    others = [other for other in inventory.zones if other.id != zone.id]
    towards = [
        (other, flows_into(other, inventory, network, gateway=zone.gateway, origins=(zone,)))
        for other in others
        if zone.gateway is not None
    ]
    known = [(other, flows) for other, flows in towards if isinstance(flows, Flows)]
    listed = service_boxes(inventory)
    guilty = [
        (other, flow, flows)
        for other, flows in known
        for flow in flows.flows
        if flow.certain and _exceeds(flow, listed)
    ]
    if guilty:
        return failed(
            "{gateway} lets the segment out to more than the list names: {lines}",
            *[flow.citation or flows.filters for _, flow, flows in guilty],
            gateway=zone.gateway,
            lines=tuple(dict.fromkeys(_shown(other, flow) for other, flow, _ in guilty)),
        )
    proof: list[Proof] = [flows.filters for _, flows in known[:1]]
    doubts = [
        *reasons([flows for _, flows in towards if isinstance(flows, Unknown)]),
        *(doubt for _, flows in known for doubt in flows.doubts),
    ]
    if not known and not doubts:
        doubts.append(
            Text(vi="chưa biết bộ lọc của phân hệ", en="the filter of the segment is not known")
        )
    if doubts:
        return unknown(
            "what the segment can reach is not known completely: {why}",
            *proof,
            why=tuple(dict.fromkeys(doubts)),
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


def _exceeds(flow: Flow, listed: list[Box]) -> bool:
    return bool(remove(flow.boxes, listed))


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
