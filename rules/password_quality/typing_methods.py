"""Vietnamese in a password as Telex or VNI keys type it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rules.password_quality.contained import Terms, contained
from rules.password_quality.forms import Form, natural, runs
from rules.password_quality.hits import Hit, Weight
from rules.password_quality.keystrokes import Decoded, late_telex, telex, typed, vni
from rules.password_quality.syllables import at_capitals, starts
from rules.password_quality.vocabulary import Category

SHORTEST_KEYS = 4
SURE_KEYS = 7
"""Keys of a run that is all typed syllables, and hardly by chance."""
SURE_LETTERS = 6
"""Letters that the keys of VNI must make."""
SURE_SQUEEZED = 9
"""Keys of Telex that must stand together once the marks between them are left out."""
BEYOND_CHANCE = 12
"""Keys that are enough however capitals stand in them."""
LONGEST_KEYS = 40


def keyed(password: str, form: Form, terms: Terms) -> Iterator[Hit]:
    """Hits in the decoded text of both methods; the form is the one without separators."""
    for run in runs(form):
        for decode in (telex, late_telex):
            yield from _decoded(password, form, run.start, run.end, decode, terms)
    for start, end in _mixed(form.text):
        yield from _decoded(password, form, start, end, vni, terms)


def _mixed(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of letters and digits that do not cut through letters."""
    for start in range(len(text)):
        if not text[start].isalpha() or (start and text[start - 1].isalpha()):
            continue
        stop = start
        while stop < min(len(text), start + LONGEST_KEYS) and (
            text[stop].isdigit() or "a" <= text[stop] <= "z"
        ):
            stop += 1
        for end in range(stop, start + SHORTEST_KEYS - 1, -1):
            if end == len(text) or not text[end].isalpha():
                yield start, end


def _decoded(
    password: str,
    form: Form,
    start: int,
    end: int,
    decode: Callable[[str], tuple[str, int] | None],
    terms: Terms,
) -> Iterator[Hit]:
    keys = form.text[start:end]
    if not SHORTEST_KEYS <= len(keys) <= LONGEST_KEYS:
        return
    syllables = _as_written(password, form, start, keys, decode) or typed(keys, decode)
    if not syllables or not any(one.marks for one in syllables):
        return
    place = form.place(start, end)
    if (
        len(syllables) == 1
        and form.kind == "plain"
        and _natural(password, form, start, syllables, keys)
    ):
        yield Hit(*place, Category.WORD, Weight.FAINT)
    text = "".join(one.syllable for one in syllables)
    if len(syllables) > 1 and _sure(password, form, start, syllables, keys):
        yield Hit(*place, Category.WORD, Weight.STRONG)
    read = Form(text, tuple(range(len(text))))
    for hit in contained(read, terms):
        # part of a decoded run may be chance, the whole is not
        if hit.category is not Category.FOREIGN and 2 * (hit.end - hit.start) >= len(text):
            yield Hit(*place, hit.category, hit.weight)


def _as_written(
    password: str,
    form: Form,
    start: int,
    keys: str,
    decode: Callable[[str], tuple[str, int] | None],
) -> tuple[Decoded, ...] | None:
    """The syllables, where capitals say how they are parted."""
    upper = [password[form.where[start + at]].isupper() for at in range(len(keys))]
    read = [typed(keys[first:last], decode) for first, last in at_capitals(upper)]
    if None in read:
        return None
    return tuple(one for syllables in read if syllables for one in syllables)


def _sure(password: str, form: Form, start: int, syllables: tuple[Decoded, ...], keys: str) -> bool:
    if len(keys) >= BEYOND_CHANCE and form.kind != "squeezed":
        return True
    text = sum(len(one.syllable) for one in syllables)
    if len(syllables) * 5 > text * 2 + 2:
        return False  # so many syllables of one or two letters are chance
    if form.kind == "squeezed" and keys.isalpha() and len(keys) < SURE_SQUEEZED:
        return False
    enough = len(keys) >= SURE_KEYS if keys.isalpha() else text >= SURE_LETTERS
    return enough and _natural(password, form, start, syllables, keys)


def _natural(
    password: str, form: Form, start: int, syllables: tuple[Decoded, ...], keys: str
) -> bool:
    upper = [password[form.where[start + at]].isupper() for at in range(len(keys))]
    begins = starts(one.length for one in syllables)
    # the letter đ is typed with two keys, both of them capitals
    begins |= {at + 1 for at in begins if keys[at : at + 2] == "dd"}
    return natural(upper, begins)
