"""Trees of words as text: `set a b c` line by line, `a { b c; }`, or both in one file.

Understands the commands that change what was set before (`delete`, `deactivate`, `insert`,
`rename`, `move`, `copy`), and marks like `inactive:`. A line that is no statement is kept apart,
never guessed at. Lines may hold at most WORDS_MAX words outside of lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from scanner.evidence import Document, printable
from scanner.platforms.netconfig.word_tree import Node, copied

WORDS_MAX = 60
DEPTH_MAX = 40
QUOTED_LINES_MAX = 200
LINE_MAX = 100_000

_STEERS: Final = re.compile(
    r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)

_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([\[\]{};])|([^\s\[\]{};"]+)')
_NO_STATEMENT: Final = re.compile(
    r"#|!|\[edit[^]]{0,200}\]$|\{(?:primary|secondary|master|backup|linecard|disabled)[^}]{0,40}\}$"
    r"|\S{1,80}@\S{1,120}[>#%]|RANCID-|---\(more"
)
_MARKS: Final = frozenset({"inactive:", "replace:", "protect:", "active:", "unprotect:"})
COMMANDS: Final = frozenset(
    {"set", "delete", "deactivate", "activate", "insert", "rename", "move", "copy", "annotate"}
    | {"protect", "unprotect", "edit", "top", "up", "exit", "replace", "override", "wildcard"}
)


@dataclass(frozen=True, slots=True)
class Odd:
    """A line that is no statement, or a command that could not be carried out."""

    line: int
    text: str
    why: str


@dataclass
class Statements:
    """A configuration as it is after its last line."""

    root: Node = field(default_factory=lambda: Node("", 1))
    odd: list[Odd] = field(default_factory=list)
    silent: int = 0
    """Lines with comments, prompts and the like."""
    paths: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Every line that says something, with the first words of what it says."""
    whole: bool = True
    """Every block that was opened was closed."""
    sets: int = 0
    """Lines that are commands, and not in blocks."""


def harmless(document: Document) -> Sequence[str]:
    """The lines of a document without what could steer a terminal."""
    if _STEERS.search(document.text) is None:
        return document.lines
    return tuple(printable(line, LINE_MAX) for line in document.lines)


