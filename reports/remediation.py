"""What to type on each device: one plain file a device, in its own comment syntax.

Steps stand in the order of `reports.typing_order`, whatever finding they belong to, and the lines
that enter and leave the configuration stand around all of them once. The commands are handed over
ready; nothing here knows a family, and nothing is executed. Text that
came from a device or an inventory stands in comments only, on one line each; a command that holds a
character that could begin another one is left out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inventory.model import Device, Inventory
from inventory.text import Text
from reports.report import Report
from reports.typing_order import Stage, stage_of
from reports.wording import moment, plain
from rules.model import Finding, Outcome
from rules.notice import Notice
from rules.requirements import REQUIREMENTS

WIDTH = 96
LONGEST = 400
"""Of what came from a device or an inventory."""
OWN_LONGEST = 2000
_STEERS = re.compile(r"[^\x20-\x7e]")
"""Everything that is not one printable ASCII character of a command line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One remedy, its values filled in."""

    fact: str
    commands: tuple[str, ...] = ()
    open: tuple[Text, ...] = ()
    """What the person has to fill in first; the commands must not be typed before."""
    where: Text | None = None
    """A menu path, a tool, or why there is no way."""
    verify: tuple[str, ...] = ()
    note: Text | None = None
    source: str = ""
    releases: str = ""

    @property
    def ready(self) -> bool:
        """It can be typed as it stands."""
        return bool(self.commands) and not self.open and all(map(is_one_line, self.commands))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of the command line of a device, and its steps by finding."""

    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    """By fingerprint of the finding or observation; what is not here cannot be typed."""
    family: str = ""
    comment: str = "#"
    comments_pass: bool = True
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    loaded: bool = False
    """The lines make one file for the device; otherwise a person types them."""


def is_one_line(command: str) -> bool:
    """Nothing in it ends the line or steers a terminal."""
    return not _STEERS.search(command)


def device_of(finding: Finding, inventory: Inventory) -> str | None:
    """The device on which the finding is put right: its own, or the gateway of its segment."""
    if finding.device is not None:
        return finding.device
    if finding.subject.kind == "zone":
        zone = next((z for z in inventory.zones if z.id == finding.subject.id), None)
        return zone.gateway if zone is not None else None
    return None


def failures(report: Report) -> dict[str | None, tuple[Finding, ...]]:
    """Findings that fail, by the device on which they are put right; None for no device."""
    found: dict[str | None, list[Finding]] = {}
    known = {device.id for device in report.inventory.devices}
    for finding in report.findings:
        if finding.outcome is Outcome.FAIL:
            name = device_of(finding, report.inventory)
            found.setdefault(name if name in known else None, []).append(finding)
    order = sorted(found, key=lambda name: (name is None, name or ""))
    return {n: tuple(sorted(found[n], key=lambda f: (f.severity, f.requirement))) for n in order}


def observed(report: Report) -> dict[str, tuple[Notice, ...]]:
    """Observations by device, the gravest first; those on no device of the inventory left out."""
    found: dict[str, list[Notice]] = {}
    known = {device.id for device in report.inventory.devices}
    for notice in report.notices:
        if notice.device in known:
            found.setdefault(str(notice.device), []).append(notice)
    return {name: tuple(sorted(found[name], key=lambda n: n.severity)) for name in sorted(found)}


def render(report: Report, sheets: Mapping[str, Sheet], lang: str) -> dict[str, str]:
    """File names and their text: `DEVICE.txt` for each device with anything to mend, and the rest.

    `khong-nhap-lenh.txt` lists what no command puts right: documents, procurement, lines.
    """
    files: dict[str, str] = {}
    devices = {device.id: device for device in report.inventory.devices}
    failed, seen = failures(report), observed(report)
    for name in sorted({*failed, *seen} - {None}, key=str):
        page = _Page(report, devices[str(name)], sheets.get(str(name), Sheet()), lang)
        files[f"{name}.txt"] = page.text(failed.get(name, ()), seen.get(str(name), ()))
    if None in failed:
        files["khong-nhap-lenh.txt"] = _Page(report, None, Sheet(), lang).rest(failed[None])
    return files


