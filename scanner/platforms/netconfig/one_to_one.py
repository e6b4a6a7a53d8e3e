"""Translations that give every packet one outcome, and packets that two lines could translate."""

from __future__ import annotations

from rules.packets.policy import Change, Region
from rules.packets.sets import Numbers, common


def change(before: Numbers | None, after: Numbers | None) -> Change | None:
    """What becomes of values of one range when each has its counterpart in another of its size;
    None where they stay.
    """
    if before is None or after is None or before == after:
        return None
    to = after.intervals[0][0]
    if before.size == 1:
        return Change(to)
    return Change(to - before.intervals[0][0], shifts=True)


def may_meet(one: Region, other: Region) -> bool:
    """Some packet may go to the destinations of both."""
    for name in ("destination", "protocol", "destination_port"):
        first, second = getattr(one, name), getattr(other, name)
        if first is not None and second is not None and not common(first, second):
            return False
    return True
