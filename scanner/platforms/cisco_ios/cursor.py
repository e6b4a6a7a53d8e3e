"""The words of a command, taken one by one."""

from __future__ import annotations

from collections.abc import Sequence


class NotUnderstood(Exception):
    """The words at this place are of no form that is known here."""


class Cursor:
    """Words and the place reached in them."""

    __slots__ = ("_at", "_words")

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0

    @property
    def word(self) -> str:
        """The next word; empty at the end."""
        return self._words[self._at] if self._at < len(self._words) else ""

    @property
    def rest(self) -> Sequence[str]:
        return self._words[self._at :]

    def take(self) -> str:
        """The next word, which is then behind. Raises NotUnderstood at the end."""
        if self._at >= len(self._words):
            raise NotUnderstood("")
        self._at += 1
        return self._words[self._at - 1]

    def skip(self, word: str) -> bool:
        """Whether this was the next word; then it is behind."""
        if self.word != word:
            return False
        self._at += 1
        return True
