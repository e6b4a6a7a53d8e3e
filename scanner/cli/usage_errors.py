"""What is wrong with a command line, in the language of the user.

The library says it in English. `help_vi.toml` has its sentences with `{}` for what changes, first
the longer ones, and the Vietnamese in which the same parts stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import typer

from scanner.cli.help_texts import vietnamese
from scanner.cli.speech import language


def speak_of_wrong_use() -> None:
    """Every error of the command line will say its message in the language that is chosen.

    A sentence without a translation stays as it is.
    """
    lineage = reversed(typer.BadParameter.__mro__)
    for kind in _kinds(next(kind for kind in lineage if "format_message" in kind.__dict__)):
        message = kind.__dict__.get("format_message")
        if message is not None and not hasattr(message, "spoken"):
            kind.format_message = _spoken(message)


def in_vietnamese(message: str) -> str:
    """The message, with the parts that are sentences themselves."""
    for sentence, translation in _sentences():
        if found := sentence.fullmatch(message):
            return translation.format(*map(in_vietnamese, found.groups()))
    return message


def _kinds(kind: Any) -> Iterator[Any]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _spoken(message: Callable[[Any], str]) -> Callable[[Any], str]:
    def format_message(self: Any) -> str:
        said = message(self)
        return in_vietnamese(said) if language() == "vi" else said

    format_message.spoken = True  # type: ignore[attr-defined]
    return format_message


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("(.+)".join(map(re.escape, english.split("{}"))), re.DOTALL), said)
        for english, said in vietnamese()["usage"].items()
    )
