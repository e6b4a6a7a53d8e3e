"""Judgements on a password that its holder handed to hnth; the password goes no further."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable

from rules.facts import TestedPassword

_SPECIAL: dict[str, Callable[[str], bool]] = {
    "unicode": lambda c: unicodedata.category(c)[0] in "PS",
    "ascii_punct": lambda c: c in string.punctuation,
    "ascii_punct_plus_space": lambda c: c in string.punctuation + " ",
}


def tested(account: str, password: str, special_set: str = "unicode") -> TestedPassword:
    """Counts over the NFC form (reading A-05): letters with diacritics count in their own case."""
    normal = unicodedata.normalize("NFC", password)
    categories = [unicodedata.category(c) for c in normal]
    return TestedPassword(
        account=account,
        length=len(normal),
        digits=sum(c in string.digits for c in normal),
        lowercase=categories.count("Ll"),
        uppercase=categories.count("Lu"),
        special=sum(map(_SPECIAL[special_set], normal)),
    )
