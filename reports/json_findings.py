"""Findings as JSON with stable names: what `--json` prints and other programs read.

The models below are the format; `schema` prints them as JSON Schema. A name is never changed and
never removed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from inventory.text import Text
from reports.counts import count
from reports.report import NotUnderstood, Report
from rules.facts import Citation
from rules.model import Finding, Severity, SubjectKind, Waived
from rules.notice import Notice


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Sentence(_Written):
    """The same statement in Vietnamese and English."""

    vi: str
    en: str


class WrittenSubject(_Written):
    """What is judged; the id is unique within its kind."""

    kind: SubjectKind
    id: str


class WrittenEvidence(_Written):
    """One place in the evidence. `captured` is UTC, `line` counts from 1."""

    evidence_class: Literal["P", "C", "O", "H", "R", "D"] = Field(alias="class")
    source: str
    line: int | None
    text: str
    sha256: str | None
    vantage: str | None
    captured: datetime | None


class Witness(_Written):
    """A packet that shows the violation."""

    src: str
    dst: str
    protocol: str
    sport: int | None
    dport: int | None


class Waiver(_Written):
    """An approved exception; the verdict stays FAIL. `document` is its number, `approver` the
    position of the person who approved it.
    """

    approver: str
    document: str
    reason: str
    expires: str
    issued: str | None = None
    sha256: str | None = None


class WrittenFinding(_Written):
    """A verdict on a subject. `fingerprint` is the same in every run that finds the same."""

    requirement: str
    subject: WrittenSubject
    verdict: Literal["PASS", "FAIL", "NA", "UND"]
    attested: bool
    waiver: Waiver | None
    severity: Severity
    reason: Sentence
    remedy: Sentence | None
    evidence: list[WrittenEvidence]
    witness: Witness | None
    fingerprint: str


class WrittenObservation(_Written):
    """What is worth knowing and breaks no requirement; counted nowhere."""

    kind: str
    requirement: str
    subject: WrittenSubject
    severity: Severity
    text: Sentence
    remedy: Sentence
    evidence: list[WrittenEvidence]
    fingerprint: str


class WrittenCounts(_Written):
    """`attested` are among PASS, `waived` among FAIL."""

    PASS: int
    FAIL: int
    NA: int
    UND: int
    attested: int
    waived: int


class WrittenRun(_Written):
    """Times are UTC; `finished` is null for a run that was not completed."""

    id: str
    started: datetime
    finished: datetime | None
    rules: str
    legal_profile: str
    readings_changed: dict[str, Any]


class WrittenUnread(_Written):
    """A line that could change a verdict and was not understood."""

    file: str
    line: int
    text: str
    why: str


class WrittenFile(_Written):
    """What became of a file that the gate met; `matters`: it keeps the gate from being green."""

    file: str
    state: Literal["read", "inventory", "not recognised", "not taken", "not a configuration"]
    device: str | None
    platform: str | None
    reason: Sentence | None
    matters: bool


class WrittenWorsened(_Written):
    """A finding that is worse than the one of the revision."""

    before: WrittenFinding
    now: WrittenFinding


class WrittenChanges(_Written):
    """What a change does, of findings that count. `known` are there as before."""

    revision: str
    added: list[WrittenFinding]
    worsened: list[WrittenWorsened]
    fixed: list[WrittenFinding]
    known: list[WrittenFinding]


class WrittenLine(_Written):
    """A line of a configuration; `line` is null for the end of a chain."""

    file: str | None
    line: int | None
    text: str


class WrittenPacket(_Written):
    """A packet, under the names of the options of `packet`; null: a name that no line mentions."""

    from_: str | None = Field(alias="from")
    to: str | None
    src: str
    dst: str
    proto: str
    sport: int
    dport: int
    state: str


class WrittenTrafficChange(_Written):
    """Packets that `line` now permits or blocks, and the lines that decided before."""

    kind: Literal["permitted", "blocked"]
    certain: bool
    packets: str
    witness: WrittenPacket
    line: WrittenLine
    before: list[WrittenLine]
    why: str | None


class WrittenTraffic(_Written):
    """What the changed filters of one device do; `open` keeps the picture incomplete."""

    device: str
    changes: list[WrittenTrafficChange]
    open: list[str]


class WrittenAccepted(_Written):
    """A finding that a baseline accepts until the end of a day."""

    finding: WrittenFinding
    accepted: str
    expires: str
    reason: str


class WrittenGate(_Written):
    """What `gate` adds: its exit status and why, every file, and what files cannot tell.

    `clean`: the files are in order and the rest has to be seen on the network. `not_judged`: no
    file could say anything.
    """

    status: Literal[0, 1, 2, 3]
    reason: Sentence | None
    relaxations: list[Sentence]
    problems: list[Sentence]
    files: list[WrittenFile]
    clean: list[WrittenFinding]
    not_judged: list[str]
    accepted: list[WrittenAccepted] = []
    changes: WrittenChanges | None = None
    traffic: list[WrittenTraffic] = []


class FindingsDocument(_Written):
    """Findings of one run."""

    run: WrittenRun
    counts: WrittenCounts
    findings: list[WrittenFinding]
    unread: list[WrittenUnread]
    observations: list[WrittenObservation] = []


class GateDocument(FindingsDocument):
    """Findings of the gate, with what it says besides."""

    gate: WrittenGate


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` gives."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FindingsDocument.model_json_schema(by_alias=True, mode="serialization"),
    }


def render(report: Report) -> dict[str, Any]:
    """The report's findings as plain values, ready for `json.dumps`."""
    return _document(report).model_dump(mode="json", by_alias=True)


