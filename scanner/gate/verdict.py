"""From what was found to one exit status, and the one line that says why it is not 0.

1 outranks 2 and 2 outranks 3, for a violation that is proven is worth more than a file that is
missing. Nothing but a configuration that was read and found in order gives 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from inventory.text import Text
from rules.model import Finding, Outcome
from scanner.gate.model import FileStatus, GateRequest, Judged

GREEN, FINDINGS, UNUSABLE, INCOMPLETE = 0, 1, 2, 3


def verdict(
    request: GateRequest,
    files: Sequence[FileStatus],
    judged: Sequence[Judged],
    problems: Sequence[Text],
    *,
    nothing_changed: bool = False,
) -> tuple[int, Text | None]:
    """The status and its reason; `soft_fail` turns 1 and 3 into 0 and keeps the reason.

    `nothing_changed`: what is compared with a revision is as it was there, so that nothing has to
    be shown; what was found nevertheless counts.
    """
    if nothing_changed and not problems and not any(map(_speaks, judged)):
        return GREEN, None
    status, reason = _strict(request, files, judged, problems)
    if request.soft_fail and status in {FINDINGS, INCOMPLETE}:
        return GREEN, reason
    return status, reason


def _strict(
    request: GateRequest,
    files: Sequence[FileStatus],
    judged: Sequence[Judged],
    problems: Sequence[Text],
) -> tuple[int, Text | None]:
    counting = [one.finding for one in judged if one.standing == "counts"]
    broken = [finding for finding in counting if request.breaks(finding)]
    if broken:
        return FINDINGS, _BROKEN.format(n=len(broken), severity=request.fail_on)
    unusable = _unusable(files, problems)
    if unusable is not None:
        return UNUSABLE, unusable
    return _incomplete(request, files, judged, counting)


def _unusable(files: Sequence[FileStatus], problems: Sequence[Text]) -> Text | None:
    if problems:
        first = problems[0]
        return Text(vi=first.vi.split("\n")[0], en=first.en.split("\n")[0])
    missing = [one for one in files if one.named and one.state == "not taken"]
    if missing:
        why = missing[0].reason or _NO_FILES
        return Text(vi=f"{missing[0].file}: {why.vi}", en=f"{missing[0].file}: {why.en}")
    if not any(one.state != "not a configuration" for one in files):
        return _NO_FILES
    return None


def _incomplete(
    request: GateRequest,
    files: Sequence[FileStatus],
    judged: Sequence[Judged],
    counting: Sequence[Finding],
) -> tuple[int, Text | None]:
    nothing = _nothing_shown(files, judged, counting)
    if nothing is not None:
        return INCOMPLETE, nothing
    if request.allow_incomplete:
        shown = any(map(_in_order, judged)) or _known(judged)
        return (GREEN, None) if shown else (INCOMPLETE, _NOTHING_IN_ORDER)
    unread = [one for one in files if one.matters]
    if unread:
        return INCOMPLETE, _UNREAD.format(n=len(unread), file=unread[0].file)
    undetermined = _undetermined(counting)
    if not undetermined:
        return GREEN, None
    first = undetermined[0]
    said = _UNDETERMINED.format(n=len(undetermined), id=first.requirement)
    return INCOMPLETE, Text(vi=f"{said.vi} {first.reason.vi}", en=f"{said.en} {first.reason.en}")


def _nothing_shown(
    files: Sequence[FileStatus], judged: Sequence[Judged], counting: Sequence[Finding]
) -> Text | None:
    """Why nothing is proven, which no option makes green."""
    if not any(one.state == "read" for one in files):
        only_inventory = any(one.state == "inventory" for one in files)
        return _ONLY_INVENTORY if only_inventory else _NOTHING_RECOGNISED
    crashed = sum(finding.broke_down for finding in counting)
    if crashed:
        return _CRASHED.format(n=crashed)
    if not any(map(_in_order, judged)) and not _undetermined(counting) and not _known(judged):
        return _NOTHING_APPLIES
    return None


def _known(judged: Sequence[Judged]) -> bool:
    """Something was found, and all of it before."""
    return any(one.standing == "known" for one in judged)


def _speaks(one: Judged) -> bool:
    bad = one.finding.outcome in {Outcome.FAIL, Outcome.UND}
    return one.standing == "counts" and bad


def _undetermined(counting: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in counting if finding.outcome is Outcome.UND]


def _in_order(one: Judged) -> bool:
    """A file was read for it, and what it says is right."""
    if one.standing == "clean":
        return True
    finding = one.finding
    return finding.outcome is Outcome.PASS and any(
        citation.evidence_class == "O" for citation in finding.citations
    )


_BROKEN = Text(
    vi="{n} nội dung không đạt từ mức {severity} trở lên",
    en="{n} not met, of severity {severity} or above",
)
_NO_FILES = Text(
    vi="không có tệp cấu hình nào trong các đường dẫn đã nêu; hãy kiểm tra đường dẫn",
    en="no configuration file is among the paths that were given; check them",
)
_NOTHING_RECOGNISED = Text(
    vi="không nhận ra cấu hình của thiết bị nào; chưa kiểm tra được nội dung nào",
    en="no file was recognised as the configuration of a device; nothing was checked",
)
_ONLY_INVENTORY = Text(
    vi="chỉ có tệp khai báo; chưa có cấu hình thiết bị nào để kiểm tra",
    en="there is an inventory only; no configuration of a device was checked",
)
_CRASHED = Text(
    vi="chương trình lỗi khi xét {n} nội dung; đây là lỗi của hnth, xin báo lại",
    en="the program broke down on {n} of the checks; this is a defect of hnth, please report it",
)
_NOTHING_APPLIES = Text(
    vi="không yêu cầu nào được chọn áp dụng được cho các tệp này; chưa chứng minh được gì",
    en="none of the requirements that were selected applies to these files; nothing is proven",
)
_NOTHING_IN_ORDER = Text(
    vi="không nội dung nào được chứng minh là đạt; --allow-incomplete không đủ để thông qua",
    en="nothing was shown to be in order; --allow-incomplete alone is not enough",
)
_UNREAD = Text(
    vi="{n} tệp có thể là cấu hình nhưng không đọc được, trước hết là {file}",
    en="{n} of the files may be configurations and were not read, {file} first of all",
)
_UNDETERMINED = Text(
    vi="chưa xác định được {n} nội dung, trước hết là {id}:",
    en="{n} could not be determined, {id} first of all:",
)
