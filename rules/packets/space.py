"""All packets cut into atoms: the pieces of each field that no set in use divides.

A set of atoms is a Python integer, one bit an atom, so that intersection is `&`, difference `& ~`
and emptiness `== 0`, whatever the set was: a prefix, a wildcard, a group of a thousand addresses.
Every field is cut once, at every end point in the policy and in the question (Yang and Lam, "Atomic
predicates", 2013; Horn et al., "Precise and scalable packet equivalence classes", 2019).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Final, TypeAlias

from rules.packets import fields
from rules.packets.packet import Packet, numbered
from rules.packets.policy import Region
from rules.packets.sets import Interval, Names, Numbers, common, numbers, union

Masks: TypeAlias = tuple[int, int, int, int, int, int, int, int, int]
"""One set of atoms for each field, in the order of `FIELDS`; -1 = all atoms."""

FIELDS: Final = (
    "source",
    "destination",
    "protocol",
    "source_port",
    "destination_port",
    "flags",
    "entering",
    "leaving",
    "state",
)
ALL: Final = -1
EVERYTHING: Final[Masks] = (ALL,) * 9

OTHER: Final = "\0other"
"""Stands for every name that no set mentions."""

_WHOLES: Final = (
    fields.ALL_ADDRESSES,
    fields.ALL_ADDRESSES,
    fields.ALL_PROTOCOLS,
    fields.ALL_PORTS,
    fields.ALL_PORTS,
    fields.ALL_FLAGS,
)
WHOLES: Final = dict(zip(FIELDS, _WHOLES, strict=False))
"""Field of numbers -> all its values."""

_LIKED: Final = (
    (),
    (),
    (fields.TCP, fields.UDP, fields.ICMP),
    (49152, 8),
    (443, 0),
    (fields.SYN, 0),
)
"""Values that make a witness look like traffic, in the order of preference."""


class Space:
    """The atoms for the packets of a question.

    Regions that share no packet with the question need no atoms of their own: translated, they
    share none with it either. End points outside the question are left out for the same reason.
    """

    def __init__(self, regions: Iterable[Region], question: Sequence[Region]) -> None:
        asked = [_asked(number, question) for number in range(len(_WHOLES))]
        ends: list[set[int]] = [set() for _ in _WHOLES]
        listed: list[set[Names]] = [set(), set()]
        known: list[dict[int, tuple[Numbers, bool]]] = [{} for _ in _WHOLES]
        cut: list[set[int]] = [set() for _ in _WHOLES]
        self._apart: dict[int, Region] = {}  # kept, so that an id stays that of one region
        for region in (*question, *regions):
            sets = _numbers(region)
            if not all(
                values is None or _meets(known[number], values, asked[number])
                for number, values in enumerate(sets)
            ):
                self._apart[id(region)] = region
                continue
            for number, values in enumerate(sets):
                if values is not None and id(values) not in cut[number]:
                    cut[number].add(id(values))
                    _cut(ends[number], values, asked[number])
            for number, words in enumerate((region.entering, region.leaving)):
                if words is not None:
                    listed[number].add(words)
        for number, values_liked in enumerate(_LIKED):
            for value in values_liked:
                ends[number] |= {value, value + 1}
        self._starts = [_starts(whole, found) for whole, found in zip(_WHOLES, ends, strict=True)]
        self._words: list[tuple[str, ...]] = [*map(_representatives, listed), fields.STATES]
        self._masks: list[dict[tuple[tuple[int, int], ...], int]] = [{} for _ in _WHOLES]
        self._by_id: list[dict[int, tuple[Numbers, int]]] = [{} for _ in _WHOLES]
        self._word_masks: list[dict[Names, int]] = [{}, {}, {}]
        self.whole: Masks = tuple(  # type: ignore[assignment]
            (1 << len(atoms)) - 1 for atoms in (*self._starts, *self._words)
        )

    def is_apart(self, region: Region) -> bool:
        """One of the regions given that was found to share no packet with the question."""
        return id(region) in self._apart

    def masks(self, region: Region) -> Masks:
        """The region in atoms."""
        return (
            self._numbers_mask(0, region.source),
            self._numbers_mask(1, region.destination),
            self._numbers_mask(2, region.protocol),
            self._numbers_mask(3, region.source_port),
            self._numbers_mask(4, region.destination_port),
            self._numbers_mask(5, region.flags),
            self._words_mask(0, region.entering),
            self._words_mask(1, region.leaving),
            self._words_mask(2, region.state),
        )

    def packet(self, masks: Masks) -> Packet:
        """One packet of a set that is not empty, one that looks like traffic if there is any."""
        values = [self._value(number, masks[number]) for number in range(6)]
        words = [self._word(number, masks[6 + number]) for number in range(3)]
        return numbered(
            *(values[0], values[1], values[2]),
            source_port=values[3],
            destination_port=values[4],
            flags=values[5],
            entering=words[0],
            leaving=words[1],
            state=words[2],
        )

    def intervals(self, field: int, mask: int) -> list[Interval]:
        """The values of a set of atoms of one of the six fields of numbers."""
        starts, last = self._starts[field], _WHOLES[field].intervals[0][1]
        found: list[Interval] = []
        while mask:
            low = (mask & -mask).bit_length() - 1
            run = mask >> low
            length = (~run & (run + 1)).bit_length() - 1
            high = low + length
            found.append((starts[low], starts[high] - 1 if high < len(starts) else last))
            mask &= -1 << high
        return found

    def region(self, masks: Masks) -> Region:
        """A set of atoms as a region; a name that nobody has written ends in a null character."""
        values = [
            None if mask == whole else Numbers(tuple(self.intervals(number, mask)))
            for number, (mask, whole) in enumerate(zip(masks[:6], self.whole[:6], strict=True))
        ]
        words = [
            None
            if masks[6 + number] & whole == whole
            else Names(frozenset(w for bit, w in enumerate(known) if masks[6 + number] >> bit & 1))
            for number, (known, whole) in enumerate(zip(self._words, self.whole[6:], strict=True))
        ]
        return Region(*values, *words)  # type: ignore[arg-type]

    def size(self, masks: Masks) -> int:
        """How many packets, leaving interfaces and states aside."""
        return prod(
            sum(last - first + 1 for first, last in self.intervals(number, masks[number]))
            for number in range(6)
        )

    def _numbers_mask(self, number: int, values: Numbers | None) -> int:
        if values is None:
            return ALL
        known = self._by_id[number].get(id(values))
        if known is not None:
            return known[1]
        mask = self._masks[number].get(values.intervals)
        if mask is None:
            starts = self._starts[number]
            mask = 0
            for first, last in values.intervals:
                low, high = bisect_left(starts, first), bisect_left(starts, last + 1)
                mask |= ((1 << (high - low)) - 1) << low
            self._masks[number][values.intervals] = mask
        self._by_id[number][id(values)] = (values, mask)
        return mask

    def _words_mask(self, number: int, words: Names | None) -> int:
        if words is None:
            return ALL
        mask = self._word_masks[number].get(words)
        if mask is None:
            mask = sum(1 << bit for bit, name in enumerate(self._words[number]) if name in words)
            self._word_masks[number][words] = mask
        return mask

    def _value(self, number: int, mask: int) -> int:
        starts = self._starts[number]
        mask &= self.whole[number]
        for value in _LIKED[number]:
            if mask >> (bisect_right(starts, value) - 1) & 1:
                return value
        return starts[(mask & -mask).bit_length() - 1]

    def _word(self, number: int, mask: int) -> str:
        mask &= self.whole[6 + number]
        return self._words[number][(mask & -mask).bit_length() - 1]


def possible(region: Region) -> Iterator[Region]:
    """The region in pieces that hold only packets that can be: one IP version, ports where a
    protocol has them, TCP flags where it is TCP, ICMP of the right version.
    """
    yield from (piece for piece in (narrowed(region, p) for p in _POSSIBLE) if piece is not None)


def _pieces() -> Iterator[Region]:
    ported = sorted(fields.WITH_PORTS - {fields.TCP})
    others = [n for n in range(256) if n not in {*fields.WITH_PORTS, fields.ICMP, fields.ICMP_V6}]
    zero, byte = Numbers(((0, 0),)), Numbers(((0, 255),))
    for addresses, icmp in ((fields.ALL_V4, fields.ICMP), (fields.ALL_V6, fields.ICMP_V6)):
        here = Region(addresses, addresses, _these([fields.TCP]))
        yield here
        flagless = replace(here, flags=zero)
        yield replace(flagless, protocol=_these(ported))
        for listed, ports in (([icmp], byte), (others, zero)):
            yield replace(
                flagless, protocol=_these(listed), source_port=ports, destination_port=ports
            )


def _these(several: Sequence[int]) -> Numbers:
    return numbers((n, n) for n in several)


def narrowed(one: Region, other: Region) -> Region | None:
    """The packets in both, names as in the first; None when a field has nothing in common."""
    found: list[Numbers | None] = []
    for mine, theirs in zip(_numbers(one), _numbers(other), strict=True):
        both = theirs if mine is None else mine
        if mine is not None and theirs is not None:
            both = _both(mine, theirs)
        if both is not None and not both:
            return None
        found.append(both)
    return replace(
        one,
        source=found[0],
        destination=found[1],
        protocol=found[2],
        source_port=found[3],
        destination_port=found[4],
        flags=found[5],
    )


def _both(one: Numbers, other: Numbers) -> Numbers:
    """The numbers in both; one of the sets itself where it is a span within the other's."""
    if len(one.intervals) == 1 == len(other.intervals):
        (low, high), (first, last) = one.intervals[0], other.intervals[0]
        if low <= first and last <= high:
            return other
        if first <= low and high <= last:
            return one
    return common(one, other)


