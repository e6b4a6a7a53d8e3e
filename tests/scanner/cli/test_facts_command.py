"""`hnth facts`: output, language, exit status, and nothing secret or dangerous on the way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rules.facts import Known
from scanner.cli import _register, app
from scanner.cli import facts as command
from scanner.cli.fact_table import print_facts
from scanner.cli.speech import choose_language
from scanner.family_of_files import Understood
from scanner.platforms import find
from scanner.platforms.model import Reading
from scanner.saved_files import load

_register()

CODEC = """\
*c xConfiguration Conference Encryption Mode: BestEffort
*c xConfiguration Conference AutoAnswer Mode: Off
*c xConfiguration NetworkServices SNMP CommunityName: "Planted-Secret-1"
*c xConfiguration NetworkServices SNMP Mode: ReadOnly
*c xConfiguration NetworkServices Telnet Mode: Off
*c xConfiguration SIP Authentication Password: "Planted-Secret-2"
*c xConfiguration Security Session InactivityTimeout: 10
** end
"""


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


@pytest.fixture
def codec(tmp_path: Path) -> Path:
    path = tmp_path / "codec.txt"
    path.write_text(CODEC)
    return path


def run(*arguments: object, lang: str = "en"):
    return CliRunner().invoke(app, ["--lang", lang, "facts", *map(str, arguments)])


def test_facts_are_json_where_no_terminal_is(codec: Path) -> None:
    done = run(codec)
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert done.stderr == ""
    assert document["platform"] == "cisco-roomos"
    fact = document["facts"]["call.encryption"]
    assert fact == {"value": "best-effort", "file": str(codec), "line": 1}
    assert document["facts"]["service.telnet.enabled"]["line"] == 5
    assert document["facts"]["management.idle_timeout_s"]["value"] == 600
    assert list(document["facts"]) == sorted(document["facts"])
    assert document["facts"]["accounts"].keys() == {"unknown"}


def test_planted_secrets_do_not_come_out(codec: Path) -> None:
    for arguments in ((codec,), (codec, "--platform", "cisco-roomos"), (codec, "-p", "linux")):
        done = run(*arguments)
        assert "Planted-Secret" not in done.output


def test_reasons_are_in_the_language_chosen(codec: Path) -> None:
    said = {
        lang: json.loads(run(codec, lang=lang).stdout)["facts"]["accounts"]["unknown"]
        for lang in ("vi", "en")
    }
    assert said["vi"] != said["en"]
    assert "thiết bị" in said["vi"]


def test_a_file_that_says_nothing_is_listed(codec: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("hello\n")
    done = run(codec, other)
    assert done.exit_code == 0
    left = json.loads(done.stdout)["unread"]
    assert [one["file"] for one in left] == [str(other)]


def test_a_file_on_which_nothing_rests_is_listed_as_a_whole(codec: Path, tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("hello\n")
    saved = load([codec, silent])
    said = Reading({"call.active": Known(1, (saved.documents[0].cite(1),))})
    listed = list(command._not_read(saved, Understood(find("cisco-roomos"), said)))
    assert [(one.file, one.line) for one in listed] == [(str(silent), None)]
    assert "cisco-roomos" in listed[0].why


def test_a_bad_file_beside_a_good_one_loses_nothing_and_is_no_success(codec, tmp_path) -> None:
    missing = tmp_path / "missing"
    done = run(missing, codec)
    assert done.exit_code == 2
    document = json.loads(done.stdout)
    assert document["facts"]["call.encryption"]["value"] == "best-effort"
    assert document["unread"][-1]["file"] == str(missing)
    assert done.stderr.count("\n") == 1
    assert f"{missing}: there is no such file" in done.stderr


@pytest.mark.parametrize("content", [None, b"", b"\0\1\2", b"hello\n", b"[]", b"x" * 9_000_000])
def test_nothing_understood_is_status_2_with_one_message(tmp_path, content) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    done = run(path)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_is_status_2(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is a folder" in done.stderr


def test_a_family_that_reads_nothing_from_the_files_is_no_success(codec: Path) -> None:
    done = run(codec, "--platform", "huawei-te")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["platform"] == "huawei-te"
    assert "no fact of the family huawei-te" in done.stderr


def test_a_family_that_does_not_exist_is_named(codec: Path) -> None:
    done = run(codec, "--platform", "cisco-romos")
    assert done.exit_code == 2
    assert "did you mean “cisco-roomos”" in done.stderr


def test_no_file_is_wrong_use() -> None:
    assert run().exit_code == 2


def _document(**facts: object) -> dict[str, object]:
    left = [{"file": "a", "line": 3, "text": "\x1b[2Jx", "why": "unclear"}]
    return {"platform": "x", "facts": facts, "unread": left}


def test_the_table_shows_known_then_unknown_then_unread(capsys) -> None:
    known = {"value": ["[red]a[/red]\x1b[2J"], "file": "f", "line": 1}
    print_facts(_document(accounts={"unknown": "not told"}, vlans=known), "Title", "en")
    shown = capsys.readouterr().out
    assert shown.index("[red]a[/red]") < shown.index("not told") < shown.index("a:3: unclear")
    assert "f:1" in shown
    assert "\x1b[2J" not in shown


def test_the_table_ends_a_long_list_of_unread_lines(capsys) -> None:
    document = _document()
    document["unread"] *= 75  # type: ignore[operator]
    print_facts(document, "Title", "vi")
    assert "25 mục nữa" in capsys.readouterr().out


def test_a_terminal_gets_the_table_and_json_on_demand(codec, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    choose_language("en")
    for as_json in (False, True):
        with pytest.raises(command.typer.Exit) as done:
            command.facts([codec], None, as_json)
        assert done.value.exit_code == 0
        assert capsys.readouterr().out.startswith("{") is as_json
