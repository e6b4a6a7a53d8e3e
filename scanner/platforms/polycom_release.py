"""The order of Polycom's release names, as HDX systems and RMX bridges write them."""

from __future__ import annotations

import re

_RELEASE = re.compile(
    r"(?:Release\s{0,3}-\s{0,3})?(?P<numbers>\d{1,4}(?:\.\d{1,5}){1,4})"
    r"(?:[._](?P<letter>[A-Za-z]))?(?:-(?P<build>[A-Za-z0-9]{1,10}))?"
)
_PLACES = 5


def release_key(version: str) -> tuple[int | str, ...] | None:
    """`Release - 3.1.14-56008`, `2.7.1.1_J`, `7.5.0.j`: the numbers, then the letter.

    Builds are not compared, so that what a device shows with its build and a catalogue lists
    without one is the same release.
    """
    match = _RELEASE.fullmatch(version.strip())
    if match is None:
        return None
    numbers = [int(part) for part in match["numbers"].split(".")]
    return (*numbers, *[0] * (_PLACES - len(numbers)), (match["letter"] or "").lower())
