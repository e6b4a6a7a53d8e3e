"""Releases of network devices, which are told by train: what stands in each place of the number.

Trains are developed side by side: two releases of different trains have no order. Spellings of
advisories and of the CPE dictionary, which leaves dashes and brackets out, are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """A release taken apart."""

    numbers: tuple[int, ...]
    train: tuple[int | str, ...] = ()
    letter: str = ""
    build: tuple[int, ...] = ()


_BRACKETED_TRAIN = re.compile(
    r"(\d{1,3})\.(\d{1,3})(?:\((\d{1,4})([a-z]?)(?:\.\d{1,4})?\)([a-z]{0,5})(\d{0,4})([a-z]{0,2}))?"
)
_LETTERED_TRAIN = re.compile(
    r"(\d{1,2})\.(\d{1,3})(?:\.(\d{1,3})(?:([a-z]??)\.?(sg|se|sq|xo|s|e))?)?"
)
_ONE_TRAIN = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3})([a-z]?))?")
_TRAINS_BEFORE = 10
_ONE_TRAIN_FROM = 16
"""From this first number on there is one train, and a letter is a rebuild; the numbers between the
two are those of the product before it."""
_INTERIM = re.compile(
    r"(\d{1,3})\.(\d{1,3})(?:\((\d{1,3})(?:\.(\d{1,4}))?\)(\d{0,4})|\.(\d{1,3})(?:\.(\d{1,4}))?)?"
)
_SERVICED = re.compile(
    r"(\d{1,2})\.(\d{1,2})(?:([rfbi])(\d{1,3})(?:-?s(\d{1,3}))?(?:\.(\d{1,3}))?"
    r"|x(\d{1,3})(?:-?d(\d{1,4}))?(?:\.(\d{1,3}))?)?"
)


def bracketed_train(text: str) -> Parts | None:
    """`15.2(4)M6a`: branch, maintenance, train, rebuild, letter; `12.4(3a)` has a letter inside."""
    match = _BRACKETED_TRAIN.fullmatch(text)
    if match is None:
        return None
    major, minor, maintenance, inner, train, rebuild, letter = match.groups()
    if maintenance is None:
        return Parts((int(major), int(minor)), ("",))
    within = ord(inner) - ord("a") + 1 if inner else 0
    numbers = (int(major), int(minor), int(maintenance), within, int(rebuild or 0))
    return Parts(numbers, (train,), letter)


def lettered_train(text: str) -> Parts | None:
    """`3.16.5bS`: numbers, rebuild, train; `17.9.4a`: numbers and rebuild."""
    match = _LETTERED_TRAIN.fullmatch(text)
    if match is not None and int(match[1]) < _TRAINS_BEFORE:
        return Parts(_given(match.group(1, 2, 3)), (match[5] or "",), match[4] or "")
    match = _ONE_TRAIN.fullmatch(text)
    if match is None or int(match[1]) < _ONE_TRAIN_FROM:
        return None
    return Parts(_given(match.group(1, 2, 3)), ("",), match[4] or "")


def interim(text: str) -> Parts | None:
    """`9.12(4)67` and `9.12.4.67`, `100.8(0.4)`: the number behind the bracket is an interim."""
    match = _INTERIM.fullmatch(text)
    if match is None:
        return None
    major, minor, inner, below, behind, third, fourth = match.groups()
    if below is not None and behind:
        return None
    return Parts(_given((major, minor, inner or third, below or behind or fourth)))


def serviced(text: str) -> Parts | None:
    """`18.4R3-S2.3`: release, its number, service release, spin; `15.1X49-D170` is a train."""
    match = _SERVICED.fullmatch(text)
    if match is None:
        return None
    major, minor, kind, number, service, spin, special, special_number, special_spin = (
        match.groups()
    )
    branch = (int(major), int(minor))
    if special is not None:
        numbers = (*branch, int(special_number)) if special_number else branch
        return Parts(numbers, ("x", int(special)), build=_build(special_spin))
    if kind is None:
        return Parts(branch, ("r",))
    return Parts((*branch, int(number), int(service or 0)), (kind,), build=_build(spin))


def _given(numbers: tuple[str | None, ...]) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers if number)


def _build(spin: str | None) -> tuple[int, ...]:
    return (int(spin),) if spin else ()


READERS: dict[str, Callable[[str], Parts | None]] = {
    "bracketed-train": bracketed_train,
    "lettered-train": lettered_train,
    "interim": interim,
    "serviced": serviced,
}
"""By kind of grammar; each reads lower case without spaces and answers None for anything else."""
