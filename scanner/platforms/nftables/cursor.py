"""Walking over the words of one rule: single words, operators and lists of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scanner.platforms.nftables.references import value_of
from scanner.platforms.nftables.statements import elements
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.words import plain

_OPERATORS: Final = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "==": "==", "!=": "!=",
    "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!": "!",
}  # fmt: skip


class Cursor:
    """A place among the words of a rule. What it takes is passed over."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.words[at] if at < len(self.words) else ""

    def take(self) -> str:
        if self.at >= len(self.words):
            raise NotUnderstood("end of line")
        self.at += 1
        return self.words[self.at - 1]

    def accept(self, word: str) -> bool:
        if self.peek() == word:
            self.at += 1
            return True
        return False

    def operator(self) -> str:
        found = _OPERATORS.get(self.peek(), "")
        if found:
            self.at += 1
        return found

    def mask(self) -> list[str]:
        """`(syn | ack)`, `syn|ack` or one value."""
        found = []
        parenthesis = self.accept("(")
        while True:
            found.append(plain(self.take()))
            if not (self.accept("|") or self.accept("or")):
                break
        if parenthesis and not self.accept(")"):
            raise NotUnderstood("(")
        return found

    def values(self) -> tuple[list[str], bool]:
        """Values that stand in the rule, and whether in braces. Raises NotUnderstood."""
        if self.peek() == "{":
            return [value_of(words) for _, words in elements(self.braces())], True
        if self.peek() == "(":
            return self.mask(), False
        found = [plain(self.take())]
        while self.peek() in {",", "|", "or"}:
            self.at += 1
            found.append(plain(self.take()))
        if len(found) == 1 and self.peek() == "-":
            self.at += 1
            found = [f"{found[0]}-{plain(self.take())}"]
        if found[0] in {"<<", ">>", "^", "!", "(", "}", "$"} or found[0].startswith(("$", "@")):
            raise NotUnderstood(found[0])
        return found, False

    def braces(self) -> Sequence[str]:
        start = self.at
        depth = 0
        while True:
            word = self.take()
            depth += (word == "{") - (word == "}")
            if depth == 0:
                return self.words[start : self.at]

    def concatenation(self) -> list[str]:
        found = [self.take()]
        while self.accept("."):
            found += [".", self.take()]
        return found
