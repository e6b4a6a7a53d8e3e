"""Numbers that mean something: dates, years, telephone numbers, plates, notable days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_YEAR = re.compile(r"19[5-9]\d|20[0-3]\d")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[35789]\d{8}|2\d{9})(?!\d)")
_AREA = re.compile(r"029[67]\d{0,9}")
_PLATE = re.compile(
    r"(?<!\d)[1-9]\d[- ]?[a-z][a-z0-9]?[-. ]?\d{3}[-. ]?\d{1,2}(?!\d)", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+(?:[-./]\d+){0,2}")
_NOTABLE_DAYS = (
    "2945 02091945 2091945 291945 020945 3475 30475 300475 30041975 3041975 19590 195190 190590 "
    "19051890 1951890 198 19081945 1981945 7554 070554 07051954 751954 2010 1005 0105 3004 304 "
    "0209 0308 2612 221244 22121944 3230 030230 03021930 321930 1512 2011 2707 1911"
)
_NOTABLE = frozenset(_NOTABLE_DAYS.split())
_PLATE_BEGINS = re.compile(r"(?<!\d)6[78][a-z]\d(?!\d)", re.IGNORECASE)
_AREAS = ("0296", "0297")


@dataclass(frozen=True, slots=True)
class Number:
    start: int
    end: int
    decisive: bool
    """It alone gives the password its meaning; others count together with what stands beside."""


def numbers(password: str) -> Iterator[Number]:
    """Every number with a meaning; stretches may overlap."""
    for pattern, decisive in (
        (_PHONE, True),
        (_PLATE, True),
        (_YEAR, False),
        (_PLATE_BEGINS, False),
    ):
        for match in pattern.finditer(password):
            yield Number(match.start(), match.end(), decisive)
    for match in _AREA.finditer(password):
        yield Number(match.start(), match.end(), decisive=len(match.group()) > len(_AREAS[0]))
    for match in _DIGITS.finditer(password):
        parts = re.split(r"\D", match.group())
        if _is_date(parts) or "".join(parts) in _NOTABLE:
            yield Number(match.start(), match.end(), decisive=False)


def _is_date(parts: list[str]) -> bool:
    if len(parts) == 3:
        return _day(parts[0], parts[1], parts[2]) or _day(parts[2], parts[1], parts[0])
    if len(parts) == 2:
        return _day(parts[0], parts[1], "2000") and len("".join(parts)) > 2
    digits = parts[0]
    if len(digits) == 8:
        return _day(digits[:2], digits[2:4], digits[4:]) or _day(
            digits[6:], digits[4:6], digits[:4]
        )
    if len(digits) == 6:
        return (
            _day(digits[:2], digits[2:4], digits[4:])
            or _day(digits[4:], digits[2:4], digits[:2])
            or _day(digits[:1], digits[1:2], digits[2:])
        )
    if len(digits) == 7:
        return _day(digits[:2], digits[2:3], digits[3:]) or _day(
            digits[:1], digits[1:3], digits[3:]
        )
    return len(digits) == 4 and _day(digits[:2], digits[2:], "2000")


def _day(day: str, month: str, year: str) -> bool:
    if len(day) > 2 or len(month) > 2 or len(year) not in (2, 4):
        return False
    known_year = len(year) == 2 or 1850 <= int(year) <= 2040
    return known_year and 1 <= int(day) <= 31 and 1 <= int(month) <= 12
