"""The report as one HTML file that fetches nothing, runs no program and can be filed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from inventory.text import Text
from reports import legal, open_questions, segmentation, view, waivers, wording
from reports.counts import count
from reports.remediation import Step, is_one_line
from reports.report import Issued, Report
from rules.model import OUTCOME_NAMES, SEVERITY_NAMES, Outcome
from rules.world import LOCAL_ZONE

Language = Literal["vi", "en"]

SHOWN = (Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA)
"""The four verdicts in the order of every table."""


def render(
    report: Report,
    language: Language = "vi",
    issued: Issued | None = None,
    steps: Mapping[str, tuple[Step, ...]] = MappingProxyType({}),
) -> str:
    """The whole page, a draft with blanks until `issued`. The same report gives the same bytes.

    `steps`: what is typed to mend an observation, by its fingerprint.
    """
    context = _context(report, language) | {"notices": view.notice_rows(report, steps)}
    return _environment().get_template("report.html.j2").render(context, issued=issued)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=_t, say=_say, localized=_localized)
    return environment


def _safe(value: Any) -> Any:
    """Every expression on the page passes here before it is escaped."""
    if isinstance(value, Markup):
        return value
    return wording.plain(value) if isinstance(value, str) else value


@pass_context
def _t(context: Context, vi: str, en: str) -> str:
    """The page's own words, in the page's language."""
    return vi if context["language"] == "vi" else en


@pass_context
def _say(context: Context, text: Text) -> str:
    return text.in_language(context["language"])


@pass_context
def _localized(context: Context, kind: str, value: Any) -> str:
    """A value written in the page's language: `localized("moment", run.started)`."""
    written: str = getattr(wording, kind)(value, context["language"])
    return written


def _style() -> tuple[Markup, str]:
    """The style sheet and the hash by which the page's policy admits it, and nothing else."""
    environment = _environment()
    loader = environment.loader
    assert loader is not None
    source = loader.get_source(environment, "report.css")[0]
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return Markup(source), f"sha256-{digest}"  # noqa: S704 - our own file, not data


def _context(report: Report, language: Language) -> dict[str, Any]:
    rows = view.rows(report)
    articles = view.articles(rows)
    style, style_hash = _style()
    local_day = report.run.started.astimezone(LOCAL_ZONE).date()
    return {
        "language": language,
        "style": style,
        "style_hash": style_hash,
        "report": report,
        "run": report.run,
        "inventory": report.inventory,
        "organisation": report.inventory.organisation,
        "legal_profile": legal.profile_on(report.run.legal_profile, local_day),
        "basis": legal.basis(report.run.legal_profile, local_day),
        "counts": count(report.findings),
        "requirement_counts": view.requirement_counts(articles),
        "priorities": view.priorities(rows),
        "waivers": waivers.waiver_rows(report),
        "waived": waivers.waived,
        "articles": articles,
        "clauses": view.clauses(),
        "grid": view.grid(report),
        "grid_total": view.grid_total(report),
        "open_kinds": open_questions.open_kinds(report, rows),
        "segmentation": segmentation.segmentation(report),
        "separation_symbols": segmentation.SYMBOLS,
        "separation_names": segmentation.STATE_NAMES,
        "separation_meanings": segmentation.MEANINGS,
        "severities": view.severities(rows),
        "devices": view.device_rows(report),
        "vantage_points": view.vantage_rows(report),
        "readings": view.reading_rows(report),
        "reading_value": view.reading_value,
        "evidence_rows": view.evidence_rows(report),
        "known_evidence": {item.sha256 for item in report.evidence},
        "is_one_line": is_one_line,
        "outcomes": SHOWN,
        "Outcome": Outcome,
        "outcome_names": OUTCOME_NAMES,
        "severity_names": SEVERITY_NAMES,
        "symbols": wording.SYMBOLS,
        "class_names": wording.CLASS_NAMES,
        "kind_names": wording.KIND_NAMES,
        "subject_names": wording.SUBJECT_NAMES,
        "state_names": wording.STATE_NAMES,
        "not_applicable_names": wording.NOT_APPLICABLE_NAMES,
    }
