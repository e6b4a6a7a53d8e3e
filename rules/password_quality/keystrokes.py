"""Telex and VNI: Vietnamese as it is typed, read back syllable by syllable.

Decoding a whole run by replacement goes wrong, because a final tone key and a following initial
look alike; so every piece is decoded and checked against the syllables by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rules.password_quality.syllables import SYLLABLES

_VOWELS = "aeiouyw"
_TONES = "sfrxjz"
_STOPS = ("c", "ch", "p", "t")
"""Syllables that end so take only the rising and the heavy tone."""
LONGEST = 12


@dataclass(frozen=True, slots=True)
class Decoded:
    """One syllable, of `length` keystrokes."""

    syllable: str = field(repr=False)
    length: int
    marks: int


def late_telex(keys: str) -> tuple[str, int] | None:
    """As `telex`, where the circumflex may be typed after the syllable: `xuyene`."""
    return telex(keys, late=True)


def telex(keys: str, *, late: bool = False) -> tuple[str, int] | None:
    """The toneless syllable that the lower-case keys type, and its marks; None when none."""
    marks = 0
    if keys.startswith("dd"):
        keys, marks = keys[1:], 1
    vowel = next((i for i, key in enumerate(keys) if key in _VOWELS), None)
    if vowel is None:
        return None
    tones = [i for i in range(vowel + 1, len(keys)) if keys[i] in _TONES]
    if len(tones) > 1:
        return None
    if tones:
        tone, marks = keys[tones[0]], marks + 1
        keys = keys[: tones[0]] + keys[tones[0] + 1 :]
        if tone in "frx" and keys.endswith(_STOPS):
            return None
    keys, horns = _without_horns(keys)
    keys, circumflexes = _without_circumflex(keys, late=late)
    return (keys, marks + horns + circumflexes) if keys in SYLLABLES else None


def _without_horns(keys: str) -> tuple[str, int]:
    """W typed after a, o or u is a horn or breve; a lone w is ư."""
    if "w" not in keys:
        return keys, 0
    read = ""
    for key in keys:
        if key != "w":
            read += key
        elif not any(vowel in read for vowel in "aou"):
            read += "u"
    return read, keys.count("w")


def _without_circumflex(keys: str, *, late: bool) -> tuple[str, int]:
    """The second a, e or o, typed at once or at the end of the syllable."""
    for vowel in "aeo":
        at = keys.find(vowel * 2)
        if at >= 0:
            return keys[:at] + keys[at + 1 :], 1
    if late and keys[-1:] in ("a", "e", "o") and keys[-1] in keys[:-1] and keys not in SYLLABLES:
        return keys[:-1], 1
    return keys, 0


def vni(keys: str) -> tuple[str, int] | None:
    """The toneless syllable that the letters and digits type, and its marks; None when none."""
    digits = [key for key in keys if key.isdigit()]
    letters = "".join(key for key in keys if not key.isdigit())
    if not digits:
        return (letters, 0) if letters in SYLLABLES else None
    if len(digits) > 4 or letters not in SYLLABLES or not _fits(digits, letters):
        return None
    vowel = next(i for i, key in enumerate(keys) if key in _VOWELS)
    if any(key in "12345678" for key in keys[:vowel]):
        return None
    return letters, len(digits)


def _fits(digits: list[str], letters: str) -> bool:
    """Whether each mark has a letter to stand on, and at most one tone is typed."""
    tones = [digit for digit in digits if digit in "12345"]
    if len(tones) > 1 or "0" in digits:
        return False
    if tones and tones[0] in "234" and letters.endswith(_STOPS):
        return False
    stands_on = {"6": "aeo", "7": "ou", "8": "a"}
    if any(not set(stands_on[d]) & set(letters) for d in digits if d in stands_on):
        return False
    if "9" in digits and letters[0] != "d":
        return False
    return all(digits.count(digit) == 1 or digit == "7" for digit in digits)


def typed(run: str, decode: Callable[[str], tuple[str, int] | None]) -> tuple[Decoded, ...] | None:
    """The syllables of a whole run, with as many marks as can be; None when it is not made so."""
    best: list[tuple[int, tuple[Decoded, ...]] | None] = [(0, ())]
    for end in range(1, len(run) + 1):
        found: tuple[int, tuple[Decoded, ...]] | None = None
        for start in range(max(0, end - LONGEST), end):
            before = best[start]
            read = None if before is None else decode(run[start:end])
            if before is None or read is None:
                continue
            # fewer syllables before more marks: what a person meant is usually the longer word
            score = before[0] + 3 * read[1] - 2
            if found is None or score > found[0]:
                found = score, (*before[1], Decoded(read[0], end - start, read[1]))
        best.append(found)
    last = best[-1]
    return None if last is None else last[1]
