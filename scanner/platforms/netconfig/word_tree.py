"""Configurations that are trees of words (Junos, PAN-OS): `a b c` stands below `a b`.

Words that stand below the same word keep the order in which they were first written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_NONE: dict[str, Node] = {}
"""What stands below a word that nothing was written below: nobody may change it."""


class Node:
    """A word and what stands below it."""

    __slots__ = ("below", "inactive", "inherited", "line", "word")

    def __init__(self, word: str, line: int) -> None:
        self.word = word
        self.line = line
        """1-based line on which it was first written."""
        self.below: dict[str, Node] = _NONE
        self.inactive = False
        self.inherited = False
        """It comes from a group and was not written here."""

    def put(self, words: Sequence[str], line: int) -> Node:
        """The node of the words below this one, made where it is missing."""
        node = self
        for word in words:
            child = node.below.get(word)
            if child is None:
                child = Node(word, line)
                if node.below is _NONE:
                    node.below = {}
                node.below[word] = child
            node = child
        return node

    def get(self, *words: str) -> Node | None:
        """The node of the words, if they were written."""
        node: Node | None = self
        for word in words:
            if node is None:
                return None
            node = node.below.get(word)
        return node

    def each(self, *words: str) -> tuple[Node, ...]:
        """What stands directly below the words, in order."""
        node = self.get(*words)
        return () if node is None else tuple(node.below.values())

    def value(self, *words: str) -> Node | None:
        """The one word below: the last written, before any that is inherited."""
        found = self.each(*words)
        own = [node for node in found if not node.inherited]
        return own[-1] if own else (found[0] if found else None)

    def leaves(self) -> Iterator[Node]:
        """The words that nothing stands below, in order."""
        stack = list(reversed(self.below.values()))
        while stack:
            node = stack.pop()
            if node.below:
                stack.extend(reversed(node.below.values()))
            else:
                yield node

    def all(self) -> Iterator[Node]:
        """Every word below, each before what stands below it."""
        stack = list(reversed(self.below.values()))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.below.values()))

    def drop(self, word: str) -> bool:
        """Takes a word and all below it away; False when it was not there."""
        return self.below is not _NONE and self.below.pop(word, None) is not None

    def adopt(self, child: Node) -> None:
        """Puts a node below this one, in the place of one of the same word or at the end."""
        if self.below is _NONE:
            self.below = {}
        self.below[child.word] = child

    def place(self, word: str, at: int) -> None:
        """Moves a word below this one to a place among its neighbours (0 = first)."""
        moved = self.below.pop(word)
        neighbours = list(self.below.values())
        neighbours.insert(at, moved)
        self.below = {node.word: node for node in neighbours}

    def index(self, word: str) -> int | None:
        """Its place among its neighbours."""
        return next((n for n, other in enumerate(self.below) if other == word), None)


def copied(node: Node, word: str | None = None, inherited: bool | None = None) -> Node:
    """The node and everything below it once more; with another word, or said to be inherited."""
    new = Node(node.word if word is None else word, node.line)
    new.inactive = node.inactive
    new.inherited = node.inherited if inherited is None else inherited
    if node.below:
        new.below = {child.word: copied(child, None, inherited) for child in node.below.values()}
    return new


def pruned(node: Node) -> None:
    """Takes away what is switched off."""
    stack = [node]
    while stack:
        one = stack.pop()
        if any(child.inactive for child in one.below.values()):
            one.below = {w: child for w, child in one.below.items() if not child.inactive}
        stack.extend(one.below.values())
