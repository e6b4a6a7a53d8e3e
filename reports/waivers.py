"""How approved exceptions are shown: beside what fails, and in a table of their own (CR-6)."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model import Waiver
from inventory.text import Text
from reports.report import Report
from rules.model import Waived
from rules.waived import WaiverState, standing
from rules.wording import phrase
from rules.world import LOCAL_ZONE

WAIVED_NAME = Text(vi="Không đạt (có chấp thuận ngoại lệ)", en="Fail (with an approved exception)")


def waived(waiver: Waived) -> Text:
    """Number, date, last day, who approved it and why, in one sentence."""
    return phrase(
        "chấp thuận ngoại lệ số {number} ngày {issued}, đến hết ngày {expires}, {approver} chấp"
        " thuận: {reason}",
        "exception {number} of {issued}, until {expires}, approved by {approver}: {reason}",
        number=waiver.number,
        issued=waiver.issued,
        expires=waiver.expires,
        approver=waiver.approver,
        reason=waiver.reason,
    )


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A declared exception and what it does in this run."""

    waiver: Waiver
    state: Text
    applies: bool
    number: int
    """Findings that it is shown with."""


def waiver_rows(report: Report) -> tuple[WaiverRow, ...]:
    """Every declared exception, in the order of the inventory."""
    today = report.run.judged.astimezone(LOCAL_ZONE).date()
    return tuple(
        WaiverRow(one.waiver, STATES[one.state], one.state == "applies", len(one.findings))
        for one in standing(report.findings, report.inventory, today)
    )


STATES: dict[WaiverState, Text] = {
    "applies": Text(vi="đang áp dụng", en="in force"),
    "expired": Text(vi="đã hết hạn", en="expired"),
    "not yet": Text(vi="chưa có hiệu lực", en="not yet in force"),
    "no requirement": Text(vi="không ứng với yêu cầu nào", en="on no requirement"),
    "no subject": Text(vi="không ứng với kết quả nào", en="matches no finding"),
    "met": Text(vi="không còn cần thiết", en="not needed"),
    "idle": Text(vi="chưa xác định được kết quả", en="the finding is undetermined"),
}
