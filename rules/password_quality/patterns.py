"""What zxcvbn is good at: sequences, rows of keys, repeats; no estimate of strength.

Its score is no criterion: random passwords of eight characters get 2, and names of places get 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import zxcvbn

LONGEST = 72
"""Beyond this many characters zxcvbn refuses; what stands there is judged without it."""
GUESSED_AT_ONCE = 2
SHORTEST_ROW = 4

_COLUMNS = re.compile(
    r"123|321|234|345|456|567|678|789|987|654|abc|cba|xyz|qwe|ewq|asd|dsa|zxc|cxz|qaz|zaq|wsx|xsw"
    r"|edc|rfv|!@#|@#\$|1qa|2ws|3ed|q1w|1q2|a1b|1a2|12345|(.)\1\1|(.)\2(.)\3",
    re.IGNORECASE,
)
_ZIGZAG = re.compile(r"(?:1q|2w|3e|4r|5t|6y|7u){2,}|(?:q1|w2|e3|r4|t5|y6){2,}")
_UNSHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qazwsxedcrfvtgbyhnujm")


def patterned(password: str) -> tuple[list[tuple[int, int]], bool]:
    """Stretches that follow a pattern, and whether the whole is guessed at once."""
    found = [match.span() for match in _COLUMNS.finditer(password)]
    keys = "".join(_key(character) for character in password)
    found += [match.span() for match in _ZIGZAG.finditer(keys)]
    found += _along_rows(keys)
    if not password:
        return found, False
    try:
        judged = zxcvbn.zxcvbn(password[:LONGEST])
    except (ValueError, OverflowError, ArithmeticError):
        # it gives up on some text that no keyboard types; that is no pattern
        return found, False
    found += _rows(judged["sequence"])
    return found, judged["score"] < GUESSED_AT_ONCE and len(password) <= LONGEST


def _key(character: str) -> str:
    lower = character.lower().translate(_UNSHIFTED)
    return lower if len(lower) == 1 else character


def _along_rows(keys: str) -> Iterator[tuple[int, int]]:
    """Four keys or more that follow each other in a row, either way."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(keys) - SHORTEST_ROW + 1):
            end = start + SHORTEST_ROW
            if keys[start:end] in row:
                yield start, end


def _rows(matches: list[dict[str, object]]) -> Iterator[tuple[int, int]]:
    for match in matches:
        start, end = int(str(match["i"])), int(str(match["j"])) + 1
        kind = match["pattern"]
        long = end - start >= SHORTEST_ROW
        if (kind in {"sequence", "repeat"} and end - start >= 3) or (kind == "spatial" and long):
            yield start, end
