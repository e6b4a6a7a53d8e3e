"""Findings as CSV for a spreadsheet: one row each, every verdict, no cell that is a formula."""

from __future__ import annotations

import csv
import io

from reports.found import Found, remedy, subject
from reports.one_line import one_line
from reports.waivers import waived
from rules.model import Finding, Outcome
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
)


def render(found: Found, lang: str) -> str:
    """Begins with a byte order mark, without which spreadsheets misread Vietnamese."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in found.findings:
        writer.writerow([_cell(value) for value in _row(finding, lang)])
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
        "; ".join(
            f"{c.evidence_class} {c.source}" + (f":{c.line}" if c.line is not None else "")
            for c in finding.citations
        ),
        finding.fingerprint,
        waived(finding.waiver).in_language(lang) if finding.waiver is not None else "",
    )


def _cell(value: str) -> str:
    """A spreadsheet runs what begins with one of these signs."""
    value = one_line(value)
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value
