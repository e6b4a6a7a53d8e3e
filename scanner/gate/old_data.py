"""Data about releases that is older than its reading allows: a remark, never silence.

Such data decides nothing, which is beyond any file of a device and so keeps no gate shut; but
whoever runs the gate has to hear that a requirement was left out, and what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from inventory.text import Text
from rules.model import Outcome
from scanner.evidence import printable
from scanner.gate.model import Judged

TOO_OLD: Final = {
    "D11.1-e": "the vulnerability data is more than {days} days old; import it again",
    "D11.3-a": "the firmware catalogue is {days} days old; bring it up to date",
}
"""By requirement the reason that its rule gives for data that is too old."""
NAMED = 5


def old_data_notes(judged: Iterable[Judged], catalogue: str | None = None) -> Iterator[Text]:
    """One remark for each requirement that old data left undecided.

    `catalogue` is the file of releases that the inventory declares; it counts before imported ones.
    """
    aged: dict[str, dict[str, int]] = {}
    for one in judged:
        days = _age(one)
        if days is not None:
            aged.setdefault(one.finding.requirement, {})[one.finding.subject.id] = days
    for requirement, subjects in aged.items():
        told = ", ".join(list(subjects)[:NAMED]) + (", …" if len(subjects) > NAMED else "")
        releases = requirement != "D11.1-e"
        then = _DECLARED.format(file=catalogue) if catalogue and releases else _IMPORT
        why = _RELEASES if releases else _VULNERABILITIES
        told_why = why.format(
            requirement=requirement, days=max(subjects.values()), subjects=printable(told)
        )
        yield Text(vi=f"{told_why.vi}; {then.vi}", en=f"{told_why.en}; {then.en}")


def _age(one: Judged) -> int | None:
    """How many days old the data is, as the rule told it; None where that is not the reason."""
    template = TOO_OLD.get(one.finding.requirement)
    if template is None or one.finding.outcome is not Outcome.UND:
        return None
    match = re.fullmatch(re.escape(template).replace(r"\{days\}", r"(\d+)"), one.finding.reason.en)
    return int(match[1]) if match is not None else None


_RELEASES = Text(
    vi="{requirement}: chưa xác định được đối với {subjects} vì danh mục phiên bản đã lập cách đây "
    "{days} ngày, quá hạn cho phép",
    en="{requirement}: not determined for {subjects}, because the firmware catalogue is {days} "
    "days old, older than allowed",
)
_VULNERABILITIES = Text(
    vi="{requirement}: chưa xác định được đối với {subjects} vì dữ liệu lỗ hổng đã quá {days} ngày",
    en="{requirement}: not determined for {subjects}, because the vulnerability data is more than "
    "{days} days old",
)
_IMPORT = Text(
    vi="hãy nhập dữ liệu mới bằng: hnth feeds import TỆP (xem tuổi dữ liệu: hnth feeds status)",
    en="import newer data with: hnth feeds import FILE (its age: hnth feeds status)",
)
_DECLARED = Text(
    vi="hãy cập nhật danh mục mà tệp khai báo nêu ({file}); đối với thiết bị danh mục đó không có, "
    "hãy nhập dữ liệu mới bằng: hnth feeds import TỆP",
    en="bring the catalogue that the inventory declares ({file}) up to date; for devices that it "
    "does not list, import newer data with: hnth feeds import FILE",
)
