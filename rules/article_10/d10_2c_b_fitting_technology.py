"""The technology of a subordinate system fits the province's (reading A-18).

Judged by the approval that states it, or by the record of a successful interworking test.
"""

from __future__ import annotations

from datetime import date

from inventory.model import Inventory, Site
from inventory.readings import Readings
from rules.attested import vouched
from rules.model import Rule, Verdict
from rules.subordinate import out_of_scope


def check(site: Site, inventory: Inventory, readings: Readings, today: date) -> Verdict:
    excepted = out_of_scope(site, inventory, readings)
    return excepted or vouched("D10.2c-b", site.id, inventory, today)


RULE = Rule(check, id="D10.2c-b", severity="S4", subject="site", from_files=False)
