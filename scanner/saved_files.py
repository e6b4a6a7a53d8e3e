"""Saved files become documents: bounded, without secrets, each named as the user named it.

A file that cannot be taken is told apart from the others and never holds them up.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from inventory.text import Text
from scanner.collect.redact import redact
from scanner.evidence import MAX_BYTES, Document, printable

MAX_TOTAL = 8 * MAX_BYTES
"""So much is read of all the files of one device together."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why."""

    file: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SavedFiles:
    """What was taken and what was not, both in the order given."""

    documents: tuple[Document, ...]
    refused: tuple[Refused, ...]


class _NotTaken(Exception):
    """Why a file is not taken."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def load(paths: Sequence[Path]) -> SavedFiles:
    """The files as documents of class O. Never raises: what cannot be taken is in `refused`."""
    documents: list[Document] = []
    refused: list[Refused] = []
    room = MAX_TOTAL
    for path in paths:
        try:
            content, changed = _content(path, room)
        except _NotTaken as why:
            refused.append(Refused(shown(path), why.reason))
            continue
        room -= len(content)
        captured = datetime.fromtimestamp(changed, UTC)
        documents.append(Document(redact(content, ()), shown(path), "O", captured))
    return SavedFiles(tuple(documents), tuple(refused))


def shown(path: Path) -> str:
    """The file name as given, without what could steer a terminal or break an encoding."""
    return printable(os.fsencode(path).decode("utf-8", errors="replace"), limit=1000)


def _content(path: Path, room: int) -> tuple[bytes, float]:
    """The text of a file, secrets still in it, and when the file was last changed."""
    try:
        # without O_NONBLOCK a pipe that nobody writes to would hold the program for ever
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise _NotTaken(_FOLDER)
        with open(descriptor, "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise _NotTaken(_NO_FILE)
            content = file.read(min(MAX_BYTES, room) + 1)
    except FileNotFoundError:
        raise _NotTaken(_MISSING) from None
    except (OSError, ValueError) as error:
        raise _NotTaken(_cannot(error)) from None
    if len(content) > MAX_BYTES:
        raise _NotTaken(_TOO_LARGE)
    if len(content) > room:
        raise _NotTaken(_TOO_MUCH)
    return _as_text(content), state.st_mtime


def _as_text(content: bytes) -> bytes:
    """The text in UTF-8, line by line what the file holds."""
    if content.startswith(_UTF16):
        try:
            content = content.decode("utf-16").encode("utf-8")
        except UnicodeError:
            raise _NotTaken(_BINARY) from None
    content = content.replace(b"\r\0", b"\r")  # recordings of telnet
    if not content.strip():
        raise _NotTaken(_EMPTY)
    if b"\0" in content:
        raise _NotTaken(_BINARY)
    return content


def _cannot(error: Exception) -> Text:
    why = getattr(error, "strerror", None) or type(error).__name__
    return Text(
        vi=f"không đọc được ({why}); hãy kiểm tra quyền đọc tệp",
        en=f"cannot be read ({why}); check the permissions of the file",
    )


_MISSING = Text(
    vi="không có tệp này; hãy kiểm tra lại tên tệp",
    en="there is no such file; check its name",
)
_FOLDER = Text(
    vi="là thư mục; hãy nêu các tệp bên trong, ví dụ: thư-mục/*",
    en="is a folder; name the files in it, for instance: folder/*",
)
_NO_FILE = Text(
    vi="không phải là tệp thông thường; hãy lưu nội dung vào một tệp rồi chạy lại",
    en="is not a regular file; save the content in a file and run again",
)
_EMPTY = Text(
    vi="tệp rỗng; hãy xuất lại cấu hình từ thiết bị",
    en="is empty; export it from the device again",
)
_BINARY = Text(
    vi="không phải là văn bản; hãy xuất cấu hình ở dạng văn bản, XML, JSON hoặc CSV "
    "(nếu là tệp nén thì giải nén trước)",
    en="is not text; export the configuration as text, XML, JSON or CSV (unpack an archive first)",
)
_TOO_LARGE = Text(
    vi=f"lớn hơn {MAX_BYTES // _MEGABYTE} MB, không phải tệp cấu hình của thiết bị; "
    "không đọc để tránh kết luận từ một phần tệp",
    en=f"is larger than {MAX_BYTES // _MEGABYTE} MB, which no configuration of a device is; "
    "not read, so that nothing is concluded from a part of it",
)
_TOO_MUCH = Text(
    vi=f"vượt quá tổng dung lượng {MAX_TOTAL // _MEGABYTE} MB cho một thiết bị; "
    "hãy chỉ đưa vào các tệp của một thiết bị",
    en=f"goes beyond {MAX_TOTAL // _MEGABYTE} MB for one device; "
    "hand in the files of one device only",
)
