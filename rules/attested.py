"""What documents vouch for (class D): a side that no device can show, or a requirement alone."""

from __future__ import annotations

from datetime import date

from inventory.model import WHOLE_SYSTEM, Attestable, Attestation, Inventory
from rules.calendar_months import add_months
from rules.evidence_age import vouches
from rules.facts import Citation
from rules.model import Verdict, passed, unknown
from rules.requirements import REQUIREMENTS, common_reasons
from rules.wording import worded


def vouching(
    requirement: Attestable, site: str, inventory: Inventory, today: date
) -> tuple[Attestation, ...]:
    """The documents on the requirement that speak for the site today.

    Its own come before those on every site, then the newest first.
    """
    found = [a for a in _about(requirement, site, inventory) if vouches(a, today)]
    return tuple(sorted(found, key=lambda a: (a.subject != site, -a.issued.toordinal())))


def lapsed(
    requirement: Attestable, site: str, inventory: Inventory, today: date
) -> Attestation | None:
    """The newest document on the requirement and site that does not speak for today."""
    old = [a for a in _about(requirement, site, inventory) if not vouches(a, today)]
    return max(old, key=lambda a: a.issued, default=None)


def _about(requirement: Attestable, site: str, inventory: Inventory) -> list[Attestation]:
    return [
        a
        for a in inventory.attestations
        if a.requirement == requirement and a.subject in {site, WHOLE_SYSTEM}
    ]


def cited(document: Attestation) -> Citation:
    """The document as evidence."""
    return Citation(
        "D",
        document.number,
        text=f"{document.issuer}, {document.signer}, {document.issued.isoformat()}"[:200],
        sha256=document.sha256,
    )


def vouched(
    requirement: Attestable,
    subject: str,
    inventory: Inventory,
    today: date,
    *,
    within_months: int | None = None,
) -> Verdict:
    """Attested where a document alone is the proof and one vouches for today; else UND.

    `within_months`: an older one does not do, however long it is valid.
    """
    documents = vouching(requirement, subject, inventory, today)
    for document in documents:
        if within_months is None or today <= add_months(document.issued, within_months):
            return passed(
                "{issuer} confirms it by {number} of {issued}",
                cited(document),
                attested=True,
                issuer=document.issuer,
                number=document.number,
                issued=document.issued,
            )
    old = documents[0] if documents else lapsed(requirement, subject, inventory, today)
    if old is None:
        return unknown("no document that vouches for it is on record")
    return unknown(
        "document {number} of {issued} on it does not vouch for today",
        cited(old),
        number=old.number,
        issued=old.issued,
    )


def confirmed(
    shown: Verdict, requirement: Attestable, site: str, inventory: Inventory, today: date
) -> Verdict:
    """What the gateways show (PASS), as far as a document tells of the carrier's side as well."""
    words = worded(shown, {**common_reasons(), **REQUIREMENTS[requirement].reasons})
    for document in vouching(requirement, site, inventory, today):
        return passed(
            "{shown}; {issuer} confirms it by {number} of {issued}",
            *shown.citations,
            cited(document),
            attested=True,
            shown=words,
            issuer=document.issuer,
            number=document.number,
            issued=document.issued,
        )
    old = lapsed(requirement, site, inventory, today)
    if old is not None:
        return unknown(
            "{shown}; document {number} of {issued} on it does not vouch for today",
            *shown.citations,
            cited(old),
            shown=words,
            number=old.number,
            issued=old.issued,
        )
    return unknown(
        "{shown}; no document confirms the side of the carrier",
        *shown.citations,
        shown=words,
    )
