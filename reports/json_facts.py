"""Facts of one device as JSON with stable names: what `hnth facts` prints and programs read.

A fact is `{"value", "file", "line"}` or `{"unknown": reason}`. `schema` prints the format as JSON
Schema, with the value of every fact. A name is never changed and never removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from rules.facts import FACT_TYPES, Fact, Known

Lang = str


@dataclass(frozen=True, slots=True)
class NotRead:
    """A line that was not understood; `line` is None where the whole file is meant."""

    file: str
    line: int | None
    text: str
    why: str


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    """The plain JSON form of a fact's value. An endless duration is the string `Infinity`."""
    return TypeAdapter(FACT_TYPES[name], config=_config(name))


def _config(name: str) -> ConfigDict | None:
    """A dataclass carries its own configuration and takes no other."""
    dataclass_like = hasattr(FACT_TYPES[name], "__dataclass_fields__")
    return None if dataclass_like else ConfigDict(ser_json_inf_nan="strings")


def render(
    platform: str, facts: Mapping[str, Fact[Any]], unread: Sequence[NotRead], lang: Lang
) -> dict[str, Any]:
    """What was understood, sorted by name, as plain values ready for `json.dumps`.

    `file` and `line` are those of the first citation. Reasons are in `lang` (`vi` or `en`).
    """
    return {
        "platform": platform,
        "facts": {name: _fact(name, facts[name], lang) for name in sorted(facts)},
        "unread": [asdict(line) for line in unread],
    }


def _fact(name: str, fact: Fact[Any], lang: Lang) -> dict[str, Any]:
    if not isinstance(fact, Known):
        return {"unknown": fact.reason.in_language(lang)}
    first = fact.citations[0] if fact.citations else None
    return {
        "value": _adapter(name).dump_python(fact.value, mode="json", warnings="error"),
        "file": first.source if first else None,
        "line": first.line if first else None,
    }


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` gives."""
    inputs = [(name, "serialization", _adapter(name)) for name in FACT_TYPES]
    values, shared = TypeAdapter.json_schemas(inputs)  # type: ignore[arg-type]
    facts = {name: _either(values[(name, "serialization")]) for name in FACT_TYPES}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "FactsDocument",
        "description": "Facts of one device, each with the first line that proves it.",
        **_record(
            {
                "platform": {"type": "string"},
                "facts": {"type": "object", "properties": facts, "additionalProperties": False},
                "unread": {"type": "array", "items": _not_read()},
            }
        ),
        **({"$defs": shared["$defs"]} if "$defs" in shared else {}),
    }


_TEXT = {"type": "string"}
_LINE = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}


def _either(value: Any) -> dict[str, Any]:
    file = {"anyOf": [_TEXT, {"type": "null"}]}
    known = _record({"value": value, "file": file, "line": _LINE})
    return {"anyOf": [known, _record({"unknown": _TEXT})]}


def _not_read() -> dict[str, Any]:
    return _record({"file": _TEXT, "line": _LINE, "text": _TEXT, "why": _TEXT})


def _record(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
