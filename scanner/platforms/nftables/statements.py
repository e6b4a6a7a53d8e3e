"""The statements of an nftables script: words up to the end of a line, lists in braces whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scanner.platforms.nftables.words import words_of

WORDS_MAX: Final = 1_000_000
"""So many words are put in for names; definitions that double each other have no end."""
_BREAK: Final = frozenset({"\n", ";"})


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of one rule, definition or property."""

    line: int
    words: list[str]
    lines: list[int] = field(default_factory=list)
    """The line of each word."""


class Statements:
    """Takes one statement after the other; `defined` are put in for their names."""

    def __init__(self, lines: Sequence[str], defined: Mapping[str, list[str]]) -> None:
        self._words, self._numbers = words_of(lines)
        self._at = 0
        self._defined = defined
        self._room = WORDS_MAX
        self.complete = True
        """False when a brace that was opened is not closed."""

    @property
    def line(self) -> int | None:
        """The line of the word that comes next; None at the end."""
        return self._numbers[self._at] if self._at < len(self._words) else None

    def skip(self) -> None:
        """Passes over one word."""
        self._at += 1

    def next(self, heads: frozenset[str] = frozenset()) -> tuple[Statement | None, bool]:
        """The next statement, and whether a block follows it, which only one of the heads has.

        None at the end of a block or of the text. Other braces belong to the statement.
        """
        words, total = self._words, len(self._words)
        while self._at < total and words[self._at] in _BREAK:
            self._at += 1
        if self._at >= total or words[self._at] == "}":
            return None, False
        start = at = self._at
        found: list[str] = []
        numbers: list[int] = []
        while at < total:
            word = words[at]
            if word == "{":
                if self._opens(start, heads):
                    self._at = at + 1
                    return Statement(self._numbers[start], found, numbers), True
                at = self._braces(at, found, numbers)
                continue
            if word in _BREAK or word == "}":
                break
            if word[0] == "$":
                found += self._meant(word)
            else:
                found.append(word)
            numbers += [self._numbers[at]] * (len(found) - len(numbers))
            at += 1
        self._at = at
        return Statement(self._numbers[start], found, numbers), False

    def _meant(self, word: str) -> list[str]:
        """What was defined for the name; the word itself where nothing was."""
        meant = self._defined.get(word[1:])
        if meant is None or len(meant) > self._room:
            return [word]
        self._room -= len(meant)
        return meant

    def _opens(self, start: int, heads: frozenset[str]) -> bool:
        """Whether the statement that starts there is one with a block."""
        first = self._words[start]
        if first in {"add", "create"}:
            return self._words[start + 1] in heads
        return first in heads

    def _braces(self, at: int, found: list[str], numbers: list[int]) -> int:
        """Takes a list in braces, over several lines; definitions are put in."""
        words, total = self._words, len(self._words)
        depth = 0
        while at < total:
            word = words[at]
            number = self._numbers[at]
            at += 1
            if word == "{":
                depth += 1
            elif word == "}":
                depth -= 1
            elif word == "\n":
                continue
            if word[0] == "$":
                found += self._meant(word)
            else:
                found.append(word)
            numbers += [number] * (len(found) - len(numbers))
            if depth == 0:
                return at
        self.complete = False
        return at

    def close(self) -> None:
        """Takes the end of a block."""
        if self._at < len(self._words) and self._words[self._at] == "}":
            self._at += 1
        else:
            self.complete = False

    def skip_block(self) -> None:
        """Passes over a block whose brace has been taken."""
        self._at = self._braces(self._at - 1, [], [])


def elements(words: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The parts of `{ a, b : c }`, each with its place; lists inside lists are one list."""
    start = 0
    for at, word in enumerate(words):
        if word in _SEPARATORS:
            if at > start:
                yield start, list(words[start:at])
            start = at + 1
    if start < len(words):
        yield start, list(words[start:])


_SEPARATORS: Final = frozenset({",", "{", "}"})
