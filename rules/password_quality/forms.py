"""One password in the spellings under which a meaning may hide, each knowing where it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

_LOOKALIKES = str.maketrans("013457890@$!|€", "oieastbgoasile")
_ALSO = str.maketrans("013457890@$!|€", "oleastbgoaslle")
"""1 and ! stand for i or l; each table settles one of them."""

_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Form:
    """Lower-case text without diacritics; `where[i]` is the place of its letter i in the password.

    Neither repr nor comparison shows the text.
    """

    text: str = field(repr=False)
    where: tuple[int, ...] = field(repr=False)
    kind: str = "plain"
    changed: frozenset[int] = field(default=frozenset(), repr=False)
    """Places in the text that hold a letter for a digit or mark."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the password that the stretch of the text came from."""
        touched = self.where[start:end]
        return min(touched), max(touched) + 1


def plain(password: str) -> Form:
    """The password without capitals and diacritics; other scripts stay as they are."""
    text: list[str] = []
    where: list[int] = []
    for index, character in enumerate(password):
        folded = unicodedata.normalize("NFKD", character.casefold()).replace("đ", "d")
        for letter in folded:
            if not unicodedata.combining(letter):
                text.append(letter)
                where.append(index)
    return Form("".join(text), tuple(where))


def spellings(base: Form) -> Iterator[Form]:
    """The text itself, with substitutes read as letters, without marks, and letters alone."""
    yield base
    read = {base.text}
    for table in (_LOOKALIKES, _ALSO):
        text = base.text.translate(table)
        if text not in read:
            read.add(text)
            changed = frozenset(
                i for i, (old, new) in enumerate(zip(base.text, text, strict=True)) if old != new
            )
            yield Form(text, base.where, "lookalike", changed)
    for kind, keep in (("squeezed", str.isalnum), ("letters", str.isalpha)):
        kept = [i for i, letter in enumerate(base.text) if keep(letter)]
        text = "".join(base.text[i] for i in kept)
        if text not in read:
            read.add(text)
            yield Form(text, tuple(base.where[i] for i in kept), kind)


def backwards(form: Form) -> Form:
    last = len(form.text) - 1
    changed = frozenset(last - at for at in form.changed)
    return Form(form.text[::-1], form.where[::-1], form.kind + " backwards", changed)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of a form that stand together, nothing but other characters around them."""

    letters: str = field(repr=False)
    start: int
    end: int


def runs(form: Form) -> tuple[Run, ...]:
    return tuple(Run(m.group(), m.start(), m.end()) for m in _LETTERS.finditer(form.text))


def natural(capitals: list[bool], starts: frozenset[int]) -> bool:
    """Whether capitals stand as a person sets them: none, all, or at the beginnings of pieces.

    Random text looks so in one case of four for four letters, of sixteen for six.
    """
    if all(capitals) or not any(capitals):
        return True
    return all(i in starts for i, capital in enumerate(capitals) if capital)
