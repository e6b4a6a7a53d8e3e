"""JSON for other programs: every program can read it, and it steers nothing on its way there."""

from __future__ import annotations

import json
import re
from typing import Any

import typer

from reports.one_line import COMMAND

_UNSEEN = re.compile(r"[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON may hold as it is and a terminal or another program trips over."""


def json_text(value: Any, *, indent: int | None = 1) -> str:
    """One JSON value, on one line where `indent` is None; without a line break at its end.

    A log that a terminal or a build server shows may hold it: no character in it acts on either.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return COMMAND.sub(r"\\u0023#", text)


def print_json(value: Any) -> None:
    """The value on standard output."""
    typer.echo(json_text(value))
