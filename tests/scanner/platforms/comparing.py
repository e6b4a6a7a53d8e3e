"""How two values of a fact compare: the same but for what is not told, fewer, or more."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from rules.network_facts import QosClass


def less(whole: Any, part: Any) -> bool:
    """The same, in any order, with some fields that the device is then said not to tell."""
    if isinstance(whole, tuple) and isinstance(part, tuple):
        return len(whole) == len(part) and fewer(whole, part) and fewer(part, whole, flip=True)
    if is_dataclass(whole) and type(whole) is type(part):
        names = [
            field.name
            for field in fields(whole)
            if field.name not in _ABOUT_THE_LINE.get(type(whole), ())
        ]
        return all(
            _not_told(n, getattr(part, n)) or getattr(whole, n) == getattr(part, n) for n in names
        )
    return bool(whole == part)


_ABOUT_THE_LINE: dict[type, tuple[str, ...]] = {QosClass: ("line", "text", "why")}
"""Fields that say where a value stands."""


def _not_told(field: str, value: Any) -> bool:
    return value is None or (field in {"allowed_hosts", "matches"} and value == ())


def fewer(whole: Any, part: Any, flip: bool = False) -> bool:
    """Some of the same members, perhaps in another order."""
    return all(any(less(one, m) if flip else less(m, one) for m in whole) for one in part)


def adds(name: str, whole: Any, part: Any) -> bool:
    """A further line may name one more member, or one more call."""
    return more(whole, part) or (name == "call.active" and whole < part)


def more(whole: Any, part: Any) -> bool:
    """All members of the list are still there."""
    return isinstance(whole, tuple) and all(member in part for member in whole)