_POSSIBLE = tuple(_pieces())


def _asked(number: int, question: Sequence[Region]) -> Numbers:
    """All values of a field that the question is about."""
    sets = [_numbers(region)[number] for region in question]
    return union(_WHOLES[number] if values is None else values for values in sets)


def _meets(known: dict[int, tuple[Numbers, bool]], values: Numbers, asked: Numbers) -> bool:
    """Whether the sets share a value; remembered for each set."""
    found = known.get(id(values))
    if found is None:
        meets = any(_has_some(asked, first, last) for first, last in values.intervals)
        found = known[id(values)] = (values, meets)
    return found[1]


def _has_some(values: Numbers, first: int, last: int) -> bool:
    at = bisect_right(values.intervals, (last, last))
    if at < len(values.intervals) and values.intervals[at][0] <= last:
        return True
    return at > 0 and values.intervals[at - 1][1] >= first


def _cut(ends: set[int], values: Numbers, asked: Numbers) -> None:
    if not asked:
        return
    low, high = asked.intervals[0][0], asked.intervals[-1][1] + 1
    for first, last in values.intervals:
        if low <= first <= high:
            ends.add(first)
        if low <= last + 1 <= high:
            ends.add(last + 1)


def _numbers(region: Region) -> tuple[Numbers | None, ...]:
    return (
        region.source,
        region.destination,
        region.protocol,
        region.source_port,
        region.destination_port,
        region.flags,
    )


def _starts(whole: Numbers, ends: set[int]) -> list[int]:
    first, last = whole.intervals[0]
    return sorted({first, *(end for end in ends if first <= end <= last)})


def _representatives(listed: Iterable[Names]) -> tuple[str, ...]:
    """A name for every way in which the sets can tell names apart."""
    found = {OTHER: None}
    for words in listed:
        found |= dict.fromkeys(sorted(words.exact))
        # a name with this beginning that nobody has written out
        found |= dict.fromkeys(f"{beginning}\0" for beginning in sorted(words.beginnings))
    return tuple(found)
