"""Sets of packets as lists of disjoint boxes in (source, destination, protocol, port)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from typing import TypeAlias

from rules.network_facts import Address, Prefix

Interval: TypeAlias = tuple[int, int]
"""Both ends belong to it."""

Box: TypeAlias = tuple[Interval, Interval, Interval, Interval]
"""Source, destination, protocol number, destination port."""

SOURCE, DESTINATION, PROTOCOL, PORT = range(4)

_V6_FROM = 1 << 32  # IPv6 addresses follow the IPv4 addresses on one line
ANY_ADDRESS: Interval = (0, _V6_FROM + (1 << 128) - 1)
ANY_V4: Interval = (0, _V6_FROM - 1)
ANY_PROTOCOL: Interval = (0, 255)
ANY_PORT: Interval = (0, 65535)

MOST_BOXES = 20_000
"""Beyond this a question is given up as too complicated rather than answered late."""


class TooComplicated(Exception):
    """The set needs more boxes than `MOST_BOXES`."""


def span(where: Address | Prefix) -> Interval:
    """The addresses of a prefix, or the one address, as an interval."""
    if isinstance(where, IPv4Network | IPv6Network):
        first, last = int(where.network_address), int(where.broadcast_address)
    else:
        first = last = int(where)
    offset = _V6_FROM if where.version == 6 else 0
    return (first + offset, last + offset)


def overlap(one: Box, other: Box) -> Box | None:
    """The packets in both, or None."""
    ends: list[Interval] = []
    for (first, last), (low, high) in zip(one, other, strict=True):
        if low > last or first > high:
            return None
        ends.append((max(first, low), min(last, high)))
    return (ends[0], ends[1], ends[2], ends[3])


def without(box: Box, cut: Box) -> list[Box]:
    """What is left of the box when the packets of the cut are taken out; disjoint boxes."""
    common = overlap(box, cut)
    if common is None:
        return [box]
    left: list[Box] = []
    rest = list(box)
    for side in range(4):
        first, last = rest[side]
        inner_first, inner_last = common[side]
        for piece in ((first, inner_first - 1), (inner_last + 1, last)):
            if piece[0] <= piece[1]:
                left.append((*rest[:side], piece, *rest[side + 1 :]))  # type: ignore[arg-type]
        rest[side] = common[side]
    return left


def remove(boxes: Iterable[Box], cuts: Iterable[Box]) -> list[Box]:
    """All packets of the boxes that are in none of the cuts. Raises TooComplicated."""
    left = list(boxes)
    for cut in cuts:
        left = [piece for box in left for piece in without(box, cut)]
        if len(left) > MOST_BOXES:
            raise TooComplicated
    return left


def keep(boxes: Iterable[Box], wanted: Iterable[Box]) -> list[Box]:
    """All packets of the boxes that are in one of the wanted ones."""
    targets = list(wanted)
    found = (overlap(box, target) for box in boxes for target in targets)
    return [box for box in found if box is not None]


def intervals_without(whole: Iterable[Interval], cuts: Iterable[Interval]) -> list[Interval]:
    """Addresses in the whole and in none of the cuts."""
    blank = (ANY_ADDRESS, ANY_PROTOCOL, ANY_PORT)
    left = remove([(part, *blank) for part in whole], [(cut, *blank) for cut in cuts])
    return [box[SOURCE] for box in left]
