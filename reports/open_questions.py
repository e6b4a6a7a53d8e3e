"""What could not be determined, sorted by what has to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inventory.text import Text
from reports.report import Report
from reports.view import Row
from rules.model import Outcome
from rules.requirements import REQUIREMENTS, order


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Why something could not be determined, and what it concerns."""

    reason: Text
    requirements: tuple[tuple[str, ...], ...]
    """Ids, those of one clause together."""
    subjects: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class OpenKind:
    """Questions that are closed in the same way."""

    title: Text
    action: Text
    questions: tuple[OpenQuestion, ...]

    @property
    def number(self) -> int:
        return sum(question.number for question in self.questions)


_NOT_SCANNED = (
    Text(vi="Thiết bị không quét được", en="Devices that could not be scanned"),
    Text(
        vi="bật thiết bị, kiểm tra kết nối và tài khoản đọc cấu hình, rồi quét lại",
        en="switch the device on, check its connection and account, and scan again",
    ),
)
_MISSING = (
    Text(vi="Thiếu thông tin để kết luận", en="Information is missing"),
    Text(
        vi="bổ sung thông tin theo từng lý do rồi quét lại, hoặc kiểm tra tại thiết bị",
        en="supply what each reason names and scan again, or check at the device",
    ),
)
_NOT_AUTOMATED = (
    Text(vi="Chưa kiểm tra tự động", en="Not checked automatically"),
    Text(
        vi="người phụ trách kiểm tra từng yêu cầu và lưu minh chứng",
        en="a person checks each requirement and keeps the proof",
    ),
)


def open_kinds(report: Report, all_rows: Sequence[Row]) -> tuple[OpenKind, ...]:
    """What could not be determined: by what has to be done, then by reason, most frequent first.

    What is open because a device was not scanned stands under the device's own reason.
    """
    failures = {device.id: device.reason for device in report.devices if device.state != "done"}
    kinds: dict[tuple[Text, Text], dict[Text, list[Row]]] = {
        kind: {} for kind in (_NOT_SCANNED, _MISSING, _NOT_AUTOMATED)
    }
    for row in all_rows:
        if row.finding.outcome is not Outcome.UND:
            continue
        kind, reason = _MISSING, row.finding.reason
        if not REQUIREMENTS[row.finding.requirement].reasons:
            kind = _NOT_AUTOMATED
        elif row.finding.device in failures:
            kind, reason = _NOT_SCANNED, failures[row.finding.device] or reason
        kinds[kind].setdefault(reason, []).append(row)
    return tuple(OpenKind(*kind, _questions(reasons)) for kind, reasons in kinds.items() if reasons)


def _questions(reasons: Mapping[Text, list[Row]]) -> tuple[OpenQuestion, ...]:
    found = [
        OpenQuestion(
            reason,
            _by_clause(row.finding.requirement for row in members),
            tuple(dict.fromkeys(r.name for r in members if r.finding.subject.kind != "system")),
            len(members),
        )
        for reason, members in reasons.items()
    ]
    return tuple(sorted(found, key=lambda question: -question.number))


def _by_clause(requirements: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    clauses: dict[str, list[str]] = {}
    for requirement in sorted(set(requirements), key=order):
        clauses.setdefault(REQUIREMENTS[requirement].clause, []).append(requirement)
    return tuple(tuple(members) for members in clauses.values())
