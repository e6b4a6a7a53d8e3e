"""Lists of ports as the inventory writes them: `22,80,5060-5061`."""

from __future__ import annotations

import re

_PART = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


def port_range(text: str) -> tuple[int, int]:
    """First and last port of `5060` or `49152-65535`; raises ValueError for anything else."""
    found = _PART.fullmatch(text.strip())
    if not found:
        raise ValueError("a port is a number, a range two numbers joined by a hyphen")
    first = int(found[1])
    last = int(found[2] or found[1])
    if not 1 <= first <= last <= 65535:
        raise ValueError("ports go from 1 to 65535, the lower one first")
    return first, last


def port_list(text: str) -> tuple[tuple[int, int], ...]:
    """The ranges of a comma-separated list in the order written; () for an empty list."""
    return tuple(port_range(part) for part in text.split(",")) if text.strip() else ()
