"""A half-typed word is completed, in a real bash and in the words of zsh and fish."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.cli import completion
from scanner.cli.speech import choose_language

ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with hnth on the PATH."""
    program = tmp_path / "bin" / "hnth"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m scanner "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def run(home: Path, *command: str, **variables: str) -> str:
    environment = {
        "HOME": str(home),
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "LC_ALL": "C.UTF-8",
        **variables,
    }
    done = subprocess.run(
        command, cwd=home, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    return done.stdout


IN_BASH = """
eval "$(hnth --show-completion bash)"
offered() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    "$(complete -p hnth | sed 's/.*-F \\([^ ]*\\) .*/\\1/')" hnth
    echo "${COMPREPLY[@]}"
}
offered hnth ga
offered hnth vault ro
echo '[gate' > hnth.toml  # wrong settings do not speak into a line that is being typed
offered hnth facts --platform cisco-io
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_commands_and_families(home: Path) -> None:
    told = run(home, "bash", "-c", IN_BASH, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert told.splitlines() == ["gate", "rotate", "cisco-ios"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_installed_script_asks_hnth_itself(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer.completion import get_completion_script

    script = get_completion_script(prog_name="hnth", complete_var="_HNTH_COMPLETE", shell=shell)
    assert f"_HNTH_COMPLETE=complete_{shell}" in script


def test_installing_writes_below_the_home_only(home: Path) -> None:
    told = run(
        home,
        "hnth",
        "--install-completion",
        "bash",
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )
    assert str(home) in told
    written = home / ".bash_completions" / "hnth.sh"
    assert "_HNTH_COMPLETE=complete_bash" in written.read_text(encoding="utf-8")
    assert str(written) in (home / ".bashrc").read_text(encoding="utf-8")


def test_zsh_shows_the_help_in_the_language_of_the_user(home: Path) -> None:
    asked = {"_HNTH_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "hnth doc"}
    told = run(home, "hnth", HNTH_LANG="vi", **asked)
    assert '"doctor":"Cho biết máy này còn thiếu gì' in told


OFFERED = {
    "families": (completion.families, "mikr", ["mikrotik-routeros"]),
    "ids": (completion.requirements, "D11.2-b", ["D11.2-b"]),
    "ids begun in lower case": (completion.requirements, "d11.2-b", ["d11.2-b"]),
    "no such id": (completion.requirements, "D9", []),
    "languages": (completion.languages, "", ["vi", "en"]),
    "severities": (completion.severities, "s", ["s1", "s2", "s3", "s4"]),
    "formats": (completion.gate_formats, "js", ["json"]),
    "schemas": (completion.schemas, "ga", ["gate"]),
}


@pytest.mark.parametrize("case", OFFERED)
def test_words_are_offered(case: str) -> None:
    offer, begun, expected = OFFERED[case]
    assert [one[0] if isinstance(one, tuple) else one for one in offer(begun)] == expected


def test_titles_are_in_the_language_of_the_user() -> None:
    try:
        choose_language("vi")
        assert dict(completion.severities("S1")) == {"S1": "Nghiêm trọng"}
        vietnamese = dict(completion.requirements("D11.2-b"))
        choose_language("en")
        assert dict(completion.severities("S1")) == {"S1": "critical"}
        assert dict(completion.requirements("D11.2-b")) != vietnamese
    finally:
        choose_language(None)
