"""Passwords out of other programs' files: CSV tables and KeePass databases.

Nothing is executed and nothing is kept: what is found goes into the vault or nowhere. Texts of
errors name rows, never what is in them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from inventory.problems import shown
from inventory.secrets import Secret
from inventory.system_errors import reason_of
from inventory.text import Text

MAX_BYTES = 16 * 1024 * 1024
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "title", "tên", "mục", "account"),
    "account": ("login name", "username", "user name", "login", "user", "tài khoản", "account"),
    "password": ("password", "mật khẩu"),
    "device": ("device", "thiết bị"),
    "changed": ("changed", "ngày đổi"),
}
"""What each column may be called, the surest first: by hnth, by exports of KeePass (of which the
first version calls the title "Account"), and in Vietnamese tables."""


class Unreadable(Exception):
    """The file gives no passwords. `reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Found:
    """A password in a file. `where` names the row for a person."""

    where: str
    name: str
    account: str
    device: str
    secret: Secret
    changed: date | None


@dataclass(frozen=True, slots=True)
class Read:
    found: tuple[Found, ...]
    left_out: tuple[str, ...]
    """Rows without a name or a password, or with a date that is none."""


def read_csv(path: Path, columns: Mapping[str, str]) -> Read:
    """The rows of a table with a header; `columns` gives what a column is called here.

    Raises `Unreadable`.
    """
    text = _decoded(_bytes(path), path)
    header, _, _ = text.partition("\n")
    separator = max(",;\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        rows = None
    # Raised out here: the original error may carry a field.
    if rows is None:
        raise Unreadable(_NO_TABLE.format(path=shown(str(path), 200)))
    if not rows:
        raise Unreadable(_EMPTY.format(path=shown(str(path), 200)))
    places = _places(rows[0], columns)
    found, left_out = [], []
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            one = _row(row, places, f"{path.name}:{number}")
            if one is None:
                left_out.append(f"{path.name}:{number}")
            else:
                found.append(one)
    return Read(tuple(found), tuple(left_out))


def _places(header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Where each column stands. Raises `Unreadable` when one that is needed is missing."""
    names = [cell.strip().casefold() for cell in header]
    places = {}
    for wanted, usual in COLUMNS.items():
        given = columns.get(wanted)
        for name in (given.casefold(),) if given else usual:
            if name in names:
                places[wanted] = names.index(name)
                break
        else:
            if given or wanted in ("name", "password"):
                raise Unreadable(_NO_COLUMN.format(column=wanted))
    return places


def _row(row: Sequence[str], places: Mapping[str, int], where: str) -> Found | None:
    def cell(name: str) -> str:
        place = places.get(name)
        return row[place] if place is not None and place < len(row) else ""

    day = cell("changed").strip()
    try:
        changed = date.fromisoformat(day) if day else None
    except ValueError:
        return None
    # blanks at the ends of a password belong to it
    if not cell("name").strip() or not cell("password"):
        return None
    return Found(
        where=where,
        name=cell("name").strip(),
        account=cell("account").strip(),
        device=cell("device").strip(),
        secret=Secret(cell("password")),
        changed=changed,
    )


def _bytes(path: Path) -> bytes:
    where = shown(str(path), 200)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        why = reason_of(error)
        raise Unreadable(
            Text(
                vi=f"không đọc được tệp {where} ({why.vi})",
                en=f"the file {where} cannot be read ({why.en})",
            )
        ) from None
    if len(content) > MAX_BYTES:
        raise Unreadable(_TOO_LARGE.format(path=where))
    return content


def _decoded(content: bytes, path: Path) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    raise Unreadable(_NO_TABLE.format(path=shown(str(path), 200)))


def read_keepass(path: Path, password: Secret, key_file: Path | None = None) -> Read:
    """The entries of a KDBX database, those in its recycle bin left out. Raises `Unreadable`."""
    from construct import ConstructError  # noqa: PLC0415 - heavy parts load when they are needed
    from lxml.etree import LxmlError  # noqa: PLC0415
    from pykeepass import PyKeePass  # noqa: PLC0415
    from pykeepass.exceptions import (  # noqa: PLC0415
        CredentialsError,
        HeaderChecksumError,
        PayloadChecksumError,
    )

    content = _bytes(path)
    refused = None
    try:
        base = PyKeePass(
            io.BytesIO(content),
            password=password.reveal(),
            keyfile=str(key_file) if key_file else None,
        )
        return _of_keepass(base, path)
    except CredentialsError:
        refused = _WRONG_PASSWORD
    except (HeaderChecksumError, PayloadChecksumError, ConstructError, LxmlError):
        refused = _NO_KEEPASS
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError):
        refused = _NO_KEEPASS  # what its parts make of a file that is cut off
    # Raised out here: the original error may carry what was decrypted.
    raise Unreadable(refused.format(path=shown(str(path), 200)))


def _of_keepass(base: Any, path: Path) -> Read:
    found, left_out = [], []
    for number, entry in enumerate(_kept(base), 1):
        title, secret = entry.title or "", entry.password or ""
        if not title.strip() or not secret:
            left_out.append(f"{path.name}: {number}")
            continue
        name, account = title.strip(), (entry.username or "").strip()
        found.append(Found(f"{path.name}: {number}", name, account, "", Secret(secret), None))
    return Read(tuple(found), tuple(left_out))


def _kept(base: Any) -> Iterator[Any]:
    """The entries that nobody has thrown away, in the order of the file."""
    thrown = base.recyclebin_group
    for entry in base.entries:
        group = entry.parentgroup
        while group is not None and (thrown is None or group.uuid != thrown.uuid):
            group = group.parentgroup
        if group is None:
            yield entry


_NO_TABLE = Text(
    vi="tệp {path} không phải là bảng CSV đọc được; hãy xuất lại ở dạng CSV, bảng mã UTF-8",
    en="the file {path} is no CSV table that can be read; export it as CSV in UTF-8",
)
_EMPTY = Text(vi="tệp {path} rỗng", en="the file {path} is empty")
_NO_COLUMN = Text(
    vi="không tìm thấy cột {column}; nêu tên cột bằng --column {column}=TÊN_CỘT",
    en="there is no column {column}; say what it is called with --column {column}=HEADER",
)
_TOO_LARGE = Text(
    vi="tệp {path} lớn hơn 16 MB; hnth không đọc", en="the file {path} is larger than 16 MB"
)
_WRONG_PASSWORD = Text(
    vi="sai mật khẩu hoặc tệp khóa của {path}; hãy nhập lại",
    en="the password or the key file of {path} is wrong; try again",
)
_NO_KEEPASS = Text(
    vi="{path} không phải là cơ sở dữ liệu KeePass (KDBX), hoặc đã hỏng",
    en="{path} is no KeePass database (KDBX), or it is damaged",
)
