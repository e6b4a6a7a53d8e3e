"""Conferencing has a virtual private network of its own on every line of a site (reading A-15).

Judged by routing tables and the filter of the site's gateway: no other segment may use the line.
What the carrier does with the line behind it only the carrier's document tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.attested import confirmed
from rules.conferencing_lines import lines_to_judge
from rules.facts import Facts
from rules.model import Outcome, Rule, Verdict, passed, worst
from rules.partition import carries_conferencing_alone


def check(
    site: Site,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    lines = lines_to_judge(site, inventory, network)
    if isinstance(lines, Verdict):
        return lines
    verdicts = [carries_conferencing_alone(line, inventory, network) for line in lines]
    decisive = worst([verdict.outcome for verdict in verdicts])
    shown = next(verdict for verdict in verdicts if verdict.outcome is decisive)
    if decisive is not Outcome.PASS:
        return shown
    if readings.vpn_kind == "vlan_accepted":
        return passed(
            "{interface} of {gateway} carries conferencing alone; a VLAN suffices by the reading",
            *(citation for verdict in verdicts for citation in verdict.citations),
            **shown.values,
        )
    return confirmed(shown, "D10.2-b", site.id, inventory, today)


RULE = Rule(check, id="D10.2-b", severity="S2", subject="site")