def parsed(lines: Sequence[str]) -> Statements:
    """The tree of a configuration. Never raises."""
    reader = _Reader(lines)
    reader.run()
    return reader.result


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.result = Statements()
        self.open: list[Node] = [self.result.root]
        self.tops: list[tuple[str, ...]] = [()]
        self.pending: list[str] = []
        """Words of a statement that goes on on the next line."""
        self.at = 0

    def run(self) -> None:
        lines, count = self.lines, len(self.lines)
        while self.at < count:
            text = lines[self.at].strip()
            self.at += 1
            if not text:
                continue
            if len(self.open) == 1 and not self.pending:
                self._outside(text)
            else:
                self._inside(text)
        if len(self.open) > 1 or self.pending:
            self.result.whole = False

    # --- outside of blocks -------------------------------------------------------------------

    def _outside(self, text: str) -> None:
        first = text.split(None, 1)[0]
        if first in COMMANDS and not text.endswith("{"):
            self._command(first, text)
        elif _NO_STATEMENT.match(text):
            self.result.silent += 1
        elif text.startswith("/*"):
            self._comment(text)
        elif "{" in text or text.endswith(";"):
            self._inside(text)
        else:
            self._odd(text, "is no statement")

    def _odd(self, text: str, why: str) -> None:
        self.result.odd.append(Odd(self.at, text, why))

    def _command(self, command: str, text: str) -> None:
        line = self.at
        words = self._words(text)
        self.result.sets += 1
        if words is None or len(words) < 2:
            silent = words is not None and command in {"top", "up", "exit"}
            if not silent:
                self._odd(text, "is not complete")
            return
        del words[0]
        self.result.paths.append((line, tuple(words[:3])))
        if command == "set":
            self._put(self.result.root, words, line, text)
        elif command not in {"annotate", "protect", "unprotect"}:
            done = _changed(self.result.root, command, words, line)
            if not done:
                self._odd(text, f"“{command}” could not be carried out")

    def _words(self, text: str) -> list[str] | None:
        """The words of a line, `[` and `]` among them; None when a quotation mark stays open."""
        if '"' not in text:
            if "[" in text or "]" in text:
                text = text.replace("[", " [ ").replace("]", " ] ")
            return text.split()
        text = self._closed(text)
        if text.count('"') % 2 and text.replace('\\"', "").count('"') % 2:
            return None
        return [found[1] if found[1] is not None else found[0] for found in _TOKEN.finditer(text)]

    def _closed(self, text: str) -> str:
        """The text with the lines that a quoted value goes on on."""
        count = text.count('"')
        if not count % 2:
            return text
        for end in range(self.at, min(self.at + QUOTED_LINES_MAX, len(self.lines))):
            if '"' in self.lines[end]:
                more = self.lines[self.at : end + 1]
                self.at = end + 1
                return "\n".join([text, *more])
        return text

    # --- blocks ------------------------------------------------------------------------------

    def _comment(self, text: str) -> None:
        """Goes behind the end of a comment that begins with this line."""
        self.result.silent += 1
        while "*/" not in text and self.at < len(self.lines):
            text = self.lines[self.at].strip()
            self.at += 1
            self.result.silent += 1
        rest = text.split("*/", 1)[1].strip() if "*/" in text else ""
        if rest:
            self._inside(rest)

    def _inside(self, text: str) -> None:
        if text == "}":
            self._close(text)
            self.result.silent += 1
            return
        if text[0] == "#":
            self.result.silent += 1
            return
        if "/*" in text:
            before, _, rest = text.partition("/*")
            if '"' not in before:
                if before.strip():
                    self._inside(before.strip())
                self._comment("/*" + rest)
                return
        if not self.pending and '"' not in text and "[" not in text and "#" not in text:
            body, last = text[:-1], text[-1]
            if not any(mark in body for mark in "{};"):
                if last == "{":
                    self._begin(body.split(), self.at)
                    return
                if last == ";":
                    self._end(body.split(), self.at, text)
                    return
        self._slowly(text)

    def _slowly(self, text: str) -> None:
        line = self.at
        text = self._closed(text)
        words = self.pending
        self.pending = []
        for found in _TOKEN.finditer(text):
            quoted, mark, word = found.groups()
            if quoted is not None:
                words.append(quoted)
            elif word is not None:
                if word[0] == "#":
                    break
                words.append(word)
            elif mark == "{":
                self._begin(words, line)
                words = []
            elif mark == ";":
                self._end(words, line, text)
                words = []
            elif mark == "}":
                if words:
                    self._odd(text, "is not complete")
                    words = []
                self._close(text)
            else:
                words.append(mark)
        self.pending = words

    def _begin(self, words: list[str], line: int) -> None:
        marks, words = _marks(words)
        if not words or len(self.open) > DEPTH_MAX or len(words) > WORDS_MAX:
            self._odd(self.lines[line - 1].strip(), "a block without a name, or one too deep")
            self.result.whole = False
            self.open.append(Node("", line))
            self.tops.append(("",))
            return
        parent = self.open[-1]
        if "replace:" in marks:
            _drop_path(parent, words)
        node = parent.put(words, line)
        node.inactive = node.inactive or "inactive:" in marks
        tops = self.tops[-1] if len(self.tops[-1]) >= 3 else (*self.tops[-1], *words)[:3]
        self.open.append(node)
        self.tops.append(tops)
        self.result.paths.append((line, tops))

    def _end(self, words: list[str], line: int, text: str) -> None:
        marks, words = _marks(words)
        if words and ":" in words[0] and words[0].split(":")[0] + ":" in _MARKS:
            self._odd(text, "a mark that is not known")
            self.result.whole = False
            return
        if not words:
            return
        node = self._put(self.open[-1], words, line, text)
        if node is not None and "inactive:" in marks:
            node.inactive = True
        self.result.paths.append((line, (*self.tops[-1], *words)[:3]))

    def _close(self, text: str) -> None:
        if len(self.open) == 1:
            self._odd(text, "closes no block")
            self.result.whole = False
            return
        self.open.pop()
        self.tops.pop()

    def _put(self, parent: Node, words: list[str], line: int, text: str) -> Node | None:
        """The last node of the statement; a list puts each of its members below the same words."""
        if "[" not in words and "]" not in words:
            if len(words) > WORDS_MAX:
                self._odd(text, "has too many words")
                return None
            return parent.put(words, line)
        if words.count("[") != 1 or words.count("]") != 1 or words.index("[") > words.index("]"):
            self._odd(text, "a list that is not closed")
            return None
        begin, end = words.index("["), words.index("]")
        if begin + len(words) - end > WORDS_MAX:
            self._odd(text, "has too many words")
            return None
        home = parent.put(words[:begin], line)
        node = home
        for member in words[begin + 1 : end]:
            node = home.put([member], line)
        return node.put(words[end + 1 :], line)


