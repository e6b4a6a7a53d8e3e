"""Old evidence decides nothing (CR-2): verdicts that rest on it become UND."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from inventory.model import Attestation, Document
from inventory.validity import speaks_on
from rules.facts import Citation, Known
from rules.model import Outcome, Verdict, unknown

MAX_AGE = timedelta(days=30)
AGEING_CLASSES = frozenset("PCORH")
"""H only where it bears a date: a tested password. The history of checks bears none of its own."""


def vouches(document: Document | Attestation, today: date) -> bool:
    """The document speaks for today: as long as it says so, else for 12 months (CR-2)."""
    return speaks_on(document, today)


def is_stale(citation: Citation, now: datetime) -> bool:
    """Older than 30 days, and it shows a state rather than a history."""
    return (
        citation.evidence_class in AGEING_CLASSES
        and citation.captured is not None
        and now - citation.captured > MAX_AGE
    )


LIVE = frozenset("PC")
"""What was seen on the device or on the wire; it outranks every file and paper (CR-3)."""


def is_current(fact: Known[Any], now: datetime) -> bool:
    """Something live shows it, and not too long ago."""
    return any(c.evidence_class in LIVE and not is_stale(c, now) for c in fact.citations)


def only_from_files(fact: Known[Any]) -> bool:
    """Nothing of the fact was read from the device itself."""
    return bool(fact.citations) and not any(c.evidence_class in LIVE for c in fact.citations)


def judged_by_age(verdict: Verdict, now: datetime) -> Verdict:
    """The verdict itself, or UND where its evidence is too old.

    A PASS needs all of its evidence to be current; a FAIL stands while any of it is.
    """
    stale = [citation for citation in verdict.citations if is_stale(citation, now)]
    if not stale or verdict.outcome not in {Outcome.PASS, Outcome.FAIL}:
        return verdict
    if verdict.outcome is Outcome.FAIL and len(stale) < len(verdict.citations):
        return verdict
    oldest = min(citation.captured for citation in stale if citation.captured is not None)
    old = unknown(
        "the evidence is from {captured}, more than 30 days old; scan again", captured=oldest
    )
    return replace(old, citations=verdict.citations)
