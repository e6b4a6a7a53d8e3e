"""A layer put together from its pages, as far as they follow one another without a gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.platforms.checkpoint.objects import Place
from scanner.platforms.checkpoint.saved import Entry, Page


@dataclass(frozen=True, slots=True)
class Layer:
    """Rules in their order."""

    uid: str
    name: str
    entries: tuple[Entry, ...]
    place: Place
    why_not_whole: str = ""
    """What is missing behind the last of the entries; empty when nothing is."""
    at: Place | None = None
    """Where it shows that something is missing."""


def layers(pages: Iterable[Page], kind: str) -> dict[str, Layer]:
    """By identifier every layer of the kind of which there is a page."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        if page.kind == kind:
            found.setdefault(page.uid, []).append(page)
    return {uid: _put_together(uid, several) for uid, several in found.items()}


def _put_together(uid: str, pages: Sequence[Page]) -> Layer:
    ordered: list[Page] = []
    for page in sorted(pages, key=lambda p: (p.first or 0, p.last or 0)):
        again = ordered and (page.first, page.last) == (ordered[-1].first, ordered[-1].last)
        if not again:
            ordered.append(page)
        elif not _is_same(page, ordered[-1]):
            why = "two documents show different rules of this layer"
            return Layer(uid, page.name, (), ordered[0].place, why, page.place)
    name = ordered[0].name
    entries: list[Entry] = []
    totals = {page.total for page in ordered}
    for page in ordered:
        filtered = any("filter-match-details" in one.data for one in page.entries)
        follows = page.first in {None, len(entries) + 1}
        if filtered or not follows or not page.is_whole or len(totals) > 1:
            why = f"rules of layer {name} from number {len(entries) + 1} on are not shown"
            return Layer(uid, name, tuple(entries), ordered[0].place, why, page.place)
        entries += page.entries
    if totals != {len(entries)}:
        why = f"rules of layer {name} from number {len(entries) + 1} on are not in these documents"
        return Layer(uid, name, tuple(entries), ordered[0].place, why, ordered[-1].place)
    return Layer(uid, name, tuple(entries), ordered[0].place)


def _is_same(one: Page, other: Page) -> bool:
    return one.total == other.total and [e.data for e in one.entries] == [
        e.data for e in other.entries
    ]
