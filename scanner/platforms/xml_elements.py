"""The elements of a hostile XML document with the lines they stand on.

Entities and document types are refused, depth and number are bounded, and a document that breaks
off gives what was complete until then together with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException, sax

from scanner.evidence import Document

MAX_DEPTH = 24
MAX_ELEMENTS = 50_000


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
    handler = _Handler(document.content[: -len(content) or None].count(b"\n"))
    error = ""
    if content[:1] not in _MAY_BEGIN_XML:
        return Elements((), "not XML", min(handler.line, len(document.lines)))
    try:
        sax.parseString(content, handler, forbid_dtd=True)
    except _Enough:
        error = "more elements, or deeper ones, than such a document can have"
    except (SAXException, DefusedXmlException, ValueError, LookupError) as failure:
        error = f"not well-formed XML ({type(failure).__name__})"
    return Elements(tuple(handler.found), error, min(handler.line, len(document.lines)))


class _Enough(Exception):
    """The document is larger than its kind can be."""


class _Handler(ContentHandler):
    def __init__(self, skipped: int) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.line = skipped + 1
        self._skipped = skipped
        """Lines before the document."""
        self._locator: Locator | None = None
        self._path: list[Step] = []
        self._begun: list[tuple[dict[str, str], int]] = []
        """Attributes and line of each element on the path."""
        self._text: list[str] = []
        self._is_leaf = False

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the base class's name
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._at_locator()
        if len(self._path) >= MAX_DEPTH:
            raise _Enough
        attributes = dict(attrs.items())
        self._path.append(Step(name, attributes.get("item", "")))
        self._begun.append((attributes, self.line))
        self._text = []
        self._is_leaf = True

    def characters(self, content: str) -> None:
        self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        self._at_locator()
        if len(self.found) >= MAX_ELEMENTS:
            raise _Enough
        path = tuple(self._path)
        self._path.pop()
        attributes, started = self._begun.pop()
        text = " ".join("".join(self._text).split()) if self._is_leaf else ""
        self.found.append(Element(path, attributes, text, started, self._is_leaf))
        self._is_leaf = False

    def _at_locator(self) -> None:
        if self._locator is not None:
            self.line = self._skipped + (self._locator.getLineNumber() or 1)
