"""The assessment covers the effectiveness of measures, for every kind of component (reading A-21).

Judged by the report's document alone; whether the part is complete a person has read.
"""

from __future__ import annotations

from datetime import date

from inventory.model import WHOLE_SYSTEM, Inventory
from rules.attested import vouched
from rules.model import Rule, Verdict


def check(inventory: Inventory, today: date) -> Verdict:
    return vouched("D12.1-c", WHOLE_SYSTEM, inventory, today)


RULE = Rule(check, id="D12.1-c", severity="S3", subject="system", from_files=False)
