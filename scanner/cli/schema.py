"""`hnth schema NAME`: the JSON Schema of what the other commands print as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from inventory.text import Text
from scanner.cli.completion import schemas
from scanner.cli.json_text import print_json
from scanner.cli.speech import give_up


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=schemas,
            help="findings, gate, facts, packet or inventory.",
        ),
    ],
) -> None:
    """Print the JSON Schema of machine-readable output, or of the inventory file.

    Example: hnth schema findings > findings.schema.json
    """
    make = SCHEMAS.get(name)
    if make is None:
        raise give_up(_UNKNOWN.format(name=name, names=", ".join(SCHEMAS)))
    print_json(make())


def _findings() -> dict[str, Any]:
    from reports.json_findings import schema as of_findings  # noqa: PLC0415 - heavy parts

    return of_findings()


def _gate() -> dict[str, Any]:
    from reports.json_findings import GateDocument  # noqa: PLC0415

    return {
        "$schema": _DIALECT,
        **GateDocument.model_json_schema(by_alias=True, mode="serialization"),
    }


def _facts() -> dict[str, Any]:
    from reports.json_facts import schema as of_facts  # noqa: PLC0415

    return of_facts()


def _packet() -> dict[str, Any]:
    text, line = {"type": "string"}, {"type": "integer", "minimum": 1}
    maybe = {"anyOf": [text, {"type": "null"}]}
    step = _record({"file": text, "line": line, "text": text})
    answer = {
        "action": {"enum": ["permit", "deny", "unknown"]},
        "file": maybe,
        "line": {"anyOf": [line, {"type": "null"}]},
        "text": text,
        "path": {"type": "array", "items": step},
        "why": maybe,
    }
    port = {"type": "integer", "minimum": 0, "maximum": 65535}
    sent = {"src": text, "dst": text, "sport": port, "dport": port}
    hop = _record({"device": text, "from": text, "to": text, **sent, **answer})
    way = _record({**answer, "device": text, "hops": {"type": "array", "items": hop}})
    several = _record({**answer, "device": text, "ways": {"type": "array", "items": way}})
    return {
        "$schema": _DIALECT,
        "title": "PacketAnswer",
        "description": "What a device's filters do with a packet; `why` is told when unknown. "
        "Of several devices also which one decides, and what each does on every way.",
        "anyOf": [_record(answer), several],
    }


def _inventory() -> dict[str, Any]:
    from inventory.schema import json_schema  # noqa: PLC0415

    return json_schema()


def _record(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "findings": _findings,
    "gate": _gate,
    "facts": _facts,
    "packet": _packet,
    "inventory": _inventory,
}

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UNKNOWN = Text(
    vi="không có lược đồ “{name}”; chọn một trong: {names}",
    en="there is no schema “{name}”; choose one of: {names}",
)
