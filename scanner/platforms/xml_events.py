"""What a parser says of a hostile XML document, gathered into elements."""

from __future__ import annotations

from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException, sax

from scanner.platforms.xml_elements import Element, Step

MAX_DEPTH = 24
MAX_ELEMENTS = 50_000


def read(content: bytes, skipped: int) -> tuple[list[Element], str, int]:
    """The elements that were closed, why it was not read to its end, and the line that was reached.

    `skipped` lines stand before the content. Never raises.
    """
    handler = _Handler(skipped)
    error = ""
    try:
        sax.parseString(content, handler, forbid_dtd=True)
    except _Enough:
        error = "more elements, or deeper ones, than such a document can have"
    except (SAXException, DefusedXmlException, ValueError, LookupError) as failure:
        error = f"not well-formed XML ({type(failure).__name__})"
    return handler.found, error, handler.line


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
