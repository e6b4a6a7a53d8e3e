"""Newest known firmware and end of support per model (firmware-facts/1), a file people write.

An operator enters dates of support here, with the document as `source`. `catalogue` names the
list, so that one's own stands beside others; a list replaces its former edition as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast, get_args

from inventory.text import Text
from rules.patches.model import Basis, Latest, SupportState
from scanner.feeds.errors import BadFeed, at_line
from scanner.feeds.records import Record, version, words
from scanner.feeds.yaml_lines import Keyed, Listed, Node, Scalar

NAME = "firmware-facts"
SCHEMA = "firmware-facts/1"

_BASES, _STATES = frozenset(get_args(Basis)), frozenset(get_args(SupportState))
_OUTER = frozenset({"schema", "as_of", "entries", "catalogue"})
_KEYS = frozenset({"family", "vendor", "model", "branch", "deployment", "latest_version_known",
                   "release_date", "end_of_sale", "end_of_support", "end_of_software_maintenance",
                   "support_state", "basis", "source", "verified", "note",
                   "with_peripherals", "without_peripherals"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    name: str
    as_of: date
    records: tuple[Record, ...] = field(default=())

    @property
    def stamped(self) -> datetime:
        return datetime(self.as_of.year, self.as_of.month, self.as_of.day, tzinfo=UTC)


def is_one(document: Node) -> bool:
    return isinstance(document, Keyed) and _shown(document.entries.get("schema")) == SCHEMA


def catalogue(document: Node) -> Catalogue:
    """The whole list. Raises BadFeed with the line of what is wrong."""
    if not isinstance(document, Keyed):
        raise BadFeed(_SHAPE, at_line(document.line))
    _check_keys(document, _OUTER)
    as_of = _day(document, "as_of")
    if as_of is None:
        raise BadFeed(_AS_OF, at_line(document.line))
    entries = document.entries.get("entries")
    if not isinstance(entries, Listed) or not entries.items:
        raise BadFeed(_SHAPE, at_line(entries.line if entries else document.line))
    name = words(_shown(document.entries.get("catalogue")), 60)
    return Catalogue(name, as_of, tuple(_records(entries, as_of)))


def _records(entries: Listed, as_of: date) -> Iterator[Record]:
    for number, item in enumerate(entries.items, 1):
        if not isinstance(item, Keyed):
            raise BadFeed(_SHAPE, at_line(item.line))
        _check_keys(item, _KEYS)
        latest = _latest(item, as_of)
        yield Record(f"{number} {latest.family}", latest=(latest,))


def _latest(entry: Keyed, as_of: date) -> Latest:
    family = _text(entry, "family")
    if not family:
        raise BadFeed(_NO_FAMILY, at_line(entry.line))
    newest = _version(entry, "latest_version_known")
    basis = _choice(entry, "basis", _BASES, "none")
    if bool(newest) == (basis == "none"):
        raise BadFeed(_BASIS, at_line(entry.line))
    return Latest(
        family=family,
        models=_names(entry, "model"),
        branch=_version(entry, "branch"),
        version=newest,
        released=_day(entry, "release_date"),
        basis=cast("Basis", basis),
        deployment=_text(entry, "deployment"),
        with_peripherals=_names(entry, "with_peripherals"),
        without_peripherals=_names(entry, "without_peripherals"),
        support=cast("SupportState", _choice(entry, "support_state", _STATES, "unknown")),
        end_of_sale=_day(entry, "end_of_sale"),
        end_of_software_maintenance=_day(entry, "end_of_software_maintenance"),
        end_of_support=_day(entry, "end_of_support"),
        verified=_choice(entry, "verified", frozenset({"true", "false"}), "false") == "true",
        read_on=as_of,
        source=_text(entry, "source"),
        note=_text(entry, "note"),
    )


def _check_keys(node: Keyed, known: frozenset[str]) -> None:
    for key, value in node.entries.items():
        if key not in known:
            raise BadFeed(_UNKNOWN_KEY.format(key=words(key, 40)), at_line(value.line))


def _shown(node: Node | None) -> str:
    return (node.text or "") if isinstance(node, Scalar) else ""


def _text(entry: Keyed, key: str) -> str:
    node = entry.entries.get(key)
    if node is not None and not isinstance(node, Scalar):
        raise BadFeed(_NOT_TEXT.format(key=key), at_line(node.line))
    return words(_shown(node), 1000)


def _version(entry: Keyed, key: str) -> str:
    """The release, which has to stand in quotes."""
    node = entry.entries.get(key)
    if node is None:
        return ""
    if not isinstance(node, Scalar):
        raise BadFeed(_NOT_TEXT.format(key=key), at_line(node.line))
    if node.text is None:
        return ""
    if not node.quoted:
        raise BadFeed(_UNQUOTED.format(key=key, value=words(node.text, 40)), at_line(node.line))
    found = version(node.text)
    if not found:
        raise BadFeed(_NOT_TEXT.format(key=key), at_line(node.line))
    return found


def _names(entry: Keyed, key: str) -> tuple[str, ...]:
    node = entry.entries.get(key)
    items: tuple[Any, ...] = node.items if isinstance(node, Listed) else (node,) if node else ()
    found = []
    for item in items:
        if not isinstance(item, Scalar) or not item.text:
            raise BadFeed(_NOT_TEXT.format(key=key), at_line(item.line))
        found.append(words(item.text))
    return tuple(found)


def _day(entry: Keyed, key: str) -> date | None:
    node = entry.entries.get(key)
    if node is None or (isinstance(node, Scalar) and node.text is None):
        return None
    try:
        return date.fromisoformat(_shown(node))
    except ValueError:
        raise BadFeed(_DAY.format(key=key), at_line(node.line)) from None


def _choice(entry: Keyed, key: str, known: frozenset[str], otherwise: str) -> str:
    node = entry.entries.get(key)
    if node is None:
        return otherwise
    value = _shown(node)
    if value not in known:
        shown = ", ".join(sorted(known))
        raise BadFeed(_CHOICE.format(key=key, known=shown), at_line(node.line))
    return value


_SHAPE = Text(
    vi="cần các khóa schema, as_of và danh sách entries; hãy viết theo mẫu danh mục",
    en="give schema, as_of and a list entries; write it like the catalogue",
)
_AS_OF = Text(
    vi="thiếu as_of: ngày danh mục được lập, ví dụ 2026-11-23",
    en="as_of is missing: the day the list was made, such as 2026-11-23",
)
_NO_FAMILY = Text(
    vi="thiếu family (dòng thiết bị); hãy bổ sung", en="the entry has no family of devices; add it"
)
_BASIS = Text(
    vi="latest_version_known và basis phải đi đôi: có số phiên bản thì basis khác none, không có "
    "thì basis là none",
    en="latest_version_known and basis go together: with a version the basis is not none, without "
    "one it is none",
)
_UNKNOWN_KEY = Text(
    vi="không biết khóa {key}; hãy bỏ hoặc sửa tên", en="the key {key} is unknown; mend its name"
)
_NOT_TEXT = Text(vi="{key} phải là một dòng chữ", en="{key} has to be a line of text")
_UNQUOTED = Text(
    vi='{key}: {value} phải đặt trong dấu ngoặc kép, ví dụ "3.10"; nếu không, 3.10 sẽ thành 3.1',
    en='{key}: put {value} in quotes, such as "3.10"; without them 3.10 would become 3.1',
)
_DAY = Text(
    vi="{key} phải là ngày dạng 2026-11-23 hoặc null", en="{key} has to be like 2026-11-23 or null"
)
_CHOICE = Text(vi="{key} phải là một trong: {known}", en="{key} has to be one of: {known}")
