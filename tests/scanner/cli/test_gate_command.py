"""`hnth gate`: what a person sees, what a program gets, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reports.json_findings import GateDocument
from scanner.cli import _register, app
from scanner.cli.speech import choose_language
from tests.scanner.gate.configurations import (
    CODEC,
    FIREWALL,
    INVENTORY,
    OPENED,
    TELNET_LINE,
    TELNET_ON,
)

_register()


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, a repository without a file."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: object, lang: str = "en"):
    return CliRunner().invoke(app, ["--lang", lang, "gate", *map(str, arguments)])


def test_a_fault_is_shown_with_its_line_clause_and_remedy(folder: Path) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    done = run("phong.txt")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "phong.txt (phong, cisco-roomos)"
    assert f"      > {TELNET_LINE} │ *c xConfiguration NetworkServices Telnet Mode: On" in lines
    assert any("Article 11, clause 1: “" in line for line in lines)
    assert any(line.startswith("    → ") for line in lines)
    assert "      xConfiguration NetworkServices Telnet Mode: Off" in lines  # what to type
    assert lines[-1] == "NOT PASSED (1): 3 not met, of severity S3 or above"
    assert "Planted-Secret" not in done.stdout


def test_it_speaks_vietnamese(folder: Path) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    said = run(lang="vi").stdout
    assert "khoản 1 Điều 11" in said
    assert "Không đạt 3" in said
    assert said.splitlines()[-1].startswith("KHÔNG ĐẠT (1): ")


def test_a_green_gate_says_what_it_did_not_judge(folder: Path) -> None:
    (folder / "phong.txt").write_text(CODEC)
    done = run()
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[-1] == "PASSED"
    assert any("a scan has to show the rest" in line for line in lines)
    assert any(line.startswith("Not judged from files: ") for line in lines)


def test_the_reason_why_it_is_not_green_is_one_line(folder: Path) -> None:
    (folder / "fw.conf").write_text(FIREWALL)
    done = run()
    assert done.exit_code == 3
    last = done.stdout.splitlines()[-1]
    assert last.startswith("NOT PASSED (3): ")
    assert "--inventory" in last


def test_relaxations_are_printed_and_what_was_let_through(folder: Path) -> None:
    (folder / "phong.txt").write_text(TELNET_ON)
    done = run("--soft-fail", "--ignore", "D11.1-d")
    assert done.exit_code == 0
    assert "Relaxed: --soft-fail" in done.stdout
    assert "Relaxed: --ignore D11.1-d" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("NOT PASSED, let through: ")


def test_json_holds_findings_and_files_by_the_schema(folder: Path) -> None:
    (folder / "fw.conf").write_text(OPENED)
    (folder / "codec.txt").write_text(CODEC)
    (folder / "inventory.yaml").write_text(INVENTORY)
    (folder / "note.cfg").write_text("colour = blue\n")
    done = run("--json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    GateDocument.model_validate_json(done.stdout)
    assert document["gate"]["status"] == 1
    assert document["counts"]["FAIL"] == len(
        [f for f in document["findings"] if f["verdict"] == "FAIL"]
    )
    files = {one["file"]: one for one in document["gate"]["files"]}
    assert files["fw.conf"]["device"] == "fw"
    assert files["note.cfg"]["matters"]
    cited = [e for f in document["findings"] if f["verdict"] == "FAIL" for e in f["evidence"]]
    assert cited
    assert {e["source"] for e in cited} == {"fw.conf"}
    assert all(e["line"] for e in cited)
    assert "not met" in done.stderr


def test_several_formats_go_to_files(folder: Path) -> None:
    (folder / "phong.txt").write_text(CODEC)
    done = run("--format", "text", "--format", "json=out.json")
    assert done.exit_code == 0
    assert done.stdout.endswith("PASSED\n")
    assert json.loads((folder / "out.json").read_text())["gate"]["status"] == 0
    again = run("--format", "json=out.json")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert run("--format", "json=out.json", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "yaml"], "text, json"),
        (["--format", "text", "--json"], "standard output"),
        (["--select", "D99.1-a"], "D99.1-a"),
        (["missing.cfg"], "no such file"),
    ],
)
def test_wrong_use_is_said_and_ends_with_2(folder: Path, options: list[str], said: str) -> None:
    (folder / "phong.txt").write_text(CODEC)
    done = run(*options)
    assert done.exit_code == 2
    assert said in done.output


def test_the_mapping_stands_in_hnth_toml(folder: Path) -> None:
    (folder / "export.txt").write_text(FIREWALL)
    (folder / "codec.txt").write_text(CODEC)
    (folder / "inventory.yaml").write_text(INVENTORY)
    (folder / "hnth.toml").write_text(
        '[gate]\nfiles = [{path = "export.*", platform = "fortios", device = "fw"}]\n'
    )
    assert run().exit_code == 0
    (folder / "hnth.toml").write_text('[gate]\nfiles = [{path = "x", device_id = "fw"}]\n')
    done = run()
    assert done.exit_code == 2
    assert "device_id" in done.output


def test_what_a_file_holds_does_not_steer_the_terminal(folder: Path) -> None:
    evil = TELNET_ON.replace('Name: "Phong hop 1"', 'Name: "\x1b]0;x\x07\x1b[31m"')
    evil = evil.replace("Telnet Mode: On", "Telnet Mode: On\x1b[2J")
    (folder / "phong.txt").write_text(evil)
    assert "\x1b" not in run().output
