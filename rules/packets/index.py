"""Which rules speak of a packet, found by looking each of its fields up once.

For every field the values are cut at the end points of a block of rules; each piece knows the
rules that it fits, as bits of one integer. The rules of a packet are the intersection over its
fields (Lakshman and Stiliadis, "High-speed policy-based packet forwarding", SIGCOMM 1998).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from rules.packets.bits import integer
from rules.packets.fields import place
from rules.packets.packet import Packet
from rules.packets.policy import Chain, Region, Rule
from rules.packets.sets import Names, Numbers

_NUMBERS: tuple[tuple[str, Callable[[Packet], int]], ...] = (
    ("source", lambda packet: place(packet.source)),
    ("destination", lambda packet: place(packet.destination)),
    ("protocol", lambda packet: packet.protocol),
    ("source_port", lambda packet: packet.source_port),
    ("destination_port", lambda packet: packet.destination_port),
    ("flags", lambda packet: packet.flags),
)
_WORDS: tuple[str, ...] = ("entering", "leaving", "state")


BLOCK = 4096
"""So many rules share one index: the bits of one index are copied for every end point in it."""


class Indexed:
    """A `Matcher` for many packets of the same policies; answers as `OneByOne` does."""

    def __init__(self) -> None:
        self._chains: dict[int, tuple[Chain, dict[int, _BlockIndex]]] = {}
        self._packet: Packet | None = None
        self._hits: dict[tuple[int, int], tuple[int, int]] = {}

    def first(self, chain: Chain, packet: Packet, at: int) -> tuple[int, bool] | None:
        """Number of the first rule from `at` on that may match, and whether it certainly does."""
        if packet is not self._packet:
            self._packet, self._hits = packet, {}
        for start in range(at - at % BLOCK, len(chain.rules), BLOCK):
            key = id(chain), start
            hits = self._hits.get(key)
            if hits is None:
                hits = self._hits[key] = self._index(chain, start).hits(packet)
            skipped = max(at - start, 0)
            left = hits[0] >> skipped
            if left:
                number = skipped + (left & -left).bit_length() - 1
                return start + number, bool(hits[1] >> number & 1)
        return None

    def _index(self, chain: Chain, start: int) -> _BlockIndex:
        # the chain is kept so that its id stays its own
        _, blocks = self._chains.setdefault(id(chain), (chain, {}))
        if start not in blocks:
            blocks[start] = _BlockIndex(chain.rules[start : start + BLOCK])
        return blocks[start]


class _BlockIndex:
    """Some rules of one chain by field."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        regions: list[tuple[int, bool, bool, Region]] = []
        for number, rule in enumerate(rules):
            if rule.action == "continue":
                continue
            regions += [(number, True, rule.understood, region) for region in rule.may]
            if rule.must is not None:
                regions += [(number, False, True, region) for region in rule.must]
        self._rules = [number for number, *_ in regions]
        self._may = _bits(n for n, (_, may, _, _) in enumerate(regions) if may)
        self._must = _bits(n for n, (_, _, must, _) in enumerate(regions) if must)
        only = [region for *_, region in regions]
        self._numbers = [
            (value, _NumberIndex([getattr(region, name) for region in only]))
            for name, value in _NUMBERS
        ]
        self._words = [
            (attrgetter(name), _WordIndex([getattr(region, name) for region in only]))
            for name in _WORDS
        ]
        self._one_region_each = self._rules == list(range(len(self._rules)))

    def hits(self, packet: Packet) -> tuple[int, int]:
        """The rules that may match and those that certainly do, one bit each."""
        found = self._may | self._must
        for value, index in self._numbers:
            if not found:
                return 0, 0
            found &= index.fitting(value(packet))
        for word, names in self._words:
            found &= names.fitting(word(packet))
        if self._one_region_each:
            return found & self._may, found & self._must
        return self._of_rules(found & self._may), self._of_rules(found & self._must)

    def _of_rules(self, regions: int) -> int:
        found = 0
        while regions:
            lowest = regions & -regions
            found |= 1 << self._rules[lowest.bit_length() - 1]
            regions ^= lowest
        return found


class _NumberIndex:
    """For each piece of a field the regions it fits."""

    def __init__(self, sets: Sequence[Numbers | None]) -> None:
        self._always = _bits(n for n, values in enumerate(sets) if values is None)
        # rules name the same groups again and again: each is gone through once
        regions: dict[int, tuple[Numbers, list[int]]] = {}
        for number, values in enumerate(sets):
            if values is not None:
                regions.setdefault(id(values), (values, []))[1].append(number)
        starting: dict[int, int] = {}
        for values, numbers in regions.values():
            bits = integer(numbers) if len(numbers) > 1 else 1 << numbers[0]
            for first, last in values.intervals:
                starting[first] = starting.get(first, 0) ^ bits
                starting[last + 1] = starting.get(last + 1, 0) ^ bits
        self._starts = sorted(starting)
        self._fitting: list[int] = []
        current = self._always
        for start in self._starts:
            current ^= starting[start]
            self._fitting.append(current)

    def fitting(self, value: int) -> int:
        at = bisect_right(self._starts, value) - 1
        return self._fitting[at] if at >= 0 else self._always


class _WordIndex:
    """For each name the regions it fits; filled as names are asked for."""

    def __init__(self, sets: Sequence[Names | None]) -> None:
        self._sets: dict[Names | None, int] = {}
        for number, words in enumerate(sets):
            self._sets[words] = self._sets.get(words, 0) | 1 << number
        self._known: dict[str, int] = {}

    def fitting(self, name: str) -> int:
        found = self._known.get(name)
        if found is None:
            found = 0
            for words, bits in self._sets.items():
                if words is None or name in words:
                    found |= bits
            self._known[name] = found
        return found


def _bits(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found
