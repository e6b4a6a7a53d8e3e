"""Verdict, finding and rule: what a judgement is, whoever makes it.

A rule module holds `check` and `RULE = Rule(check, ...)`; see `docs/rules.md`. The parameters of
`check` are its needs, filled in by name by `rules/judge.py`:

- a fact, its dots written as underscores: `call_encryption: Known[str]`. Annotated `Known[...]`,
  the rule is asked only when the fact is known, otherwise the verdict is UND with the fact's
  reason. Annotated `Fact[...]`, the rule gets `Known` or `Unknown` and decides.
- the subject: `device`, `account`, `zone`, `site`;
- `facts` (of the subject device), `network` (facts of every device by id), `inventory`, `readings`,
  `today` (local date in Asia/Ho_Chi_Minh), `now` (UTC), `history`, `advisories` (what was imported
  about vulnerabilities and releases), `baselines` (what hardened devices are compared with).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from inventory.text import Text
from rules.facts import Citation, Known, Unknown

if TYPE_CHECKING:
    from inventory.model import Device  # declared input loads slowly, and facts need none


class Outcome(StrEnum):
    """The four verdicts, no others (REQUIREMENTS 1.2), worst first."""

    FAIL = "FAIL"
    UND = "UND"
    PASS = "PASS"  # noqa: S105
    NA = "NA"


OUTCOME_NAMES = {
    Outcome.PASS: Text(vi="Đạt", en="Pass"),
    Outcome.FAIL: Text(vi="Không đạt", en="Fail"),
    Outcome.NA: Text(vi="Không áp dụng", en="Not applicable"),
    Outcome.UND: Text(vi="Chưa xác định được", en="Cannot determine"),
}

Severity = Literal["S1", "S2", "S3", "S4"]

SEVERITY_NAMES: dict[Severity, Text] = {
    "S1": Text(vi="Nghiêm trọng", en="Critical"),
    "S2": Text(vi="Cao", en="High"),
    "S3": Text(vi="Trung bình", en="Medium"),
    "S4": Text(vi="Thấp", en="Low"),
}

NotApplicable = Literal[
    "no_such_asset",
    "level_out_of_scope",
    "not_connected_to_province",
    "not_yet_due",
    "commissioned_before_regulation",
]
"""The closed list of CR-4."""

SubjectKind = Literal["device", "account", "zone", "site", "system"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about. `id` is unique within its kind: `mcu-tinh`, `mcu-tinh/admin`."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement with its reason as template and values, and the proof it rests on."""

    outcome: Outcome
    template: str
    """English, with {names}; translated in the rule's text file."""
    values: dict[str, Any] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    attested: bool = False
    """A pass that rests on a document alone."""
    not_applicable: NotApplicable | None = None
    reason: Text | None = None
    """Set instead of a template where the reason came from a fact."""
    raised: bool = False
    """One level more severe than the requirement by itself."""
    beside: tuple[Verdict, ...] = ()
    """Further verdicts on the same subject, each a finding of its own."""


def _citations(because: tuple[Known[Any] | Unknown | Citation, ...]) -> tuple[Citation, ...]:
    found: list[Citation] = []
    for item in because:
        found.extend([item] if isinstance(item, Citation) else item.citations)
    return tuple(dict.fromkeys(found))


Proof = Known[Any] | Unknown | Citation


def passed(template: str, *because: Proof, attested: bool = False, **values: Any) -> Verdict:
    """PASS: positive, current, sufficient evidence, given in `because`."""
    return Verdict(Outcome.PASS, template, values, _citations(because), attested=attested)


def failed(template: str, *because: Proof, **values: Any) -> Verdict:
    """FAIL: evidence in `because` shows the violation."""
    return Verdict(Outcome.FAIL, template, values, _citations(because))


def unknown(template: str, *because: Proof, **values: Any) -> Verdict:
    """UND: evidence is missing, stale, insufficient or contradictory."""
    return Verdict(Outcome.UND, template, values, _citations(because))


def unknown_because(fact: Unknown) -> Verdict:
    """UND for the reason that the fact itself gives."""
    return Verdict(Outcome.UND, "{reason}", {}, fact.citations, reason=fact.reason)


def not_applicable(code: NotApplicable, template: str, *because: Proof, **values: Any) -> Verdict:
    """NA with a reason of the closed list (CR-4)."""
    return Verdict(Outcome.NA, template, values, _citations(because), not_applicable=code)


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement and how it is judged. `id` is stored with findings: never rename it."""

    check: Callable[..., Verdict]
    id: str
    severity: Severity
    subject: SubjectKind
    kinds: frozenset[str] = frozenset()
    """For device and account rules the kinds of device judged, for zone rules the kinds of zone;
    empty = all."""
    only: Callable[[Device], bool] | None = None
    """For device and account rules: narrows the devices further, by what is declared."""
    always_applies: bool = False
    """The Regulation knows no "not applicable" here: without any subject the verdict is UND."""
    from_files: bool = True
    """Saved configurations and the inventory may hold the whole proof. False: they can show a
    violation at most, because a pass rests on something seen live, or on records of others."""


@dataclass(frozen=True, slots=True)
class Waived:
    """The approved exception that a FAIL is shown with."""

    number: str
    issued: date
    approver: str
    """Position of the person who approved it."""
    reason: str
    expires: date
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on a subject, in both languages, ready to be stored and shown."""

    requirement: str
    subject: Subject
    outcome: Outcome
    severity: Severity
    reason: Text
    remedy: Text | None
    """What to do; None where nothing is to be done."""
    citations: tuple[Citation, ...]
    fingerprint: str
    """Stable across runs: requirement, subject and kind of reason, no values."""
    attested: bool = False
    not_applicable: NotApplicable | None = None
    site: str | None = None
    """Site of the subject, for tables; None for the whole system."""
    device: str | None = None
    broke_down: bool = False
    """The rule crashed: UND for a defect of the program and not of what was judged."""
    waiver: Waived | None = None
    """Of a FAIL only, which it stays (CR-6)."""


def worst(outcomes: list[Outcome]) -> Outcome:
    """The roll-up of REQUIREMENTS 1.2: any FAIL, else any UND, else any PASS, else NA."""
    for outcome in (Outcome.FAIL, Outcome.UND, Outcome.PASS):
        if outcome in outcomes:
            return outcome
    return Outcome.NA
