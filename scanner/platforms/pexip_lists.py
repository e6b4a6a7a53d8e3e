"""Lists of a Pexip management node, put together from the pages they come in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from rules.facts import Citation
from scanner.evidence import Document
from scanner.platforms.json_evidence import cite_key, decoded

ROOT = "/api/admin/"
CONFERENCES_UP = "status/v1/conference/"
PARTICIPANTS = "status/v1/participant/"
NODES_UP = "status/v1/worker_vm/"
GLOBAL = "configuration/v1/global/"
CONFERENCES = "configuration/v1/conference/"
SYSLOG = "configuration/v1/syslog_server/"
MANAGEMENT_NODES = "configuration/v1/management_vm/"
CONFERENCING_NODES = "configuration/v1/worker_vm/"

MOST_CITED = 8

_URI = re.compile(r"/api/admin/((?:configuration|status)/v1/[a-z0-9_]{1,40}/)")
_SOURCE = re.compile(r"(configuration|status)[_/]v1[_/]([a-z0-9_]{1,40}?)(?:/|\.json|$)")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    kind: str
    """Path below `ROOT`."""
    document: Document
    objects: tuple[Mapping[str, Any], ...]
    total: int | None
    """How many there are, also those on other pages; None when not told."""


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a list and where it stands."""

    values: Mapping[str, Any]
    """Without what two pages say differently of the same object."""
    page: Page
    place: int

    def cite(self, key: str) -> Citation:
        """The line with the key in this very object; the document where it has no such key."""
        if key not in self.values:
            return self.page.document.cite()
        before = sum(key in other for other in self.page.objects[: self.place])
        return cite_key(self.page.document, key, before)


def cite_first(items: Sequence[Item], key: str) -> tuple[Citation, ...]:
    """The key in the first objects that have it: each line is searched for, and lists are long."""
    having = (item for item in items if key in item.values)
    return tuple(item.cite(key) for item in islice(having, MOST_CITED))


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything of one kind that the documents hold."""

    pages: tuple[Page, ...]
    items: tuple[Item, ...]
    """Each object once, in the order of the pages."""
    is_whole: bool
    """There are no others, and no two pages contradict each other."""

    def cite(self, key: str) -> tuple[Citation, ...]:
        """The key in the objects that have it; where there are no objects, that there are none."""
        empty = () if self.items else (cite_key(self.pages[0].document, "total_count"),)
        return cite_first(self.items, key) or empty


def page_of(document: Document) -> Page | None:
    """None for a document that is no list of one known kind."""
    value = decoded(document)
    if not isinstance(value, dict):
        return None
    meta, objects = value.get("meta"), value.get("objects")
    if "meta" not in value and _kind(value):
        # one object asked for by its number; of the global settings there is no other
        return Page(_kind(value), document, (value,), 1 if _kind(value) == GLOBAL else None)
    if not isinstance(meta, dict) or not isinstance(objects, list):
        return None
    kinds = {_kind(item) for item in objects}
    if not objects:
        named = _SOURCE.search(document.source)
        kinds = {f"{named[1]}/v1/{named[2]}/"} if named else set()
    total = meta.get("total_count")
    if isinstance(total, bool) or not isinstance(total, int) or total < len(objects):
        total = None
    if len(kinds) != 1 or kinds == {""}:
        return None
    return Page(kinds.pop(), document, tuple(objects), total)


def _kind(item: Any) -> str:
    uri = item.get("resource_uri") if isinstance(item, dict) else None
    match = _URI.match(uri) if isinstance(uri, str) else None
    return match[1] if match else ""


def listings(pages: Sequence[Page]) -> dict[str, Listing]:
    """The pages by kind."""
    by_kind: dict[str, list[Page]] = {}
    for page in pages:
        by_kind.setdefault(page.kind, []).append(page)
    return {kind: _together(tuple(of_kind)) for kind, of_kind in by_kind.items()}


def _together(pages: tuple[Page, ...]) -> Listing:
    items: dict[str, Item] = {}
    agreed = True
    for item in _all(pages):
        uri = str(item.values["resource_uri"])
        known = items.setdefault(uri, item)
        if known.values != item.values:
            agreed = False
            common = {k: v for k, v in known.values.items() if item.values.get(k, v) == v}
            items[uri] = replace(known, values=common)
    totals = {page.total for page in pages}
    return Listing(pages, tuple(items.values()), agreed and totals == {len(items)})


def _all(pages: Sequence[Page]) -> Iterator[Item]:
    for page in pages:
        for place, values in enumerate(page.objects):
            yield Item(values, page, place)
