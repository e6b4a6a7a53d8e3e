"""What the command line says, and in which language."""

from __future__ import annotations

import os
import re
import sys

import typer

from inventory.text import Text

_chosen: str | None = None

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
"""What a device put into a message could steer the terminal; lines and tabs stay."""


def choose_language(language: str | None) -> None:
    """Fix the language for this process: `vi`, `en`, or None for the locale's."""
    global _chosen  # noqa: PLW0603 - one process, one user, one language
    _chosen = language


def language() -> str:
    """`vi` or `en`: what was chosen, else the locale's, else English."""
    if _chosen:
        return _chosen
    for name in ("HNTH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "vi" if value.lower().startswith("vi") else "en"
    return "en"


def say(vi: str, en: str) -> None:
    """A line for the person at the terminal, on standard error."""
    typer.echo(_CONTROL.sub("", vi if language() == "vi" else en), err=True)


def give_up(text: Text, status: int = 2) -> typer.Exit:
    """Say what is wrong; the caller raises what is returned."""
    sys.stdout.flush()
    say(text.vi, text.en)
    return typer.Exit(status)
