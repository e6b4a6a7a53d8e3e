"""Settings of Poly devices that are put right by lines of a configuration file (XML attributes)."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.text import Text
from scanner.platforms.remedy import Remedy

ENTER = ("<PHONE_CONFIG>", "<ALL")
LEAVE = ("></ALL>", "</PHONE_CONFIG>")
"""Around the lines of a sheet: without its notes it is a file to load."""

ENCRYPTED_LOG = Text(
    vi="máy chủ nhật ký phải nhận TLS; nếu chưa thì đặt device.syslog.transport là UDP",
    en="the log server must take TLS; until it does, set device.syslog.transport to UDP",
)
ENCRYPTED_CALLS = Text(
    vi="cuộc gọi với thiết bị không mã hóa sẽ không nối được",
    en="calls with systems that do not encrypt fail",
)
HTTPS_ALONE = Text(
    vi="phiên http đang dùng bị ngắt, mở lại bằng https://",
    en="a session over http ends: open https:// instead",
)
NO_NOTES: Mapping[str, Text] = {}

Lines = Mapping[str, tuple[tuple[str, str], ...]]
"""Parameter and value, by fact, in the order of the file."""


def in_file(
    lines: Lines, where: Text, source: str, verify: str, notes: Mapping[str, Text] = NO_NOTES
) -> tuple[Remedy, ...]:
    """One remedy for each fact; the commands are lines of the file, which is loaded at `where`."""
    return tuple(
        Remedy(
            fact,
            "commands",
            tuple(f'{key}="{value}"' for key, value in settings),
            where,
            (verify,),
            note=notes.get(fact),
            source=source,
        )
        for fact, settings in lines.items()
    )
