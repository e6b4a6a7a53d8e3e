"""What is left of a set of packets when other sets are taken away, without ever writing it out.

The sets taken away (obstacles) are looked at only where they matter: the first piece that no
obstacle touches answers the question. Depth first; the obstacle that misses a piece in the fewest
fields is split off first, one piece for each of those fields (header space analysis calls it lazy
subtraction; Kazemian et al., NSDI 2012).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.packets.space import Masks


class TooComplex(Exception):
    """The question would take more pieces than allowed."""


class Budget:
    """How many pieces a question may look at."""

    def __init__(self, pieces: int = 200_000) -> None:
        self._left = pieces

    def spend(self) -> None:
        """Raises `TooComplex` when nothing is left."""
        self._left -= 1
        if self._left < 0:
            raise TooComplex


def meet(one: Masks, other: Masks) -> Masks | None:
    """The packets in both, or None when there are none."""
    met = (
        one[0] & other[0],
        one[1] & other[1],
        one[2] & other[2],
        one[3] & other[3],
        one[4] & other[4],
        one[5] & other[5],
        one[6] & other[6],
        one[7] & other[7],
        one[8] & other[8],
    )
    return None if 0 in met else met


def touches(one: Masks, other: Masks) -> bool:
    """Whether there is a packet in both."""
    return bool(
        one[0] & other[0]
        and one[1] & other[1]
        and one[4] & other[4]
        and one[2] & other[2]
        and one[6] & other[6]
        and one[7] & other[7]
        and one[8] & other[8]
        and one[3] & other[3]
        and one[5] & other[5]
    )


def covers(whole: Masks, part: Masks) -> bool:
    """Whether every packet of the part is in the whole."""
    return not (
        part[0] & ~whole[0]
        or part[1] & ~whole[1]
        or part[4] & ~whole[4]
        or part[2] & ~whole[2]
        or part[3] & ~whole[3]
        or part[5] & ~whole[5]
        or part[6] & ~whole[6]
        or part[7] & ~whole[7]
        or part[8] & ~whole[8]
    )


def first_left(region: Masks, obstacles: Sequence[Masks], budget: Budget) -> Masks | None:
    """A piece that no obstacle touches; None when they cover the region. Raises TooComplex."""
    return next(pieces_left(region, obstacles, budget), None)


def pieces_left(region: Masks, obstacles: Sequence[Masks], budget: Budget) -> Iterator[Masks]:
    """All of the region that is in no obstacle, in disjoint pieces. Raises TooComplex."""
    waiting: list[tuple[Masks, Sequence[Masks]]] = [(region, obstacles)]
    while waiting:
        piece, near = waiting.pop()
        budget.spend()
        near = [obstacle for obstacle in near if touches(piece, obstacle)]
        if not near:
            yield piece
            continue
        best, outside = _nearest(piece, near)
        if not outside:
            continue
        rest = list(piece)
        for number in outside:
            part = list(rest)
            part[number] = rest[number] & ~best[number]
            waiting.append((tuple(part), near))  # type: ignore[arg-type]
            rest[number] &= best[number]


def _nearest(piece: Masks, near: Sequence[Masks]) -> tuple[Masks, list[int]]:
    """The obstacle that leaves the fewest fields of the piece uncovered, and which these are."""
    best, fewest = near[0], [*range(10)]
    for obstacle in near:
        outside = [n for n in range(9) if piece[n] & ~obstacle[n]]
        if len(outside) < len(fewest):
            best, fewest = obstacle, outside
            if len(outside) <= 1:
                break
    return best, fewest
