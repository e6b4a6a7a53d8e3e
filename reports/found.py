"""What a run found, as pipelines take it: one value from which every format is written.

The formats differ in shape only. Which findings are shown, at which place, how serious each is and
what has to be said besides is settled here, so that no format can hold less than another.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from inventory.text import Text
from reports.one_line import one_line
from reports.waivers import WAIVED_NAME, waived
from rules.facts import Citation
from rules.model import OUTCOME_NAMES, SEVERITY_NAMES, Finding, Outcome, Severity
from rules.notice import Notice
from rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from reports.report import Report

Level = Literal["error", "warning", "note"]

RemarkKind = Literal[
    "not-green",
    "problem",
    "not-scanned",
    "unread-file",
    "unread-line",
    "relaxation",
    "notice",
    "only-live",
    "observation",
    "traffic",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A file and, where one is meant, a line from 1 on."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader has to know besides the findings."""

    kind: RemarkKind
    level: Level
    text: Text
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A run with its findings in the Regulation's order."""

    id: str
    version: str
    started: datetime
    """UTC, as `finished`."""
    finished: datetime | None
    findings: tuple[Finding, ...]
    """Those that count."""
    status: int | None = None
    """Exit status of the gate: 0 to 3. None where no gate was asked."""
    whole: bool = True
    """The run came to its end and nothing that was needed stayed unread."""
    reason: Text | None = None
    """Why it is not green; also set where it was let through all the same."""
    remarks: tuple[Remark, ...] = ()
    observations: tuple[Notice, ...] = ()
    """What is worth knowing and breaks no requirement; said among the remarks, counted nowhere."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """The file of a device, by its id: where a finding without a line is shown."""
    home: str = "inventory.yaml"
    """Where a finding on no device is shown."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """FAIL and UND: what every format shows one by one. FAIL first, the gravest first."""
        shown = (f for f in self.findings if f.outcome in _RANK)
        return tuple(sorted(shown, key=lambda f: (_RANK[f.outcome], f.severity)))

    def count(self, outcome: Outcome) -> int:
        """How many findings came out so."""
        return sum(finding.outcome is outcome for finding in self.findings)

    def place(self, finding: Finding) -> Place:
        """The first line that it cites in a file, else the file of its device."""
        return self._place(finding.citations, finding.device) or at(self.home)

    def _place(self, citations: Sequence[Citation], device: str | None) -> Place | None:
        in_files = [c for c in citations if c.evidence_class == "O"]
        for citation in in_files:
            if citation.line is not None:
                return at(citation.source, citation.line)
        if in_files:
            return at(in_files[0].source)
        return at(self.homes[device]) if device is not None and device in self.homes else None

    @property
    def all_remarks(self) -> tuple[Remark, ...]:
        """The reason first, observations last, the gravest of them first."""
        worst_first = sorted(self.observations, key=lambda notice: notice.severity)
        said = (*self.remarks, *map(self._observed, worst_first))
        if self.reason is None:
            return said
        level: Level = "warning" if self.status == 0 else "error"
        return (Remark("not-green", level, self.reason), *said)

    def _observed(self, notice: Notice) -> Remark:
        """Never an error: an observation turns nothing red."""
        level: Level = "note" if _LEVELS[notice.severity] == "note" else "warning"
        text = _OBSERVED.format(
            subject=one_line(notice.subject.id, 300),
            requirement=notice.requirement,
            severity=notice.severity,
        )
        said = Text(
            vi=f"{text.vi}: {one_line(notice.text.vi)} → {one_line(notice.remedy.vi)}",
            en=f"{text.en}: {one_line(notice.text.en)} → {one_line(notice.remedy.en)}",
        )
        return Remark("observation", level, said, self._place(notice.citations, notice.device))


_RANK = {Outcome.FAIL: 0, Outcome.UND: 1}


def at(file: str, line: int | None = None) -> Place:
    """The place under a name that can be written anywhere and is never empty."""
    return Place(one_line(file) or "\ufffd", line)


_LEVELS: dict[Severity, Level] = {"S1": "error", "S2": "error", "S3": "warning", "S4": "note"}


def level(finding: Finding) -> Level:
    """How loud a FAIL or UND is. An UND never drops below a warning: it keeps a gate shut."""
    own = _LEVELS[finding.severity]
    return own if finding.outcome is Outcome.FAIL else "warning"


def headline(finding: Finding, lang: str) -> str:
    """`D11.2-b [S2 Cao] Không đạt`: what, how serious, and the verdict."""
    severity = SEVERITY_NAMES[finding.severity].in_language(lang)
    outcome = OUTCOME_NAMES[finding.outcome].in_language(lang)
    if finding.waiver is not None:
        outcome = WAIVED_NAME.in_language(lang)
    return f"{finding.requirement} [{finding.severity} {severity}] {outcome}"


def statement(finding: Finding, lang: str) -> str:
    """The subject and the reason in one line, with the exception where one is approved."""
    return f"{subject(finding)}: {reason(finding, lang)}"


def reason(finding: Finding, lang: str) -> str:
    """The reason in one line, with the exception where one is approved."""
    said = one_line(finding.reason.in_language(lang))
    if finding.waiver is None:
        return said
    return f"{said} ({one_line(waived(finding.waiver).in_language(lang))})"


def subject(finding: Finding) -> str:
    """The id of what is judged, in one line."""
    return one_line(finding.subject.id, 300)


def remedy(finding: Finding, lang: str) -> str:
    """What to do, in one line; of a finding without one, what its requirement says."""
    own = finding.remedy or REQUIREMENTS[finding.requirement].remedy
    return one_line(own.in_language(lang))


def identities(found: Found) -> Iterator[tuple[Finding, str]]:
    """Every fault with an id of 40 hex digits that no other has.

    It follows what is wrong and the words of the lines that show it: neither a moved line nor a
    renamed file makes a fault new.
    """
    seen: Counter[str] = Counter()
    for finding in found.faults:
        texts = sorted({_words(c.text) for c in finding.citations if c.evidence_class == "O"})
        own = "\0".join((finding.fingerprint, *texts))
        nth = seen[own]
        seen[own] += 1
        yield finding, digest(own if not nth else f"{own}\0{nth}")


def digest(text: str) -> str:
    """40 hex digits that follow the text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def _words(text: str) -> str:
    return " ".join(text.split())


