"""Yealink VC, MeetingEye, MeetingBar: recognised from the network; its settings cannot be read."""

from __future__ import annotations

from inventory.text import Text
from rules.facts import DefaultAccount
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, needed
from scanner.platforms.recognised_only import recognised_only
from scanner.platforms.signs import Sign
from scanner.products import version_key

PLATFORM = recognised_only(
    name="yealink",
    title="Yealink VC, MeetingEye, MeetingBar",
    vendor="Yealink",
    kinds=frozenset({"vcs"}),
    missing=Text(
        vi="tên các thiết lập của thiết bị phòng họp không được công bố; tên đã công bố của điện "
        "thoại bàn không chắc đúng cho dòng này",
        en="the names of the settings of room systems are not documented; whether those of the "
        "maker's telephones hold for them could not be confirmed",
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
    version_key=version_key("yealink"),
    needed_ports=(
        HTTPS,
        H323,
        SIP,
        needed("tcp", 50000, 54999, "báo hiệu và hình ảnh", "signalling and media"),
        GATEKEEPER,
        SIP_UDP,
        needed("udp", 50000, 54999, "âm thanh, hình ảnh", "audio and video"),
    ),
    management_ports={"https": 443},
    default_accounts=(DefaultAccount("admin", ("web", "remote control"), "published"),),
)
