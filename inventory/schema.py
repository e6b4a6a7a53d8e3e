"""JSON Schema of the inventory file, so that editors complete, explain and check it."""

from __future__ import annotations

import ast
import inspect
from typing import Any

from inventory import model
from inventory import readings as readings_module
from inventory.model import Inventory

TITLE = "hnth inventory"


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12); every key carries the sentence that the model has beside it."""
    schema = Inventory.model_json_schema()
    described = _field_docstrings()
    for name, definition in {"Inventory": schema, **schema["$defs"]}.items():
        for key, field in definition.get("properties", {}).items():
            field.pop("title", None)
            text = described.get((name, key))
            if text and "description" not in field:
                field["description"] = text
            _widen(name, key, field)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": TITLE,
    }


def _widen(name: str, key: str, field: dict[str, Any]) -> None:
    """Values that this reader takes as text and an editor's YAML takes as numbers."""
    if (name, key) == ("AllowedService", "ports"):
        field["items"] = {"type": ["string", "integer"]}
    elif (name, key) in _NUMBERS:
        field["type"] = ["string", "integer"]


_NUMBERS = {(name, "number") for name in ("Document", "Approval", "Attestation", "Waiver")}


def _field_docstrings() -> dict[tuple[str, str], str]:
    """The strings that stand under the fields, by class and field."""
    found: dict[tuple[str, str], str] = {}
    for module in (model, readings_module):
        for node in ast.parse(inspect.getsource(module)).body:
            if not isinstance(node, ast.ClassDef):
                continue
            for field, text in zip(node.body, node.body[1:], strict=False):
                match field, text:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str() as words)),
                    ):
                        found[node.name, name] = " ".join(words.split())
    return found