def _marks(words: list[str]) -> tuple[list[str], list[str]]:
    """The marks before a statement, and the statement; nothing of it where a mark is damaged."""
    at = 0
    while at < len(words) and words[at] in _MARKS:
        at += 1
    return words[:at], words[at:]


# --- commands that change what was set ----------------------------------------------------------


def _changed(root: Node, command: str, words: list[str], line: int) -> bool:
    """Whether the command could be carried out."""
    if "[" in words:
        begin, end = words.index("["), len(words) - 1
        members = [word for word in words[begin + 1 : end] if word != "]"]
        done = [_changed(root, command, [*words[:begin], one], line) for one in members]
        return all(done) and words[-1] == "]"
    if command == "delete":
        _drop_path(root, words)
        return True  # nothing to delete leaves nothing behind
    if command in {"deactivate", "activate"}:
        return _switched(root.get(*words), command == "deactivate")
    if command in {"insert", "move"}:
        return _moved(root, words)
    if command in {"rename", "copy"}:
        return _renamed(root, words, command == "copy")
    return False


def _switched(node: Node | None, off: bool) -> bool:
    if node is not None:
        node.inactive = off
    return node is not None or not off


def _drop_path(root: Node, words: list[str]) -> None:
    parent = root.get(*words[:-1])
    if parent is not None:
        parent.drop(words[-1])


def _moved(root: Node, words: list[str]) -> bool:
    """`... policy P before policy Q`, `... rules R after S`, `... rules R top`."""
    where = next((n for n in range(len(words) - 1, 0, -1) if words[n] in _WHERE), None)
    if where is None:
        return False
    path, how, rest = words[:where], words[where], words[where + 1 :]
    parent = root.get(*path[:-1])
    if parent is None or path[-1] not in parent.below:
        return False
    if how in {"top", "bottom"}:
        parent.place(path[-1], 0 if how == "top" else len(parent.below))
        return not rest
    if not rest or rest[-1] not in parent.below or rest[-1] == path[-1]:
        return False
    others = [word for word in parent.below if word != path[-1]]
    parent.place(path[-1], others.index(rest[-1]) + (how == "after"))
    return True


_WHERE: Final = frozenset({"before", "after", "top", "bottom"})


def _renamed(root: Node, words: list[str], keep: bool) -> bool:
    """`... policy P to policy Q`: Q stands where P stood; a copy stands at the end."""
    if "to" not in words[1:-1]:
        return False
    to = len(words) - 1 - words[::-1].index("to")
    path, new = words[:to], words[-1]
    parent = root.get(*path[:-1])
    if parent is None or path[-1] not in parent.below or new in parent.below:
        return False
    old = parent.below[path[-1]]
    if keep:
        parent.adopt(copied(old, new))
    else:
        at = parent.index(path[-1]) or 0
        parent.drop(path[-1])
        parent.adopt(copied(old, new))
        parent.place(new, at)
    return True
