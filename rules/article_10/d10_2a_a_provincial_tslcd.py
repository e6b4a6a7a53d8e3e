"""The site of the MCU and the sites of provincial level are connected by TSLCD, without exception.

Judged by the routes of their gateways to the devices at the other ends, with the record of the
connection. Unlike D10.2-a, no reason for another line counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inventory.model import Inventory, Site
from rules.attested import confirmed
from rules.conferencing_lines import Line, holds_mcu, lines_to_judge
from rules.facts import Facts
from rules.model import Rule, Verdict, failed, not_applicable, passed, unknown


def check(site: Site, network: Mapping[str, Facts], inventory: Inventory, today: date) -> Verdict:
    if site.level != "province" and not holds_mcu(site, inventory):
        return not_applicable(
            "level_out_of_scope", "the site is not of provincial level and holds no MCU"
        )
    lines = lines_to_judge(site, inventory, network)
    if isinstance(lines, Verdict):
        return lines
    for line in sorted(lines, key=lambda line: line.way != "other"):
        if line.way != "tslcd":
            return _elsewhere(line)
    cited = [citation for line in lines for citation in line.citations]
    shown = passed("every route of the site leads into TSLCD", *cited)
    return confirmed(shown, "D10.2a-a", site.id, inventory, today)


def _elsewhere(line: Line) -> Verdict:
    if line.way == "unclear":
        return unknown(
            "it is not known what lies behind the way of {gateway} to {far}",
            *line.citations,
            gateway=line.gateway,
            far=line.far[0].id,
        )
    return failed(
        "{gateway} reaches {far} through zone {zone}, not through TSLCD",
        *line.citations,
        gateway=line.gateway,
        far=line.far[0].id,
        zone=(line.behind.name or line.behind.id) if line.behind is not None else "",
    )


RULE = Rule(check, id="D10.2a-a", severity="S2", subject="site")
