"""Findings as CSV for a spreadsheet: one row each, every verdict, no cell that is a formula.

Observations follow in rows without a verdict, so that whoever counts verdicts counts none of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from reports.found import Found, remedy, subject
from reports.one_line import one_line
from reports.waivers import waived
from rules.facts import Citation
from rules.model import Finding, Outcome
from rules.notice import Notice
from rules.requirements import REQUIREMENTS

COLUMNS = (
    "requirement",
    "clause",
    "title",
    "verdict",
    "severity",
    "subject_kind",
    "subject",
    "site",
    "device",
    "reason",
    "remedy",
    "attested",
    "evidence",
    "fingerprint",
    "waiver",
    "observation",
)


def render(found: Found, lang: str) -> str:
    """Begins with a byte order mark, without which spreadsheets misread Vietnamese."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in found.findings:
        writer.writerow([_cell(value) for value in _row(finding, lang)])
    for notice in found.observations:
        writer.writerow([_cell(value) for value in _observed(notice, lang)])
    return "\ufeff" + page.getvalue()


def _row(finding: Finding, lang: str) -> tuple[str, ...]:
    requirement = REQUIREMENTS[finding.requirement]
    return (
        finding.requirement,
        requirement.label.in_language(lang),
        requirement.title.in_language(lang),
        finding.outcome.value,
        finding.severity,
        finding.subject.kind,
        subject(finding),
        finding.site or "",
        finding.device or "",
        finding.reason.in_language(lang),
        remedy(finding, lang) if finding.outcome is Outcome.FAIL else "",
        "yes" if finding.attested else "no",
        _evidence(finding.citations),
        finding.fingerprint,
        waived(finding.waiver).in_language(lang) if finding.waiver is not None else "",
        "",
    )


def _observed(notice: Notice, lang: str) -> tuple[str, ...]:
    """Under the requirement that it stands nearest to, its kind in the last column."""
    requirement = REQUIREMENTS[notice.requirement]
    return (
        notice.requirement,
        requirement.label.in_language(lang),
        requirement.title.in_language(lang),
        "",
        notice.severity,
        notice.subject.kind,
        notice.subject.id,
        notice.site or "",
        notice.device or "",
        notice.text.in_language(lang),
        notice.remedy.in_language(lang),
        "no",
        _evidence(notice.citations),
        notice.fingerprint,
        "",
        notice.kind,
    )


def _evidence(citations: Iterable[Citation]) -> str:
    return "; ".join(
        f"{c.evidence_class} {c.source}" + (f":{c.line}" if c.line is not None else "")
        for c in citations
    )


def _cell(value: str) -> str:
    """A spreadsheet runs what begins with one of these signs."""
    value = one_line(value)
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value
