"""Records as JSON text and back, without loss: every value bears the name of its class.

Values that are as their class sets them are left out; tuples become lists, and days and times text
under a name of their own.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from rules.patches import model
from scanner.feeds.records import Record

_CLASS = "is"
_KNOWN: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Record, model.Branch, model.Branches, model.Range, model.Listed, model.Criterion,
        model.Node, model.Configuration, model.Configurations, model.WholeFamily, model.Statement,
        model.Score, model.Cve, model.Latest, model.Published,
    )
}  # fmt: skip


class NotARecord(ValueError):
    """The text is not what `dump` writes."""


def dump(record: Record) -> str:
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Record:
    """Raises NotARecord."""
    try:
        found = _value(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotARecord("the stored text is no record") from None
    if not isinstance(found, Record):
        raise NotARecord("the stored text is no record")
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        plain = {_CLASS: type(value).__name__}
        for one in _fields(type(value).__name__):
            held = getattr(value, one.name)
            if one.default is MISSING or held != one.default:
                plain[one.name] = _plain(held)
        return plain
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return {_CLASS: "time", "at": value.isoformat()}
    if isinstance(value, date):
        return {_CLASS: "day", "at": value.isoformat()}
    return value


@cache
def _fields(name: str) -> tuple[Field[Any], ...]:
    return fields(_KNOWN[name])


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_value(item) for item in plain)
    if not isinstance(plain, dict):
        return plain
    name = plain.pop(_CLASS)
    if name == "time":
        return datetime.fromisoformat(plain["at"])
    if name == "day":
        return date.fromisoformat(plain["at"])
    return _KNOWN[name](**{key: _value(value) for key, value in plain.items()})
