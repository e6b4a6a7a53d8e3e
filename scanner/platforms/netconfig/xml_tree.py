"""A configuration in XML as a tree with line numbers.

Document types and entities of its own are refused, and so is a document that is not whole: a
firewall of which lines are missing is another firewall.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.parsers import expat

from scanner.evidence import Document

MAX_DEPTH = 64
MAX_ELEMENTS = 2_000_000


_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Node:
    """One element."""

    name: str
    line: int
    """Where it begins, 1-based."""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NO_ATTRIBUTES)
    text: str = ""
    """Its own text, white space at both ends removed."""
    children: Sequence[Node] = ()
    last_line: int = 0

    def child(self, name: str) -> Node | None:
        """The last child of that name: PHP's and libxml's readers keep the last one of a scalar."""
        for child in reversed(self.children):
            if child.name == name:
                return child
        return None

    def named(self, name: str) -> list[Node]:
        """All children of that name, in order."""
        return [child for child in self.children if child.name == name]

    def at(self, *path: str) -> Node | None:
        """The node below, child by child."""
        node: Node | None = self
        for name in path:
            node = node.child(name) if node is not None else None
        return node

    def value(self, name: str) -> str:
        """The text of a child; empty when there is none."""
        for child in reversed(self.children):
            if child.name == name:
                return child.text
        return ""

    def all(self) -> Iterator[Node]:
        """The node and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True, slots=True)
class Tree:
    root: Node | None
    """None when the document was not read to its end."""
    error: str = ""
    line: int = 1
    """Where the error was met."""


class _Refused(Exception):
    pass


def tree(document: Document) -> Tree:
    """The document as a tree. Never raises."""
    return document.once(_tree)


def begins(document: Document) -> bytes:
    """The first bytes after byte order mark and white space, to tell quickly whose file it is."""
    return document.content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")


def _tree(document: Document) -> Tree:
    content = document.content.removeprefix(b"\xef\xbb\xbf")
    stripped = content.lstrip(b" \t\r\n")
    if not stripped.startswith(b"<"):
        return Tree(None, "not XML")
    builder = _Builder(content[: len(content) - len(stripped)].count(b"\n"))
    try:
        builder.parser.Parse(stripped, True)
    except _Refused as refusal:
        return Tree(None, str(refusal), builder.line)
    except (expat.ExpatError, ValueError, LookupError) as failure:
        return Tree(None, f"not well-formed XML ({type(failure).__name__})", builder.line)
    return Tree(builder.root, "", builder.line)


class _Builder:
    def __init__(self, skipped: int) -> None:
        self.root: Node | None = None
        self._skipped = skipped
        self._open: list[Node] = []
        self._inside: list[list[Node] | None] = []
        """The children of each element that is open."""
        self._text: list[str] = []
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self._skipped

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise _Refused("more elements, or deeper ones, than a configuration can have")
        # most elements have neither attributes nor children, and the fewer objects there are, the
        # less the garbage collector has to look through
        node = Node(
            name, self.parser.CurrentLineNumber + self._skipped, attributes or _NO_ATTRIBUTES
        )
        if self._open:
            inside = self._inside[-1]
            if inside is None:
                inside = self._inside[-1] = []
                self._open[-1].children = inside
            inside.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._inside.append(None)
        self._text.clear()

    def _end(self, _name: str) -> None:
        node = self._open.pop()
        self._inside.pop()
        node.last_line = self.parser.CurrentLineNumber + self._skipped
        if not node.children and self._text:
            node.text = "".join(self._text).strip()
        self._text.clear()

    def _refuse(self, *_what: object) -> int:
        raise _Refused("document types and entities are refused")
