"""Each MCU and VCS was reviewed before it was put into use (reading A-08).

A dated record not later than commissioning passes, as attested. A device older than the Regulation
is also served by a record of the last 12 months, or by this run when it held every mandatory entry
of the baseline written for the family against what the device shows. What the review found is
judged by D11.1-b; here it is told with date and profile.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from inventory.model import Device, Document
from rules.baseline import Baselines, Chosen
from rules.calendar_months import add_months
from rules.facts import Citation, Fact, Facts
from rules.model import Rule, Verdict, failed, passed, unknown

IN_FORCE = date(2020, 10, 21)
RENEWAL_MONTHS = 12


def check(
    device: Device, facts: Facts, baselines: Baselines, today: date, now: datetime
) -> Verdict:
    record, commissioned = device.hardening_review, device.commissioned
    chosen = baselines.of(device, facts)
    if record == "none":
        return failed("a record of the review was asked for and does not exist")
    if commissioned is None:
        return unknown("the date of commissioning is not in the inventory")
    older = commissioned < IN_FORCE
    if record is None:
        return (
            _by_this_run(chosen, _held_against(chosen, device, facts, now), today)
            if older
            else unknown("no record of a review is entered in the inventory")
        )
    if record.issued > today:
        return unknown("record {number} bears a date in the future", number=record.number)
    if record.issued <= commissioned:
        return passed(
            "reviewed on {issued} by record {number}, before commissioning on {commissioned}",
            _cited(record),
            attested=True,
            issued=record.issued,
            number=record.number,
            commissioned=commissioned,
        )
    if older and record.issued >= add_months(today, -RENEWAL_MONTHS):
        return passed(
            "in use since before the Regulation; reviewed on {issued} by record {number}",
            _cited(record),
            attested=True,
            issued=record.issued,
            number=record.number,
        )
    if older and chosen.adopted:
        judged = _held_against(chosen, device, facts, now)
        if all(met is not None for met, _ in judged):
            return _by_this_run(chosen, judged, today)
    return failed(
        "record {number} of {issued} is later than commissioning on {commissioned}",
        _cited(record),
        number=record.number,
        issued=record.issued,
        commissioned=commissioned,
    )


def _cited(record: Document) -> Citation:
    return Citation("D", record.number, text=record.subject or "")


def _held_against(
    chosen: Chosen, device: Device, facts: Facts, now: datetime
) -> list[tuple[bool | None, Fact[Any]]]:
    compared = chosen.baseline.held_against(device.kind, facts, now)
    return [(one.met, one.fact) for one in compared.judged]


def _by_this_run(
    chosen: Chosen, judged: list[tuple[bool | None, Fact[Any]]], today: date
) -> Verdict:
    if not chosen.adopted:
        return unknown(
            "no record of a review, and no baseline for this model that this run could review by"
        )
    if any(met is None for met, _ in judged):
        return unknown("no record of a review, and this run read a part of the configuration only")
    return passed(
        "in use since before the Regulation; this run reviewed it in full on {day} against "
        "{baseline}: {met} of {all} entries met",
        *[fact for _, fact in judged],
        day=today,
        baseline=chosen.baseline.label,
        met=sum(met is True for met, _ in judged),
        all=len(judged),
    )


RULE = Rule(
    check,
    id="D11.1-a",
    severity="S3",
    subject="device",
    kinds=frozenset({"mcu", "vcs"}),
    from_files=False,
)
