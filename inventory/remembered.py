"""What was worked out about a value that never changes, kept for as long as the value lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import ReferenceType, ref

Of = TypeVar("Of")
Found = TypeVar("Found")


class Remembered(Generic[Of, Found]):
    """Calls `work_out` once for each object; equal objects are different ones.

    The answer must not hold the object itself, or neither would ever be let go.
    """

    def __init__(self, work_out: Callable[[Of], Found]) -> None:
        self._work_out = work_out
        self._known: dict[int, tuple[ReferenceType[Of], Found]] = {}

    def __call__(self, of: Of) -> Found:
        key = id(of)
        known = self._known.get(key)
        if known is None or known[0]() is not of:
            # the id may become that of another object once this one is gone
            gone = ref(of, lambda _: self._known.pop(key, None))
            known = self._known[key] = (gone, self._work_out(of))
        return known[1]
