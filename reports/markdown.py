"""Findings as a comment on a merge request, in the Markdown of GitHub and GitLab.

Text of others is escaped so that it neither forms markup nor mentions anybody. The comment fits
into what both take; what does not fit is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reports import found as saying
from reports.found import Found, Remark
from reports.one_line import one_line
from rules.model import OUTCOME_NAMES, SEVERITY_NAMES, Finding, Outcome
from rules.requirements import REQUIREMENTS

LONGEST = 65_000
"""Characters; GitHub takes 65,536."""
_RESERVED = 600
"""Kept for what closes the comment."""
MARK = "<!-- hnth gate -->"
"""By this line a pipeline finds its own comment again and replaces it."""


def render(found: Found, lang: str) -> str:
    """The verdict and the counts, what is not met, then the rest folded away."""
    page = _Page()
    page.add(MARK, _title(found, lang), "", *_counts(found, lang), "")
    errors = [one for one in found.all_remarks if one.level != "note"]
    page.add_each((_remark(one, lang) for one in errors), lang)
    page.add("")
    for outcome, opened in ((Outcome.FAIL, True), (Outcome.UND, False)):
        findings = [finding for finding in found.faults if finding.outcome is outcome]
        page.add_folded(
            f"{OUTCOME_NAMES[outcome].in_language(lang)}: {len(findings)}",
            (*_head(lang),) if findings else (),
            (_row(found, finding, lang) for finding in findings),
            lang,
            opened=opened,
        )
    notes = [_remark(one, lang) for one in found.all_remarks if one.level == "note"]
    title = "Ghi chú" if lang == "vi" else "Notes"
    page.add_folded(f"{title}: {len(notes)}", (), notes, lang)
    return page.text()


class _Page:
    """Takes lines for as long as there is room."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0

    def add(self, *lines: str) -> None:
        self._lines += lines
        self._length += sum(len(line) + 1 for line in lines)

    def add_each(self, lines: Iterable[str], lang: str) -> None:
        """As many as fit; a line says how many did not."""
        left_out = 0
        for line in lines:
            if left_out or self._length + len(line) > LONGEST - _RESERVED:
                left_out += 1
            else:
                self.add(line)
        if left_out:
            vi = f"còn {left_out} mục không đủ chỗ; xem kết quả đầy đủ ở định dạng khác"
            en = f"{left_out} more did not fit; see the whole result in another format"
            self.add("", vi if lang == "vi" else en)

    def add_folded(
        self,
        title: str,
        head: Iterable[str],
        lines: Iterable[str],
        lang: str,
        *,
        opened: bool = False,
    ) -> None:
        """A part that a reader opens; nothing where there is nothing in it."""
        lines = list(lines)
        if not lines:
            return
        self.add(f"<details{' open' if opened else ''}>", f"<summary>{title}</summary>", "", *head)
        self.add_each(lines, lang)
        self.add("", "</details>", "")

    def text(self) -> str:
        return "\n".join(self._lines).rstrip("\n") + "\n"


def _title(found: Found, lang: str) -> str:
    if found.reason is None and found.whole:
        return "### ✅ hnth: " + ("đạt" if lang == "vi" else "passed")
    if found.status == 0:
        return "### ⚠️ hnth: " + ("không đạt, được bỏ qua" if lang == "vi" else "let through")
    return "### ❌ hnth: " + ("không đạt" if lang == "vi" else "not passed")


def _counts(found: Found, lang: str) -> Iterator[str]:
    outcomes = (Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA)
    yield _cells(OUTCOME_NAMES[outcome].in_language(lang) for outcome in outcomes)
    yield _cells("---:" for _ in outcomes)
    yield _cells(str(found.count(outcome)) for outcome in outcomes)


def _head(lang: str) -> Iterator[str]:
    vi = ("Mức", "Yêu cầu", "Đối tượng", "Tệp", "Lý do", "Cách khắc phục")
    en = ("Severity", "Requirement", "Subject", "File", "Reason", "Remedy")
    yield _cells(vi if lang == "vi" else en)
    yield _cells("---" for _ in en)


def _row(found: Found, finding: Finding, lang: str) -> str:
    title = REQUIREMENTS[finding.requirement].title.in_language(lang)
    failed = finding.outcome is Outcome.FAIL
    return _cells(
        (
            f"{finding.severity} {SEVERITY_NAMES[finding.severity].in_language(lang)}",
            f"**{finding.requirement}** {escaped(title)}",
            code(saying.subject(finding)),
            code(str(found.place(finding))),
            escaped(saying.reason(finding, lang)),
            escaped(saying.remedy(finding, lang)) if failed else "",
        )
    )


def _remark(remark: Remark, lang: str) -> str:
    place = "" if remark.place is None else f"{code(str(remark.place))}: "
    mark = {"error": "❌", "warning": "⚠️", "note": "ℹ️"}[remark.level]
    return f"- {mark} {place}{escaped(one_line(remark.text.in_language(lang)))}"


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


_MARKUP = re.compile(r"[\\`*_\[\]()~|<>&\"']")
_REFERENCE = re.compile(r"(?<=[@#!~%$])(?=[\w\"'])|(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
"""Inside what becomes a mention, a reference to an issue or label, or a link to a page."""
_APART = "\u200b"


def escaped(text: str) -> str:
    """Shown as it is: no markup, no link, no mention."""
    parts = _REFERENCE.split(text)
    return _APART.join(_MARKUP.sub(_entity, part) for part in parts)


def _entity(found: re.Match[str]) -> str:
    """As a number, for a backslash is itself shown in some places of a table."""
    return f"&#{ord(found[0])};"


def code(text: str) -> str:
    """In the type of code, where neither markup nor mentions count."""
    return f"<code>{escaped(text)}</code>"
