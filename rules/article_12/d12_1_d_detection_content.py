"""The assessment covers malware, weaknesses and a penetration test (reading A-21).

Judged by the report's document alone: it names all three. A scan finds weaknesses only.
"""

from __future__ import annotations

from datetime import date

from inventory.model import WHOLE_SYSTEM, Inventory
from rules.attested import vouched
from rules.model import Rule, Verdict


def check(inventory: Inventory, today: date) -> Verdict:
    return vouched("D12.1-d", WHOLE_SYSTEM, inventory, today)


RULE = Rule(check, id="D12.1-d", severity="S3", subject="system", from_files=False)