def render_gate(report: Report, gate: WrittenGate) -> dict[str, Any]:
    """As `render`, with one more name: `gate`."""
    added = {"gate": gate.model_dump(mode="json", by_alias=True)}
    return {**render(report), **added}


def _document(report: Report) -> FindingsDocument:
    counts = count(report.findings)
    return FindingsDocument(
        run=WrittenRun(
            id=report.run.id,
            started=report.run.started,
            finished=report.run.finished,
            rules=report.run.rules_version,
            legal_profile=report.run.legal_profile,
            readings_changed=dict(report.run.readings_changed),
        ),
        counts=WrittenCounts(
            PASS=counts.passed,
            FAIL=counts.failed,
            NA=counts.not_applicable,
            UND=counts.undetermined,
            attested=counts.attested,
            waived=counts.waived,
        ),
        findings=[written(finding) for finding in report.findings],
        unread=[_unread(line) for line in report.unread],
        observations=[_observation(notice) for notice in report.notices],
    )


def sentence(text: Text) -> Sentence:
    """Both languages of it."""
    return Sentence(vi=text.vi, en=text.en)


def written(finding: Finding) -> WrittenFinding:
    """The finding in its stable form."""
    return WrittenFinding(
        requirement=finding.requirement,
        subject=WrittenSubject(kind=finding.subject.kind, id=finding.subject.id),
        verdict=finding.outcome.value,
        attested=finding.attested,
        waiver=_waiver(finding.waiver) if finding.waiver else None,
        severity=finding.severity,
        reason=sentence(finding.reason),
        remedy=sentence(finding.remedy) if finding.remedy else None,
        evidence=[_evidence(citation) for citation in finding.citations],
        witness=None,
        fingerprint=finding.fingerprint,
    )


def _observation(notice: Notice) -> WrittenObservation:
    return WrittenObservation(
        kind=notice.kind,
        requirement=notice.requirement,
        subject=WrittenSubject(kind=notice.subject.kind, id=notice.subject.id),
        severity=notice.severity,
        text=sentence(notice.text),
        remedy=sentence(notice.remedy),
        evidence=[_evidence(citation) for citation in notice.citations],
        fingerprint=notice.fingerprint,
    )


def _waiver(waived: Waived) -> Waiver:
    return Waiver(
        approver=waived.approver,
        document=waived.number,
        reason=waived.reason,
        expires=waived.expires.isoformat(),
        issued=waived.issued.isoformat(),
        sha256=waived.sha256,
    )


def _evidence(citation: Citation) -> WrittenEvidence:
    return WrittenEvidence(
        evidence_class=citation.evidence_class,
        source=citation.source,
        line=citation.line,
        text=citation.text,
        sha256=citation.sha256,
        vantage=citation.vantage,
        captured=citation.captured,
    )


def _unread(line: NotUnderstood) -> WrittenUnread:
    return WrittenUnread(
        file=f"{line.device}: {line.source}", line=line.line, text=line.text, why=line.why
    )
