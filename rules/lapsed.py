"""Documents of the inventory that vouch for nothing today, so that somebody asks for new ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from inventory.model import Inventory
from inventory.text import Text
from rules.evidence_age import vouches
from rules.wording import phrase


def lapsed_remarks(inventory: Inventory, today: date) -> Iterator[Text]:
    """A line for each requirement and subject whose documents all are too old or too new."""
    covered = {(a.requirement, a.subject) for a in inventory.attestations if vouches(a, today)}
    newest = {
        (a.requirement, a.subject): a
        for a in sorted(inventory.attestations, key=lambda a: a.issued)
        if (a.requirement, a.subject) not in covered
    }
    for document in newest.values():
        yield phrase(
            "văn bản xác nhận {number} ngày {issued} về {requirement} ({subject}) không còn hoặc"
            " chưa có hiệu lực",
            "document {number} of {issued} on {requirement} ({subject}) does not vouch for today",
            number=document.number,
            issued=document.issued,
            requirement=document.requirement,
            subject=document.subject,
        )
