"""Several words that have nothing to do with each other: a person decides (reading A-04)."""

from __future__ import annotations

import re

from rules.password_quality.contained import Terms
from rules.password_quality.forms import plain, runs
from rules.password_quality.hits import Hit, Weight
from rules.password_quality.letters import words_in
from rules.password_quality.syllables import SYLLABLES
from rules.password_quality.vocabulary import Category

SEVERAL = 4
LEAST_LETTERS = 14
_PIECE = re.compile(r"[^\W\d_][^\W\d_A-Z]*|[A-Z]+(?![a-z])")
_THE_LIKE = (
    "the and for you your our his her its with this that from are was is not all but can will what "
    "who how why when where have has had get let one two"
)
_FUNCTION_WORDS = frozenset(_THE_LIKE.split())
_SAY_NOTHING = frozenset({Category.WORD, Category.FOREIGN, Category.COMMON, Category.PRODUCT})


def is_passphrase(password: str, hits: list[Hit], terms: Terms) -> bool:
    """Whether it is four unrelated words or more, none of them a name or a known phrase."""
    pieces = [(m.start(), m.end()) for m in _PIECE.finditer(password)]
    read = {(start, end): plain(password[start:end]).text for start, end in pieces}
    english = {place: words_in(word, terms) or _short(word, terms) for place, word in read.items()}
    words = sum(count for place, count in english.items() if read[place] not in _FUNCTION_WORDS)
    letters = sum(len(read[place]) for place, count in english.items() if count)
    if words >= SEVERAL and letters >= LEAST_LETTERS and letters * 2 >= len(password):
        inside = [place for place, count in english.items() if count]
        return all(_chance(hit, inside) for hit in hits if hit.weight is Weight.STRONG)
    return _unrelated_syllables(password, terms)


def _short(word: str, terms: Terms) -> int:
    return int(len(word) >= 3 and word in terms.general.english)


def _chance(hit: Hit, inside: list[tuple[int, int]]) -> bool:
    """Whether the finding is no more than one of the words, or part of one."""
    if hit.category is Category.CONTEXT:
        return False
    for start, end in inside:
        if start <= hit.start and hit.end <= end:
            whole = (hit.start, hit.end) == (start, end)
            return hit.category in _SAY_NOTHING or not whole
    # words side by side that happen to be cut otherwise
    return hit.category in (Category.WORD, Category.FOREIGN)


def _unrelated_syllables(password: str, terms: Terms) -> bool:
    """Four words of one syllable, set apart by marks, no two together a phrase that is known."""
    words = [run.letters for run in runs(plain(password))]
    if len(words) < SEVERAL or sum(map(len, words)) < LEAST_LETTERS - 2:
        return False
    if any(len(word) < 2 or word not in SYLLABLES for word in words):
        return False
    known = terms.general.terms
    phrases = {
        "".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 2, len(words) + 1)
    }
    return not phrases & known.keys() and not terms.context & {*words, *phrases}
