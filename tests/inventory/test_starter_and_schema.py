"""The starter loads as it stands and with every optional part switched on; the schema explains."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from inventory.calendar import permission
from inventory.load import load, loads
from inventory.model import Inventory
from inventory.schema import json_schema
from inventory.starter import StarterExists, starter_text, write_starter


def everything_switched_on() -> str:
    """The starter without the `#` that stands directly before a key."""
    return re.sub(r"(?m)^(\s*)#(?=\w|-|  )", r"\1", starter_text())


def test_the_starter_has_no_errors_and_no_warnings() -> None:
    assert loads(starter_text()).warnings == ()


def test_the_starter_permits_no_scan() -> None:
    refusal = permission(
        loads(starter_text()).inventory, datetime(2026, 11, 24, tzinfo=UTC), confirmed_by="x"
    )
    assert refusal is not None


def test_the_starter_shows_every_section_and_every_one_of_them_works() -> None:
    loaded = loads(everything_switched_on())
    assert loaded.warnings == ()
    written = yaml.safe_load(everything_switched_on())
    assert set(written) == set(Inventory.model_fields)
    assert len(loaded.inventory.calendar.meetings) == 2


def test_an_existing_inventory_is_not_overwritten(tmp_path: Path) -> None:
    path = write_starter(tmp_path / "new" / "folder")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(StarterExists, match="add --force"):
        write_starter(path.parent)
    assert path.read_text(encoding="utf-8") == "mine"
    assert load(write_starter(path.parent, force=True)).warnings == ()


def test_every_key_of_the_schema_is_explained_or_says_itself() -> None:
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["additionalProperties"] is False
    properties = schema["$defs"]["Device"]["properties"]
    assert properties["log_server"].get("description") is None
    assert properties["host_key"]["description"] == "`SHA256:...` of the SSH host key."
    readings = schema["$defs"]["Readings"]["properties"]
    assert all(field["description"].startswith(("A-", "D1")) for field in readings.values())
    assert json.loads(json.dumps(schema)) == schema


def test_every_section_of_the_starter_is_in_the_schema() -> None:
    assert set(json_schema()["properties"]) == set(Inventory.model_fields)
