"""Every command, argument and option explains itself in both languages, with an example."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import typer

from scanner import cli
from scanner.cli import help_texts
from scanner.cli.help_texts import EXAMPLE, language_asked_for, paragraphs, vietnamese
from scanner.cli.settings import commands
from scanner.cli.speech import choose_language

cli._register()
COMMAND_LINE = typer.main.get_command(cli.app)
TREE = dict(commands(COMMAND_LINE))
BY_LIBRARY = {"Show this message and exit."}
ENGLISH = {
    "and", "by", "for", "from", "its", "not", "of", "or", "that", "the", "this", "what", "when",
    "where", "which", "who", "with", "without",
}  # fmt: skip
OTHERWISE = {"thất bại", "không xác định", "lỗi thiết bị", "mật mã", "lần quét", "bản kê"}
"""Words that the glossary gives another word for."""


def texts() -> dict[str, str]:
    """Every text that help can show, with the place where it is declared."""
    found: dict[str, str] = {}
    for path, command in TREE.items():
        place = " ".join(("hnth", *path))
        for text in paragraphs(command.help or ""):
            found.setdefault(text, place)
        for parameter in command.params:
            for text in paragraphs(parameter.help or ""):
                found.setdefault(text, f"{place} {parameter.opts[0]}")
    return found


def examples(text: str | None) -> list[str]:
    lines = (" ".join(one.split()) for one in (text or "").split("\n\n"))
    return [one.removeprefix(EXAMPLE) for one in lines if one.startswith(EXAMPLE)]


def test_every_command_and_option_has_a_help_text() -> None:
    silent = [
        " ".join(("hnth", *path, *names))
        for path, command in TREE.items()
        for names in ([()] if not command.help else [])
        + [(p.opts[0],) for p in command.params if not p.help]
    ]
    assert silent == []


def test_every_help_text_is_there_in_vietnamese() -> None:
    missing = {place: text for text, place in texts().items() if text not in vietnamese()["text"]}
    assert missing == {}, "add these to scanner/cli/help_vi.toml"


def test_no_vietnamese_text_has_lost_its_english_one() -> None:
    left = set(vietnamese()["text"]) - set(texts()) - BY_LIBRARY
    assert left == set(), "remove these from scanner/cli/help_vi.toml"


def test_every_placeholder_is_there_in_vietnamese() -> None:
    used = {p.metavar for command in TREE.values() for p in command.params if p.metavar}
    used |= {"[OPTIONS]", "COMMAND [ARGS]..."}
    assert used == set(vietnamese()["placeholder"])


def test_the_vietnamese_is_vietnamese() -> None:
    for english, text in {**vietnamese()["text"], **vietnamese()["placeholder"]}.items():
        assert unicodedata.is_normalized("NFC", text), english
        assert text == text.strip(), english
        words = set(re.findall(r"[^\W\d_]+", text.lower()))
        assert not words & ENGLISH, (english, words & ENGLISH)
        assert not [word for word in OTHERWISE if word in text.lower()], english
        if set(english.lower().split()) & ENGLISH:
            assert not text.isascii(), english


def test_what_is_typed_stands_in_both_languages() -> None:
    """Options, file names, formats and requirements are not translated."""
    typed = re.compile(r"--[a-z-]+|\b[DS]\d[\d.]*(?:-[a-z])?|\b[a-z]+\.(?:yaml|hnth)|\b0600\b")
    for english, text in vietnamese()["text"].items():
        lost = set(typed.findall(english)) - set(typed.findall(text))
        assert not lost, (english, lost)


def test_a_text_stays_one_sentence_or_more_as_it_was() -> None:
    """A full stop at the end, as the English one has."""
    for english, text in vietnamese()["text"].items():
        assert english.endswith(".") == text.endswith("."), english


@pytest.mark.parametrize("path", TREE, ids=lambda path: " ".join(path) or "hnth")
def test_every_command_has_examples_that_it_understands(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = examples(TREE[path].help)
    assert shown, f"hnth {' '.join(path)} has no example"
    for line in shown:
        words = shlex.split(line.split(" > ")[0])
        assert words[: len(path) + 1] == ["hnth", *path], line
        understood(words[1:])


def understood(words: list[str]) -> None:
    """As the command line reads it; raises where an option or a value is none."""
    command: Any = COMMAND_LINE
    context = command.make_context("hnth", [], resilient_parsing=True)
    while words and words[0] in getattr(command, "commands", {}):
        name = words.pop(0)
        command = command.commands[name]
        rest = [] if hasattr(command, "commands") else list(words)
        context = command.make_context(
            name, rest, parent=context, resilient_parsing=hasattr(command, "commands")
        )
    assert not hasattr(command, "commands"), "an example names a whole command"


def test_an_example_with_a_wrong_option_is_noticed() -> None:
    with pytest.raises(Exception, match="--nosuch"):
        understood(["gate", "configs/", "--nosuch"])


def shown(words: list[str], folder: Path, **variables: str) -> str:
    script = f"import sys; sys.argv[1:] = {words!r}; from scanner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "400",
            "LC_ALL": "C.UTF-8",
            **variables,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return " ".join((done.stdout + done.stderr).split())


ASKED = {
    "an option asks for it": (["--lang", "vi", "gate", "-h"], ""),
    "the settings do": (["gate", "--help"], 'lang = "vi"\n'),
}


@pytest.mark.parametrize("case", ASKED)
def test_help_is_vietnamese_when(case: str, tmp_path: Path) -> None:
    words, settings = ASKED[case]
    (tmp_path / "hnth.toml").write_text(settings, encoding="utf-8")
    page = shown(words, tmp_path)
    for part in (
        "Cách dùng: hnth gate [TÙY_CHỌN] [ĐƯỜNG_DẪN...]",
        "Ví dụ: hnth gate configs/",
        "─ Đối số ─",
        "─ Tùy chọn ─",
        "Ghi đè các tệp đã có.",
        "[mặc định: S3]",
        "[biến môi trường: HNTH_GATE_FAIL_ON",
        "In phần trợ giúp này rồi thoát.",
    ):
        assert part in page
    for part in ("Usage", "Options", "default:", "Example", "Replace"):
        assert part not in page


def test_the_first_page_is_vietnamese_and_a_wrong_use_too(tmp_path: Path) -> None:
    page = shown([], tmp_path, LC_ALL="vi_VN.UTF-8")
    assert "─ Lệnh ─" in page
    assert "LỆNH [ĐỐI_SỐ]..." in page
    assert "Cho biết máy này còn thiếu gì" in page
    wrong = shown(["gate", "--nosuch"], tmp_path, HNTH_LANG="vi")
    assert "Cách dùng: hnth gate" in wrong
    assert "Xem trợ giúp: hnth gate -h" in wrong


WRONG = {
    "an option that is none": (["gate", "--nosuch"], "Không có tùy chọn --nosuch"),
    "one like it": (["gate", "--sinc"], "Không có tùy chọn --sinc (gần giống: --"),
    "a command that is none": (["nosuch"], "Không có lệnh 'nosuch'."),
    "a value is missing": (["facts", "a", "--platform"], "'--platform' cần một giá trị"),
    "a value too many": (["doctor", "--json=1"], "'--json' không nhận giá trị"),
    "an argument is missing": (["facts"], "Thiếu đối số 'TỆP...'"),
    "an argument too many": (["doctor", "extra"], "Thừa đối số: extra"),
    "no number": (["check", "a", "--rate", "x"], "cho '--rate': phải là số nguyên"),
    "too small": (["check", "a", "--rate", "1"], "cho '--rate': không được nhỏ hơn 8"),
    "too large": (["check", "a", "--ssh-port", "65536"], "không được lớn hơn 65535"),
    "none of the words": (
        ["check", "a", "--kind", "x"],
        "'x' không thuộc các giá trị 'vcs'",
    ),
    "no severity": (["gate", "--fail-on", "x"], "cho --fail-on: S1, S2, S3 hoặc S4"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_said_in_vietnamese(case: str, tmp_path: Path) -> None:
    words, said = WRONG[case]
    assert said in " ".join(shown(words, tmp_path, HNTH_LANG="vi").replace("│", " ").split())


def test_wrong_use_is_said_in_english(tmp_path: Path) -> None:
    assert "No such command 'nosuch'." in shown(["nosuch"], tmp_path, HNTH_LANG="en")


LANGUAGES = {
    "nothing asked": ([], {}, None, None),
    "behind the command it is another option": (["report", "--lang", "vi"], {}, None, None),
    "with an equals sign": (["-v", "--lang=vi", "gate"], {}, None, "vi"),
    "the last one holds": (["--lang", "vi", "--lang", "en"], {}, None, "en"),
    "no language": (["--lang", "fr", "gate"], {}, None, None),
    "no word behind": (["--lang"], {"lang": "en"}, None, "en"),
    "no text in the settings": ([], {"lang": 1}, None, None),
    "the option before all": (["--lang=en"], {"lang": "vi"}, "vi", "en"),
    "the environment before the settings": ([], {"lang": "en"}, "vi", "vi"),
}


@pytest.mark.parametrize("case", LANGUAGES)
def test_the_language_is_known_before_the_options_are(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, settled, variable, expected = LANGUAGES[case]
    monkeypatch.setenv("HNTH_LANG", variable or "")
    assert language_asked_for(words, settled) == expected


def test_no_text_is_read_where_no_help_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_texts, "vietnamese", pytest.fail)
    command = typer.main.get_command(cli.app)
    help_texts.speak(command)
    choose_language("vi")
    try:
        context = command.make_context("hnth", ["rules", "--json"])
        command.commands["rules"].make_context("rules", ["--json"], parent=context)
    finally:
        choose_language(None)


def test_nothing_of_a_help_text_is_taken_for_markup(tmp_path: Path) -> None:
    """What stands in square brackets would be a style to the library, and vanish."""
    for text in (*texts(), *vietnamese()["text"].values()):
        assert "[" not in text, text
