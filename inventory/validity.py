"""How long a document vouches for the present: as long as it says, else for 12 months (CR-2)."""

from __future__ import annotations

from datetime import date

from inventory.model import Attestation, Document


def speaks_on(document: Document | Attestation, day: date) -> bool:
    """From the day of its issue to the last day of its validity, both included."""
    return document.issued <= day <= (document.valid_to or _a_year_after(document.issued))


def _a_year_after(day: date) -> date:
    """The same day of the next year; of 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
