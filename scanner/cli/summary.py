"""The screen after a scan: what is broken first, what could not be told, what to do next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from reports import found as saying
from reports.waivers import WAIVED_NAME
from rules.model import OUTCOME_NAMES, SEVERITY_NAMES, Finding, Outcome
from scanner.cli.speech import language
from scanner.evidence import printable

SHOWN = 12
"""A screen has 24 lines; more is in the report."""
LONGEST = 2000


def print_summary(
    run_id: str, findings: Sequence[Finding], console: Console, observed: int = 0
) -> None:
    """The four counts, the failures by severity, the number of open questions and observations."""
    lang = language()
    counts = Counter(f.outcome for f in findings)
    line = " · ".join(
        f"{OUTCOME_NAMES[o].in_language(lang)} {counts[o]}"
        for o in (Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA)
    )
    console.print(
        f"{_say('Đợt quét', 'Run')} {run_id}: {line}", markup=False, highlight=False, soft_wrap=True
    )
    number = sum(f.waiver is not None for f in findings)
    if number:
        said = f"{WAIVED_NAME.in_language(lang)}: {number}"
        console.print(said, markup=False, highlight=False)
    failures = sorted(
        (f for f in findings if f.outcome is Outcome.FAIL),
        key=lambda f: (f.severity, f.requirement),
    )
    if failures:
        _print_failures(failures, console, lang)
    undetermined = [f for f in findings if f.outcome is Outcome.UND]
    if undetermined:
        _print_undetermined(undetermined, console, lang)
    if observed:
        console.print()
        console.print(
            _say(
                f"Nội dung cần lưu ý (không phải kết luận): {observed}; xem: hnth report",
                f"Observations (no verdicts): {observed}; see: hnth report",
            ),
            highlight=False,
        )


def _plain(text: str) -> RichText:
    """What devices said, without terminal escapes and never taken for markup."""
    return RichText(printable(text, LONGEST))


def _print_failures(failures: Sequence[Finding], console: Console, lang: str) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for header in (
        _say("Mức độ", "Severity"),
        _say("Yêu cầu", "Requirement"),
        _say("Đối tượng", "Subject"),
        _say("Lý do", "Reason"),
    ):
        table.add_column(header, overflow="fold")
    for finding in failures[:SHOWN]:
        table.add_row(
            SEVERITY_NAMES[finding.severity].in_language(lang),
            finding.requirement,
            _plain(finding.subject.id),
            _plain(saying.reason(finding, lang)),
        )
    console.print()
    console.print(table, highlight=False)
    if len(failures) > SHOWN:
        more = len(failures) - SHOWN
        console.print(
            _say(f"… và {more} nội dung khác trong báo cáo", f"… and {more} more in the report")
        )


def _print_undetermined(undetermined: Sequence[Finding], console: Console, lang: str) -> None:
    by_reason: dict[str, list[Finding]] = defaultdict(list)
    for finding in undetermined:
        by_reason[printable(finding.reason.in_language(lang), LONGEST)].append(finding)
    console.print()
    console.print(
        _say(
            f"Chưa xác định được {len(undetermined)} nội dung, nhiều nhất vì:",
            f"{len(undetermined)} could not be determined, mostly because:",
        )
    )
    for reason, group in sorted(by_reason.items(), key=lambda pair: -len(pair[1]))[:4]:
        console.print(f"  {len(group):4d} × {reason}", markup=False, highlight=False)


def _say(vi: str, en: str) -> str:
    return vi if language() == "vi" else en
