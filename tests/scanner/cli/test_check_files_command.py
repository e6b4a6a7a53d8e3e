"""`hnth check --files`, `--record` and `--watch`, from files: no network, no inventory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from rules.model import Outcome
from scanner.check.model import CheckResult
from scanner.cli import _register, app, check_watch
from scanner.cli.check_files import Saved
from scanner.cli.check_watch import until_mended
from scanner.cli.speech import choose_language
from tests.scanner.check.build_check import finding, result
from tests.scanner.gate.configurations import CODEC, TELNET_ON

_register()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ok.txt").write_text(CODEC)
    (tmp_path / "bad.txt").write_text(TELNET_ON)
    return tmp_path


def check(*options: str) -> Result:
    return CliRunner().invoke(app, ["--lang", "en", "check", "--files", *options])


def test_a_fault_is_red_and_nothing_is_left_behind(folder: Path) -> None:
    done = check("bad.txt")
    assert done.exit_code == 1
    assert "✗ D11.1-d" in done.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["bad.txt", "ok.txt"]


def test_files_alone_are_never_enough_to_be_green(folder: Path) -> None:
    done = check("ok.txt")
    assert done.exit_code == 3
    assert "✗" not in done.stdout


@pytest.mark.parametrize(
    "option", [("--user", "kiemtra"), ("--ports", "22"), ("--accept-identity",)], ids=str
)
def test_an_option_that_could_do_nothing_is_a_mistake(
    folder: Path, option: tuple[str, ...]
) -> None:
    done = check("ok.txt", *option)
    assert done.exit_code == 2
    assert option[0] in done.stderr


def test_json_holds_the_findings_on_the_device(folder: Path) -> None:
    document = json.loads(check("bad.txt", "--json").stdout)
    failed = {f["requirement"] for f in document["findings"] if f["verdict"] == "FAIL"}
    assert "D11.1-d" in failed
    assert {f["requirement"][:3] for f in document["findings"]} == {"D11"}
    cited = [e for f in document["findings"] for e in f["evidence"] if e["line"]]
    assert {e["source"] for e in cited} == {"bad.txt"}


@pytest.mark.parametrize(
    ("files", "word"),
    [
        (("gone.txt",), "no such file"),
        (("ok.txt", "gone.txt"), "no such file"),
        (("none.txt",), "no device family recognises"),
        ((".",), "is a folder"),
    ],
)
def test_what_cannot_be_read_ends_the_check(
    folder: Path, files: tuple[str, ...], word: str
) -> None:
    (folder / "none.txt").write_text("a letter, and nothing else\n")
    done = check(*files)
    assert done.exit_code == 2
    assert word in done.stderr
    assert done.stdout == ""


def test_a_record_is_written_once(folder: Path) -> None:
    done = check("bad.txt", "--record", "bb.html", "-q")
    assert done.exit_code == 1
    assert "Chưa đủ điều kiện" in (folder / "bb.html").read_text(encoding="utf-8")
    before = (folder / "bb.html").read_bytes()
    again = check("ok.txt", "--record", "bb.html", "-q")
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert (folder / "bb.html").read_bytes() == before
    assert check("ok.txt", "--record", "bb.html", "-q", "--force").exit_code == 3
    assert (folder / "bb.html").read_bytes() != before
    assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("target", "word"), [("bb.docx", ".html or .pdf"), ("no/bb.html", "no folder")]
)
def test_a_record_that_cannot_be_kept_is_refused_before_the_work(
    folder: Path, target: str, word: str
) -> None:
    done = check("bad.txt", "--record", target)
    assert done.exit_code == 2
    assert word in done.stderr
    assert done.stdout == ""


def test_a_watch_ends_when_the_file_is_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waits = iter([lambda: None, lambda: (folder / "bad.txt").write_text(CODEC)])
    rounds = Saved((Path("bad.txt"),), None, None, "check.db")
    shown: list[CheckResult] = []
    choose_language("en")
    last = until_mended(rounds, rounds.whole(), shown.append, 1, lambda _every: next(waits)())
    choose_language(None)
    assert not last.failures
    assert shown == [last]
    said = capsys.readouterr().err
    assert said.index("✗ D11.1-d") < said.index("✓ D11.1-d: mended")


class Rounds:
    """A device of which every look is known beforehand."""

    def __init__(self, *looks: CheckResult, logins: int = 9) -> None:
        self.looks = list(looks)
        self.asked: list[str] = []
        self.logins = logins

    @property
    def may_log_in(self) -> bool:
        return self.logins > 0

    def whole(self) -> CheckResult:
        return self._next("whole")

    def again(self, before: CheckResult) -> CheckResult:
        return self._next("again")

    def _next(self, kind: str) -> CheckResult:
        self.asked.append(kind)
        self.logins -= 1
        return self.looks.pop(0)


BROKEN = result(finding("D11.1-d", Outcome.FAIL))
OPEN = result(finding("D11.1-d", Outcome.UND))
WELL = result(finding("D11.1-d", Outcome.PASS))


def watched(rounds: Rounds, wait: Callable[[int | None], None] = lambda _: None) -> CheckResult:
    return until_mended(rounds, BROKEN, lambda _result: None, None, wait)


def test_everything_is_asked_once_more_when_nothing_fails_any_more() -> None:
    rounds = Rounds(BROKEN, OPEN, WELL)
    assert watched(rounds) is WELL
    assert rounds.asked == ["again", "again", "whole"]


def test_what_the_last_look_finds_is_watched_as_well() -> None:
    rounds = Rounds(WELL, BROKEN, WELL, WELL)
    watched(rounds)
    assert rounds.asked == ["again", "whole"] * 2


def test_a_refused_password_ends_the_watch(capsys: pytest.CaptureFixture[str]) -> None:
    choose_language("en")
    rounds = Rounds(OPEN, WELL, logins=1)
    assert watched(rounds) is BROKEN
    choose_language(None)
    assert rounds.asked == ["again"]
    assert "not tried again" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt, EOFError])
def test_a_watch_is_ended_by_hand(error: type[BaseException]) -> None:
    def wait(_every: int | None) -> None:
        raise error

    with pytest.raises(typer.Exit) as caught:
        watched(Rounds(), wait)
    assert caught.value.exit_code == 130


def test_nothing_is_watched_where_nothing_fails() -> None:
    rounds = Rounds()
    assert until_mended(rounds, OPEN, lambda _result: None, None) is OPEN
    assert rounds.asked == []


def test_between_looks_it_waits_as_long_as_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[int] = []
    monkeypatch.setattr(check_watch.time, "sleep", slept.append)
    check_watch._wait(7)
    check_watch._wait(None)
    assert slept == [7, check_watch.UNATTENDED_S]
