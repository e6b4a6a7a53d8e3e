"""The gate for a person: findings by file with the line in its context, then the summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from inventory.text import Text
from reports.one_line import one_line
from reports.waivers import WAIVED_NAME, waived
from rules.model import OUTCOME_NAMES, SEVERITY_NAMES, Finding, Outcome
from rules.requirements import REQUIREMENTS
from scanner.evidence import printable

if TYPE_CHECKING:
    from rules.facts import Citation
    from scanner.gate.model import FileStatus, GateResult

LONGEST = 2000
WIDEST = 160
"""A line of a configuration is cut here."""
EXCERPTS = 5
"""So many places are shown for one finding."""
LISTED = 10
"""So many of a kind are listed; the JSON form has all."""


def as_text(result: GateResult, lang: str) -> str:
    """Plain text; nothing in it steers a terminal or a pipeline, whatever the files hold."""
    return "\n".join(map(harmless, _Page(result, lang).lines())) + "\n"


def harmless(line: str) -> str:
    """The line with its indentation; no build server takes it for a command."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    said = one_line(line, 4 * LONGEST)
    # servers look for `::error ...` behind any white space that a line begins with
    return indent + (f": {said[1:]}" if said.startswith("::") else said)


class _Page:
    """Writes one result in one language."""

    def __init__(self, result: GateResult, lang: str) -> None:
        self._result = result
        self._lang = lang
        self._seen: set[tuple[str, int]] = set()
        """Places that were shown with their context; later the line alone will do."""

    def lines(self) -> Iterator[str]:
        shown = [f for f in self._result.findings if f.outcome is Outcome.FAIL]
        for place, findings in _by_file(shown, self._result).items():
            yield self._heading(place)
            for finding in sorted(findings, key=lambda f: (f.severity, f.requirement)):
                yield from self._failure(finding)
            yield ""
        yield from self._undetermined()
        yield from self._changes()
        yield from self._traffic()
        yield from self._problems()
        yield from self._files()
        yield from self._summary()

    def _heading(self, place: str) -> str:
        status = next((one for one in self._result.files if one.file == place), None)
        if status is None or status.device is None:
            return printable(place, WIDEST)
        return f"{printable(place, WIDEST)} ({status.device}, {status.platform})"

    def _failure(self, finding: Finding) -> Iterator[str]:
        requirement = REQUIREMENTS[finding.requirement]
        severity = f"{finding.severity} {self._say(SEVERITY_NAMES[finding.severity])}"
        title = self._say(requirement.title)
        yield f"  ✗ {finding.requirement} [{severity}] {title}"
        about = _about(finding)
        yield f"    {about}{self._clean(finding.reason)}"
        if finding.waiver is not None:
            yield f"    {self._clean(waived(finding.waiver))}"
        yield from self._excerpts(finding.citations)
        yield f"    {self._say(requirement.label)}: “{requirement.quote}”"
        if finding.remedy is not None:
            yield f"    → {self._clean(finding.remedy)}"
        for line in what_to_do(finding, self._result, self._lang):
            yield f"      {printable(line, LONGEST)}"

    def _excerpts(self, citations: Sequence[Citation]) -> Iterator[str]:
        places = dict.fromkeys(
            (c.source, c.line)
            for c in citations
            if c.line is not None and (c.source, c.line) in self._result.excerpts
        )
        guilty = {(source, line) for source, line in places if line is not None}
        within: set[tuple[str, int]] = set()
        for source, line in list(places)[:EXCERPTS]:
            if line is None or (source, line) in within:
                continue
            excerpt = self._result.excerpts[source, line]
            yield f"      {printable(source, WIDEST)}:{line}"
            width = len(str(excerpt.first + len(excerpt.lines)))
            for number, text in enumerate(excerpt.lines, start=excerpt.first):
                if (source, line) in self._seen and number != line:
                    continue
                mark = ">" if (source, number) in guilty else " "
                within.add((source, number))
                yield f"      {mark} {number:{width}} │ {_cut(text)}".rstrip()
            self._seen.add((source, line))
        if len(places) > EXCERPTS:
            more = len(places) - EXCERPTS
            yield self._words(f"      … và {more} dòng khác", f"      … and {more} more lines")

    def _undetermined(self) -> Iterator[str]:
        """By reason, for many devices and requirements often lack the same."""
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in self._result.findings:
            if finding.outcome is Outcome.UND:
                groups[self._clean(finding.reason)].append(finding)
        if not groups:
            return
        yield self._say(OUTCOME_NAMES[Outcome.UND])
        for reason, findings in groups.items():
            requirements = ", ".join(dict.fromkeys(f.requirement for f in findings))
            subjects = _listed(f.subject.id for f in findings if f.subject.kind != "system")
            yield f"  ? {requirements}: {subjects}{reason}"
            yield from self._excerpts(findings[0].citations[:1])
        yield ""

    def _traffic(self) -> Iterator[str]:
        """What changed filters do to packets, allowed or not."""
        if not self._result.traffic:
            return
        from scanner.gate.traffic_words import lines_of  # noqa: PLC0415 - for changes only

        for device in self._result.traffic:
            name = printable(device.device, WIDEST)
            yield self._words(f"Lưu lượng qua {name}:", f"Traffic through {name}:")
            yield from (f"  {self._clean_right(text)}" for text in lines_of(device))
        yield ""

    def _clean_right(self, text: Text) -> str:
        """With its indentation."""
        said = self._say(text)
        return said[: len(said) - len(said.lstrip(" "))] + printable(said, LONGEST)

    def _changes(self) -> Iterator[str]:
        """What a change fixes and worsens; what it adds is above, with its lines."""
        changes = self._result.changes
        if changes is None:
            return
        fixed, worse = self._words("Đã khắc phục", "Fixed"), self._words("Xấu đi", "Worsened")
        rows = [(f"✓ {fixed}", one) for one in changes.fixed]
        rows += [(f"▼ {worse}", one.now) for one in changes.worsened]
        for mark, finding in rows[: 2 * LISTED]:
            name = printable(finding.subject.id, 80)
            yield f"  {mark}: {finding.requirement} {name}: {self._clean(finding.reason)}"
        if len(rows) > 2 * LISTED:
            more = len(rows) - 2 * LISTED
            yield self._words(f"  … và {more} mục khác", f"  … and {more} more")
        counts = (len(changes.added), len(changes.worsened), len(changes.fixed), len(changes.known))
        yield self._words(
            "So với {}: thêm {}, xấu đi {}, khắc phục {}, đã có từ trước {}",
            "Since {}: added {}, worsened {}, fixed {}, known before {}",
        ).format(changes.revision, *counts)
        yield ""

    def _problems(self) -> Iterator[str]:
        for text in (*self._result.problems, *self._result.notes):
            for line in self._say(text).split("\n"):
                yield f"! {printable(line, LONGEST)}"

    def _files(self) -> Iterator[str]:
        unread = [one for one in self._result.files if one.matters]
        if unread:
            yield self._words("Tệp không đọc được:", "Files that were not read:")
            for one in unread[:LISTED]:
                yield f"  ! {one.file}: {self._why(one)}"
            yield from self._and_more(len(unread))
        lines = [(one.file, line) for one in self._result.files for line in one.unread]
        if lines:
            yield self._words("Dòng chưa phân tích được:", "Lines that were not understood:")
            for file, line in lines[:LISTED]:
                text, why = _cut(line.text), printable(line.why, LONGEST)
                yield f"  ? {file}:{line.line} │ {text} ({why})"
            yield from self._and_more(len(lines))
        if unread or lines:
            yield ""

    def _summary(self) -> Iterator[str]:
        result = self._result
        read = [one for one in result.files if one.state == "read"]
        devices = len({one.device for one in read})
        quiet = len([o for o in result.files if o.state != "read" and not o.matters])
        yield self._words(
            f"Đã đọc {len(read)} tệp của {devices} thiết bị; bỏ qua {quiet} tệp khác.",
            f"Read {len(read)} files of {devices} devices; left out {quiet} other files.",
        )
        yield " · ".join(
            f"{self._say(OUTCOME_NAMES[outcome])} {result.count(outcome)}"
            for outcome in (Outcome.PASS, Outcome.FAIL, Outcome.UND, Outcome.NA)
        )
        yield from self._beyond()
        number = sum(finding.waiver is not None for finding in result.findings)
        if number:
            yield f"{self._say(WAIVED_NAME)}: {number}"
        for text in result.relaxations:
            yield self._words("Nới lỏng: ", "Relaxed: ") + self._clean(text)
        yield self._conclusion()

    def _beyond(self) -> Iterator[str]:
        clean = [one for one in self._result.judged if one.standing == "clean"]
        if clean:
            names = ", ".join(dict.fromkeys(one.finding.requirement for one in clean))
            live = ", ".join(sorted({name for one in clean for name in one.only_live}))
            yield self._words(
                f"Tệp không có sai phạm về {names}; phần còn lại phải quét mới biết: {live}",
                f"No fault in the files on {names}; a scan has to show the rest: {live}",
            )
        if self._result.not_judged:
            number = len(self._result.not_judged)
            yield self._words(
                f"Không xét được từ tệp: {number} yêu cầu (xem: hnth rules)",
                f"Not judged from files: {number} requirements (see: hnth rules)",
            )

    def _conclusion(self) -> str:
        reason = self._result.reason
        status = self._result.status
        if reason is None:
            return self._words("ĐẠT", "PASSED")
        why = self._clean(reason)
        if status == 0:
            return self._words(f"KHÔNG ĐẠT, được bỏ qua: {why}", f"NOT PASSED, let through: {why}")
        return self._words(f"KHÔNG ĐẠT ({status}): {why}", f"NOT PASSED ({status}): {why}")

    def _why(self, one: FileStatus) -> str:
        return self._clean(one.reason) if one.reason is not None else one.state

    def _and_more(self, number: int) -> Iterator[str]:
        if number > LISTED:
            more = number - LISTED
            yield self._words(f"  … và {more} mục khác", f"  … and {more} more")

    def _say(self, text: Text) -> str:
        return text.in_language(self._lang)

    def _clean(self, text: Text) -> str:
        return printable(self._say(text), LONGEST)

    def _words(self, vi: str, en: str) -> str:
        return vi if self._lang == "vi" else en


