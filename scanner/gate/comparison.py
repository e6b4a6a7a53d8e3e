"""Findings of two states of the files, paired: which are known, which are new, which are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from scanner.gate.identity import Identity


def known(before: Sequence[Identity], now: Sequence[Identity]) -> dict[int, int]:
    """Position in `now` to the position in `before` of the finding that covers it.

    Each earlier finding covers one later at most, so that a second one like it is new.
    """
    found: dict[int, int] = {}
    free: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for position, one in enumerate(before):
        free[one.what].append(position)
    for same in (True, False):
        for position, one in enumerate(now):
            if position in found:
                continue
            candidates = free[one.what]
            match = next((p for p in candidates if _covers(before[p], one, same=same)), None)
            if match is not None:
                found[position] = match
                candidates.remove(match)
    return found


def _covers(before: Identity, later: Identity, *, same: bool) -> bool:
    """Those that are equal are paired first, so that what remains finds a partner if there is."""
    return before == later if same else before.covers(later)
