"""Which of many prefixes hold an address, without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Generic, TypeVar

T = TypeVar("T")


class Prefixes(Generic[T]):
    """Values by their prefix; several may have the same one."""

    def __init__(self, pairs: Iterable[tuple[IPv4Network | IPv6Network, T]]) -> None:
        self._values: list[T] = []
        self._at: dict[tuple[int, int], dict[int, list[int]]] = {}
        """By version and length, then by first address: the numbers of the values."""
        starts: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
        for number, (prefix, value) in enumerate(pairs):
            self._values.append(value)
            first = int(prefix.network_address)
            same = self._at.setdefault((prefix.version, prefix.prefixlen), {})
            same.setdefault(first, []).append(number)
            starts[prefix.version].append((first, number))
        self._starts = {version: sorted(listed) for version, listed in starts.items()}
        self._lengths = {
            version: sorted((n for v, n in self._at if v == version), reverse=True)
            for version in (4, 6)
        }

    def longest(self, address: IPv4Address | IPv6Address) -> list[T]:
        """The values of the longest prefix that holds the address, in the order given."""
        for length in self._lengths[address.version]:
            found = self._holding(address.version, length, int(address))
            if found:
                return [self._values[number] for number in found]
        return []

    def overlapping(self, prefix: IPv4Network | IPv6Network) -> list[T]:
        """The values of prefixes that share an address with this one, in the order given."""
        version, first = prefix.version, int(prefix.network_address)
        found = {
            number
            for length in self._lengths[version]
            if length <= prefix.prefixlen
            for number in self._holding(version, length, first)
        }
        starts = self._starts[version]
        low = bisect_left(starts, (first, -1))
        high = bisect_right(starts, (int(prefix.broadcast_address), len(self._values)))
        found.update(number for _, number in starts[low:high])
        return [self._values[number] for number in sorted(found)]

    def _holding(self, version: int, length: int, address: int) -> list[int]:
        free = (32 if version == 4 else 128) - length
        return self._at[version, length].get(address >> free << free, [])
