"""How values are written on a page: dates, numbers, names, and text that came from a device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from inventory.text import Text
from rules.facts import EvidenceClass
from rules.model import NotApplicable, Outcome
from rules.world import LOCAL_ZONE

SYMBOLS: Mapping[Outcome, str] = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✕",
    Outcome.UND: "?",
    Outcome.NA: "–",
}
"""Beside the colour and the word: a page must be readable in black and white."""

CLASS_NAMES: Mapping[EvidenceClass, Text] = {
    "P": Text(vi="thăm dò trực tiếp", en="live probe"),
    "C": Text(vi="đọc cấu hình trên thiết bị", en="read from the device"),
    "O": Text(vi="cấu hình ngoại tuyến", en="offline configuration"),
    "H": Text(vi="lịch sử quét", en="scan history"),
    "R": Text(vi="dữ liệu hệ thống khác", en="data of another system"),
    "D": Text(vi="tài liệu có xác nhận", en="attested document"),
}

KIND_NAMES: Mapping[str, Text] = {
    "mcu": Text(vi="MCU", en="MCU"),
    "vcs": Text(vi="VCS", en="VCS"),
    "firewall": Text(vi="tường lửa", en="firewall"),
    "router": Text(vi="bộ định tuyến", en="router"),
    "switch": Text(vi="bộ chuyển mạch", en="switch"),
    "server": Text(vi="máy chủ", en="server"),
}

SUBJECT_NAMES: Mapping[str, Text] = {
    "device": Text(vi="thiết bị", en="device"),
    "account": Text(vi="tài khoản", en="account"),
    "zone": Text(vi="phân hệ mạng", en="network segment"),
    "site": Text(vi="điểm cầu", en="site"),
    "system": Text(vi="Toàn hệ thống", en="Whole system"),
}

STATE_NAMES: Mapping[str, Text] = {
    "done": Text(vi="đã quét", en="scanned"),
    "failed": Text(vi="không quét được", en="not scanned"),
    "pending": Text(vi="chưa quét", en="not reached"),
}

NOT_APPLICABLE_NAMES: Mapping[NotApplicable, Text] = {
    "no_such_asset": Text(vi="không có đối tượng này", en="no such asset"),
    "level_out_of_scope": Text(vi="ngoài cấp áp dụng", en="level out of scope"),
    "not_connected_to_province": Text(
        vi="không kết nối với hệ thống của tỉnh", en="not connected to the province"
    ),
    "not_yet_due": Text(vi="chưa đến hạn", en="not yet due"),
    "commissioned_before_regulation": Text(
        vi="đưa vào sử dụng trước khi Quy chế có hiệu lực",
        en="put into use before the Regulation",
    ),
}

# Controls, surrogates, and the marks that reorder or hide neighbouring text.
_DECEPTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def plain(text: str) -> str:
    """The text with every character that could hide or reorder something shown as U+FFFD."""
    return _DECEPTIVE.sub("\ufffd", text)


def day(value: date, language: str) -> str:
    """`05/02/2026`, in English `5 Feb 2026`."""
    if language == "vi":
        return f"{value:%d/%m/%Y}"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(value: datetime, language: str) -> str:
    """Day and time of day in Asia/Ho_Chi_Minh, to the minute."""
    local = value.astimezone(LOCAL_ZONE)
    return f"{day(local.date(), language)} {local:%H:%M}"


def long_date(value: date, language: str) -> str:
    """The date line of an official document: leading zero for days below 10 and months 1 and 2."""
    if language != "vi":
        return f"{value.day} {value:%B} {value.year}"
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def duration(value: timedelta, language: str) -> str:
    """`1 giờ 05 phút`, `24 phút 31 giây`."""
    seconds = max(0, int(value.total_seconds()))
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    words = ("giờ", "phút", "giây") if language == "vi" else ("h", "min", "s")
    if hours:
        return f"{hours} {words[0]} {minutes:02d} {words[1]}"
    if minutes:
        return f"{minutes} {words[1]} {seconds:02d} {words[2]}"
    return f"{seconds} {words[2]}"


def number(value: float, language: str, decimals: int = 0) -> str:
    """`1.234,5` in Vietnamese, `1,234.5` in English."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
