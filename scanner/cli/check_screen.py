"""The one screen after a check: what is wrong and what to do, what is not known, what is right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from rules.model import OUTCOME_NAMES, Finding, Outcome
from rules.requirements import REQUIREMENTS
from scanner.cli.speech import language
from scanner.evidence import printable

LONGEST = 600

_MARKS = {Outcome.FAIL: "✗", Outcome.UND: "?", Outcome.PASS: "✓", Outcome.NA: "–"}
_STYLES = {
    Outcome.FAIL: "bold red",
    Outcome.UND: "yellow",
    Outcome.PASS: "green",
    Outcome.NA: "dim",
}


def print_screen(findings: Sequence[Finding], database: str) -> None:
    """Failures first, the worst on top, each with its remedy; then the rest, one line each.

    Requirements that only a person can judge are counted and not listed.
    """
    lang = language()
    console = Console(soft_wrap=False, highlight=False)
    by_hand = [f for f in findings if not REQUIREMENTS[f.requirement].reasons]
    shown = [f for f in findings if f not in by_hand]
    table = Table.grid(padding=(0, 1))
    for outcome in (Outcome.FAIL, Outcome.UND, Outcome.PASS, Outcome.NA):
        group = [f for f in shown if f.outcome is outcome]
        for finding in sorted(group, key=lambda f: (f.severity, f.requirement, f.subject.id)):
            _add(finding, table, lang)
    console.print(table)
    console.print()
    counts = " · ".join(
        f"{OUTCOME_NAMES[outcome].in_language(lang)} {sum(f.outcome is outcome for f in shown)}"
        for outcome in Outcome
    )
    console.print(RichText(counts, style="bold"))
    if by_hand:
        console.print(
            _say(
                f"Ngoài ra {len(by_hand)} nội dung phải do người kiểm tra xem xét.",
                f"Besides, {len(by_hand)} requirements have to be checked by a person.",
            )
        )
    console.print(
        _say(
            f"Bằng chứng: hnth report -d {database}",
            f"The evidence: hnth report -d {database}",
        ),
        markup=False,
    )


def _add(finding: Finding, table: Table, lang: str) -> None:
    style = _STYLES[finding.outcome]
    reason = RichText()
    if finding.subject.kind == "account":
        reason.append(f"{printable(finding.subject.id.partition('/')[2], 60)}: ")
    reason.append(printable(finding.reason.in_language(lang), LONGEST))
    if finding.outcome is Outcome.FAIL and finding.remedy is not None:
        reason.append(f"\n→ {printable(finding.remedy.in_language(lang), LONGEST)}", style="bold")
    table.add_row(
        RichText(_MARKS[finding.outcome], style=style),
        RichText(finding.requirement, style=style),
        reason,
    )


def _say(vi: str, en: str) -> str:
    return vi if language() == "vi" else en