def of_report(report: Report) -> Found:
    """A scan as pipelines take it; devices that could not be read are said besides."""
    return Found(
        id=report.run.id,
        version=report.run.tool_version,
        started=report.run.started,
        finished=report.run.finished,
        findings=report.findings,
        whole=report.run.status == "finished" and all(d.state == "done" for d in report.devices),
        remarks=tuple(_of_scan(report)),
        observations=report.notices,
    )


def _of_scan(report: Report) -> Iterator[Remark]:
    for device in report.devices:
        if device.state != "done":
            why = device.reason or _NOT_REACHED
            vi, en = f"{device.id}: {why.vi}", f"{device.id}: {why.en}"
            yield Remark("not-scanned", "error", Text(vi=vi, en=en))
    for line in report.unread:
        said = f"{line.device}: {line.source}:{line.line}: {line.text}"
        yield Remark("unread-line", "warning", unread_line(said, line.why))


def unread_line(line: str, why: str) -> Text:
    """What is said of a line that could change a verdict and was not understood."""
    return _UNREAD.format(line=line, why=why)


_OBSERVED = Text(
    vi="{subject}: lưu ý (không phải kết luận), gần {requirement} [{severity}]",
    en="{subject}: observed (no verdict), near {requirement} [{severity}]",
)
_NOT_REACHED = Text(vi="chưa quét", en="not scanned")
_UNREAD = Text(vi="chưa phân tích được “{line}”: {why}", en="“{line}” was not understood: {why}")
