"""Judgements on a password that its holder handed to hnth; the password goes no further."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable
from datetime import datetime

from rules.facts import Citation, TestedPassword

LENGTH = 8
"""What D11.2-b asks for; shown in evidence instead of the exact length."""

_SPECIAL: dict[str, Callable[[str], bool]] = {
    "unicode": lambda c: unicodedata.category(c)[0] in "PS",
    "ascii_punct": lambda c: c in string.punctuation,
    "ascii_punct_plus_space": lambda c: c in string.punctuation + " ",
}


def tested(account: str, password: str, special_set: str) -> TestedPassword:
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


def cite(judged: TestedPassword, now: datetime) -> Citation:
    """The judgement as evidence of class H: counts only, from which no password can be guessed."""
    return Citation(
        evidence_class="H",
        source=f"password of {judged.account}, tested when it was used to log in",
        text=f"8 characters or more: {_yes(judged.length >= LENGTH)}; "
        f"digits: {_yes(judged.digits)}; lower case: {_yes(judged.lowercase)}; "
        f"upper case: {_yes(judged.uppercase)}; special: {_yes(judged.special)}",
        captured=now,
    )


def _yes(value: object) -> str:
    return "yes" if value else "no"
