"""The verdicts on one password for D11.2-b to -f and -h, with reasons that never repeat it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from inventory.readings import Readings
from inventory.text import Text
from rules.model import Outcome, worst
from rules.password_quality.context import Context
from rules.password_quality.meaning import Meaning, meaning
from rules.password_quality.reasons import (
    BEYOND_ASCII,
    DOUBTS,
    HOLDS,
    KINDS,
    MAY_HOLD,
    MISSING,
    NOT_SUPPORTED,
    NOTHING_FOUND,
    PASSPHRASE,
    TOO_LONG,
    TOO_SHORT,
)
from rules.password_quality.structure import MIN_LENGTH, Structure, structure
from rules.password_quality.vocabulary import vocabulary

LENGTH, MEANING, UNIQUE = "D11.2-b", "D11.2-h", "D11.2-g"
LONGEST_JUDGED = 128
"""Longer text is no password that a person types; its meaning is left to a person."""
DEFAULT_READINGS = Readings()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is not PASS, or what a person should know besides."""

    requirement: str
    text: Text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What hnth may keep of a tested password."""

    verdicts: Mapping[str, Outcome]
    """D11.2-b to -f and -h; -g once compared with others (`unique`)."""
    reasons: tuple[Reason, ...]
    why: tuple[Text, ...]
    """Kinds of meaning found, as nouns: "the name of a place"; empty when none."""
    structure: Structure
    vocabulary: str
    """Version of the vocabulary (`không phát hiện` holds for that version)."""
    notes: tuple[Text, ...] = field(default=())

    @property
    def overall(self) -> Outcome:
        """The roll-up of REQUIREMENTS 1.2 over the verdicts that are there."""
        return worst(list(self.verdicts.values()))


def judge(
    password: str, context: Context | None = None, readings: Readings = DEFAULT_READINGS
) -> Judgement:
    """The judgement on a password in any normal form; raises nothing for any text."""
    context = context or Context()
    composed = unicodedata.normalize("NFC", password)
    shape = structure(composed, readings.special_set)
    verdicts: dict[str, Outcome] = {}
    reasons: list[Reason] = []
    for requirement, reason in _structural(shape, context):
        verdicts[requirement] = Outcome.FAIL if reason else Outcome.PASS
        if reason:
            reasons.append(Reason(requirement, reason))
    found, kinds = _meaning(composed, context, readings)
    verdicts[MEANING] = found.outcome
    sentence = HOLDS if found.outcome is Outcome.FAIL else MAY_HOLD
    reasons += [
        Reason(MEANING, Text(sentence.vi.format(kind=kind.vi), sentence.en.format(kind=kind.en)))
        for kind in kinds
    ]
    return Judgement(
        verdicts=MappingProxyType(verdicts),
        reasons=tuple(reasons),
        why=kinds,
        structure=shape,
        vocabulary=vocabulary().version,
        notes=(BEYOND_ASCII,) if shape.beyond_ascii else (),
    )


def _structural(shape: Structure, context: Context) -> Iterator[tuple[str, Text | None]]:
    """Each of D11.2-b to -f with what is missing, or None."""
    yield LENGTH, TOO_SHORT.format(n=shape.length) if shape.length < MIN_LENGTH else None
    counts = {
        "D11.2-c": shape.digits,
        "D11.2-d": shape.lowercase,
        "D11.2-e": shape.uppercase,
        "D11.2-f": shape.special,
    }
    for requirement, count in counts.items():
        if count:
            yield requirement, None
        elif context.digits_only and requirement != "D11.2-c":
            yield requirement, NOT_SUPPORTED
        else:
            yield requirement, MISSING[requirement]


def _meaning(
    password: str, context: Context, readings: Readings
) -> tuple[Meaning, tuple[Text, ...]]:
    if len(password) > LONGEST_JUDGED:
        return Meaning(Outcome.UND, ()), (TOO_LONG,)
    found = meaning(password, context, names_only=readings.name_rule == "names_only")
    if found.passphrase:
        outcome = {"review": Outcome.UND, "allow": Outcome.PASS, "deny": Outcome.FAIL}
        found = Meaning(outcome[readings.passphrase], found.categories, passphrase=True)
        return found, () if found.outcome is Outcome.PASS else (PASSPHRASE,)
    if found.outcome is Outcome.PASS:
        return found, ()
    names = KINDS if found.outcome is Outcome.FAIL else DOUBTS
    told = tuple(names[category] for category in found.categories)
    if found.outcome is Outcome.UND and readings.name_rule == "strict":
        found = Meaning(Outcome.FAIL, found.categories)
    return found, told


def meaning_of(judgement: Judgement) -> Literal["none", "found", "unclear"]:
    """What D11.2-h was judged as, in the words in which facts keep it."""
    outcome = judgement.verdicts[MEANING]
    if outcome is Outcome.PASS:
        return "none"
    return "found" if outcome is Outcome.FAIL else "unclear"


def nothing_found(judgement: Judgement) -> Text:
    """The sentence of a passed D11.2-h, which holds for one version of the vocabulary only."""
    return NOTHING_FOUND.format(version=judgement.vocabulary)
