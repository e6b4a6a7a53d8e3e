"""From bytes to a tree that knows its lines: a strict, small part of YAML.

Every value stays text as it was written, so that `3.10` remains a version, `012` the number of a
document and `off` a word; the models decide what it means. Tags, duplicate keys, merge keys and
several documents in one file are errors: nothing in an inventory needs them, and each of them can
hide what a reader believes to be there. Aliases, which programs like to write, are followed as far
as the total stays small.
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
from inventory.syntax import (
    ALIAS,
    CONTROL_CHARACTER,
    DUPLICATE,
    EMPTY,
    KEY_NOT_A_WORD,
    NOT_KEYS,
    NOT_UTF8,
    SECOND_DOCUMENT,
    TAG,
    TOO_DEEP,
    TOO_MANY,
    syntax_reason,
)
from inventory.system_errors import reason_of
from inventory.text import Text

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 500_000
"""Values in one file, those behind aliases counted each time."""

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
    raise InventoryError([Problem(file, line, NOT_UTF8)])


def tree(text: str, file: str) -> Mapping:
    """The one document in `text`; InventoryError with the line where it is not understood."""
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InventoryError([Problem(file, line, CONTROL_CHARACTER)])
    builder = _Builder(file)
    for event in _events(text, file):
        builder.take(event)
    if builder.problems:
        raise InventoryError(builder.problems)
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.absent):
        raise InventoryError([Problem(file, None, EMPTY)])
    if not isinstance(builder.root, Mapping):
        raise InventoryError([Problem(file, builder.root.line, NOT_KEYS)])
    return builder.root


def _events(text: str, file: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        reason = syntax_reason(str(getattr(error, "problem", "")), text, line)
    else:
        return
    # Raised out here: the library's error may quote the text, and the text may be a secret.
    raise InventoryError([Problem(file, line, reason)])


@dataclass(frozen=True, slots=True)
class _Anchored:
    node: Node
    size: int
    """Values in it, itself included."""
    height: int
    """Levels of collections, 0 for a single value."""


@dataclass(slots=True)
class _Frame:
    """A collection that is still being read."""

    node: Sequence | Mapping
    anchor: str | None
    nodes_before: int
    height: int = 1
    key: Scalar | None = None
    """In a mapping: the key whose value comes next."""


class _Builder:
    """Builds the tree from parser events without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Frame] = []
        self._anchored: dict[str, _Anchored] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if getattr(event, "tag", None) is not None:
            raise self._refusal(line, TAG)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self._follow(event.anchor, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self._start(Mapping(line) if is_mapping else Sequence(line), event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refusal(line, SECOND_DOCUMENT)

    def _refusal(self, line: int, text: Text) -> InventoryError:
        return InventoryError([*self.problems, Problem(self.file, line, text)])

    def _scalar(self, event: Any, line: int) -> None:
        if _CONTROL.search(event.value):
            raise self._refusal(line, CONTROL_CHARACTER)
        node = Scalar(event.value, line, event.style in (None, "") and event.value in _NULLS)
        self._add(node, 0)
        if event.anchor is not None:
            self._anchored[event.anchor] = _Anchored(node, 1, 0)

    def _start(self, node: Sequence | Mapping, anchor: str | None) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._refusal(node.line, TOO_DEEP)
        before = self._nodes
        self._add(node, 1)
        self._open.append(_Frame(node, anchor, before))

    def _end(self) -> None:
        frame = self._open.pop()
        if self._open:
            self._open[-1].height = max(self._open[-1].height, frame.height + 1)
        if frame.anchor is not None:
            size = self._nodes - frame.nodes_before
            self._anchored[frame.anchor] = _Anchored(frame.node, size, frame.height)

    def _follow(self, name: str | None, line: int) -> None:
        """The anchored node once more. One that is still open is not there yet: no circles."""
        found = self._anchored.get(name or "")
        if found is None:
            raise self._refusal(line, ALIAS)
        if len(self._open) + found.height > MAX_DEPTH:
            raise self._refusal(line, TOO_DEEP)
        self._nodes += found.size - 1
        self._add(found.node, found.height)

    def _add(self, node: Node, height: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._refusal(node.line, TOO_MANY.format(most=MAX_NODES))
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.height = max(frame.height, height + 1)
        if isinstance(frame.node, Sequence):
            frame.node.items.append(node)
        elif frame.key is not None:
            self._enter(frame.node, frame.key, node)
            frame.key = None
        elif isinstance(node, Scalar):
            frame.key = node
        else:
            raise self._refusal(node.line, KEY_NOT_A_WORD)

    def _enter(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if key.text not in parent.entries:
            parent.entries[key.text] = node
            parent.key_lines[key.text] = key.line
            return
        name = f" {shown(key.text)}" if _KEY_WORD.fullmatch(key.text) else ""
        text = DUPLICATE.format(name=name, first=parent.key_lines[key.text])
        self.problems.append(Problem(self.file, key.line, text))