def what_to_do(finding: Finding, result: GateResult, lang: str) -> tuple[str, ...]:
    """The first commands, or the place in a menu, that put a failing finding right."""
    from scanner.gate.judging import inventory_of  # noqa: PLC0415 - for failures only
    from scanner.remedies import shown_for  # noqa: PLC0415

    inventory = result.inventory
    if inventory is None:
        read = next((one for one in result.devices if one.id == finding.device), None)
        inventory = inventory_of(read) if read is not None else None
    if inventory is None:
        return ()
    families = {one.id: one.understood.platform for one in result.devices}
    return shown_for(finding, inventory, families, lang)


def _by_file(findings: Iterable[Finding], result: GateResult) -> dict[str, list[Finding]]:
    """Each finding under the first file that it cites, else under what it is about."""
    files = {one.file for one in result.files}
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        place = next((c.source for c in finding.citations if c.source in files), None)
        groups[place or result.inventory_file or finding.subject.id].append(finding)
    return dict(sorted(groups.items()))


def _about(finding: Finding) -> str:
    return "" if finding.subject.kind == "device" else f"{printable(finding.subject.id, 80)}: "


def _listed(ids: Iterable[str]) -> str:
    names = list(dict.fromkeys(printable(name, 80) for name in ids))
    if not names:
        return ""
    shown = ", ".join(names[:LISTED])
    return f"{shown} (+{len(names) - LISTED}): " if len(names) > LISTED else f"{shown}: "


def _cut(text: str) -> str:
    """A line of a file with its indentation, without what steers a terminal."""
    expanded = text.expandtabs(4)
    indent = len(expanded) - len(expanded.lstrip(" "))
    return " " * min(indent, 40) + printable(expanded, WIDEST)
