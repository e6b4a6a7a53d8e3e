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
from rules.conferencing_lines import holds_mcu, lines_to_judge
from rules.facts import Facts
from rules.model import Outcome, Rule, Verdict, not_applicable, unknown, worst
from rules.partition import carries_conferencing_alone


def check(
    site: Site,
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    excepted = _out_of_scope(site, inventory, readings)
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


def _out_of_scope(site: Site, inventory: Inventory, readings: Readings) -> Verdict | None:
    if site.level == "province" or holds_mcu(site, inventory):
        return not_applicable("level_out_of_scope", "the site belongs to the provincial system")
    if readings.district_clause == "off":
        return not_applicable(
            "level_out_of_scope", "by the reading the clause on districts no longer applies"
        )
    if site.level == "commune" and readings.district_clause == "former_district":
        return unknown(
            "it is not decided whether the clause on districts applies to communes"
            " (reading district_clause)"
        )
    return None


RULE = Rule(check, id="D10.2c-d", severity="S3", subject="site")
