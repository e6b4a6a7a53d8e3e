"""Whether a password uses a name or has a meaning (D11.2-h, reading A-04)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.model import Outcome
from rules.password_quality.contained import Terms, contained
from rules.password_quality.context import Context
from rules.password_quality.forms import Form, backwards, plain, spellings
from rules.password_quality.hits import Hit, Weight, covered
from rules.password_quality.letters import behind_substitutes, in_runs
from rules.password_quality.numbers import numbers
from rules.password_quality.passphrase import is_passphrase
from rules.password_quality.patterns import patterned
from rules.password_quality.typing_methods import keyed
from rules.password_quality.vocabulary import Category, vocabulary

LONG_ENOUGH = 5
"""Letters of a run of syllables that counts by its share with nothing heavier beside it."""
NAMES = frozenset(
    {Category.CONTEXT, Category.PLACE, Category.PERSON, Category.UNIT, Category.PRODUCT}
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The outcome and the kinds of meaning that it rests on."""

    outcome: Outcome
    categories: tuple[Category, ...]
    passphrase: bool = False


def meaning(password: str, context: Context, *, names_only: bool = False) -> Meaning:
    """What is found in a password in NFC; with `names_only` words and patterns are left aside."""
    terms = Terms(vocabulary(), context.words(), context.initials())
    hits, guessed = _found(password, context, terms)
    if names_only:
        hits, guessed = [hit for hit in hits if hit.category in NAMES], False
    elif is_passphrase(password, hits, terms):
        return Meaning(Outcome.UND, (Category.FOREIGN,), passphrase=True)
    outcome, decisive = _weigh(hits, len(password))
    if guessed and outcome is not Outcome.FAIL:
        return Meaning(Outcome.FAIL, (Category.COMMON,))
    return Meaning(outcome, _told(decisive))


def _told(hits: list[Hit]) -> tuple[Category, ...]:
    """The kinds of meaning in the order of the list; chance likeness to other languages left out.

    Syllables of Vietnamese names are surnames and words elsewhere.
    """
    kinds = {hit.category for hit in hits}
    if kinds & (NAMES | {Category.WORD}):
        kinds -= {Category.FOREIGN}
    return tuple(kind for kind in Category if kind in kinds)


def _found(password: str, context: Context, terms: Terms) -> tuple[list[Hit], bool]:
    base = plain(password)
    hits: list[Hit] = []
    for form in spellings(base):
        hits += contained(form, terms)
        hits += contained(backwards(form), terms)
        if form.kind == "lookalike":
            hits += behind_substitutes(password, form)
        if form.kind == "squeezed":
            hits += keyed(password, form, terms)
    hits += keyed(password, base, terms)
    hits += in_runs(password, base, terms)
    hits += _numbers(password, context, base)
    rows, guessed = patterned(password)
    hits += [Hit(start, end, Category.COMMON, Weight.PART) for start, end in rows]
    return hits, guessed


def _numbers(password: str, context: Context, base: Form) -> list[Hit]:
    hits = [
        Hit(n.start, n.end, Category.NUMBER, Weight.STRONG if n.decisive else Weight.PART)
        for n in numbers(password)
    ]
    digits = re.sub(r"\D", "", base.text)
    if any(tail in digits for tail in context.phone_tails()):
        hits.append(Hit(0, len(password), Category.CONTEXT, Weight.STRONG))
    return hits


def _weigh(hits: list[Hit], length: int) -> tuple[Outcome, list[Hit]]:
    """The outcome, and the hits that it rests on."""
    strong = [hit for hit in hits if hit.weight is Weight.STRONG]
    if strong:
        return Outcome.FAIL, strong
    parts = [hit for hit in hits if hit.weight is Weight.PART]
    solid = covered(parts, Weight.PART)
    if parts and solid * 2 >= length:
        return Outcome.FAIL, parts
    faint = [hit for hit in hits if hit.weight in (Weight.FAINT, Weight.PART)]
    if covered(faint, Weight.FAINT) * 2 >= length and (solid >= 2 or _long(faint)):
        return Outcome.FAIL, faint
    doubts = [hit for hit in hits if hit.weight is Weight.DOUBT]
    return (Outcome.UND, doubts) if doubts else (Outcome.PASS, [])


def _long(hits: list[Hit]) -> bool:
    return any(hit.end - hit.start >= LONG_ENOUGH for hit in hits)
