"""Yealink VC, MeetingEye, MeetingBar: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from scanner.platforms.recognised_only import numbers, recognised_only
from scanner.platforms.signs import Sign

PLATFORM = recognised_only(
    name="yealink",
    title="Yealink VC, MeetingEye, MeetingBar",
    vendor="Yealink",
    kinds=frozenset({"vcs"}),
    why=Text(
        vi="không đọc được cấu hình: tên các thiết lập của thiết bị phòng họp không được công "
        "bố; hãy xem trên thiết bị và xác nhận bằng văn bản",
        en="its configuration cannot be read: the names of the settings of room systems are not "
        "documented publicly; look at the device and attest it",
    ),
    signs=(
        Sign(
            ("sip",),
            r"^Yealink (?P<model>VC\d{2,3}\w{0,2}|Meeting(?:Eye|Bar)[ -]?\w*)(?: (?P<version>\d+"
            r"(?:\.\d+){3}))?\b",
            "User-Agent of room systems; the desktop client and the telephones say another model",
        ),
    ),
    version_form=r"\d+(?:\.\d+){3}",
    version_key=numbers,
)
