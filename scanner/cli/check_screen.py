"""The one screen after a check: what is wrong and what to do, what is not known, what is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from inventory.text import Text
from reports.commissioning import EVERYBODY, MAY, MAY_NOT, UNTOLD, conclusion
from rules.model import OUTCOME_NAMES, Finding, Outcome
from scanner.check.record import record_of
from scanner.cli.speech import language
from scanner.evidence import printable
from scanner.remedies import commands_for_notice, first_lines, shown_for

if TYPE_CHECKING:
    from rules.notice import Notice
    from scanner.check.model import CheckResult

LONGEST = 600
NAMED = 4
"""Accounts named on one line."""
CVES = 5

_MARKS = {Outcome.FAIL: "✗", Outcome.UND: "?", Outcome.PASS: "✓", Outcome.NA: "–"}
_OBSERVED = "i"
"""Marks what is no verdict."""
_STYLES = {
    Outcome.FAIL: "bold red",
    Outcome.UND: "yellow",
    Outcome.PASS: "green",
    Outcome.NA: "dim",
}


def print_screen(result: CheckResult, database: str | None) -> None:
    """Failures first, the worst on top, each with its remedy; then the rest, one line each.

    Observations are last, under a mark of their own. Accounts of which the same is to be said share
    a line.
    """
    lang = language()
    console = Console(soft_wrap=False, highlight=False)
    shown = [f for f in result.findings if not _only_beyond(f, result)]
    table = Table.grid(padding=(0, 1))
    for outcome in (Outcome.FAIL, Outcome.UND, Outcome.PASS, Outcome.NA):
        for findings in _alike([f for f in shown if f.outcome is outcome], result):
            _add(findings, table, lang, result)
    for notice in sorted(result.report.notices, key=lambda notice: notice.severity):
        _add_notice(notice, table, lang, result)
    console.print(table)
    console.print()
    for line in (*_software(result, lang), *_left_out(result, lang)):
        console.print(printable(line, LONGEST), markup=False)
    counts = " · ".join(
        f"{OUTCOME_NAMES[outcome].in_language(lang)} "
        f"{sum(f.outcome is outcome for f in result.findings)}"
        for outcome in Outcome
    )
    console.print(RichText(counts, style="bold"))
    console.print(RichText(_CONCLUSIONS[conclusion(record_of(result))].in_language(lang)))
    if database is not None:
        evidence = f"hnth report -d {database}"
        console.print(_say(f"Bằng chứng: {evidence}", f"The evidence: {evidence}"), markup=False)


def _alike(findings: Iterable[Finding], result: CheckResult) -> Iterator[list[Finding]]:
    """Those of one requirement with one reason together; the worst severity first.

    What is no failure needs no remedy of its own: there, requirements of one clause of which the
    same is to be said of the same accounts are together, too.
    """
    groups: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.severity, finding.requirement, finding.reason.en].append(finding)
    lines: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda f: f.subject.id)
        severity, requirement, reason = key
        clause = requirement.rpartition("-")[0]
        own = requirement if group[0].outcome is Outcome.FAIL else _waits(group[0], result)
        lines[severity, clause, own, reason, *(f.subject.id for f in group)] += group
    yield from lines.values()


def _waits(finding: Finding, result: CheckResult) -> bool:
    return finding.outcome is Outcome.UND and finding.requirement in result.upon_signing


def _named(findings: Iterable[Finding]) -> str:
    """`D11.2-b`; `D11.2-b…f` or `D11.2-b,d` for several of one clause."""
    requirements = list(dict.fromkeys(finding.requirement for finding in findings))
    letters = [requirement.rpartition("-")[2] for requirement in requirements]
    run = range(ord(letters[0][0]), ord(letters[0][0]) + len(letters))
    if len(letters) > 2 and letters == [chr(number) for number in run]:
        letters = [f"{letters[0]}…{letters[-1]}"]
    return f"{requirements[0].rpartition('-')[0]}-{','.join(letters)}"


def _only_beyond(finding: Finding, result: CheckResult) -> bool:
    """A file could not have decided it: counted, and named on a line of its own."""
    return finding.outcome is Outcome.UND and finding.requirement in result.beyond_files


def _left_out(result: CheckResult, lang: str) -> Iterator[str]:
    if result.problem is not None:
        problem = result.problem.in_language(lang)
        yield _say(f"! Chưa đọc được đầy đủ: {problem}", f"! Not read completely: {problem}")
    beyond = [f.requirement for f in result.findings if _only_beyond(f, result)]
    if beyond:
        names = ", ".join(dict.fromkeys(beyond))
        yield _say(
            f"Tệp không quyết định được, phải kiểm tra trên thiết bị: {names}",
            f"Not for files to decide, check the device itself: {names}",
        )


def _software(result: CheckResult, lang: str) -> Iterator[str]:
    """The running release beside the newest one, and what it is known to be open to."""
    known = result.software
    if known.running is None:
        return
    parts = [_say(f"Phiên bản {known.running}", f"Release {known.running}")]
    if known.newest is not None:
        parts.append(_say(f"mới nhất đã biết: {known.newest}", f"newest known: {known.newest}"))
    if known.affected:
        listed = ", ".join(known.affected[:CVES])
        more = f" (+{len(known.affected) - CVES})" if len(known.affected) > CVES else ""
        parts.append(
            _say(f"lỗ hổng đã biết: {listed}{more}", f"known vulnerabilities: {listed}{more}")
        )
    if known.undecided:
        number = known.undecided
        parts.append(_say(f"{number} lỗ hổng chưa kết luận được", f"{number} undecided"))
    if known.why is not None:
        parts.append(known.why.in_language(lang))
    if known.data_of is not None:
        day = f"{known.data_of:%d/%m/%Y}" if lang == "vi" else known.data_of.isoformat()
        parts.append(_say(f"dữ liệu ngày {day}", f"data of {day}"))
    yield " · ".join(parts)


def _add(findings: Sequence[Finding], table: Table, lang: str, result: CheckResult) -> None:
    first = findings[0]
    style = _STYLES[first.outcome]
    reason = RichText()
    subjects = (f.subject for f in findings if f.subject.kind == "account")
    named = [name for s in subjects if (name := s.id.partition("/")[2]) != EVERYBODY]
    names = list(dict.fromkeys(named))
    if names:
        more = f" (+{len(names) - NAMED})" if len(names) > NAMED else ""
        reason.append(f"{', '.join(printable(name, 60) for name in names[:NAMED])}{more}: ")
    reason.append(printable(first.reason.in_language(lang), LONGEST))
    if first.outcome is Outcome.FAIL and first.remedy is not None:
        reason.append(f"\n→ {printable(first.remedy.in_language(lang), LONGEST)}", style="bold")
        for line in _what_to_do(first, result, lang):
            reason.append(f"\n  {printable(line, LONGEST)}")
    table.add_row(
        RichText("✎" if _waits(first, result) else _MARKS[first.outcome], style=style),
        RichText(_named(findings), style=style, no_wrap=True),
        reason,
    )


def _add_notice(notice: Notice, table: Table, lang: str, result: CheckResult) -> None:
    text = RichText(printable(notice.text.in_language(lang), LONGEST))
    text.append(f"\n→ {printable(notice.remedy.in_language(lang), LONGEST)}", style="bold")
    inventory = result.report.inventory
    device = next(one for one in inventory.devices if one.id == notice.device)
    steps = commands_for_notice(notice, device, result.platform, inventory)
    for line in first_lines(steps, lang):
        text.append(f"\n  {printable(line, LONGEST)}")
    name = RichText(notice.requirement, style="blue", no_wrap=True)
    table.add_row(RichText(_OBSERVED, style="blue"), name, text)


def _what_to_do(finding: Finding, result: CheckResult, lang: str) -> tuple[str, ...]:
    """The first commands, or the place in a menu."""
    platform = result.platform
    if platform is None or finding.device is None:
        return ()
    families = {finding.device: platform}
    return shown_for(finding, result.report.inventory, families, lang)


def _say(vi: str, en: str) -> str:
    return vi if language() == "vi" else en


_CONCLUSIONS = {
    MAY: Text(
        vi="Đủ điều kiện đưa vào sử dụng sau khi ký biên bản (ghi biên bản: --record TỆP).",
        en="May go into use once the record is signed (write it with --record FILE).",
    ),
    MAY_NOT: Text(
        vi="Chưa đủ điều kiện đưa vào sử dụng: hãy khắc phục các nội dung ✗ rồi kiểm tra lại.",
        en="May not go into use: mend what is marked ✗ and check again.",
    ),
    UNTOLD: Text(
        vi="Chưa đủ căn cứ kết luận: còn nội dung chưa xác định được (dấu ?).",
        en="Nothing can be concluded yet: what is marked ? could not be determined.",
    ),
}
