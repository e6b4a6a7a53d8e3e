"""One finding in a password: where, of what kind, and how much it weighs; never what it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from rules.password_quality.vocabulary import Category


class Weight(IntEnum):
    FAINT = 1
    """By chance in random text; counts together with something heavier, or with its like."""
    DOUBT = 2
    """A person has to look: a short name by itself, a word of a language not known here."""
    PART = 3
    """Counts by the share of the password that it covers."""
    STRONG = 4
    """Decides by itself."""


@dataclass(frozen=True, slots=True)
class Hit:
    start: int
    end: int
    category: Category
    weight: Weight


def covered(hits: list[Hit], least: Weight) -> int:
    """How many characters are part of some hit of that weight or more."""
    places = {at for hit in hits if hit.weight >= least for at in range(hit.start, hit.end)}
    return len(places)
