"""Incidents were detected and handled in time.

Judged by an extract of the incident register, or the record of a test alert that was handled, not
older than 12 months, however long the document is valid.
"""

from __future__ import annotations

from datetime import date

from inventory.model import WHOLE_SYSTEM, Inventory
from rules.attested import vouched
from rules.model import Rule, Verdict

MONTHS = 12


def check(inventory: Inventory, today: date) -> Verdict:
    return vouched("D12.3-c", WHOLE_SYSTEM, inventory, today, within_months=MONTHS)


RULE = Rule(check, id="D12.3-c", severity="S3", subject="system", from_files=False)
