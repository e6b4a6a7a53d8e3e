"""A result of the gate as pipelines take it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

from inventory.text import Text
from reports.found import Found, Place, Remark, at, unread_line
from reports.one_line import one_line

if TYPE_CHECKING:
    from scanner.gate.model import FileStatus, GateResult


def found_of(result: GateResult) -> Found:
    """All that the gate says: findings, why it is not green, what was relaxed and not read."""
    homes: dict[str, str] = {}
    for one in result.files:
        if one.device is not None:
            homes.setdefault(one.device, one.file)
    whole = result.status in {0, 1} and not result.problems
    return Found(
        id="gate",
        version=version("hnth-audit"),
        started=result.request.now,
        finished=result.request.now,
        findings=result.findings,
        status=result.status,
        whole=whole and not any(one.matters for one in result.files),
        reason=result.reason,
        remarks=tuple(_remarks(result)),
        homes=homes,
        home=result.inventory_file or next(iter(homes.values()), None) or _first_file(result),
    )


def _first_file(result: GateResult) -> str:
    return result.files[0].file if result.files else "inventory.yaml"


def _remarks(result: GateResult) -> Iterator[Remark]:
    for text in result.problems:
        yield Remark("problem", "error", text)
    for one in result.files:
        if one.matters:
            yield Remark("unread-file", "error", one.reason or _NOT_READ, _place(one))
    for text in result.relaxations:
        yield Remark("relaxation", "warning", _relaxed(text))
    for text in result.notes:
        yield Remark("notice", "warning", text)
    for one in result.files:
        for line in one.unread:
            said = unread_line(one_line(line.text), one_line(line.why))
            yield Remark("unread-line", "warning", said, _place(one, line.line))
    yield from _traffic(result)
    yield from _beyond_files(result)


def _traffic(result: GateResult) -> Iterator[Remark]:
    """What a change does to packets, at the line that decides about them now."""
    if not result.traffic:
        return
    from scanner.gate.traffic_words import in_one_line, not_compared  # noqa: PLC0415 - for changes

    for device in result.traffic:
        for change in device.changes:
            place = at(change.new.file, change.new.line) if change.new.file else None
            yield Remark("traffic", "note", _of(device.device, in_one_line(change)), place)
        for reason in device.open:
            yield Remark("traffic", "warning", _of(device.device, not_compared(reason)))


def _of(device: str, text: Text) -> Text:
    return Text(vi=f"{device}: {text.vi}", en=f"{device}: {text.en}")


def _beyond_files(result: GateResult) -> Iterator[Remark]:
    clean = [one for one in result.judged if one.standing == "clean"]
    if clean:
        names = ", ".join(dict.fromkeys(one.finding.requirement for one in clean))
        live = ", ".join(sorted({name for one in clean for name in one.only_live}))
        yield Remark("only-live", "note", _CLEAN.format(names=names, live=live))
    if result.not_judged:
        names = ", ".join(result.not_judged)
        number = len(result.not_judged)
        yield Remark("only-live", "note", _NOT_JUDGED.format(number=number, names=names))


def _relaxed(text: Text) -> Text:
    return Text(vi=f"nới lỏng: {text.vi}", en=f"relaxed: {text.en}")


def _place(one: FileStatus, line: int | None = None) -> Place:
    return at(one.file, line)


_NOT_READ = Text(vi="tệp không đọc được", en="the file was not read")
_CLEAN = Text(
    vi="tệp không có sai phạm về {names}; phần còn lại phải quét mới biết: {live}",
    en="no fault in the files on {names}; a scan has to show the rest: {live}",
)
_NOT_JUDGED = Text(
    vi="không xét được từ tệp: {number} yêu cầu ({names})",
    en="not judged from files: {number} requirements ({names})",
)
