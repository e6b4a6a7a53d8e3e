"""Sets of values of one packet field: numbers as intervals, names with patterns.

Sets are values. A set that several rules use (an object group) is one object, which the analysis
translates once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, TypeAlias

from pydantic import PlainSerializer

Interval: TypeAlias = tuple[int, int]
"""Both ends belong to it."""


@dataclass(frozen=True)
class Part:
    """One line that put values into a set: a member of an object group, an element of a list."""

    intervals: tuple[Interval, ...]
    line: int
    text: str = ""
    file: str = ""


@dataclass(frozen=True)
class Numbers:
    """A set of whole numbers as sorted intervals that neither overlap nor touch."""

    intervals: tuple[Interval, ...]
    parts: tuple[Part, ...] = field(default=(), compare=False)
    """The lines it comes from, where it is a named set; () for values that stand in the rule."""

    def __contains__(self, value: int) -> bool:
        low, high = 0, len(self.intervals)
        while low < high:
            middle = (low + high) // 2
            first, last = self.intervals[middle]
            if value < first:
                high = middle
            elif value > last:
                low = middle + 1
            else:
                return True
        return False

    def __bool__(self) -> bool:
        return bool(self.intervals)

    @cached_property
    def size(self) -> int:
        """How many numbers."""
        return sum(last - first + 1 for first, last in self.intervals)

    def part_with(self, value: int) -> Part | None:
        """The line that brought the value into the set, the first one if there are several."""
        for part in self.parts:
            if any(first <= value <= last for first, last in part.intervals):
                return part
        return None


NOTHING = Numbers(())


def numbers(intervals: Iterable[Interval], parts: Iterable[Part] = ()) -> Numbers:
    """The numbers in any of the intervals, in whatever order they come."""
    return Numbers(tuple(_merged(sorted(intervals))), tuple(parts))


def union(sets: Iterable[Numbers]) -> Numbers:
    """All numbers of the sets, and all the lines they come from."""
    several = tuple(sets)
    if len(several) == 1:
        return several[0]
    return numbers(
        (interval for one in several for interval in one.intervals),
        (part for one in several for part in one.parts),
    )


def without(whole: Numbers, cut: Numbers) -> Numbers:
    """The numbers of the first set that are not in the second."""
    left: list[Interval] = []
    cuts = iter(cut.intervals)
    current = next(cuts, None)
    for first, last in whole.intervals:
        at = first
        while current is not None and current[1] < at:
            current = next(cuts, None)
        while current is not None and current[0] <= last:
            if current[0] > at:
                left.append((at, current[0] - 1))
            at = current[1] + 1
            if at > last:
                break
            current = next(cuts, None)
        if at <= last:
            left.append((at, last))
    return Numbers(tuple(left))


def common(one: Numbers, other: Numbers) -> Numbers:
    """The numbers in both sets."""
    return Numbers(tuple(_overlaps(one.intervals, other.intervals)))


def _overlaps(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> Iterator[Interval]:
    i = j = 0
    while i < len(one) and j < len(other):
        first, last = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if first <= last:
            yield first, last
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1


def _merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    current: Interval | None = None
    for first, last in intervals:
        if first > last:
            continue
        if current is None:
            current = (first, last)
        elif first <= current[1] + 1:
            current = (current[0], max(current[1], last))
        else:
            yield current
            current = (first, last)
    if current is not None:
        yield current


Sorted: TypeAlias = Annotated[frozenset[str], PlainSerializer(sorted)]
"""Written in one order, so that the same set is stored as the same text."""


@dataclass(frozen=True)
class Names:
    """A set of names (interfaces, zones): those listed, those that begin so, or all others."""

    exact: Sorted = frozenset()
    beginnings: Sorted = frozenset()
    """Names that begin with one of these belong to it as well: `eth*`, `eth+`."""
    all_but: bool = False
    """The set is everything that is not listed."""

    def __contains__(self, name: str) -> bool:
        listed = name in self.exact or any(name.startswith(b) for b in self.beginnings)
        return listed != self.all_but


def names(*listed: str, all_but: bool = False) -> Names:
    """The names as written; a trailing `*` or `+` stands for any ending."""
    patterns = frozenset(name[:-1] for name in listed if name[-1:] in {"*", "+"})
    exact = frozenset(name for name in listed if name[-1:] not in {"*", "+"})
    return Names(exact, patterns, all_but)
