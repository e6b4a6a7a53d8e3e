"""Which sites the clauses on subordinate systems are about (Article 10.2 b and c, reading A-18)."""

from __future__ import annotations

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.conferencing_lines import holds_mcu
from rules.model import Verdict, not_applicable, unknown


def out_of_scope(site: Site, inventory: Inventory, readings: Readings) -> Verdict | None:
    """Why the clauses do not speak of the site, or may not; None where they do."""
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
