"""How much two files have in common, so that one that was moved is known again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import islice

KEPT = 32
"""So many of the smallest digests of its lines stand for a file."""
SAME_FILE = 0.5
"""Two files of which one is gone and one is new are the same from this share of lines on."""
MOST_PAIRS = 20_000
"""Beyond so many pairs nothing is compared: a change of that size is judged as new."""

_PIECES = re.compile(r"[\n>{};]")

Sketch = tuple[str, ...]


def sketch(text: str) -> Sketch:
    """The same for the same lines in any order. It tells nothing of a line that is not known."""
    lines = {" ".join(piece.split()) for piece in _PIECES.split(text)} - {""}
    return tuple(sorted(hashlib.sha256(line.encode()).hexdigest()[:8] for line in lines))[:KEPT]


def resemblance(one: Sketch, other: Sketch) -> float:
    """Share of common lines, estimated: 0.0 to 1.0."""
    first, second = set(one), set(other)
    smallest = set(islice(sorted(first | second), KEPT))
    return len(smallest & first & second) / len(smallest) if smallest else 0.0


def moved(gone: Mapping[str, Sketch], new: Mapping[str, Sketch]) -> dict[str, str]:
    """New name to old name, for files that are alike; the most alike first, no name twice."""
    if len(gone) * len(new) > MOST_PAIRS:
        return {}
    pairs = sorted(_alike(gone, new), key=lambda pair: (-pair[0], pair[1], pair[2]))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, name, before in pairs:
        if name not in found and before not in taken:
            found[name] = before
            taken.add(before)
    return found


def _alike(
    gone: Mapping[str, Sketch], new: Mapping[str, Sketch]
) -> Iterable[tuple[float, str, str]]:
    for name, mine in new.items():
        for before, theirs in gone.items():
            share = resemblance(mine, theirs)
            if share >= SAME_FILE:
                yield share, name, before
