"""Findings as SARIF 2.1.0 (OASIS Standard with errata 01), for code scanning and editors.

A result is a FAIL (`kind` fail) or an UND (`open`: not enough is known to decide). What is met or
does not apply is counted in the run's properties and not listed, because code scanning shows every
result as an alert, whatever its `kind`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from inventory.text import Text
from reports import found as saying
from reports.found import Found, Level, Place, Remark
from reports.one_line import one_line
from reports.waivers import waived
from rules.facts import Citation
from rules.model import Finding, Outcome, Severity
from rules.requirements import REQUIREMENTS

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVELS: dict[Severity, Level] = {"S1": "error", "S2": "error", "S3": "warning", "S4": "note"}
_SCORES: dict[Severity, str] = {"S1": "9.5", "S2": "8.0", "S3": "5.5", "S4": "2.0"}
"""What code scanning sorts by: critical from 9.0, high from 7.0, medium from 4.0, then low."""

RELATED = 20
"""So many further lines of one finding are listed."""


def render(found: Found, lang: str) -> str:
    """One log with one run; texts in `lang`, those of the findings in both languages."""
    used = {finding.requirement for finding in found.faults}
    rules = [requirement for requirement in REQUIREMENTS if requirement in used]
    index = {requirement: number for number, requirement in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "hnth",
                "version": found.version,
                "semanticVersion": found.version,
                "language": lang,
                "rules": [_rule(requirement, lang) for requirement in rules],
            }
        },
        "automationDetails": {"id": f"hnth/{one_line(found.id)}"},
        "invocations": [_invocation(found, lang)],
        "language": lang,
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(found, finding, identity, index, lang)
            for finding, identity in saying.identities(found)
        ],
        "properties": {"counts": {o.value: found.count(o) for o in Outcome}},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(name: str, lang: str) -> dict[str, Any]:
    requirement = REQUIREMENTS[name]
    label, remedy = requirement.label.in_language(lang), requirement.remedy.in_language(lang)
    quoted = f"“{requirement.quote}”"
    return {
        "id": name,
        "shortDescription": _message(requirement.title.in_language(lang)),
        "fullDescription": _message(f"{label}: {quoted}"),
        "help": {
            **_message(f"{remedy} ({label}: {quoted})"),
            "markdown": _message(f"{remedy}\n\n> {label}: {quoted}")["text"],
        },
        "defaultConfiguration": {"level": _LEVELS[requirement.severity]},
        "properties": {
            "tags": ["security", f"Article {requirement.article}"],
            "security-severity": _SCORES[requirement.severity],
            "severity": requirement.severity,
            "clause": requirement.clause,
            "title": _both(requirement.title),
            "remedy": _both(requirement.remedy),
            "quote": requirement.quote,
        },
    }


def _result(
    found: Found, finding: Finding, identity: str, index: dict[str, int], lang: str
) -> dict[str, Any]:
    failed = finding.outcome is Outcome.FAIL
    place = found.place(finding)
    text = saying.statement(finding, lang)
    if failed:
        text = f"{text} → {saying.remedy(finding, lang)}"
    return {
        "ruleId": finding.requirement,
        "ruleIndex": index[finding.requirement],
        "kind": "fail" if failed else "open",
        # the standard has a level for violations only
        "level": _LEVELS[finding.severity] if failed else "none",
        "message": _message(text),
        "locations": [_location(place, finding, _text_at(place, finding.citations))],
        "relatedLocations": _related(place, finding.citations),
        "partialFingerprints": {
            "hnthFinding/v1": finding.fingerprint,
            "hnthPlace/v1": identity,
            "primaryLocationLineHash": f"{identity[:16]}:1",
        },
        "properties": {
            "verdict": finding.outcome.value,
            "severity": finding.severity,
            "subject": {"kind": finding.subject.kind, "id": saying.subject(finding)},
            "reason": _both(finding.reason),
            "remedy": _both(finding.remedy or REQUIREMENTS[finding.requirement].remedy),
            "security-severity": _SCORES[finding.severity],
            "evidence": [_evidence(citation) for citation in finding.citations],
            **({"waiver": _both(waived(finding.waiver))} if finding.waiver else {}),
        },
    }


def _location(place: Place, finding: Finding | None = None, text: str = "") -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
        if text:
            physical["region"]["snippet"] = {"text": text}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding is not None:
        name = saying.subject(finding)
        location["logicalLocations"] = [{"name": name, "kind": finding.subject.kind}]
    return location


def _text_at(place: Place, citations: Iterable[Citation]) -> str:
    for citation in citations:
        if saying.at(citation.source, citation.line) == place:
            return one_line(citation.text)
    return ""


def _related(first: Place, citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """The other lines in files, each once."""
    texts = {
        saying.at(c.source, c.line): one_line(c.text)
        for c in citations
        if c.evidence_class == "O" and c.line is not None
    }
    texts.pop(first, None)
    return [
        {"id": number, **_location(place, text=text)}
        for number, (place, text) in enumerate(list(texts.items())[:RELATED], start=1)
    ]


def _evidence(citation: Citation) -> dict[str, Any]:
    return {
        "class": citation.evidence_class,
        "source": one_line(citation.source),
        "line": citation.line,
        "text": one_line(citation.text),
        "sha256": citation.sha256,
    }


def _invocation(found: Found, lang: str) -> dict[str, Any]:
    invocation: dict[str, Any] = {
        "executionSuccessful": found.whole,
        "startTimeUtc": _moment(found.started),
        "toolExecutionNotifications": [_notification(one, lang) for one in found.all_remarks],
    }
    if found.finished is not None:
        invocation["endTimeUtc"] = _moment(found.finished)
    if found.status is not None:
        invocation["exitCode"] = found.status
        if found.reason is not None:
            invocation["exitCodeDescription"] = one_line(found.reason.in_language(lang))
    return invocation


def _notification(remark: Remark, lang: str) -> dict[str, Any]:
    notification: dict[str, Any] = {
        "descriptor": {"id": remark.kind},
        "level": remark.level,
        "message": _message(one_line(remark.text.in_language(lang))),
    }
    if remark.place is not None:
        notification["locations"] = [_location(remark.place)]
    return notification


def _message(text: str) -> dict[str, str]:
    """Braces are doubled and links broken, for both would be acted on in a message (3.11)."""
    text = text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
    return {"text": text}


def _both(text: Text) -> dict[str, str]:
    return {"vi": one_line(text.vi), "en": one_line(text.en)}


def _uri(file: str) -> str:
    """A relative reference, or a file URI of an absolute path."""
    return ("file://" if file.startswith("/") else "") + quote(file, safe="/")


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
