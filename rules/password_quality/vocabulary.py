"""What has a meaning here: names, places, units, products and words, from the files beside this.

The lists hold names and words as they are spelled, with diacritics; comparison is without. English
words and common passwords come with zxcvbn. Everything is read once and then only looked up.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from rules.password_quality.forms import plain
from rules.password_quality.syllables import SYLLABLES

EDITION = "2026-11"
RANK = 10_000
"""English words and common passwords are taken from the first so many of their lists."""
COMMONEST_SHORT = 5_000
"""Words of three and four letters are met by chance, so fewer of them count."""
LONGEST = 24


class Category(StrEnum):
    """What kind of meaning was found; the only thing ever said about a password."""

    CONTEXT = "context"
    PLACE = "place"
    PERSON = "person"
    UNIT = "unit"
    PRODUCT = "product"
    WORD = "word"
    FOREIGN = "foreign"
    NUMBER = "number"
    COMMON = "common"


@dataclass(frozen=True)
class Vocabulary:
    """Terms are lower-case letters and digits without diacritics or blanks."""

    terms: dict[str, Category]
    """Names, places, units, products and words of more than one syllable, four letters or more."""
    abbreviations: dict[str, Category]
    acronyms: frozenset[str]
    """Abbreviations of three letters that are known in small letters too."""
    names: frozenset[str]
    """Surnames and given names of one syllable."""
    short_words: frozenset[str]
    """Words of one syllable, and words of two or three letters."""
    english: dict[str, int]
    """English words and names by rank; three letters or more."""
    common: frozenset[str]
    """Common passwords of four characters or more."""
    version: str


def squeezed(text: str) -> str:
    """Letters and digits of the text, lower-case, without diacritics."""
    return "".join(letter for letter in plain(text).text if letter.isalnum())


def _listed(text: str) -> list[str]:
    """Terms between commas; a heading or an empty line ends one too, the end of a line does not."""
    lines = ("," if not line or line.startswith("#") else line for line in text.splitlines())
    return [term for term in " ".join(lines).split(",") if term.strip()]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with this release; its version names edition and content."""
    folder = files("rules.password_quality") / "lists"
    read = {
        name: (folder / f"{name}.txt").read_text(encoding="utf-8")
        for name in ("abbreviations", "acronyms", "people", "places", "products", "units", "words")
    }
    categories = {
        "words": Category.WORD,
        "products": Category.PRODUCT,
        "units": Category.UNIT,
        "people": Category.PERSON,
        "places": Category.PLACE,
    }
    terms: dict[str, Category] = {}
    names: set[str] = set()
    short: set[str] = set()
    for name, category in categories.items():
        for term in map(squeezed, _listed(read[name])):
            if category is Category.PERSON and term in SYLLABLES:
                names.add(term)
            elif len(term) < 4 or (category is Category.WORD and term in SYLLABLES):
                short.add(term)
            else:
                terms[term] = category
    digest = hashlib.sha256("".join(read[name] for name in sorted(read)).encode()).hexdigest()
    return Vocabulary(
        terms=terms,
        abbreviations=dict.fromkeys(map(squeezed, _listed(read["abbreviations"])), Category.UNIT),
        acronyms=frozenset(map(squeezed, _listed(read["acronyms"]))),
        names=frozenset(names),
        short_words=frozenset(short),
        english=_english(),
        common=_common(),
        version=f"{EDITION}.{digest[:8]}",
    )


_SPEECH = ("english_wikipedia", "us_tv_and_film", "male_names", "female_names", "surnames")


def _english() -> dict[str, int]:
    ranks: dict[str, int] = {}
    # a word that is a common password as well stands in that list only
    for name in (*_SPEECH, "passwords"):
        for rank, word in enumerate(FREQUENCY_LISTS[name][:RANK], start=1):
            known = word.isascii() and word.isalpha() and len(word) >= 3
            if known and (len(word) > 4 or rank <= COMMONEST_SHORT):
                ranks[word] = min(rank, ranks.get(word, RANK))
    return ranks


def _common() -> frozenset[str]:
    listed = enumerate(FREQUENCY_LISTS["passwords"][:RANK], start=1)
    return frozenset(word for rank, word in listed if len(word) > 4 or rank <= COMMONEST_SHORT)
