"""What the page of settings shows as an example is what hnth takes."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from scanner import cli
from scanner.cli.settings import defaults, name_variables
from scanner.gate.mapping import mappings_for
from scanner.settings_file import read
from tools.refresh_docs import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_example_is_taken_as_the_page_says(tmp_path: Path) -> None:
    found = re.search(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    (tmp_path / "hnth.toml").write_text(found[1], encoding="utf-8")
    cli._register()
    group = typer.main.get_command(cli.app)
    name_variables(group)
    settled = defaults(group, read(tmp_path / "hnth.toml"))
    assert settled["lang"] == "vi"
    assert settled["scan"]["database"] == settled["report"]["database"] == "hnth-tinh.db"
    assert settled["gate"]["fail_on"] == "S2"
    assert settled["vault"]["list"]["as_json"] is True
    assert "as_json" not in settled["rules"]
    mappings = mappings_for(tmp_path, None)
    assert [one.platform for one in mappings] == ["fortios", "cisco-roomos"]
    assert mappings[0].fits("", tmp_path / "fw" / "below" / "a.cfg")
