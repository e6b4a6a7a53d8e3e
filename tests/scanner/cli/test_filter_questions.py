"""`hnth packet` about whole filters: idle lines, and what another version changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rules.packets import idle
from scanner.cli import _register, app

ROUTER = """version 15.2
hostname r1
interface GigabitEthernet0/0
 ip address 10.67.0.1 255.255.0.0
 ip access-group VAO out
ip access-list extended VAO
 permit tcp 10.0.0.0 0.255.255.255 10.67.0.0 0.0.255.255 eq 1720
{more} deny ip any any
end
"""
HIDDEN = " permit tcp host 10.0.0.9 10.67.0.0 0.0.255.255 eq 1720\n"
WEB = " permit tcp any 10.67.1.0 0.0.0.255 eq 443\n"
STRANGE = " permit tcp any any eq 443 dscp-of-the-future 9\n"


@pytest.fixture(scope="module", autouse=True)
def _commands() -> None:
    if not app.registered_commands:
        _register()


def file(folder: Path, name: str, more: str) -> Path:
    path = folder / name
    path.write_text(ROUTER.format(more=more), encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, dict[str, object]]:
    result = CliRunner().invoke(app, ["packet", *map(str, arguments), "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_a_line_behind_a_wider_one_is_idle(tmp_path: Path) -> None:
    path = file(tmp_path, "r1.cfg", HIDDEN)
    status, told = run(path, "--idle-lines")
    assert status == 0
    (line,) = told["lines"]
    assert (line["kind"], line["line"], [one["line"] for one in line["because"]]) == (
        "shadowed",
        8,
        [7],
    )


def test_no_line_is_idle(tmp_path: Path) -> None:
    assert run(file(tmp_path, "r1.cfg", WEB), "--idle-lines") == (0, {"lines": [], "why": None})


def test_translations_beyond_the_limit_cannot_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "CASES", 0)
    status, told = run(file(tmp_path, "r1.cfg", WEB), "--idle-lines")
    assert (status, told) == (3, {"lines": None, "why": "too complex"})


def test_another_version_is_compared(tmp_path: Path) -> None:
    old, new = file(tmp_path, "old.cfg", ""), file(tmp_path, "new.cfg", WEB)
    status, told = run(old, "--compare", new)
    (change,) = told["changes"]
    assert (status, change["kind"], change["line"]["file"]) == (0, "permitted", str(new))
    assert run(old, "--compare", old)[1]["changes"] == []


def test_what_is_not_understood_cannot_be_told(tmp_path: Path) -> None:
    old, new = file(tmp_path, "old.cfg", ""), file(tmp_path, "new.cfg", STRANGE)
    status, told = run(old, "--compare", new)
    assert status == 3
    assert told["open"] or not all(change["certain"] for change in told["changes"])
