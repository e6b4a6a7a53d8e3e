"""The elements of a hostile XML document with the lines they stand on.

Entities and document types are refused, depth and number are bounded, and a document that breaks
off gives what was complete until then together with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scanner.evidence import Document


class Step(NamedTuple):
    name: str
    item: str
    """The attribute `item`, by which Cisco numbers the members of an array; empty without."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element that was closed."""

    path: tuple[Step, ...]
    """From the root to the element itself."""
    attributes: Mapping[str, str]
    text: str
    """Its own text, white space squeezed; empty when it has children."""
    line: int
    """Where it begins."""
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Elements:
    found: tuple[Element, ...]
    """In the order in which they ended: children before their parents."""
    error: str
    """Why the document was not read to its end; empty when it was."""
    line: int
    """How far it was read."""


def elements(document: Document) -> Elements:
    """Never raises. White space before the document is allowed: saved answers often have some."""
    return document.once(_elements)


_MAY_BEGIN_XML = b"<\x00\xfe\xff"
"""The first byte in any encoding."""


def _elements(document: Document) -> Elements:
    content = document.content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    skipped = document.content[: -len(content) or None].count(b"\n")
    if content[:1] not in _MAY_BEGIN_XML:
        return Elements((), "not XML", min(skipped + 1, len(document.lines)))
    from scanner.platforms.xml_events import read  # noqa: PLC0415 - slow, and often not needed

    found, error, line = read(content, skipped)
    return Elements(tuple(found), error, min(line, len(document.lines)))
