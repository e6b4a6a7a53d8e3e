"""Reads a YAML document as text values that remember their line and whether they were quoted.

Nothing is guessed from the look of a value: 3.10 stays the text it was written as.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from inventory.text import Text
from scanner.feeds.errors import BadFeed, at_line

LONGEST_TEXT = 4 << 20
DEEPEST = 12

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTES = ("'", '"', "|", ">")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str | None
    """None for null."""
    line: int
    """From 1."""
    quoted: bool
    """Written in quotes or as a block, so that no reader takes it for a number."""


@dataclass(frozen=True, slots=True)
class Listed:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Keyed:
    entries: dict[str, Node]
    line: int


Node = Scalar | Listed | Keyed


def read(text: str) -> Node:
    """The document. Raises BadFeed with its line: no YAML, too deep, a key twice, an alias."""
    if len(text) > LONGEST_TEXT:
        raise BadFeed(_TOO_LONG)
    try:
        _check_shape(text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadFeed(_NOT_YAML, at_line(mark.line + 1) if mark else None) from None
    if node is None:
        raise BadFeed(_EMPTY)
    return _understood(node)


def _check_shape(text: str) -> None:
    """Depth and aliases are looked at before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise BadFeed(_ALIAS, _line_of(event))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BadFeed(_TOO_DEEP, _line_of(event))


def _line_of(event: Any) -> Text:
    return at_line(event.start_mark.line + 1)


def _understood(node: Any) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        quoted = node.style in _QUOTES
        return Scalar(None if not quoted and node.value in _NULLS else node.value, line, quoted)
    if isinstance(node, yaml.SequenceNode):
        return Listed(tuple(_understood(item) for item in node.value), line)
    entries: dict[str, Node] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise BadFeed(_ODD_KEY, at_line(at))
        if key.value in entries:
            raise BadFeed(_TWICE.format(key=key.value[:40]), at_line(at))
        entries[key.value] = _understood(value)
    return Keyed(entries, line)


_NOT_YAML = Text(
    vi="không phải YAML hợp lệ; hãy sửa cú pháp ở dòng này",
    en="this is not valid YAML; mend the syntax on this line",
)
_EMPTY = Text(vi="tệp rỗng; hãy chỉ đúng tệp", en="the file is empty; name the right file")
_ALIAS = Text(
    vi="không dùng bí danh YAML (*tên); hãy viết lại giá trị",
    en="aliases (*name) are not taken; write the value again",
)
_TOO_DEEP = Text(
    vi="cấu trúc lồng quá sâu; hãy viết theo mẫu danh mục",
    en="it nests too deep; write it like the catalogue",
)
_TOO_LONG = Text(
    vi="tệp YAML quá lớn; danh mục chỉ nên dài vài trăm mục",
    en="the YAML file is too large; a catalogue has some hundred entries",
)
_ODD_KEY = Text(vi="khóa phải là một từ", en="a key must be a word")
_TWICE = Text(
    vi="khóa {key} có hai lần; hãy bỏ bớt một lần", en="the key {key} stands twice; remove one"
)
