"""`hnth schema NAME`: each is a schema, and what the commands print is true to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from scanner.cli import _register, app
from scanner.cli.schema import SCHEMAS
from scanner.cli.speech import choose_language
from tests.scanner.gate.configurations import CODEC, FIREWALL, TELNET_ON

_register()


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


def run(*arguments: object):
    return CliRunner().invoke(app, ["--lang", "en", *map(str, arguments)])


def schema(name: str) -> dict[str, Any]:
    done = run("schema", name)
    assert done.exit_code == 0
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_each_is_a_schema_of_the_dialect_it_names(name: str) -> None:
    found = schema(name)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(found)


def test_an_unknown_name_is_told_the_known_ones() -> None:
    done = run("schema", "findigns")
    assert done.exit_code == 2
    assert "findings, gate, facts, packet" in done.stderr


def test_the_gate_prints_what_its_schema_says(tmp_path: Path) -> None:
    (tmp_path / "phong.txt").write_text(TELNET_ON)
    document = json.loads(run("gate", tmp_path, "--root", tmp_path, "--json").stdout)
    jsonschema.validate(document, schema("gate"))
    document["findings"][0]["verdict"] = "MAYBE"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema("gate"))


def test_facts_are_true_to_their_schema(tmp_path: Path) -> None:
    of_facts = schema("facts")
    for name, content in (("codec.txt", CODEC), ("fw.conf", FIREWALL)):
        (tmp_path / name).write_text(content)
        document = json.loads(run("facts", tmp_path / name).stdout)
        assert document["facts"]
        jsonschema.validate(document, of_facts)


@pytest.mark.parametrize("port", [5061, 23])
def test_answers_on_packets_are_true_to_their_schema(tmp_path: Path, port: int) -> None:
    (tmp_path / "fw.conf").write_text(FIREWALL)
    asked = ["--from", "wan1", "--to", "hnth", "--src", "198.51.100.9", "--dst", "10.67.10.20"]
    done = run("packet", tmp_path / "fw.conf", *asked, "--dport", port)
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, schema("packet"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**answer, "action": "maybe"}, schema("packet"))
