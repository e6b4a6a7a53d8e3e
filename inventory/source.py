"""From bytes to a tree that knows its lines: a strict, small part of YAML.

Every value stays text as it was written, so that `3.10` remains a version, `012` the number of a
document and `off` a word; the models decide what it means. Anchors, aliases, tags, duplicate keys
and several documents in one file are errors: nothing in an inventory needs them, and each of them
can hide what a reader believes to be there.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from inventory.problems import InventoryError, Problem, shown
from inventory.system_errors import reason_of
from inventory.text import Text

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 32

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KEY_WORD = re.compile(r"[a-z_]{1,30}")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    line: int
    absent: bool = False
    """Nothing was written, or `null`."""


@dataclass(slots=True)
class Sequence:
    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    entries: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


Node: TypeAlias = Scalar | Sequence | Mapping


def plain_data(node: Node) -> Any:
    """Dicts, lists and strings; None where nothing was written."""
    if isinstance(node, Scalar):
        return None if node.absent else node.text
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
    return {key: plain_data(child) for key, child in node.entries.items()}


def read_bytes(path: Path, hint: Text) -> bytes:
    """The content of a regular file of bounded size; InventoryError when there is none."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise _unreadable(path, Text(vi="không phải là tệp thường", en="not a plain file"))
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        missing = Text(vi="không có tệp này", en="there is no such file")
        raise _unreadable(path, Text(vi=missing.vi + hint.vi, en=missing.en + hint.en)) from None
    except OSError as error:
        reason = reason_of(error)
        raise _unreadable(
            path,
            Text(
                vi=f"không đọc được tệp ({reason.vi}); kiểm tra đường dẫn và quyền đọc",
                en=f"cannot be read ({reason.en}); check the path and the permission to read",
            ),
        ) from None
    if len(content) > MAX_BYTES:
        raise _unreadable(
            path,
            Text(
                vi="tệp lớn hơn 10 MB; đây có đúng là tệp khai báo không?",
                en="the file is larger than 10 MB; is it really a declaration?",
            ),
        )
    return content


def _unreadable(path: Path, text: Text) -> InventoryError:
    return InventoryError([Problem(str(path), None, text)])


