"""The help texts in the language of the user.

The English texts stand where commands and options are declared; `help_vi.toml` has the Vietnamese
ones under them, paragraph by paragraph. It is read when help or usage is printed, not before.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from scanner.cli.settings import commands
from scanner.cli.speech import language

EXAMPLE = "Example: "
LANGUAGES = ("vi", "en")


@cache
def vietnamese() -> Mapping[str, Mapping[str, str]]:
    """The tables of `help_vi.toml`: text, placeholder, library, usage."""
    content = (Path(__file__).parent / "help_vi.toml").read_text(encoding="utf-8")
    return {name: dict(table) for name, table in tomllib.loads(content).items()}


def language_asked_for(words: Sequence[str], settled: Mapping[str, Any]) -> str | None:
    """The language that `--lang` before the command asks for, else the environment, else hnth.toml.

    Help is printed before the options are read; None leaves it to the locale.
    """
    asked: Any = os.environ.get("HNTH_LANG") or settled.get("lang")
    for number, word in enumerate(words):
        before = words[number - 1] if number else ""
        if before == "--lang":
            asked = word
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        elif not word.startswith("-"):
            break
    return asked if asked in LANGUAGES else None


def speak(group: Any) -> None:
    """Every command below the group will print help and usage in the language that is chosen."""
    base = group.context_class

    def make_formatter(context: Any) -> Any:
        if language() == "vi":
            translate(context.command, context)
            _translate_library()
            context.formatter_class = _formatter(base.formatter_class)
        return base.make_formatter(context)

    spoken = type("SpokenContext", (base,), {"make_formatter": make_formatter})
    for _, command in commands(group):
        command.context_class = spoken


def translate(command: Any, context: Any) -> None:
    """The command's own help, that of its parameters, and the lines on the commands below it."""
    command.help = in_vietnamese(command.help)
    command.options_metavar = _placeholder(command.options_metavar)
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = _placeholder(command.subcommand_metavar)
    for parameter in command.get_params(context) if context is not None else command.params:
        parameter.help = in_vietnamese(getattr(parameter, "help", None))
        parameter.metavar = _placeholder(parameter.metavar)
    for below in getattr(command, "commands", {}).values():
        below.help = in_vietnamese(below.help)


def translate_all(group: Any) -> None:
    """Everything at once: what a shell shows beside the words that it completes."""
    for _, command in commands(group):
        translate(command, None)


def in_vietnamese(text: str | None) -> str | None:
    """Paragraph by paragraph; one that has no Vietnamese stays as it is."""
    return text and "\n\n".join(_paragraph(one) for one in text.split("\n\n"))


def paragraphs(text: str) -> list[str]:
    """The keys in `help_vi.toml` that a help text needs; examples need none."""
    found = (" ".join(one.split()) for one in text.split("\n\n"))
    return [one for one in found if one and not one.startswith(EXAMPLE)]


def _paragraph(text: str) -> str:
    plain = " ".join(text.split())
    if plain.startswith(EXAMPLE):
        return vietnamese()["library"]["EXAMPLE"] + plain.removeprefix(EXAMPLE)
    return vietnamese()["text"].get(plain, text)


def _placeholder(word: str | None) -> str | None:
    return word and vietnamese()["placeholder"].get(word, word)


def _formatter(base: Any) -> Any:
    """The library's own, with the one word that it writes into every usage."""
    word = vietnamese()["library"]["USAGE"]

    def write_usage(self: Any, prog: str, args: str = "", prefix: str | None = None) -> None:
        base.write_usage(self, prog, args, prefix or word)

    return type("SpokenFormatter", (base,), {"write_usage": write_usage})


def _translate_library() -> None:
    """Titles of panels and the words around defaults, for as long as the process lives."""
    from typer import rich_utils  # noqa: PLC0415 - slow, and needed for help only

    for name, text in vietnamese()["library"].items():
        if hasattr(rich_utils, name):
            setattr(rich_utils, name, text)
