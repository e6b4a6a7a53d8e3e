"""Runs of letters: names, abbreviations, syllables and words that are the whole run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rules.password_quality.contained import Terms
from rules.password_quality.forms import Form, Run, backwards, natural, runs
from rules.password_quality.hits import Hit, Weight
from rules.password_quality.syllables import cut, cut_as_written, starts
from rules.password_quality.vocabulary import Category

SURELY_SYLLABLES = 6
BEYOND_CHANCE = 8
LONGEST_HIDDEN = 24
"""Letters of a run that is all syllables, and hardly by chance."""
COMMON_RANK = 2_000
"""Words of three letters beyond it are hardly words."""
ROOM_FOR_CHANCE = 12
"""In passwords this long a name of two letters is looked at."""
_SHORTEST_NAMES = frozenset(["an", "ha", "le"])
"""Common ones of two letters; all of them would be met too often by chance."""
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HARD = re.compile(r"[^aeiouy]{4}|[aeiouy]{4}")


def in_runs(password: str, form: Form, terms: Terms) -> Iterator[Hit]:
    """What the runs of the plain form are, one by one and together across separators."""
    for run in runs(form):
        yield from _in_run(password, form, run, terms)
    yield from _across_separators(password, form, terms)
    yield from _backwards(password, form, terms)


def capitals(password: str, form: Form, start: int, end: int) -> list[bool]:
    return [password[form.where[at]].isupper() for at in range(start, end)]


def _in_run(password: str, form: Form, run: Run, terms: Terms) -> Iterator[Hit]:
    letters, start, end = run.letters, *form.place(run.start, run.end)
    upper = capitals(password, form, run.start, run.end)
    pieces = cut_as_written(letters, upper)
    as_written = natural(upper, starts(pieces or ()) | {0})
    if letters in terms.initials and len(letters) >= 3:
        yield Hit(start, end, Category.CONTEXT, Weight.STRONG)
    if natural(upper, frozenset({0})):
        yield from _short(letters, start, end, terms, len(password), upper)
    if pieces is not None:
        marked = not password[start:end].isascii()
        weight = _of_syllables(len(letters), len(pieces), upper, natural_case=as_written)
        if marked and len(letters) >= 4 and len(pieces) > 1:
            weight = Weight.STRONG
        if weight is not None:
            yield Hit(start, end, Category.WORD, weight)
    yield from _english(letters, start, end, terms)
    yield from _pieces(password, start, end, terms)
    if as_written and not all(upper) and len(letters) >= 7 and _can_be_spoken(letters):
        yield Hit(start, end, Category.FOREIGN, Weight.DOUBT)


def _of_syllables(
    letters: int, pieces: int, upper: list[bool], *, natural_case: bool
) -> Weight | None:
    """What a run that is all syllables weighs: chance makes short ones, in any capitals."""
    if letters < SURELY_SYLLABLES or pieces == 1:
        return Weight.FAINT if natural_case and letters >= 3 else None
    alternating = all(first != second for first, second in pairwise(upper))
    meant = natural_case or alternating or letters >= BEYOND_CHANCE
    return Weight.STRONG if meant and pieces * 5 <= letters * 2 + 2 else Weight.PART


def _short(
    letters: str, start: int, end: int, terms: Terms, length: int, upper: list[bool]
) -> Iterator[Hit]:
    """Names and abbreviations that are the whole run."""
    general, size = terms.general, end - start
    if letters in general.abbreviations:
        known = size > 3 or letters in general.acronyms
        if size >= 3 and (known or all(upper)):
            yield Hit(start, end, Category.UNIT, Weight.STRONG)
        elif size >= 3 or all(upper):
            yield Hit(start, end, Category.UNIT, Weight.PART)
    if letters in general.names:
        if size >= 4:
            yield Hit(start, end, Category.PERSON, Weight.STRONG)
        elif size == 3:
            yield Hit(start, end, Category.PERSON, Weight.PART)
            if not all(upper):
                yield Hit(start, end, Category.PERSON, Weight.DOUBT)
        elif length >= ROOM_FOR_CHANCE and upper == [True, False] and letters in _SHORTEST_NAMES:
            yield Hit(start, end, Category.PERSON, Weight.DOUBT)
    if size == 3 and general.english.get(letters, COMMON_RANK) < COMMON_RANK:
        yield Hit(start, end, Category.FOREIGN, Weight.FAINT)
    if letters in general.short_words:
        yield Hit(start, end, Category.WORD, Weight.PART if size >= 3 else Weight.FAINT)


def _english(letters: str, start: int, end: int, terms: Terms) -> Iterator[Hit]:
    if len(letters) >= SURELY_SYLLABLES and words_in(letters, terms):
        category = Category.COMMON if letters in terms.general.common else Category.FOREIGN
        yield Hit(start, end, category, Weight.STRONG)


def words_in(letters: str, terms: Terms) -> int:
    """In how few English words the letters can be cut, 0 when they cannot."""
    english, best = terms.general.english, [0] + [-1] * len(letters)
    for end in range(3, len(letters) + 1):
        counts = [
            best[start] + 1
            for start in range(max(0, end - 16), end - 2)
            if best[start] >= 0
            and letters[start:end] in english
            and (end - start > 3 or english[letters[start:end]] <= 500)
        ]
        best[end] = min(counts, default=-1)
    # many short words are met by chance
    return best[-1] if 0 < best[-1] * 4 <= len(letters) + 2 else 0


def _pieces(password: str, start: int, end: int, terms: Terms) -> Iterator[Hit]:
    """Parts of a run that capitals set off: `VcsXa`."""
    spans = [(m.start() + start, m.end() + start) for m in _PIECE.finditer(password[start:end])]
    if len(spans) < 2:
        return
    for first, last in spans:
        piece = password[first:last].lower()
        if len(piece) < 3:
            continue
        if piece in terms.general.abbreviations or piece in terms.general.names:
            category = Category.PERSON if piece in terms.general.names else Category.UNIT
            yield Hit(first, last, category, Weight.PART)
        elif piece in terms.general.english:
            yield Hit(first, last, Category.FOREIGN, Weight.FAINT)


def _across_separators(password: str, form: Form, terms: Terms) -> Iterator[Hit]:
    """Runs that are all syllables, with nothing but marks between them: `Mat-Khau`."""
    group: list[Run] = []
    for run in (*runs(form), None):
        joined = run is not None and group and not _digits(form.text[group[-1].end : run.start])
        whole = run is not None and _as_written(password, form, run)
        if group and not (joined and whole):
            yield from _group(form, group, terms)
            group = []
        if run is not None and whole:
            group.append(run)


def _group(form: Form, group: list[Run], terms: Terms) -> Iterator[Hit]:
    for first in range(len(group)):
        for last in range(first + 2, len(group) + 1):
            parts = group[first:last]
            category = terms.general.terms.get("".join(run.letters for run in parts))
            if category is not None:
                yield Hit(*form.place(parts[0].start, parts[-1].end), category, Weight.STRONG)
    size = sum(len(run.letters) for run in group)
    if len(group) > 1 and size > SURELY_SYLLABLES and all(len(r.letters) > 1 for r in group):
        yield Hit(*form.place(group[0].start, group[-1].end), Category.WORD, Weight.STRONG)


def _as_written(password: str, form: Form, run: Run) -> bool:
    upper = capitals(password, form, run.start, run.end)
    pieces = cut_as_written(run.letters, upper) if run.letters else None
    return pieces is not None and natural(upper, starts(pieces))


def _digits(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _backwards(password: str, form: Form, terms: Terms) -> Iterator[Hit]:
    turned = backwards(form)
    for run in runs(turned):
        upper = capitals(password, turned, run.start, run.end)
        place = turned.place(run.start, run.end)
        as_typed = natural(upper[::-1], frozenset({0}))
        whole = as_typed or natural(upper, frozenset({0}))
        if len(run.letters) in (4, 5) and (
            whole or natural(upper, starts(cut_as_written(run.letters, upper) or ()))
        ):
            known = terms.general.terms.get(run.letters) or terms.general.abbreviations.get(
                run.letters
            )
            if known is not None:
                yield Hit(*place, known, Weight.PART if known is Category.WORD else Weight.STRONG)
        if len(run.letters) < SURELY_SYLLABLES:
            continue
        pieces = cut_as_written(run.letters, upper)
        if pieces and len(pieces) > 1 and (as_typed or natural(upper, starts(pieces))):
            yield Hit(*place, Category.WORD, Weight.STRONG)
        if run.letters in terms.general.english or run.letters in terms.general.common:
            yield Hit(*place, Category.FOREIGN, Weight.STRONG)


def behind_substitutes(password: str, form: Form) -> Iterator[Hit]:
    """Syllables in a form whose digits and marks were read as letters."""
    for run in runs(form):
        edges = [
            at
            for at in range(run.start, run.end + 1)
            if at in (run.start, run.end) or at in form.changed or at - 1 in form.changed
        ]
        for start in edges:
            for end in edges:
                if SURELY_SYLLABLES <= end - start <= LONGEST_HIDDEN and _hides(
                    password, form, start, end
                ):
                    yield Hit(*form.place(start, end), Category.WORD, Weight.STRONG)


def _hides(password: str, form: Form, start: int, end: int) -> bool:
    changed = sum(at in form.changed for at in range(start, end))
    if not changed or changed * 2 >= end - start:
        return False
    pieces = cut(form.text[start:end])
    if pieces is None or len(pieces) < 2 or len(pieces) * 5 > 2 * (end - start) + 2:
        return False
    return natural(capitals(password, form, start, end), starts(pieces))


def _can_be_spoken(letters: str) -> bool:
    vowels = sum(letter in "aeiouy" for letter in letters)
    share = vowels / len(letters)
    return 0.25 <= share <= 0.65 and not _HARD.search(letters)
