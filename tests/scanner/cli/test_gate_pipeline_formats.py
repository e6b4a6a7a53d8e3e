"""`hnth gate --format`: one run in every format, each with what the JSON holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.cli import _register, app
from scanner.cli.gate_formats import FORMATS
from scanner.cli.speech import choose_language
from tests.reports import read_back
from tests.scanner.gate.configurations import CODEC, FIREWALL, INVENTORY, OPENED, TELNET_ON

_register()

ROWS = {
    "sarif": read_back.sarif_rows,
    "junit": read_back.junit_rows,
    "gitlab": read_back.gitlab_rows,
    "github": read_back.github_rows,
    "markdown": read_back.markdown_rows,
}


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "configs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(app, ["--lang", "en", "gate", *map(str, arguments)])


def in_every_format(folder: Path, *arguments: object) -> tuple[int, dict[str, str]]:
    wanted = [part for name in FORMATS for part in ("--format", f"{name}=out.{name}")]
    done = run("configs", *wanted, "--force", *arguments)
    return done.exit_code, {name: (folder / f"out.{name}").read_text() for name in FORMATS}


def test_all_formats_hold_the_findings_of_the_json(folder: Path) -> None:
    configs = folder / "configs"
    (configs / "fw.conf").write_text(OPENED)
    (configs / "codec.txt").write_text(CODEC)
    (configs / "phong.txt").write_text(TELNET_ON)
    (configs / "inventory.yaml").write_text(INVENTORY)
    (configs / "note.cfg").write_text("colour = blue\n")
    status, said = in_every_format(folder)
    assert status == 1
    expected = read_back.json_rows(said["json"])
    assert len(expected) >= 6
    rows = {name: read(said[name]) for name, read in ROWS.items()}
    for name, found in rows.items():
        assert {row[:4] for row in found} == expected, name
        assert {(*row[:5], row[5] or 1) for row in found} == {
            (*row[:5], row[5] or 1) for row in rows["sarif"]
        }, name
    assert ("D11.1-d", "phong", "FAIL", "S2", "configs/phong.txt", 15) in rows["sarif"]
    assert all("configs/note.cfg" in said[name] for name in FORMATS)
    assert all("Planted-Secret" not in one for one in said.values())


def test_what_is_undetermined_and_why_is_in_all_formats(folder: Path) -> None:
    (folder / "configs" / "fw.conf").write_text(FIREWALL)
    status, said = in_every_format(folder, "--ignore", "D10.1-c")
    assert status == 3
    expected = read_back.json_rows(said["json"])
    assert {row[2] for row in expected} == {"UND"}
    for name, read in ROWS.items():
        assert {row[:4] for row in read(said[name])} == expected, name
    reason = json.loads(said["json"])["gate"]["reason"]["en"]
    for name in FORMATS:
        words = said[name].replace("&#45;", "-")
        assert reason[:30] in words, name
        assert "--ignore D10.1-c" in words, name
    (invocation,) = read_back.sarif(said["sarif"])["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3


def test_a_gate_without_files_is_red_in_every_format(folder: Path) -> None:
    status, said = in_every_format(folder)
    assert status == 2
    assert read_back.sarif(said["sarif"])["invocations"][0]["exitCode"] == 2
    assert len(list(read_back.junit(said["junit"]).iter("error"))) >= 1
    assert read_back.gitlab(said["gitlab"])
    assert said["github"].startswith("::error ")
    assert "❌" in said["markdown"]


def test_a_green_gate_is_green_in_every_format(folder: Path) -> None:
    (folder / "configs" / "codec.txt").write_text(CODEC)
    status, said = in_every_format(folder)
    assert status == 0
    run_of = read_back.sarif(said["sarif"])
    assert run_of["results"] == []
    assert run_of["invocations"][0]["executionSuccessful"] is True
    root = read_back.junit(said["junit"])
    assert not [*root.iter("failure"), *root.iter("error")]
    assert read_back.gitlab(said["gitlab"]) == []
    assert "::error" not in said["github"]
    assert "✅" in said["markdown"]


def test_a_file_is_replaced_whole_or_left_as_it_was(folder: Path) -> None:
    (folder / "configs" / "codec.txt").write_text(CODEC)
    target = folder / "out.sarif"
    target.write_text("mine")
    target.chmod(0o640)
    assert run("configs", "--format", f"sarif={target}").exit_code == 2
    assert target.read_text() == "mine"
    assert run("configs", "--format", f"sarif={target}", "--force").exit_code == 0
    assert json.loads(target.read_text())["version"] == "2.1.0"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in folder.iterdir()) == [".git", "configs", "out.sarif"]
    assert run("configs", "--format", f"junit={folder}/none/x.xml").exit_code == 2
