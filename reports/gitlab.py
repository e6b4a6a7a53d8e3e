"""Findings as a GitLab Code Quality report: a list of places with what is wrong there.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. The list has no room
for what is met, and none for a verdict on the whole: why the gate is not green, what was relaxed
what was observed besides and what was not read are entries of their own.
"""

from __future__ import annotations

import json
from typing import Any

from reports import found as saying
from reports.found import Found, Level, Place, Remark
from reports.one_line import one_line
from rules.model import Finding, Outcome, Severity

_SEVERITIES: dict[Severity, str] = {"S1": "blocker", "S2": "critical", "S3": "major", "S4": "minor"}
_UNDETERMINED = "minor"
"""Not a violation that is proven; the words say what it is."""
_LEVELS: dict[Level, str] = {"error": "critical", "warning": "minor", "note": "info"}


def render(found: Found, lang: str) -> str:
    """The reason, relaxations and what was not read, then every FAIL and UND."""
    remarks = (r for r in found.all_remarks if r.level != "note" or r.kind == "observation")
    entries = [_remark(found, remark, lang) for remark in remarks]
    entries += [_entry(found, f, identity, lang) for f, identity in saying.identities(found)]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _entry(found: Found, finding: Finding, identity: str, lang: str) -> dict[str, Any]:
    said = f"{saying.headline(finding, lang)}: {saying.statement(finding, lang)}"
    failed = finding.outcome is Outcome.FAIL
    if failed:
        said = f"{said} → {saying.remedy(finding, lang)}"
    severity = _SEVERITIES[finding.severity] if failed else _UNDETERMINED
    return _written(finding.requirement, said, identity, severity, found.place(finding))


def _remark(found: Found, remark: Remark, lang: str) -> dict[str, Any]:
    """Its place counts for the identity: the same may be true of two files.

    The words of the reason do not, for they hold a number that changes with every fault.
    """
    place = remark.place or saying.at(found.home)
    words = "" if remark.kind == "not-green" else f"{place}\0{remark.text.en}"
    identity = saying.digest(f"{remark.kind}\0{words}")
    text = one_line(remark.text.in_language(lang))
    return _written(f"hnth-{remark.kind}", text, identity, _LEVELS[remark.level], place)


def _written(name: str, text: str, identity: str, severity: str, place: Place) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": name,
        "fingerprint": identity,
        "severity": severity,
        # a line is required; the first stands for the whole file
        "location": {"path": place.file, "lines": {"begin": place.line or 1}},
    }
