"""Sets of small numbers as the bits of one integer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def integer(numbers: Sequence[int]) -> int:
    """The integer with these bits, made at once: one by one would copy it every time.

    The numbers are sorted.
    """
    if not numbers:
        return 0
    found = bytearray(numbers[-1] // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def positions(value: int) -> Iterator[int]:
    """The positions of the bits that are set, from the lowest; a byte at a time."""
    for at, byte in enumerate(value.to_bytes((value.bit_length() + 7) // 8, "little")):
        if byte:
            yield from ((at << 3) + bit for bit in range(8) if byte >> bit & 1)
