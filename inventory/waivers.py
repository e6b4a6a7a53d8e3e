"""What must agree between approved exceptions and the rest of the inventory."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.draft import Draft, Remark
from inventory.model import WHOLE_SYSTEM
from inventory.problems import joined, shown, suggestion
from inventory.text import Text


def waiver_remarks(draft: Draft) -> Iterator[Remark]:
    """Exceptions about something that is not declared, and those that end before they begin."""
    devices = draft.known("devices")
    everything = devices | draft.known("zones", "sites") | {WHOLE_SYSTEM}
    for placed in draft.waivers:
        waiver = placed.value
        device, account, name = waiver.subject.partition("/")
        there = device in devices and bool(name) if account else device in everything
        if not there:
            yield Remark(
                (*placed.path, "subject"),
                joined(
                    _NO_SUBJECT.format(subject=shown(waiver.subject)),
                    suggestion(waiver.subject, everything),
                ),
            )
        if waiver.expires < waiver.issued:
            yield Remark((*placed.path, "expires"), _ENDS_BEFORE)


_NO_SUBJECT = Text(
    vi="{subject} không phải là mã thiết bị, mã vùng mạng, mã điểm cầu, mã-thiết-bị/tài-khoản"
    " hay system",
    en="{subject} is neither the id of a device, a zone or a site, nor device/account, nor system",
)
_ENDS_BEFORE = Text(
    vi="ngày hết hạn trước ngày ban hành văn bản",
    en="the exception ends before the day it was issued",
)
