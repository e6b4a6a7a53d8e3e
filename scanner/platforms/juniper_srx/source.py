"""One Junos configuration with its groups applied, ready to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.packets.policy import Unread
from scanner.evidence import Document, printable
from scanner.platforms.netconfig.statements import Statements, harmless, parsed
from scanner.platforms.netconfig.word_tree import Node, copied, pruned

GROUPS_DEPTH_MAX = 24
_COMMUNITY = re.compile(r"(\bsnmp\s+community\s+|^\s*community\s+)(?!public\b|private\b)[^\s;{]+")


@dataclass
class Source:
    """The tree of a document, and what was not understood of it so far."""

    document: Document
    statements: Statements
    root: Node
    unread: list[Unread] = field(default_factory=list)

    def text(self, line: int) -> str:
        lines = self.document.lines
        return shown(lines[line - 1]) if 0 < line <= len(lines) else ""

    def odd(self, line: int, why: str, matters: bool = True) -> None:
        """Notes a line that was not understood."""
        self.unread.append(Unread(line, self.text(line), why, matters))


def shown(line: str) -> str:
    """A line as it may be shown: the name of an SNMP community is a secret."""
    return printable(_COMMUNITY.sub(r"\1<redacted>", line) if "community" in line else line)


def source_of(document: Document) -> Source:
    """The configuration of a document, parsed once."""
    return document.once(_source)


def _source(document: Document) -> Source:
    statements = parsed(harmless(document))
    root = statements.root
    source = Source(document, statements, root)
    text = document.text
    if "inactive:" in text or "deactivate" in text:
        pruned(root)
    for line in statements.odd:
        source.unread.append(Unread(line.line, shown(line.text), line.why))
    if "apply-groups" in text:
        _apply_groups(source)
    return source


# --- groups ---------------------------------------------------------------------------------


def _apply_groups(source: Source) -> None:
    """Puts what groups say where they are applied; what is written there itself comes first."""
    root = source.root
    groups = {node.word: node for node in root.each("groups")}
    root.drop("groups")
    stack: list[tuple[tuple[Node, ...], Node]] = [((), root)]
    work = 0
    while stack:
        above, node = stack.pop()
        for applied in node.each("apply-groups"):
            if applied.word in groups:
                # a group that is applied below a block gives what it says for that block
                path = tuple(one.word for one in (*above, node) if one.word)
                for part in _at(groups[applied.word], path):
                    work += _merge(source, node, part)
            elif applied.word != "junos-defaults":
                source.odd(applied.line, f"the group “{applied.word}” is not defined")
        if work > 500_000:
            source.odd(node.line, "too much is inherited from groups")
            return
        for left_out in node.each("apply-groups-except"):
            source.odd(left_out.line, f"apply-groups-except {left_out.word}")
        stack.extend(((*above, node), child) for child in node.below.values() if child.below)


def _at(group: Node, path: tuple[str, ...]) -> Iterator[Node]:
    """What a group says for a place; `<*>` in the group stands for any word there."""
    found = [group]
    for word in path:
        found = [
            child
            for node in found
            for child in node.below.values()
            if child.word == word or _fits(child.word, word)
        ]
    yield from found


def _fits(pattern: str, word: str) -> bool:
    if not (pattern.startswith("<") and pattern.endswith(">")):
        return False
    return fits(pattern[1:-1], word)


def fits(pattern: str, word: str) -> bool:
    """Junos wildcards: `*`, `?`, `[a-z]`, `[!a]`."""
    if pattern == "*":
        return True
    form = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    form = form.replace(r"\[!", "[^").replace(r"\[", "[").replace(r"\]", "]").replace(r"\-", "-")
    try:
        return re.fullmatch(form, word) is not None
    except re.error:
        return False


def _merge(source: Source, node: Node, group: Node, depth: int = 0) -> int:
    """Adds what a group says to a node; returns how many words it added or looked at."""
    work = 1
    if depth > GROUPS_DEPTH_MAX:
        return work
    for part in group.below.values():
        if part.word.startswith("<") and part.word.endswith(">"):
            for child in tuple(node.below.values()):
                if not child.inherited and _fits(part.word, child.word):
                    work += _merge(source, child, part, depth + 1)
            continue
        own = node.below.get(part.word)
        if own is None:
            if node.below and node.word in _ORDERED:
                source.odd(part.line, "the place of an inherited rule among others is not known")
            node.adopt(copied(part, None, True))
            work += sum(1 for _ in part.all())
        else:
            work += _merge(source, own, part, depth + 1)
    return work


_ORDERED = frozenset({"policy", "term", "rule"})
