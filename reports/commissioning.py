"""The commissioning record of one device (D11.1-a, D11.1-e): one A4 page in Vietnamese, to sign.

It is a draft for the clerk and the signers: number, place, names and signatures are blanks, and
nothing is invented for them. One row stands for one requirement, with the worst of its verdicts;
the full reasons are in the report of the same run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from inventory.text import Text
from reports import legal, wording
from reports.report import Report
from rules.model import OUTCOME_NAMES, Finding, Outcome, worst
from rules.patches.model import Feed
from rules.requirements import REQUIREMENTS
from rules.world import LOCAL_ZONE

if TYPE_CHECKING:
    from reports.report import EvidenceEntry

SHOWN = (Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA)
LONGEST_REASON = 150
LONGEST_NAME = 70
SUBJECTS = 3
SIZES = 7
"""Steps of type size in the style sheet, the largest first."""
IN_A_BROWSER = ((850, 4), (2000, 5))
"""Characters that fit on the page of a browser in that size, tried out with all requirements."""
EVERYBODY = "*"
"""As the name of an account: those that could not be listed."""

Conclusion = str
MAY, MAY_NOT, UNTOLD = "may", "may-not", "untold"


@dataclass(frozen=True, slots=True)
class Commissioned:
    """The device as it says what it is; None = it does not say, which is shown as a blank."""

    address: str
    """Address, or the names of the files where it was not asked itself."""
    kind: str
    family: str | None = None
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    version: str | None = None
    newest: str | None = None
    """The newest release known for it."""


@dataclass(frozen=True, slots=True)
class CommissioningRecord:
    """Everything that the page shows. `report` holds the findings on this device only."""

    report: Report
    device: Commissioned
    baseline: str = ""
    """Name and version of the baseline that the configuration was compared with."""
    feeds: tuple[Feed, ...] = ()
    """Catalogues that the judgement rests on."""
    upon_signing: frozenset[str] = frozenset()
    """Requirements that this very record settles once it is signed."""
    from_files: bool = False
    problem: Text | None = None
    """Why the device could not be read completely."""


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement."""

    requirement: str
    title: str
    outcome: Outcome
    reason: str
    waits: bool


def render(record: CommissioningRecord, size: int | None = None) -> str:
    """The page as HTML that fetches nothing and runs no program; the same record, the same bytes.

    `size` 0 is the largest type, `SIZES - 1` the smallest; without one, that in which a browser
    prints it on one page.
    """
    environment = _environment()
    style, style_hash = _style()
    run, rows = record.report.run, rows_of(record)
    return environment.get_template("commissioning.html.j2").render(
        style=style,
        style_hash=style_hash,
        size=size_in_a_browser(record) if size is None else size,
        record=record,
        device=record.device,
        run=run,
        kind=_vi(wording.KIND_NAMES.get(record.device.kind)),
        basis=legal.DECISION.vi,
        profile=legal.profile_on(run.legal_profile, run.started.astimezone(LOCAL_ZONE).date()),
        catalogues=catalogues(record.feeds),
        evidence=evidence_digest(record.report.evidence),
        pieces=len({item.sha256 for item in record.report.evidence}),
        rows=rows,
        counts=[(OUTCOME_NAMES[o].vi, sum(r.outcome is o for r in rows)) for o in SHOWN],
        conclusion=conclusion(record),
        names={outcome: OUTCOME_NAMES[outcome].vi for outcome in Outcome},
        symbols=wording.SYMBOLS,
        times=_times(record.report),
        maker=_maker(record.device),
        cut=_cut,
    )


def size_in_a_browser(record: CommissioningRecord) -> int:
    """By the amount of text, for the type of a browser cannot be tried out beforehand."""
    device = record.device
    told = (device.address, device.family, device.model, device.serial, device.version)
    written = [_cut(text) for text in told] + [row.reason for row in rows_of(record)]
    written += [_cut(record.problem.vi if record.problem else ""), catalogues(record.feeds)]
    amount = sum(map(len, written))
    return next((size for most, size in IN_A_BROWSER if amount <= most), SIZES - 1)


