"""Length and classes of characters (D11.2-b to -f), reckoned in NFC (reading A-05)."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from typing import Literal

MIN_LENGTH = 8
SpecialSet = Literal["unicode", "ascii_punct", "ascii_punct_plus_space"]


@dataclass(frozen=True, slots=True)
class Structure:
    """How many characters of each class; letters with diacritics count in their own case."""

    length: int
    digits: int
    lowercase: int
    uppercase: int
    special: int
    beyond_ascii: bool
    """Many devices refuse or cut such characters."""


def structure(password: str, special_set: SpecialSet = "unicode") -> Structure:
    """The counts of a password, which may be in any normal form."""
    composed = unicodedata.normalize("NFC", password)
    categories = [unicodedata.category(character) for character in composed]
    return Structure(
        length=len(composed),
        digits=sum(character in string.digits for character in composed),
        lowercase=categories.count("Ll"),
        uppercase=categories.count("Lu"),
        special=sum(
            _is_special(character, category, special_set)
            for character, category in zip(composed, categories, strict=True)
        ),
        beyond_ascii=not composed.isascii(),
    )


def _is_special(character: str, category: str, special_set: SpecialSet) -> bool:
    if special_set == "unicode":
        return category[0] in "PS"
    if special_set == "ascii_punct_plus_space" and character == " ":
        return True
    return character in string.punctuation
