"""A subordinate system that is connected to the province uses the province's conferencing line.

Judged by the routes of its gateway to the MCU: they lead into TSLCD, onto a line that conferencing
has to itself, which the carrier's document on the conferencing VPN confirms (reading A-18 tells
which systems are meant).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.attested import confirmed
from rules.conferencing_lines import lines_to_judge
from rules.facts import Facts
from rules.model import Outcome, Rule, Verdict, worst
from rules.partition import carries_conferencing_alone
from rules.subordinate import out_of_scope


def check(
    site: Site,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    excepted = out_of_scope(site, inventory, readings)
    if excepted is not None:
        return excepted
    lines = lines_to_judge(site, inventory, network)
    if isinstance(lines, Verdict):
        return lines
    verdicts = [carries_conferencing_alone(line, inventory, network) for line in lines]
    decisive = worst([verdict.outcome for verdict in verdicts])
    shown = next(verdict for verdict in verdicts if verdict.outcome is decisive)
    if decisive is not Outcome.PASS:
        return shown
    return confirmed(shown, "D10.2-b", site.id, inventory, today)


RULE = Rule(check, id="D10.2c-d", severity="S3", subject="site")
