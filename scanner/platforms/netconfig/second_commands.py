"""Commands that stand behind something else in one line: a line end got lost between the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

BEHIND = r"(?:(?<=[^\s\w-])|(?<=\S)[^\S\n])"
"""Where a line end may have been: behind a mark that is no letter, or at one blank."""
TWO_COMMANDS = "two commands in one line"
HALF_A_LINE = "the file ends within this line"


class Second(NamedTuple):
    """A line that holds two commands."""

    line: int
    text: str
    """The whole line, as it stands there."""
    kind: str
    """Name of the group of the pattern that found the second command."""


def second_commands(
    text: str,
    lines: Sequence[str],
    pattern: re.Pattern[str],
    *,
    other: tuple[str, ...],
    free: tuple[str, ...],
    comments: tuple[str, ...],
) -> Iterator[Second]:
    """Lines in which the pattern finds a command that is not at the beginning.

    A line that begins with a word of `other` may rightly name another command. In `free` text and
    in comments words are no command, unless a mark stands between, where no blank would be lost; a
    command behind nothing but the mark of a comment was taken out by somebody.
    """
    at, number = 0, 1
    for match in pattern.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        number += text.count("\n", at, start)
        at = start
        before, whole = text[start : match.start()], lines[number - 1].strip()
        is_free = whole.startswith((*free, *comments)) or " remark " in whole
        if whole.startswith(other) or before.strip() in {"", *comments}:
            continue
        if is_free and match[0][:1] == " " and before[-1:].isalnum():
            continue
        yield Second(number, lines[number - 1], str(match.lastgroup))
