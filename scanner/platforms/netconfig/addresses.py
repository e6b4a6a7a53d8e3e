"""Addresses as configurations write them, as sets of places on the line of addresses."""

from __future__ import annotations

from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Network,
    NetmaskValueError,
    ip_address,
    ip_network,
)

from rules.packets.fields import ALL_ADDRESSES, ALL_V4, ALL_V6, place, span
from rules.packets.sets import Interval, Numbers

ANY, ANY_V4, ANY_V6 = ALL_ADDRESSES, ALL_V4, ALL_V6

WILDCARD_BITS_MAX = 16
"""A wildcard with more free bits above its lowest block is not written out as intervals."""


def host(text: str) -> Numbers | None:
    """One address; None when it is none."""
    try:
        at = place(ip_address(text))
    except ValueError:
        return None
    return Numbers(((at, at),))


def prefix(text: str) -> Numbers | None:
    """`10.0.0.0/8`, `2001:db8::/32` or one address; bits beside the prefix do not matter."""
    try:
        network: IPv4Network | IPv6Network = ip_network(text, strict=False)
    except ValueError:
        return None
    return Numbers((span(network),))


def masked(address: str, mask: str) -> Numbers | None:
    """`10.0.0.0` with `255.0.0.0`. None when the mask is not contiguous or either is no address."""
    try:
        return Numbers((span(IPv4Network(f"{IPv4Address(address)}/{IPv4Address(mask)}", False)),))
    except (AddressValueError, NetmaskValueError, ValueError):
        return None


def between(first: str, last: str) -> Numbers | None:
    """All addresses from the first to the last; None when out of order or no addresses."""
    try:
        low, high = ip_address(first), ip_address(last)
    except ValueError:
        return None
    if low.version != high.version or place(low) > place(high):
        return None
    return Numbers(((place(low), place(high)),))


def wildcard(address: str, free: str) -> Numbers | None:
    """`10.0.0.1` with the wildcard `0.255.255.0`: bits that are set may be anything.

    None when either is no IPv4 address, or when the free bits stand so scattered that the set would
    take more than 2^16 intervals.
    """
    try:
        base, open_bits = int(IPv4Address(address)), int(IPv4Address(free))
    except AddressValueError:
        return None
    low = (open_bits ^ (open_bits + 1)) >> 1  # the lowest bits that are free without a gap
    scattered = open_bits & ~low
    if scattered.bit_count() > WILDCARD_BITS_MAX:
        return None
    first = base & ~open_bits & 0xFFFFFFFF
    intervals: list[Interval] = []
    part = scattered
    while True:
        start = first | (scattered & ~part)
        intervals.append((start, start | low))
        if part == 0:
            break
        part = (part - 1) & scattered
    return Numbers(tuple(_joined(sorted(intervals))))


def _joined(intervals: list[Interval]) -> list[Interval]:
    found: list[Interval] = []
    for first, last in intervals:
        if found and first == found[-1][1] + 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
