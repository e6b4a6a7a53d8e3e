"""What the page shows, worked out before any markup: tables as values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inventory.model import Device
from inventory.readings import Readings, describe, identifier
from inventory.text import Text
from reports.counts import Counts, article_of, clause_of, count, count_by, group
from reports.legal import ARTICLES
from reports.remediation import Step
from reports.report import EvidenceEntry, Report, ScannedDevice
from rules.facts import Citation
from rules.model import Finding, Outcome, Severity, worst
from rules.notice import Notice
from rules.requirements import REQUIREMENTS, Requirement


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """The lines of one piece of evidence that a finding cites, in the order of citation."""

    origin: Citation
    """Names the source, once for all lines."""
    lines: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with its place on the page."""

    anchor: str
    finding: Finding
    name: str
    """The subject as people call it; equals the id where no name is declared."""

    @property
    def evidence(self) -> tuple[EvidenceGroup, ...]:
        """What the finding cites, the lines of one source together."""
        return _grouped(self.finding.citations)


def _grouped(citations: Sequence[Citation]) -> tuple[EvidenceGroup, ...]:
    groups: dict[Citation, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(replace(citation, line=None, text=""), []).append(citation)
    return tuple(EvidenceGroup(origin, tuple(lines)) for origin, lines in groups.items())


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """An observation with what it cites."""

    observed: Notice
    evidence: tuple[EvidenceGroup, ...]
    steps: tuple[Step, ...] = ()
    """What is typed to mend it, where the device's family has a command."""


@dataclass(frozen=True, slots=True)
class Priority:
    """One thing to repair: the same requirement and remedy at the same severity."""

    severity: Severity
    requirement: Requirement
    remedy: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RequirementView:
    requirement: Requirement
    counts: Counts
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ClauseView:
    clause: str
    label: Text
    counts: Counts
    requirements: tuple[RequirementView, ...]

    @property
    def outcome(self) -> Outcome:
        """The roll-up; a requirement without any finding counts as undetermined."""
        return worst([view.counts.outcome for view in self.requirements])


@dataclass(frozen=True, slots=True)
class ArticleView:
    article: int
    title: Text
    counts: Counts
    clauses: tuple[ClauseView, ...]

    @property
    def outcome(self) -> Outcome:
        """The roll-up over the clauses."""
        return worst([view.outcome for view in self.clauses])


@dataclass(frozen=True, slots=True)
class GridRow:
    """A site, or the whole system, across the clauses. None: nothing is judged here."""

    name: Text
    cells: tuple[Counts | None, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class DeviceRow:
    device: ScannedDevice
    declared: Device | None
    site: str
    counts: Counts
    answers: int


@dataclass(frozen=True, slots=True)
class VantageRow:
    id: str
    zone: str
    address: str
    answers: int


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    entry: EvidenceEntry
    first: bool
    """No earlier row shows the same bytes: links lead here."""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    identifier: str
    meaning: Text
    value: Any
    default: Any


def rows(report: Report) -> tuple[Row, ...]:
    """Every finding, in the report's order, numbered for links."""
    return tuple(
        Row(f"f{n}", finding, _subject_name(report, finding))
        for n, finding in enumerate(report.findings, 1)
    )


def notice_rows(report: Report, steps: Mapping[str, tuple[Step, ...]]) -> tuple[NoticeRow, ...]:
    """Every observation, worst first, else in the report's order; `steps` by fingerprint."""
    worst_first = sorted(report.notices, key=lambda notice: notice.severity)
    return tuple(
        NoticeRow(notice, _grouped(notice.citations), steps.get(notice.fingerprint, ()))
        for notice in worst_first
    )


def _subject_name(report: Report, finding: Finding) -> str:
    kind, subject = finding.subject.kind, finding.subject.id
    if kind == "site":
        return next((s.name for s in report.inventory.sites if s.id == subject), subject)
    if kind == "zone":
        return next((z.name or z.id for z in report.inventory.zones if z.id == subject), subject)
    return subject.removesuffix("/*") if kind == "account" else subject


def priorities(all_rows: Sequence[Row]) -> tuple[Priority, ...]:
    """What to repair, worst first; within a severity what concerns most subjects first."""
    failed = [row for row in all_rows if row.finding.outcome is Outcome.FAIL]
    order = {requirement: n for n, requirement in enumerate(REQUIREMENTS)}
    groups: dict[tuple[Severity, str], list[Row]] = {}
    for row in failed:
        groups.setdefault((row.finding.severity, row.finding.requirement), []).append(row)
    found = [
        Priority(
            severity,
            REQUIREMENTS[requirement],
            members[0].finding.remedy or REQUIREMENTS[requirement].remedy,
            tuple(members),
        )
        for (severity, requirement), members in groups.items()
    ]
    return tuple(sorted(found, key=lambda p: (p.severity, -len(p.rows), order[p.requirement.id])))


def articles(all_rows: Sequence[Row]) -> tuple[ArticleView, ...]:
    """All requirements, those without any finding included; worst findings first in each."""
    by_requirement: dict[str, list[Row]] = {name: [] for name in REQUIREMENTS}
    for row in all_rows:
        by_requirement[row.finding.requirement].append(row)
    clauses: dict[str, list[RequirementView]] = {}
    for name, members in by_requirement.items():
        requirement = REQUIREMENTS[name]
        members.sort(key=lambda row: list(Outcome).index(row.finding.outcome))
        view = RequirementView(requirement, count(r.finding for r in members), tuple(members))
        clauses.setdefault(requirement.clause, []).append(view)
    views = [
        ClauseView(
            clause,
            members[0].requirement.label,
            count(row.finding for view in members for row in view.rows),
            tuple(members),
        )
        for clause, members in clauses.items()
    ]
    findings = [row.finding for row in all_rows]
    per_article = count_by(findings, article_of)
    return tuple(
        ArticleView(
            article,
            title,
            per_article.get(article, Counts()),
            tuple(v for v in views if v.requirements[0].requirement.article == article),
        )
        for article, title in ARTICLES.items()
    )


def requirement_counts(views: Sequence[ArticleView]) -> Counts:
    """How many requirements have each verdict after the roll-up."""
    outcomes = [r.counts.outcome for a in views for c in a.clauses for r in c.requirements]
    return Counts(
        passed=outcomes.count(Outcome.PASS),
        failed=outcomes.count(Outcome.FAIL),
        undetermined=outcomes.count(Outcome.UND),
        not_applicable=outcomes.count(Outcome.NA),
    )


def clauses() -> tuple[str, ...]:
    """All clauses in the Regulation's order."""
    return tuple(dict.fromkeys(r.clause for r in REQUIREMENTS.values()))


def grid(report: Report) -> tuple[GridRow, ...]:
    """Sites in the order of the inventory, then what concerns the whole system."""
    by_site = group(report.findings, lambda finding: finding.site)
    found = [
        GridRow(Text(vi=site.name, en=site.name), *_cells(by_site.get(site.id, [])))
        for site in report.inventory.sites
    ]
    known = {site.id for site in report.inventory.sites}
    found.extend(
        GridRow(Text(vi=site, en=site), *_cells(members))
        for site, members in by_site.items()
        if site is not None and site not in known
    )
    whole = Text(vi="Toàn hệ thống", en="Whole system")
    return (*found, GridRow(whole, *_cells(by_site.get(None, []))))


def _cells(findings: list[Finding]) -> tuple[tuple[Counts | None, ...], Counts]:
    by_clause = count_by(findings, clause_of)
    return tuple(by_clause.get(clause) for clause in clauses()), count(findings)


def grid_total(report: Report) -> GridRow:
    """All findings by clause."""
    return GridRow(Text(vi="Tổng cộng", en="Total"), *_cells(list(report.findings)))


def severities(all_rows: Sequence[Row]) -> tuple[tuple[Severity, int], ...]:
    """How many failures there are of each severity, worst first; none of a severity is left out."""
    number = Counter(r.finding.severity for r in all_rows if r.finding.outcome is Outcome.FAIL)
    return tuple(sorted(number.items()))


def device_rows(report: Report) -> tuple[DeviceRow, ...]:
    """Every device of the run with what became of it."""
    declared = {device.id: device for device in report.inventory.devices}
    sites = {site.id: site.name for site in report.inventory.sites}
    by_device = count_by(report.findings, lambda finding: finding.device)
    answers = Counter([item.device for item in report.evidence])
    return tuple(
        DeviceRow(
            device,
            declared.get(device.id),
            sites.get(declared[device.id].site, "") if device.id in declared else "",
            by_device.get(device.id, Counts()),
            answers.get(device.id, 0),
        )
        for device in report.devices
    )


def vantage_rows(report: Report) -> tuple[VantageRow, ...]:
    """The places from which was looked: the declared ones, then any other that gave evidence."""
    zones = {zone.id: zone.name or zone.id for zone in report.inventory.zones}
    answers = Counter([item.vantage for item in report.evidence if item.vantage])
    declared = [
        VantageRow(
            point.id,
            zones.get(point.zone, point.zone),
            str(point.address) if point.address else "",
            answers.pop(point.id, 0),
        )
        for point in report.inventory.vantage_points
    ]
    return (*declared, *(VantageRow(name, "", "", n) for name, n in answers.items()))


def evidence_rows(report: Report) -> tuple[EvidenceRow, ...]:
    """The evidence in the order of collection."""
    seen: set[str] = set()
    found = []
    for entry in report.evidence:
        found.append(EvidenceRow(entry, entry.sha256 not in seen))
        seen.add(entry.sha256)
    return tuple(found)


def reading_rows(report: Report) -> tuple[ReadingRow, ...]:
    """The readings that were changed, each beside its default."""
    default = Readings().model_dump(mode="json")
    return tuple(
        ReadingRow(
            identifier(name) if name in default else "",
            describe(name) if name in default else Text(vi=name, en=name),
            value,
            default.get(name),
        )
        for name, value in report.run.readings_changed.items()
    )


def reading_value(value: Any, language: str) -> str:
    """The value of a reading in words; what has no words is shown as it is declared."""
    if isinstance(value, Mapping) and {"value"} <= value.keys() <= {"unit", "value"}:
        day = value.get("unit") == "day"
        unit = ("ngày" if day else "tháng") if language == "vi" else ("days" if day else "months")
        return f"{value['value']} {unit}"
    if isinstance(value, bool):
        return {True: ("có", "yes"), False: ("không", "no")}[value][language != "vi"]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
