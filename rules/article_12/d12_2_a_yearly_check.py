"""The whole system is checked every year (readings A-22, A-23).

A run that read every device counts as a check of the day it ended, however late it is judged, if it
took no longer than a campaign may; documented checks of others count as attested. Fails when the
last check lies more than 12 months back, or when such a gap ended within the last 12 months. A run
that missed devices is no check and does not mend a gap.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from inventory.model import Inventory
from inventory.readings import Readings
from rules.calendar_months import add_months
from rules.facts import Citation
from rules.model import Rule, Verdict, failed, not_applicable, passed, unknown
from rules.world import CompletedCheck, History

MONTHS = 12
THIS_RUN = "this run"


def check(inventory: Inventory, history: History, readings: Readings, today: date) -> Verdict:
    missing = tuple(d.id for d in inventory.devices if d.id not in history.covered)
    checks = _completed(inventory, history, readings, today, complete=not missing)
    proof = [_cited(c) for c in checks]
    since = inventory.organisation.in_use_since
    if not checks:
        return _never_checked(since, missing, readings, today)
    last = checks[-1]
    if readings.annual == "calendar_year":
        return _by_calendar_year(checks, proof, today)
    if today > add_months(last.ended, MONTHS):
        return failed(
            "the last whole-system check ended on {ended}, more than 12 months ago",
            *proof,
            ended=last.ended,
        )
    for earlier, later in pairwise(checks):
        recent = today <= add_months(later.ended, MONTHS)
        if recent and later.ended > add_months(earlier.ended, MONTHS):
            return failed(
                "between the checks of {earlier} and {later} lie more than 12 months",
                *proof,
                earlier=earlier.ended,
                later=later.ended,
            )
    return passed(
        "the last whole-system check ended on {ended} ({source})",
        *proof[-2:],
        attested=last.attested,
        ended=last.ended,
        source=last.source,
    )


def _completed(
    inventory: Inventory, history: History, readings: Readings, today: date, *, complete: bool
) -> tuple[CompletedCheck, ...]:
    """Every complete check known, oldest first; this run is one when it read every device."""
    documented = (
        CompletedCheck(past.ended, past.document.number, attested=True)
        for past in inventory.past_checks
    )
    found = [*history.earlier, *documented]
    if complete:
        found.append(CompletedCheck(history.ended or today, THIS_RUN, began=history.began))
    counted = (c for c in set(found) if c.ended <= today and _one_campaign(c, readings))
    return tuple(sorted(counted, key=lambda c: c.ended))


def _one_campaign(check: CompletedCheck, readings: Readings) -> bool:
    """What was looked at first is not too old when the last is looked at (A-23)."""
    return check.began is None or (check.ended - check.began).days <= readings.campaign_days


def _cited(check: CompletedCheck) -> Citation:
    return Citation("D" if check.attested else "H", check.source, text=f"{check.ended:%Y-%m-%d}")


def _never_checked(
    since: date | None, missing: tuple[str, ...], readings: Readings, today: date
) -> Verdict:
    if since is None:
        return unknown("no whole-system check is known, nor since when the system is in use")
    if today <= add_months(since, MONTHS):
        return not_applicable(
            "not_yet_due", "in use since {since}, not longer than 12 months", since=since
        )
    if missing:
        return unknown(
            "no earlier check is on record and this run missed {devices}", devices=missing
        )
    return unknown(
        "no earlier check is on record and this run took more than {days} days",
        days=readings.campaign_days,
    )


def _by_calendar_year(
    checks: tuple[CompletedCheck, ...], proof: list[Citation], today: date
) -> Verdict:
    years = {check.ended.year for check in checks}
    if {today.year, today.year - 1} & years:
        last = checks[-1]
        return passed(
            "the last whole-system check ended on {ended} ({source})",
            *proof[-2:],
            attested=last.attested,
            ended=last.ended,
            source=last.source,
        )
    return failed("no whole-system check in {year}", *proof, year=str(today.year - 1))


RULE = Rule(check, id="D12.2-a", severity="S3", subject="system")
