"""The gateway lets into the conferencing segment only addresses that the allowlist names (A-13).

Fails without a list and on a line that admits an address outside it. Admitting fewer addresses than
the list is a warning, not a violation. The list counts when a dated document approves it that is
still in force (CR-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory, Zone
from rules.allowed import listed_sources
from rules.evidence_age import vouches
from rules.facts import Facts, Unknown
from rules.flows import Flow, flows_into
from rules.model import Rule, Verdict, failed, passed, unknown, unknown_because
from rules.packets.boxes import SOURCE, Interval, intervals_without, span


def check(zone: Zone, network: Mapping[str, Facts], inventory: Inventory, today: date) -> Verdict:
    allowlist = inventory.allowlist
    if not allowlist.services and not allowlist.management:
        return failed("there is no list of the addresses that may connect")
    flows = flows_into(zone, inventory, network)
    if isinstance(flows, Unknown):
        return unknown_because(flows)
    listed = listed_sources(zone, inventory)
    guilty = [flow for flow in flows.flows if flow.certain and _exceeds(flow, listed)]
    if guilty:
        return failed(
            "{gateway} admits addresses that are not on the list: {lines}",
            *[flow.citation or flows.filters for flow in guilty],
            gateway=zone.gateway,
            lines=tuple(flow.shown for flow in guilty),
        )
    if not flows.complete:
        return unknown(
            "what {gateway} admits is not known completely: {why}",
            flows.filters,
            gateway=zone.gateway,
            why=flows.doubts,
        )
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


def _exceeds(flow: Flow, listed: list[Interval]) -> bool:
    return bool(intervals_without([box[SOURCE] for box in flow.boxes], listed))


RULE = Rule(
    check,
    id="D10.1-h",
    severity="S1",
    subject="zone",
    kinds=frozenset({"hnth"}),
    always_applies=True,
)
