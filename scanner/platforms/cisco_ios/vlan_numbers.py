"""Lists of VLANs: `10,20-29`."""

from __future__ import annotations


def vlan_numbers(text: str) -> frozenset[int] | None:
    """The numbers of the list, `all` and `none` too; None when it is no list of VLANs."""
    if text in {"all", "none"}:
        return frozenset(range(1, 4095) if text == "all" else ())
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        last = last or first
        if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
            return None
        if len(first) > 4 or len(last) > 4 or not 1 <= int(first) <= int(last) <= 4094:
            return None
        found.update(range(int(first), int(last) + 1))
    return frozenset(found)
