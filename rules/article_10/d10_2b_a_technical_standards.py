"""A subordinate system met the technical standards when it was invested in (readings A-18, A-19).

Judged by the acceptance record alone: it names the standard, and shows that the system conforms.
What the devices can do is not compared, for the profile of Appendix II has no content (T-1).
"""

from __future__ import annotations

from datetime import date

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.attested import cited, vouched, vouching
from rules.model import Rule, Verdict, passed, unknown
from rules.subordinate import out_of_scope


def check(site: Site, inventory: Inventory, readings: Readings, today: date) -> Verdict:
    excepted = out_of_scope(site, inventory, readings)
    if excepted is not None:
        return excepted
    records = vouching("D10.2b-a", site.id, inventory, today)
    for record in records:
        if record.standard:
            return passed(
                "{issuer} accepted it by {number} of {issued} against {standard}",
                cited(record),
                attested=True,
                issuer=record.issuer,
                number=record.number,
                issued=record.issued,
                standard=record.standard,
            )
    if records:
        return unknown(
            "the acceptance record {number} of {issued} names no standard",
            cited(records[0]),
            number=records[0].number,
            issued=records[0].issued,
        )
    return vouched("D10.2b-a", site.id, inventory, today)


RULE = Rule(check, id="D10.2b-a", severity="S4", subject="site", from_files=False)
