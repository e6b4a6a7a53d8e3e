"""The entries of a stage that could meet a region, found without looking at all of them.

The atoms of three fields are put into cells; every cell knows the entries that reach into it, as
bits of one integer. A narrow region reaches into few cells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from rules.packets.bits import integer, positions
from rules.packets.entries import Entry
from rules.packets.residual import touches
from rules.packets.space import ALL, Masks

Numbered: TypeAlias = tuple[int, Entry]

CELLS: Final = 512
INDEXED: Final = (0, 1, 4)
"""Source, destination and destination port: the fields that tell rules apart."""
FEW: Final = 64
"""For so few entries an index does not pay."""


class Near:
    """The entries of one stage that concern a question, in order."""

    def __init__(self, entries: Sequence[Numbered], whole: Masks) -> None:
        self.entries = entries
        self._numbers = [number for number, _ in entries]
        self._fields = (
            [_Cells([entry.may for _, entry in entries], at, whole[at]) for at in INDEXED]
            if len(entries) > FEW
            else []
        )

    def touching(self, regions: Sequence[Masks]) -> list[Numbered]:
        """The entries that may touch one of the regions, in order."""
        end = self._numbers[-1] + 1 if self._numbers else 0
        found = {n: entry for region in regions for n, entry in self.before(end, region)}
        return sorted(found.items())

    def before(self, number: int, region: Masks) -> list[Numbered]:
        """The entries before that number which may touch the region, in order."""
        return list(self._between(0, bisect_left(self._numbers, number), region))

    def after(self, number: int, region: Masks) -> Iterator[Numbered]:
        """The entries behind that number which may touch the region, in order."""
        return self._between(bisect_right(self._numbers, number), len(self._numbers), region)

    def _between(self, start: int, end: int, region: Masks) -> Iterator[Numbered]:
        candidates = (1 << end) - (1 << start)
        for cells in self._fields:
            candidates &= cells.reaching(region)
        for at in positions(candidates):
            if any(touches(masks, region) for masks in self.entries[at][1].may):
                yield self.entries[at]


class _Cells:
    """One field."""

    def __init__(self, regions: Sequence[tuple[Masks, ...]], at: int, whole: int) -> None:
        self._at = at
        self._width = max(1, -(-whole.bit_length() // CELLS))
        self._whole = whole
        count = -(-whole.bit_length() // self._width)
        cells: list[list[int]] = [[] for _ in range(count)]
        everywhere: list[int] = []
        alike: dict[tuple[int, ...], list[int]] = {}
        for number, several in enumerate(regions):
            alike.setdefault(tuple(masks[at] for masks in several), []).append(number)
        for values, numbers in alike.items():
            if ALL in values:
                everywhere += numbers
                continue
            for cell in {cell for value in values for cell in self._reached(value)}:
                cells[cell] += numbers
        always = integer(sorted(everywhere))
        self._cells = [integer(sorted(numbers)) | always for numbers in cells]

    def reaching(self, region: Masks) -> int:
        """The entries that reach into a cell of the region."""
        mask = region[self._at] & self._whole
        if mask == self._whole:
            return ALL
        found = 0
        for cell in self._reached(mask):
            found |= self._cells[cell]
        return found

    def _reached(self, mask: int) -> Iterator[int]:
        width = self._width
        at = 0
        while mask:
            skip = ((mask & -mask).bit_length() - 1) // width
            at += skip
            yield at
            mask >>= (skip + 1) * width
            at += 1
