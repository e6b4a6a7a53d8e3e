"""`hnth init` and `hnth inventory`: exit status, streams, languages, JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from inventory.starter import starter_text
from scanner.cli import inventory as commands
from scanner.cli.speech import choose_language

app = typer.Typer()
app.command()(commands.init)
app.add_typer(commands.inventory_app, name="inventory")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HNTH_LANG", "en")
    monkeypatch.delenv("HNTH_INVENTORY", raising=False)
    choose_language(None)


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    path = tmp_path / "inventory.yaml"
    path.write_text(starter_text(), encoding="utf-8")
    return path


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_init_writes_and_does_not_overwrite(tmp_path: Path) -> None:
    status, out, err = run("init", tmp_path)
    assert (status, out) == (0, "")
    assert "hnth inventory check" in err
    status, out, err = run("init", tmp_path)
    assert (status, out) == (2, "")
    assert "--force" in err
    assert run("init", tmp_path, "--force")[0] == 0


def test_init_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = run("init", tmp_path / "file" / "folder")
    assert (status, "choose another folder" in err) == (2, True)


def test_check_prints_what_is_there_and_what_is_missing(starter: Path) -> None:
    status, out, _ = run("inventory", "check", starter)
    assert status == 0
    assert re.search(r"Devices +5  1 MCU, 1 VCS, 1 firewall, 1 router, 1 server", out)
    assert "no approval for live probes" in out
    assert "neither host_key nor certificate" in out
    assert "no firmware catalogue" in out


def test_check_speaks_vietnamese(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HNTH_LANG", "vi")
    _, out, _ = run("inventory", "check", starter)
    assert "Điểm cầu" in out
    assert "Còn thiếu cho một lần dò quét đầy đủ" in out


def test_check_prints_errors_one_per_line_and_leaves_with_2(starter: Path) -> None:
    text = starter.read_text(encoding="utf-8").replace("kind: mcu", "kind: mcv")
    starter.write_text(text.replace("site: diem-cau-1", "site: diem-cau-l", 1), encoding="utf-8")
    status, out, err = run("inventory", "check", starter)
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == 3
    assert all(re.match(rf"{re.escape(str(starter))}:\d+: ", line) for line in lines[:2])
    assert lines[2] == "The inventory cannot be used: 2 error(s)."


def test_check_as_json_when_usable(starter: Path) -> None:
    status, out, _ = run("inventory", "check", starter, "--json")
    data = json.loads(out)
    assert (status, data["ok"], data["errors"]) == (0, True, [])
    assert data["summary"]["devices"]["vcs"] == 1
    assert {"mcu-tinh", "tuong-lua"} <= {about for m in data["missing"] for about in m["about"]}


def test_check_as_json_when_not(starter: Path) -> None:
    starter.write_text("sites: []\n", encoding="utf-8")
    status, out, err = run("inventory", "check", starter, "--json")
    data = json.loads(out)
    assert (status, data["ok"], err) == (2, False, "")
    assert {"vi", "en"} == set(data["errors"][0]["message"])


def test_check_of_nothing_leaves_with_2(tmp_path: Path) -> None:
    status, _, err = run("inventory", "check", tmp_path / "inventory.yaml")
    assert (status, "hnth init" in err) == (2, True)


def test_check_reads_the_catalogue_too(starter: Path) -> None:
    with starter.open("a", encoding="utf-8") as stream:
        stream.write("catalogue: firmware.yaml\n")
    status, _, err = run("inventory", "check", starter)
    assert (status, "firmware.yaml: there is no such file" in err) == (2, True)
    catalogue = starter.parent / "firmware.yaml"
    catalogue.write_text("captured: 2026-11-01\nsource: s\nrelease: []\n", encoding="utf-8")
    _, _, err = run("inventory", "check", starter)
    assert 'firmware.yaml:3: there is no key "release"; did you mean "releases"?' in err


def test_check_does_not_show_the_secrets_it_finds(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNTH_MCU_PASSWORD", "Pl@nted-9f2c")
    for form in ((), ("--json",)):
        status, out, err = run("inventory", "check", starter, *form)
        assert status == 0
        assert "Pl@nted-9f2c" not in out + err
        assert "HNTH_MCU_PASSWORD" not in out


def test_an_unknown_family_is_a_warning_on_the_error_stream(starter: Path) -> None:
    text = starter.read_text(encoding="utf-8").replace("platform: linux", "platform: linnux", 1)
    starter.write_text(text, encoding="utf-8")
    status, out, err = run("inventory", "check", starter)
    assert status == 0
    assert "devices/tuong-lua/platform: " in err
    assert "linnux" not in out


def test_schema_is_json_on_standard_output() -> None:
    status, out, err = run("inventory", "schema")
    assert (status, err) == (0, "")
    assert json.loads(out)["title"] == "hnth inventory"