def decoded(content: bytes, file: str) -> str:
    """UTF-8 text; a byte-order mark is dropped."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    # Raised out here: the original error carries the bytes.
    raise InventoryError([Problem(file, line, _NOT_UTF8)])


def tree(text: str, file: str) -> Mapping:
    """The one document in `text`; InventoryError with the line where it is not understood."""
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InventoryError([Problem(file, line, _CONTROL_CHARACTER)])
    builder = _Builder(file)
    for event in _events(text, file):
        builder.take(event)
    if builder.problems:
        raise InventoryError(builder.problems)
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.absent):
        raise InventoryError([Problem(file, None, _EMPTY)])
    if not isinstance(builder.root, Mapping):
        raise InventoryError([Problem(file, builder.root.line, _NOT_KEYS)])
    return builder.root


def _events(text: str, file: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        reason = _syntax_reason(str(getattr(error, "problem", "")), text, line)
    else:
        return
    # Raised out here: the library's error may quote the text, and the text may be a secret.
    raise InventoryError([Problem(file, line, reason)])


class _Builder:
    """Builds the tree from parser events without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Scalar | None] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        self._refuse_extras(event, line)
        if isinstance(event, yaml.ScalarEvent):
            if _CONTROL.search(event.value):
                raise InventoryError([Problem(self.file, line, _CONTROL_CHARACTER)])
            absent = event.style in (None, "") and event.value in _NULLS
            self._add(Scalar(event.value, line, absent))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(
                Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Sequence(line)
            )
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _refuse_extras(self, event: Any, line: int) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise InventoryError([Problem(self.file, line, _SECOND_DOCUMENT)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise InventoryError([Problem(self.file, line, _ALIAS)])
        if getattr(event, "tag", None) is not None:
            raise InventoryError([Problem(self.file, line, _TAG)])

    def _start(self, node: Sequence | Mapping) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise InventoryError([Problem(self.file, node.line, _TOO_DEEP)])
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            if not isinstance(node, Scalar):
                raise InventoryError([Problem(self.file, node.line, _KEY_NOT_A_WORD)])
            self._keys[-1] = node
        else:
            self._keys[-1] = None
            self._enter(parent, key, node)

    def _enter(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if key.text not in parent.entries:
            parent.entries[key.text] = node
            parent.key_lines[key.text] = key.line
            return
        name = f" {shown(key.text)}" if _KEY_WORD.fullmatch(key.text) else ""
        first = parent.key_lines[key.text]
        self.problems.append(
            Problem(
                self.file,
                key.line,
                Text(
                    vi=f"mục{name} đã được ghi ở dòng {first}; chỉ giữ lại một",
                    en=f"the key{name} was already written on line {first}; keep one of them",
                ),
            )
        )


def _syntax_reason(problem: str, text: str, line: int | None) -> Text:
    lines = text.split("\n")
    near = lines[max(0, (line or 1) - 2) : line]
    if any("\t" in part[: len(part) - len(part.lstrip())] for part in near):
        return _TAB
    for words, reason in _SYNTAX:
        if words in problem:
            return reason
    return _SYNTAX_OTHER


_NOT_UTF8 = Text(
    vi="tệp không ở bảng mã UTF-8; mở bằng trình soạn thảo và lưu lại dưới dạng UTF-8",
    en="the file is not UTF-8; open it in an editor and save it as UTF-8",
)
_CONTROL_CHARACTER = Text(
    vi="có ký tự điều khiển không nhìn thấy; xóa và gõ lại dòng này",
    en="there is an invisible control character; delete this line and type it again",
)
_EMPTY = Text(
    vi='tệp rỗng; tạo tệp mẫu bằng "hnth init"',
    en='the file is empty; write a starter with "hnth init"',
)
_NOT_KEYS = Text(
    vi="phần ngoài cùng phải là các mục dạng «tên: giá trị»",
    en="the outermost part must be keys of the form «name: value»",
)
_SECOND_DOCUMENT = Text(
    vi="tệp chỉ được có một tài liệu YAML; bỏ dòng «---» này",
    en="the file may hold only one YAML document; remove this «---»",
)
_ALIAS = Text(
    vi="không dùng neo (&) và tham chiếu (*) của YAML; ghi rõ giá trị, hoặc đặt trong dấu nháy",
    en="YAML anchors (&) and aliases (*) are not allowed; write the value out, or quote it",
)
_TAG = Text(
    vi="không dùng thẻ kiểu (!) của YAML; bỏ thẻ, hoặc đặt giá trị trong dấu nháy",
    en="YAML tags (!) are not allowed; remove the tag, or quote the value",
)
_TOO_DEEP = Text(
    vi=f"lồng nhau quá {MAX_DEPTH} tầng; kiểm tra dấu ngoặc và thụt lề",
    en=f"nested more than {MAX_DEPTH} levels deep; check brackets and indentation",
)
_KEY_NOT_A_WORD = Text(
    vi="tên mục phải là một từ; kiểm tra thụt lề và dấu ngoặc",
    en="the name of a key must be a word; check indentation and brackets",
)
_TAB = Text(
    vi="thụt lề bằng dấu tab; YAML chỉ nhận dấu cách, thay mỗi tab bằng hai dấu cách",
    en="indented with a tab; YAML takes only spaces, put two spaces for each tab",
)
_SYNTAX = (
    (
        "mapping values are not allowed",
        Text(
            vi="dấu hai chấm không đúng chỗ; kiểm tra thụt lề, đặt chữ có «: » trong dấu nháy",
            en="a colon is out of place; check the indentation, quote text that holds «: »",
        ),
    ),
    (
        "could not find expected ':'",
        Text(
            vi="thiếu dấu hai chấm và dấu cách sau tên mục: «tên: giá trị»",
            en="a colon and a space are missing after a key: «name: value»",
        ),
    ),
    (
        "unexpected end of stream",
        Text(vi="dấu nháy mở mà không đóng", en="a quote is opened and never closed"),
    ),
    (
        "cannot start any token",
        Text(
            vi="giá trị bắt đầu bằng ký tự dành riêng của YAML; đặt giá trị trong dấu nháy đơn",
            en="a value begins with a character that YAML reserves; put it in single quotes",
        ),
    ),
    (
        "unknown escape character",
        Text(
            vi="dấu \\ trong dấu nháy kép có nghĩa đặc biệt; dùng dấu nháy đơn",
            en="\\ has a special meaning in double quotes; use single quotes",
        ),
    ),
)
_SYNTAX_OTHER = Text(
    vi="không hiểu cấu trúc từ đây; so thụt lề, dấu gạch đầu dòng và dấu ngoặc với các dòng trên",
    en="the structure is not understood from here on; compare indentation, dashes and brackets"
    " with the lines above",
)
