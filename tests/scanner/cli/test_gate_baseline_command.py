"""`hnth gate --baseline`, `--write-baseline` and `--since` as a person and a program see them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reports.json_findings import GateDocument
from scanner.cli import _register, app
from scanner.cli.speech import choose_language
from tests.scanner.gate.configurations import CODEC, TELNET_ON

_register()


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, a repository with one faulty file, which is committed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TELNET_ON)
    who = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=0"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*who, *command], check=True)
    return tmp_path


def run(*arguments: object, lang: str = "en"):
    return CliRunner().invoke(app, ["--lang", lang, "gate", *map(str, arguments)])


WRITE = ("--write-baseline", "accepted.json", "--reason", "chờ thay thiết bị")


def test_accepting_what_is_there_makes_it_green_and_a_second_file_red(folder: Path) -> None:
    done = run(".", *WRITE)
    assert done.exit_code == 0
    assert "Wrote 3 accepted findings to accepted.json" in done.stderr
    again = run(".", "--baseline", "accepted.json")
    assert again.exit_code == 0
    assert "Relaxed: --baseline accepted.json: accepts 3 not met" in again.stdout
    (folder / "b.txt").write_text(TELNET_ON)
    red = run(".", "--baseline", "accepted.json")
    assert red.exit_code == 1
    assert "b.txt (b, cisco-roomos)" in red.stdout
    assert "a.txt (a, cisco-roomos)" not in red.stdout


def test_json_names_what_is_accepted(folder: Path) -> None:
    run(".", *WRITE, "--expires", "2999-12-31")
    done = run(".", "--baseline", "accepted.json", "--json")
    GateDocument.model_validate_json(done.stdout)
    accepted = json.loads(done.stdout)["gate"]["accepted"]
    assert {one["finding"]["requirement"] for one in accepted} == {"D11.1-b", "D11.1-c", "D11.1-d"}
    assert {one["reason"] for one in accepted} == {"chờ thay thiết bị"}
    assert {one["expires"] for one in accepted} == {"2999-12-31"}


def test_since_shows_what_the_change_adds_and_mends(folder: Path) -> None:
    (folder / "a.txt").write_text(CODEC)
    (folder / "b.txt").write_text(TELNET_ON.replace("SystemUnit Name", "SystemUnit Title"))
    done = run(".", "--since", "HEAD", "--format", "text", "--format", "json=out.json")
    assert done.exit_code == 1
    assert "  ✓ Fixed: D11.1-d a: " in done.stdout
    assert "added 3, worsened 0, fixed 3, known before 0" in done.stdout
    changes = json.loads((folder / "out.json").read_text())["gate"]["changes"]
    assert [len(changes[name]) for name in ("added", "fixed", "worsened", "known")] == [3, 3, 0, 0]


def test_since_speaks_vietnamese(folder: Path) -> None:
    done = run(".", "--since", "HEAD", lang="vi")
    assert done.exit_code == 0
    assert "Nới lỏng: --since HEAD (" in done.stdout
    assert "thêm 0, xấu đi 0, khắc phục 0" in done.stdout


WRONG = {
    "no reason": (("--write-baseline", "x.json"), "needs a reason"),
    "a reason for nothing": (("--reason", "x"), "go with --write-baseline"),
    "a day that is none": ((*WRITE, "--expires", "tomorrow"), "is no day"),
    "a day in the past": ((*WRITE, "--expires", "2020-01-01"), "is in the past"),
    "with a revision": ((*WRITE, "--since", "HEAD"), "does not go with --since"),
    "a revision that is none": (("--since", "nowhere"), "has no revision"),
    "a baseline that is none": (("--baseline", "a.txt"), "is not JSON"),
}


@pytest.mark.parametrize(("options", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_one_message_and_2(folder: Path, options: tuple[str, ...], said: str) -> None:
    done = run(".", *options)
    assert done.exit_code == 2
    assert said in done.stdout + done.stderr
    assert not (folder / "x.json").exists()
    assert not (folder / "accepted.json").exists()


def test_a_baseline_is_replaced_with_force_only(folder: Path) -> None:
    (folder / "accepted.json").write_text("{}")
    assert run(".", *WRITE).exit_code == 2
    assert (folder / "accepted.json").read_text() == "{}"
    assert run(".", *WRITE, "--force").exit_code == 0
