"""The three forms of a PAN-OS configuration as one tree: XML, `set` commands, braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat  # entities and document types are refused below

from rules.packets.policy import Unread
from scanner.evidence import Document, printable
from scanner.platforms.netconfig.statements import Statements, harmless, parsed
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.one_line_rules import merge, spread

DEPTH_MAX = 60
ELEMENTS_MAX = 2_000_000
_SECRET = re.compile(
    r"((?:snmp-community-string|phash|password|secret|authpwd|privpwd|pre-shared-key|key)\s+)[^\s;]+"
)
VALUE_MAX = 2_000


@dataclass
class Source:
    """The tree of a document with the names that may be left out taken away."""

    document: Document
    statements: Statements
    root: Node
    version: tuple[str, int] | None = None
    unread: list[Unread] = field(default_factory=list)

    def text(self, line: int) -> str:
        lines = self.document.lines
        return shown(lines[line - 1]) if 0 < line <= len(lines) else ""

    def odd(self, line: int, why: str, matters: bool = True) -> None:
        """Notes a line that was not understood."""
        self.unread.append(Unread(line, self.text(line), why, matters))


def shown(line: str) -> str:
    """A line as it may be shown, without what stands behind the name of a secret."""
    return printable(_SECRET.sub(r"\1<redacted>", line))


def source_of(document: Document) -> Source:
    """The configuration of a document, parsed once."""
    return document.once(_source)


def _source(document: Document) -> Source:
    version = None
    if document.text.lstrip("\ufeff \r\n\t")[:1] == "<":
        reader = _Xml(document)
        statements, version = reader.statements, reader.version
    else:
        statements = parsed(harmless(document))
    source = Source(document, statements, _lifted(statements.root), version)
    for line in statements.odd:
        source.unread.append(Unread(line.line, shown(line.text), line.why))
    return source


def _lifted(root: Node) -> Node:
    """`config`, `devices NAME` and the implied first vsys are taken away."""
    whole = Node("", 1)
    for node in _homes(root):
        merge(whole, node)
    spread(whole)
    return whole


def _homes(root: Node) -> Iterator[Node]:
    yield _without(root, {"config", "devices"})
    tops = [node for node in (root.get("config"), root) if node is not None]
    config = root.get("config")
    if config is not None:
        yield _without(config, {"devices"})
    for top in tops:
        yield from top.each("devices")


def _without(node: Node, words: set[str]) -> Node:
    new = Node(node.word, node.line)
    new.below = {word: child for word, child in node.below.items() if word not in words}
    return new


class _TooMuch(Exception):
    """More than a configuration holds, or a document type."""


class _Xml:
    """`<entry name="x">` and `<member>x</member>` are the word x, as in the other forms."""

    def __init__(self, document: Document) -> None:
        self.statements = Statements()
        self.version: tuple[str, int] | None = None
        self._open: list[tuple[Node, int]] = [(self.statements.root, 0)]
        self._text: list[str] = []
        self._leaf = False
        self._count = 0
        content = document.content.removeprefix(b"\xef\xbb\xbf")
        self._skipped = content[: len(content) - len(content.lstrip())].count(b"\n")
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._refused
        parser.EntityDeclHandler = self._refused
        try:
            parser.Parse(content.lstrip(), True)
        except (expat.ExpatError, _TooMuch, ValueError):
            self.statements.whole = False

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._skipped

    def _refused(self, *_: object) -> None:
        raise _TooMuch

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > DEPTH_MAX or self._count > ELEMENTS_MAX:
            raise _TooMuch
        line = self._line()
        parent = self._open[-1][0]
        self._leaf = True
        self._text.clear()
        if name == "member":
            self._open.append((parent, line))
            return
        if name == "config" and len(self._open) == 1 and "version" in attributes:
            self.version = (attributes["version"], line)
        word = printable(attributes.get("name", ""), VALUE_MAX) if name == "entry" else name
        node = parent.put([word], line)
        self._open.append((node, line))
        path = tuple(one.word for one, _ in self._open[1:5])
        self.statements.paths.append((line, path))

    def _end(self, name: str) -> None:
        node, line = self._open.pop()
        if self._leaf:
            text = "".join(self._text).strip()
            if text:
                node.put([printable(" ".join(text.split()), VALUE_MAX)], line)
        self._leaf = False
        self._text.clear()
