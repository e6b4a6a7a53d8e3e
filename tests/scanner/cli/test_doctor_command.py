"""`hnth doctor` prints what people read or what machines read, and its exit status tells."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from inventory.text import Text
from scanner.cli import doctor as command
from scanner.doctor import Check

READY = (
    Check("scan", "nmap", True, "7.93", Text(vi="dò cổng", en="asks ports")),
    Check("demo", "nft", True, "1.0.6", Text(vi="tường lửa", en="firewalls")),
    Check("optional", "chromium", True, "", Text(vi="kiểm thử", en="tests")),
)


def without(name: str) -> tuple[Check, ...]:
    line = Text(vi=f"cài {name}", en=f"install {name}")
    return tuple(
        replace(check, ok=False, found="", remedy=line) if check.name == name else check
        for check in READY
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    app = typer.Typer()
    app.command()(command.doctor)

    def run(checks: tuple[Check, ...], *options: str, language: str = "en"):
        monkeypatch.setattr(command, "examine", lambda machine: checks)
        monkeypatch.setattr(command, "language", lambda: language)
        return CliRunner().invoke(app, options)

    return run


CASES = {
    "everything": (READY, 0, "ready for hnth scan and hnth demo."),
    "no nft": (without("nft"), 0, "not yet for hnth demo."),
    "no chromium": (without("chromium"), 0, "ready for hnth scan and hnth demo."),
    "no nmap": (without("nmap"), 2, "not ready for hnth scan."),
}


@pytest.mark.parametrize(("checks", "status", "conclusion"), CASES.values(), ids=CASES.keys())
def test_the_exit_status_is_about_scanning(run, checks, status: int, conclusion: str) -> None:
    result = run(checks)
    assert result.exit_code == status
    assert result.stdout.rstrip().splitlines()[-1].endswith(conclusion)


def test_below_a_missing_program_stands_what_to_type(run) -> None:
    lines = run(without("nmap")).stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if "✗ nmap" in line)
    assert lines[at + 1].strip() == "→ install nmap"


def test_it_speaks_vietnamese(run) -> None:
    output = run(without("nmap"), language="vi").stdout
    assert "Cần để quét" in output
    assert "→ cài nmap" in output
    assert "Máy này chưa chạy được hnth scan." in output


def test_json_holds_everything(run) -> None:
    result = run(without("nmap"), "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert told["ready"] == {"scan": False, "demo": False}
    assert told["checks"][0] == {
        "group": "scan",
        "name": "nmap",
        "ok": False,
        "found": "",
        "purpose": {"vi": "dò cổng", "en": "asks ports"},
        "remedy": {"vi": "cài nmap", "en": "install nmap"},
    }
    assert told["checks"][1]["remedy"] is None
