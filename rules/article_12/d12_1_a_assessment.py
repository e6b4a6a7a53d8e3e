"""The system was assessed within the period for its level, in all three parts (A-21, A-22).

Judged by the assessment's document, with those on its parts (D12.1-b, -c, -d) beside it. Six months
for level 5, twelve for levels 3 and 4. No figure is certain for levels 1 and 2, so that twelve
months are asked for there too. A longer time ago decides nothing: there may be a newer one.
"""

from __future__ import annotations

from datetime import date

from inventory.model import WHOLE_SYSTEM, Attestable, Inventory
from rules.attested import cited, vouched, vouching
from rules.calendar_months import add_months
from rules.model import Rule, Verdict, passed, unknown

MONTHS = 12
MONTHS_OF_LEVEL_5 = 6
PARTS: tuple[Attestable, ...] = ("D12.1-b", "D12.1-c", "D12.1-d")


def check(inventory: Inventory, today: date) -> Verdict:
    assessments = vouching("D12.1-a", WHOLE_SYSTEM, inventory, today)
    if not assessments:
        return vouched("D12.1-a", WHOLE_SYSTEM, inventory, today)
    newest = max(assessments, key=lambda one: one.issued)
    level = inventory.organisation.system_level
    if level is None:
        return unknown(
            "assessed by {number} of {issued}; the level of the system is not declared",
            cited(newest),
            number=newest.number,
            issued=newest.issued,
        )
    months = MONTHS_OF_LEVEL_5 if level == 5 else MONTHS
    if today > add_months(newest.issued, months):
        return unknown(
            "assessed by {number} of {issued}, more than {months} months ago",
            cited(newest),
            number=newest.number,
            issued=newest.issued,
            months=months,
        )
    missing = tuple(part for part in PARTS if not vouching(part, WHOLE_SYSTEM, inventory, today))
    if missing:
        return unknown(
            "assessed by {number} of {issued}; no document vouches for {missing}",
            cited(newest),
            number=newest.number,
            issued=newest.issued,
            missing=missing,
        )
    return passed(
        "assessed by {number} of {issued}, within {months} months for level {level}",
        cited(newest),
        attested=True,
        number=newest.number,
        issued=newest.issued,
        months=months,
        level=level,
    )


RULE = Rule(check, id="D12.1-a", severity="S3", subject="system", from_files=False)
