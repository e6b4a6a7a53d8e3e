"""Listed terms anywhere in a form: context words, names, places, units, products, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.password_quality.forms import Form
from rules.password_quality.hits import Hit, Weight
from rules.password_quality.vocabulary import LONGEST, Category, Vocabulary

SHORTEST = {"plain": 4, "lookalike": 4, "squeezed": 6, "letters": 6}
"""The more a form was changed, the more letters it takes to exclude chance."""
MERE_WORD = {"plain": 4, "lookalike": 5, "squeezed": 8, "letters": 8}
"""The same for words and passwords that anybody may use."""
FREQUENT = 3_000
"""Rank of an English word that is looked for behind substitutes although it is short."""
WHOLE_WORD = 6
"""A word of so many letters has its meaning wherever it stands."""
REAL_LETTERS = 3
"""Letters that a short term shows besides its substitutes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The vocabulary of everybody and of this account."""

    general: Vocabulary
    context: frozenset[str] = field(repr=False)
    initials: frozenset[str] = field(repr=False)


def contained(form: Form, terms: Terms) -> Iterator[Hit]:
    """A hit for every listed term in the form, overlapping ones too."""
    kind, _, backwards = form.kind.partition(" ")
    shortest = SHORTEST[kind] + (1 if backwards and SHORTEST[kind] < WHOLE_WORD else 0)
    for start in range(len(form.text) - shortest + 1):
        for end in range(start + shortest, min(len(form.text), start + LONGEST) + 1):
            found = _look_up(form.text[start:end], terms, kind)
            if found is not None and _shows_itself(form, start, end):
                yield Hit(*form.place(start, end), *found)


def _look_up(word: str, terms: Terms, kind: str) -> tuple[Category, Weight] | None:
    general = terms.general
    if word in terms.context:
        return Category.CONTEXT, Weight.STRONG
    category = general.terms.get(word) or general.abbreviations.get(word)
    if category is not None:
        mere_word = category is Category.WORD and len(word) < WHOLE_WORD
        by_chance = kind == "lookalike" and len(word) < MERE_WORD[kind]
        return category, Weight.PART if mere_word or by_chance else Weight.STRONG
    if len(word) < MERE_WORD[kind]:
        return None
    return _of_everybody(word, general, kind)


def _of_everybody(word: str, general: Vocabulary, kind: str) -> tuple[Category, Weight] | None:
    """Names of one syllable, English words, common passwords."""
    if len(word) >= 5 and word in general.names:
        return Category.PERSON, Weight.STRONG
    if word in general.common:
        return Category.COMMON, Weight.PART
    rank = general.english.get(word)
    if rank is None or (kind == "lookalike" and len(word) < WHOLE_WORD and rank > FREQUENT):
        return None
    return Category.FOREIGN, Weight.PART


def _shows_itself(form: Form, start: int, end: int) -> bool:
    """Short terms made of substitutes are met by chance."""
    if form.kind != "lookalike" or end - start > WHOLE_WORD:
        return True
    changed = sum(at in form.changed for at in range(start, end))
    return end - start - changed >= min(REAL_LETTERS, (end - start) // 2)
