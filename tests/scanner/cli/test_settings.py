"""Options from hnth.toml and the environment: who outranks whom, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from scanner import cli
from scanner.cli.settings import commands, key_of, name_variables, options, variable

cli._register()
COMMAND_LINE = typer.main.get_command(cli.app)
name_variables(COMMAND_LINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("HNTH_LANG", "HNTH_FAIL_ON", "HNTH_GATE_FAIL_ON", "HNTH_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr("scanner.cli.speech._chosen", None)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["hnth", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> dict[str, dict[str, str]]:
    """`--show-config` of one command."""
    assert run(monkeypatch, "--show-config", "--json", *words) == 0
    table = json.loads(capsys.readouterr().out)
    return table[next(iter(table))]


def test_the_command_line_outranks_the_environment_outranks_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert told(monkeypatch, capsys, "gate")["fail_on"] == {"value": "S3", "source": "default"}
    file = folder / "hnth.toml"
    file.write_text('# settled\n[gate]\nfail_on = "S2"\n', encoding="utf-8")
    assert told(monkeypatch, capsys, "gate")["fail_on"] == {"value": "S2", "source": f"{file}:3"}
    monkeypatch.setenv("HNTH_GATE_FAIL_ON", "S1")
    expected = {"value": "S1", "source": "HNTH_GATE_FAIL_ON"}
    assert told(monkeypatch, capsys, "gate")["fail_on"] == expected
    expected = {"value": "S4", "source": "command line"}
    assert told(monkeypatch, capsys, "gate", "--fail-on", "S4")["fail_on"] == expected


def test_what_is_settled_is_what_the_command_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "hnth.toml").write_text('lang = "vi"\n[gate]\njson = true\n', encoding="utf-8")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert run(monkeypatch, "gate", "nothing-there.cfg") != 0
    said = capsys.readouterr()
    assert json.loads(said.out)["counts"]["PASS"] == 0
    assert "hãy kiểm tra lại đường dẫn" in said.err


def test_a_person_is_told_in_their_language_and_a_program_as_always(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("gate", "--fail-on", "S1")
    assert run(monkeypatch, "--lang", "vi", "--show-config", *words) == 0
    lines = {line.strip() for line in capsys.readouterr().out.splitlines()}
    assert {'fail_on = "S1"    (dòng lệnh)', "root = null    (mặc định)"} <= lines
    assert run(monkeypatch, "--lang", "vi", "--show-config", "--json", *words) == 0
    assert json.loads(capsys.readouterr().out)["gate"]["fail_on"]["source"] == "command line"


def test_a_key_above_all_tables_holds_for_every_command_that_has_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "hnth.toml").write_text(
        'database = "all.db"\n[report]\ndatabase = "mine.db"\n', encoding="utf-8"
    )
    assert told(monkeypatch, capsys, "scan")["database"]["value"] == "all.db"
    assert told(monkeypatch, capsys, "report")["database"]["value"] == "mine.db"


REFUSED = {
    "no such option": ('[gate]\nfail_onn = "S2"\n', ":2", "fail_on"),
    "no such table": ('[gates]\nfail_on = "S2"\n', ":1", "gate"),
    "no such key at the top": ('databas = "x"\n', ":1", "database"),
    "a word for a switch": ('[gate]\nsoft_fail = "no"\n', ":2", "true"),
    "a word for a list": ('[gate]\nselect = "10.1"\n', ":2", "list"),
    "a list for a word": ('[gate]\nfail_on = ["S2"]\n', ":2", "text"),
    "a switch for a word": ("[gate]\nfail_on = true\n", ":2", "text"),
    "a secret": ('[scan]\npassword = "AnGiang-42x"\n', ":2", "hnth vault"),
    "a community at the top": ('snmp_community = "AnGiang-42x"\n', ":1", "hnth vault"),
    "no TOML": ("[gate\n", "hnth.toml", "TOML"),
    "not UTF-8": (b'lang = "\xff"\n', "hnth.toml", "UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_with_its_place_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path, case: str
) -> None:
    content, place, hint = REFUSED[case]
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / "hnth.toml").write_bytes(raw)
    assert run(monkeypatch, "rules") == 2
    said = capsys.readouterr()
    assert place in said.err
    assert hint in said.err
    assert "Traceback" not in said.err
    assert "AnGiang-42x" not in said.err + said.out


def test_the_search_ends_at_the_top_of_the_repository(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "hnth.toml").write_text('database = "outer.db"\n', encoding="utf-8")
    inner = folder / "inner"
    (inner / ".git").mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert told(monkeypatch, capsys, "scan")["database"]["source"] == "default"


def test_every_option_has_one_variable_of_its_own() -> None:
    named: dict[str, str] = {}
    for path, command in commands(COMMAND_LINE):
        for key, parameter in options(command).items():
            own = variable(path, key)
            assert own in parameter.envvar
            assert named.setdefault(own, " ".join(path)) == " ".join(path)


def test_no_option_takes_a_secret() -> None:
    """Options stand in process lists, histories and in hnth.toml."""
    for path, command in commands(COMMAND_LINE):
        for parameter in command.params:
            key = key_of(parameter)
            if not key.endswith(("_file", "_env", "_entry")):
                assert not any(w in key for w in ("password", "secret", "community")), (path, key)
