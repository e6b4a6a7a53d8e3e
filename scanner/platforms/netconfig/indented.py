"""Configurations whose blocks are indented lines below a header: IOS, ASA, VRP and their like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One line and the lines indented below it."""

    number: int
    """1-based line in the file."""
    text: str
    """Without indentation and without white space at the end."""
    indent: int
    below: list[Line] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return self.text.split()

    def all(self) -> Iterator[Line]:
        """The line itself and everything below it, in order."""
        yield self
        for line in self.below:
            yield from line.all()


def blocks(
    lines: Sequence[str], *, comments: Sequence[str] = ("!",), verbatim: Sequence[str] = ()
) -> list[Line]:
    """The lines at the left margin, each with what is indented below it.

    Empty lines and lines that begin with a comment mark are left out; a line that begins with a
    word of `verbatim` is followed by text up to the mark it names (a banner), which is left out.
    """
    top: list[Line] = []
    open_lines: list[Line] = []
    mark: str | None = None
    for number, raw in enumerate(lines, start=1):
        text = raw.strip()
        if mark is not None:
            if mark in text:
                mark = None
            continue
        if not text or text.startswith(tuple(comments)):
            continue
        indent = len(raw) - len(raw.lstrip())
        line = Line(number, text, indent)
        while open_lines and open_lines[-1].indent >= indent:
            open_lines.pop()
        (open_lines[-1].below if open_lines else top).append(line)
        open_lines.append(line)
        mark = _mark(text, verbatim)
    return top


def _mark(text: str, verbatim: Sequence[str]) -> str | None:
    """What ends the text that begins on this line: `banner motd ^C` ends with the next `^C`."""
    begins = next((word for word in verbatim if text.startswith(f"{word} ")), None)
    if begins is None:
        return None
    words = text[len(begins) :].split(maxsplit=1)
    rest = words[1] if len(words) > 1 else (words[0] if words else "")
    if not rest:
        return None
    end = rest[:2] if rest.startswith("^") else rest[0]
    return None if end in rest[len(end) :] else end