def rows_of(record: CommissioningRecord) -> tuple[Row, ...]:
    """One row for each requirement, in the Regulation's order."""
    grouped: dict[str, list[Finding]] = {}
    for finding in record.report.findings:
        grouped.setdefault(finding.requirement, []).append(finding)
    return tuple(
        _row(requirement, grouped[requirement], record.upon_signing)
        for requirement in REQUIREMENTS
        if requirement in grouped
    )


def _row(requirement: str, findings: Sequence[Finding], waiting: frozenset[str]) -> Row:
    outcome = worst([finding.outcome for finding in findings])
    guilty = [finding for finding in findings if finding.outcome is outcome]
    reason = _cut(f"{_accounts(guilty)}{guilty[0].reason.vi}", LONGEST_REASON)
    waits = outcome is Outcome.UND and requirement in waiting
    return Row(requirement, REQUIREMENTS[requirement].title.vi, outcome, reason, waits)


def _accounts(findings: Iterable[Finding]) -> str:
    subjects = (f.subject for f in findings if f.subject.kind == "account")
    names = [name for s in subjects if (name := s.id.partition("/")[2]) != EVERYBODY]
    if not names:
        return ""
    more = f" và {len(names) - SUBJECTS} tài khoản khác" if len(names) > SUBJECTS else ""
    return f"{', '.join(_cut(name, 24) for name in names[:SUBJECTS])}{more}: "


def conclusion(record: CommissioningRecord) -> Conclusion:
    """`may-not` with any FAIL, else `untold` while anything is open, else `may` be put into use.

    What only the signature of this record lacks does not keep anything open.
    """
    findings = record.report.findings
    outcomes = {f.outcome for f in findings if f.requirement not in record.upon_signing}
    if Outcome.FAIL in outcomes:
        return MAY_NOT
    if Outcome.UND in outcomes or Outcome.PASS not in outcomes:
        return UNTOLD
    return MAY


def evidence_digest(evidence: Iterable[EvidenceEntry]) -> str:
    """SHA-256 over the digests of all pieces, sorted, one a line: whatever changes, changes it."""
    digests = sorted({item.sha256 for item in evidence})
    return hashlib.sha256("".join(f"{one}\n" for one in digests).encode()).hexdigest()


def catalogues(feeds: Iterable[Feed]) -> str:
    """The newest import of each kind: name, day, first digits of its digest."""
    newest: dict[str, Feed] = {}
    for feed in feeds:
        if feed.name not in newest or feed.stamped > newest[feed.name].stamped:
            newest[feed.name] = feed
    named = [
        f"{_KINDS.get(name, name)} {feed.stamped.astimezone(LOCAL_ZONE):%d/%m/%Y} "
        f"({feed.sha256[:12]})"
        for name, feed in sorted(newest.items())
    ]
    return _cut("; ".join(named), 2 * LONGEST_REASON)


_KINDS: Mapping[str, str] = {"shipped": "kèm theo chương trình"}


def _cut(text: str | None, longest: int = LONGEST_NAME) -> str:
    """On one line and no longer than that."""
    line = " ".join((text or "").split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _times(report: Report) -> str:
    """When the check began, and when it ended where that is another minute."""
    ended = report.run.finished or report.run.started
    times = (wording.moment(report.run.started, "vi"), wording.moment(ended, "vi"))
    return " – ".join(dict.fromkeys(times))


def _maker(device: Commissioned) -> str:
    """Vendor and model; the vendor once, where the name of the model begins with it."""
    vendor, model = device.vendor or "", device.model or ""
    return model if model.casefold().startswith(vendor.casefold()) else f"{vendor} {model}"


def _vi(text: Text | None) -> str:
    return text.vi if text is not None else ""


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _safe(value: Any) -> Any:
    """Every expression on the page passes here before it is escaped."""
    if isinstance(value, Markup):
        return value
    return wording.plain(value) if isinstance(value, str) else value


def _style() -> tuple[Markup, str]:
    """The style sheet and the hash by which the page's policy admits it, and nothing else."""
    environment = _environment()
    loader = environment.loader
    assert loader is not None
    source = loader.get_source(environment, "commissioning.css")[0]
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return Markup(source), f"sha256-{digest}"  # noqa: S704 - our own file, not data