class _Page:
    """Writes the file of one device in one language."""

    def __init__(self, report: Report, device: Device | None, sheet: Sheet, lang: str) -> None:
        self._report = report
        self._device = device
        self._sheet = sheet
        self._lang = lang
        self._written: dict[Step, str] = {}
        """Steps that already stand on the page, and the requirement they stand under."""
        self._headed: set[str] = set()

    def text(self, findings: Sequence[Finding], notices: Sequence[Notice]) -> str:
        typed = [f for f in findings if self._sheet.steps.get(f.fingerprint)]
        others = [f for f in findings if f not in typed]
        before = [stage for stage in Stage if stage is not Stage.RESTART]
        lines = [*self._head(findings), *self._manner(), ""]
        lines += self._framed(self._sheet.enter)
        lines += self._staged(typed, before)
        lines += self._observations(notices, before)
        lines += self._saved()
        lines += self._staged([*typed, *notices], [Stage.RESTART])
        lines += [*self._others(others), ""] if others else []
        return "\n".join(lines).rstrip() + "\n"

    def _steps(self) -> Iterator[Step]:
        return (step for steps in self._sheet.steps.values() for step in steps)

    def _manner(self) -> Iterator[str]:
        """How the lines that are no comments get into the device."""
        if not any(step.ready for step in self._steps()):
            return
        if self._sheet.loaded:
            yield from self._both(
                f"Bỏ các dòng bắt đầu bằng “{self._sheet.comment}”: phần còn lại là một tệp để nạp "
                "vào thiết bị.",
                f'Leave out the lines that begin with "{self._sheet.comment}": the rest is one '
                "file for the device.",
            )
            return
        yield from self._both(
            "Nhập từng dòng theo đúng thứ tự và đọc câu trả lời của thiết bị, không dán cả khối: "
            "lệnh nào hỏi lại (mật khẩu, xác nhận) sẽ lấy dòng kế tiếp làm câu trả lời.",
            "Type line by line in this order and read what the device answers; do not paste the "
            "whole: a command that asks back (a password, a confirmation) takes the next line for "
            "the answer.",
        )

    def _framed(self, lines: Sequence[str]) -> Iterator[str]:
        """What enters or leaves the configuration; a comment while nothing is ready to type."""
        steps = [step for step in self._steps() if step.commands and _framing(step)]
        if not lines or not steps:
            return
        mark = "" if any(step.ready for step in steps) else f"{self._sheet.comment} "
        yield from [*(f"{mark}{line}" for line in lines), ""]

    def _saved(self) -> Iterator[str]:
        leave = [*self._framed(self._sheet.leave)]
        if leave and any("commit" in line for line in self._sheet.leave):
            yield from self._both(
                "Kết thúc, một lần: các dòng sau làm mọi thay đổi ở trên có hiệu lực; giữ phiên "
                "này cho tới khi đăng nhập được bằng một phiên khác.",
                "To end, once: these lines make all of the above count; keep this session until "
                "another one has let you in.",
            )
        elif leave and not self._sheet.loaded:
            yield from self._both(
                "Kết thúc, một lần: đăng nhập thử bằng một phiên khác, rồi mới nhập các dòng sau "
                "để lưu.",
                "To end, once: log in by another session first, then type these lines to save.",
            )
        yield from leave

    def _staged(
        self, subjects: Sequence[Finding | Notice], stages: Iterable[Stage]
    ) -> Iterator[str]:
        """The steps of these stages, each below what it puts right."""
        for stage in stages:
            blocks = [(subject, self._of_stage(subject, stage)) for subject in subjects]
            blocks = [(subject, steps) for subject, steps in blocks if steps]
            if not blocks:
                continue
            yield from self._say(f"---- {stage.title.in_language(self._lang)} ----")
            yield ""
            for subject, steps in blocks:
                yield from self._heading(subject)
                for step in steps:
                    yield from self._step(step, _name(subject))
                yield ""

    def _of_stage(self, subject: Finding | Notice, stage: Stage) -> list[Step]:
        steps = self._sheet.steps.get(subject.fingerprint, ())
        return [step for step in steps if stage_of(step.fact) is stage]

    def _heading(self, subject: Finding | Notice) -> Iterator[str]:
        """In full where it stands first."""
        seen = subject.fingerprint in self._headed
        self._headed.add(subject.fingerprint)
        if isinstance(subject, Finding):
            yield from self._title(subject, again=seen)
            if not seen:
                about = "" if subject.subject.kind == "device" else f"{subject.subject.id}: "
                yield from self._say(about + subject.reason.in_language(self._lang))
            return
        yield from self._say(f"== {subject.requirement} [{subject.severity}] {subject.kind}")
        if not seen:
            yield from self._say(subject.text.in_language(self._lang))
            yield from self._say(f"-> {subject.remedy.in_language(self._lang)}")

    def _title(self, finding: Finding, *, again: bool = False) -> Iterator[str]:
        title = REQUIREMENTS[finding.requirement].title
        more = Text(vi=" (tiếp theo)", en=" (continued)").in_language(self._lang) if again else ""
        yield from self._say(
            f"== {finding.requirement} [{finding.severity}] {title.in_language(self._lang)}{more}"
        )

    def _observations(self, notices: Sequence[Notice], stages: Iterable[Stage]) -> Iterator[str]:
        """Under a heading of their own: nobody has to type them for the Regulation's sake."""
        if not notices:
            return
        yield from self._both(
            f"==== Nội dung cần lưu ý (không phải kết luận): {len(notices)} ====",
            f"==== Observations (no verdicts): {len(notices)} ====",
        )
        yield ""
        yield from self._staged(notices, stages)
        for notice in notices:
            if not self._sheet.steps.get(notice.fingerprint):
                yield from [*self._heading(notice), ""]

    def rest(self, findings: Sequence[Finding]) -> str:
        return "\n".join([*self._head(findings), "", *self._others(findings)]).rstrip() + "\n"

    def _head(self, findings: Sequence[Finding]) -> Iterator[str]:
        run, device = self._report.run, self._device
        if device is not None:
            name = f" ({device.name})" if device.name else ""
            yield from self._say(f"{device.id}{name}, {device.address}, {self._sheet.family}")
        when = moment(run.judged, self._lang)
        yield from self._both(
            f"Đợt quét {run.id}, đánh giá lúc {when}; {len(findings)} nội dung không đạt.",
            f"Run {run.id}, judged {when}; {len(findings)} failing requirements.",
        )
        yield from self._both(
            "hnth KHÔNG thực hiện các lệnh này. Người quản trị đọc, sao lưu cấu hình, được phê "
            "duyệt rồi mới nhập; không nhập trong thời gian họp (Điều 12 khoản 2).",
            "hnth does NOT execute these commands. The administrator reads them, saves the "
            "configuration, has them approved and then types them; not during a meeting "
            "(Article 12.2).",
        )
        if not self._sheet.comments_pass:
            yield from self._both(
                "Thiết bị không có dòng chú thích: chỉ nhập những dòng không bắt đầu bằng "
                f"“{self._sheet.comment}”.",
                "The device knows no comments: type only the lines that do not begin with "
                f'"{self._sheet.comment}".',
            )

    def _step(self, step: Step, under: str) -> Iterator[str]:
        once = replace(step, fact="")
        if once in self._written:
            same = self._written[once]
            yield from self._both(
                f"- {step.fact}: như đã nêu tại {same}.", f"- {step.fact}: as under {same}."
            )
            return
        self._written[once] = under
        yield from self._say(f"- {step.fact}")
        if step.where is not None:
            yield from self._say(step.where.in_language(self._lang), OWN_LONGEST)
        if step.releases:
            yield from self._both(f"Phiên bản: {step.releases}", f"Releases: {step.releases}")
        if step.note is not None:
            told = Text(vi=f"Lưu ý: {step.note.vi}", en=f"Note: {step.note.en}")
            yield from self._say(told.in_language(self._lang), OWN_LONGEST)
        yield from self._commands(step)
        for command in step.verify:
            yield from self._both(f"Kiểm tra lại: {command}", f"Verify: {command}")
        if step.source:
            yield from self._both(f"Nguồn: {step.source}", f"Source: {step.source}")

    def _commands(self, step: Step) -> Iterator[str]:
        if step.ready:
            yield from step.commands
            return
        for missing in step.open:
            wanted = missing.in_language(self._lang)
            yield from self._both(f"!!! ĐIỀN TRƯỚC KHI NHẬP: {wanted}", f"!!! FILL IN: {wanted}")
        for command in step.commands:
            if is_one_line(command):
                yield f"{self._sheet.comment} {command}"

    def _others(self, findings: Sequence[Finding]) -> Iterator[str]:
        if not findings:
            return
        yield from self._both(
            "Không khắc phục được bằng lệnh trên thiết bị:", "Not put right by a command:"
        )
        for finding in findings:
            yield from self._title(finding)
            reason = finding.reason.in_language(self._lang)
            yield from self._say(f"{finding.subject.id}: {reason}")
            if finding.remedy is not None:
                yield from self._say(f"-> {finding.remedy.in_language(self._lang)}")

    def _both(self, vi: str, en: str) -> Iterator[str]:
        yield from self._say(vi if self._lang == "vi" else en)

    def _say(self, text: str, longest: int = LONGEST) -> Iterator[str]:
        """As comments, every line of them behind the mark."""
        flat = " ".join(plain(text).split())
        flat = flat if len(flat) <= longest else flat[: longest - 1] + "…"
        for line in textwrap.wrap(flat, WIDTH, break_on_hyphens=False) or [""]:
            yield f"{self._sheet.comment} {line}".rstrip()


def _framing(step: Step) -> bool:
    """It is typed between the lines that enter and leave the configuration."""
    return stage_of(step.fact) is not Stage.RESTART


def _name(subject: Finding | Notice) -> str:
    if isinstance(subject, Notice):
        return f"{subject.requirement} {subject.kind}"
    return subject.requirement
