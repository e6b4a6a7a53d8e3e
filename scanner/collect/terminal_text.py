"""What a reader of a terminal sees of one line: pagers and line editors write over what they said.

Known are the characters and sequences of ECMA-48 that devices use for that: CR, BS, cursor left,
right and to a column, erase in line. Colours, titles and all else that moves nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PIECE = re.compile(
    r"(?P<text>[^\x00-\x08\x0b-\x1f\x7f-\x9f]+)"
    r"|(?:\x1b\[|\x9b)(?P<numbers>[0-?]{0,40})[ -/]{0,4}(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)"
    r"|\x1b[ -/]{0,4}[0-~]"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])"
)


def shown(line: str) -> str:
    """The line as it stands when everything has been written; without blanks at its end when
    something was written over.
    """
    line = line.rstrip("\r")
    if _SPECIAL.search(line) is None:
        return line
    row = _Row()
    for piece in _PIECE.finditer(line):
        if (text := piece["text"]) is not None:
            row.write(text)
        elif piece["final"] is not None:
            row.move(piece["final"], piece["numbers"])
        elif piece["control"] == "\r":
            row.column = 0
        elif piece["control"] == "\b":
            row.column = max(0, row.column - 1)
    return "".join(row.cells).rstrip()


class _Row:
    """The characters of one line and the place of the next one."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.column = 0

    def write(self, text: str) -> None:
        self.cells[self.column : self.column + len(text)] = text
        self.column += len(text)

    def move(self, final: str, numbers: str) -> None:
        """A sequence that moves the cursor in its line or erases; the row never grows by it."""
        act = _ACTS.get(final)
        if act is not None:
            first = numbers.split(";", 1)[0]
            act(self, int(first) if first.isdecimal() and len(first) <= 6 else None)

    def go(self, column: int) -> None:
        self.column = min(max(0, column), len(self.cells))

    def erase(self, what: int) -> None:
        if what == 0:
            del self.cells[self.column :]
        elif what == 1:
            self.cells[: self.column] = " " * self.column
        else:
            self.cells[:] = " " * self.column


_ACTS: dict[str, Callable[[_Row, int | None], None]] = {
    "C": lambda row, number: row.go(row.column + (number or 1)),
    "D": lambda row, number: row.go(row.column - (number or 1)),
    "G": lambda row, number: row.go((number or 1) - 1),
    "K": lambda row, number: row.erase(number or 0),
}
