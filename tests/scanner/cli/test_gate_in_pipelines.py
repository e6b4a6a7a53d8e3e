"""What a pipeline leaves in the folder confuses no gate; what the gate says, no pipeline."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.cli import _register, app
from scanner.cli.gate_text import harmless
from scanner.cli.speech import choose_language
from tests.scanner.gate.configurations import CODEC, TELNET_ON

_register()

COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
"""What GitHub and Azure take for a command in a log."""


@pytest.fixture(autouse=True)
def _own_language():
    yield
    choose_language(None)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a codec that is in order."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "codec.txt").write_text(CODEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(app, ["--lang", "en", "gate", *map(str, arguments)])


RESULTS = ("text=result.txt", "junit=junit.xml", "json=findings.cfg", "sarif=sub/gate.conf")


@pytest.mark.parametrize("named", [(), ("*",)], ids=["the folder", "all that is in it"])
def test_results_of_the_last_run_are_no_configurations(
    folder: Path, named: tuple[str, ...]
) -> None:
    (folder / "sub").mkdir()
    options = [part for one in RESULTS for part in ("--format", one)]
    for _ in range(2):
        paths = [one for pattern in named for one in sorted(folder.glob(pattern))]
        done = run(*paths, *options, "--force")
        assert done.exit_code == 0, done.output


def test_a_file_that_another_run_wrote_keeps_the_gate_shut(folder: Path) -> None:
    assert run("--format", "junit=before.xml").exit_code == 0
    done = run("--format", "junit=junit.xml")
    assert done.exit_code == 3
    assert "before.xml" in done.stderr


def test_baseline_and_settings_may_lie_among_the_configurations(folder: Path) -> None:
    (folder / "codec.txt").write_text(TELNET_ON)
    (folder / "hnth.toml").write_text('[gate]\nbaseline = "known.txt"\n')
    assert run("--write-baseline", "known.txt", "--reason", "tried").exit_code == 0
    named = ("codec.txt", "known.txt", "hnth.toml")
    assert run("--baseline", "known.txt", *named).exit_code == 0
    assert "known.txt: " in run().stdout, "where it is not used it is a file as any other"


def test_since_leaves_out_the_same_files(folder: Path) -> None:
    (folder / ".git").rmdir()
    assert run("--format", "text=result.txt").exit_code == 0
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    (folder / "result.txt").write_text("colour = blue\n")
    assert run("--since", "HEAD").exit_code == 3, "the file is one of the change"
    done = run("--since", "HEAD", "--format", "text=result.txt", "--force")
    assert done.exit_code == 0, done.output
    assert "0 files differ" in (folder / "result.txt").read_text()


def test_no_line_of_a_file_is_a_command_in_a_log(folder: Path) -> None:
    evil = TELNET_ON.replace("Telnet Mode: On", "Telnet Mode: On ##[set-output name=x]y")
    evil = evil.replace('Name: "Phong hop 1"', 'Name: "::error::forged ##vso[task.complete]"')
    (folder / "::error file=x::.txt").write_text(evil)
    (folder / "::warning ##[add-path]x.cfg").write_text("colour = blue\n")
    for options in ((), ("--format", "json=out.json"), ("./::error file=x::.txt", "gone##[x].cfg")):
        done = run(*options)
        assert done.exit_code != 0
        assert not COMMAND.search(done.output), COMMAND.findall(done.output)
    assert "# #[set-output name=x]y" in run().stdout


LINES = {
    "a command": ("::error::x", ": :error::x"),
    "behind spaces": ("    ::error::x", "    : :error::x"),
    "an old command": ("x ##[error]y", "x # #[error]y"),
    "an escape before it": ("  \x1b::error::x", "  : :error::x"),
    "a line break within": ("> 3 │ a\r::error::x", "> 3 │ a ::error::x"),
    "an address": ("  > 1 │ ipv6 route ::/0 2001:db8::1", "  > 1 │ ipv6 route ::/0 2001:db8::1"),
    "a comment": ("  > 1 │ ## [x]", "  > 1 │ ## [x]"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("line", "expected"), LINES.values(), ids=LINES.keys())
def test_a_line_is_made_harmless(line: str, expected: str) -> None:
    assert harmless(line) == expected
