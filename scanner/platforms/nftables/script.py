"""An nftables script or listing as chains, sets and rules, whatever the order of its parts.

Tables in blocks, `add rule`, `insert rule`, `add element`, `define`, `flush` and `delete`; parts of
one chain that stand in several places are put together. What does not fit is `unread`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rules.packets.policy import Unread
from scanner.evidence import printable
from scanner.platforms.nftables.statements import Statement, Statements, elements
from scanner.platforms.nftables.words import plain

FAMILIES: Final = frozenset({"ip", "ip6", "inet", "arp", "bridge", "netdev"})


@dataclass(slots=True)
class ChainText:
    family: str
    table: str
    name: str
    line: int
    rules: list[Statement] = field(default_factory=list)
    head: Statement | None = None
    policy: Statement | None = None
    devices: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SetText:
    name: str
    line: int
    elements: list[tuple[int, list[str]]] = field(default_factory=list)
    """Line and words of each element."""
    doubt: str = ""
    """Why its elements are not known."""
    given: bool = False
    """Elements were written down, if only an empty list."""


Key = tuple[str, str, str]


@dataclass(slots=True)
class Script:
    chains: dict[Key, ChainText] = field(default_factory=dict)
    sets: dict[Key, SetText] = field(default_factory=dict)
    tables: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Family and name; False where the table is dormant."""
    unread: list[Unread] = field(default_factory=list)
    complete: bool = True
    """False when it breaks off."""


def script_of(lines: Sequence[str]) -> Script:
    """What the lines set up; never raises."""
    parser = _Parser(lines)
    parser.top()
    return parser.script


class _Parser:
    def __init__(self, lines: Sequence[str]) -> None:
        self.script = Script()
        self._lines = lines
        self._defined: dict[str, list[str]] = {}
        self._statements = Statements(lines, self._defined)

    def _not_read(self, line: int, why: str) -> None:
        text = printable(self._lines[line - 1]) if 0 < line <= len(self._lines) else ""
        self.script.unread.append(Unread(line, text, printable(why, 60)))

    # --- the levels --------------------------------------------------------------------------

    def top(self) -> None:
        """The whole text."""
        while self._statements.line is not None:
            statement, block = self._statements.next(_TOP)
            if statement is not None:
                self._command(statement, block)
            elif (line := self._statements.line) is not None:
                self._not_read(line, "}")  # it closes nothing
                self._statements.skip()
        self.script.complete = self._statements.complete

    def _command(self, statement: Statement, block: bool) -> None:
        words = statement.words
        if words and words[0] in {"add", "create"} and len(words) > 1:
            words = words[1:]
        elif words and words[0] in {"delete", "destroy", "flush", "replace"}:
            self._removal(statement)
            return
        subject = words[0] if words else ""
        if subject == "table":
            self._table(Statement(statement.line, words), block)
        elif self._define(statement) or subject in {"list", "rename"}:
            pass
        elif subject == "include":
            self._not_read(statement.line, "include")
        elif subject in {"chain", "set", "map"} and block:
            self._named(statement, words)
        elif subject in {"element", "rule", "insert", "chain"}:
            self._single(statement, words)
        elif subject in _OBJECTS:
            if block:
                self._statements.skip_block()
        else:
            self._not_read(statement.line, subject or "{")
            if block:
                self._statements.skip_block()

    def _define(self, statement: Statement) -> bool:
        words = statement.words
        if not words or words[0] not in {"define", "redefine", "undefine"}:
            return False
        if words[0] == "undefine":
            self._defined.pop(" ".join(words[1:2]), None)
        elif len(words) > 3 and words[2] == "=":
            self._defined[words[1]] = words[3:]
        else:
            self._not_read(statement.line, "define")
        return True

    def _of_table(self, words: Sequence[str], count: int) -> tuple[str, str, list[str]] | None:
        """Family, table and the `count` or more words after them."""
        family = words[1] if len(words) > 1 and words[1] in FAMILIES else None
        rest = list(words[2:] if family else words[1:])
        if len(rest) < 1 + count:
            return None
        return family or "ip", plain(rest[0]), rest[1:]

    def _removal(self, statement: Statement) -> None:
        """`flush ruleset`, `delete table`, `flush chain`: what stood before is gone."""
        words = statement.words
        script = self.script
        if words[1:2] == ["ruleset"]:
            script.chains.clear()
            script.sets.clear()
            script.tables.clear()
            return
        found = self._of_table(words[1:], 0)
        subject = words[1] if len(words) > 1 else ""
        if (
            found is None
            or subject not in {"table", "chain", "set", "map"}
            or words[0] == "replace"
        ):
            self._not_read(statement.line, " ".join(words[:2]))
            return
        family, table, rest = found
        for key in [k for k in script.chains if k[:2] == (family, table)]:
            if subject == "table" or (subject == "chain" and rest[:1] == [key[2]]):
                if words[0] == "flush":
                    script.chains[key].rules.clear()
                else:
                    del script.chains[key]
        for key in [k for k in script.sets if k[:2] == (family, table)]:
            if (subject == "table" and words[0] != "flush") or (
                subject in {"set", "map"} and rest[:1] == [key[2]]
            ):
                del script.sets[key]

    def _table(self, statement: Statement, block: bool) -> None:
        found = self._of_table(statement.words, 0)
        if found is None or found[2]:  # a family that does not exist would look like the name
            self._not_read(statement.line, "table")
            if block:
                self._statements.skip_block()
            return
        family, table, _ = found
        self.script.tables.setdefault((family, table), True)
        if block:
            self._in_table(family, table)

    def _in_table(self, family: str, table: str) -> None:
        while True:
            statement, block = self._statements.next(_IN_TABLE)
            if statement is None:
                break
            words = statement.words
            if block and words[:1] and words[0] in {"chain", "set", "map"} and len(words) == 2:
                self._body(words[0], family, table, plain(words[1]), statement.line)
            elif words[:1] == ["flags"]:
                if "dormant" in words:
                    self.script.tables[family, table] = False
            elif words[:1] == ["include"]:
                self._not_read(statement.line, "include")
            elif not self._define(statement):
                if not words or words[0] not in _OBJECTS:
                    self._not_read(statement.line, words[0] if words else "{")
                if block:
                    self._statements.skip_block()
        self._statements.close()

    def _named(self, statement: Statement, words: list[str]) -> None:
        """`add chain inet t c { ... }`."""
        found = self._of_table(words, 1)
        if found is None:
            self._not_read(statement.line, words[0])
            self._statements.skip_block()
            return
        family, table, rest = found
        self.script.tables.setdefault((family, table), True)
        self._body(words[0], family, table, plain(rest[0]), statement.line)

    def _body(self, subject: str, family: str, table: str, name: str, line: int) -> None:
        if subject == "chain":
            self._in_chain(self._chain(family, table, name, line))
        else:
            self._in_set(self._set(family, table, name, line))

    def _chain(self, family: str, table: str, name: str, line: int) -> ChainText:
        key = family, table, name
        if key not in self.script.chains:
            self.script.chains[key] = ChainText(family, table, name, line)
        return self.script.chains[key]

    def _set(self, family: str, table: str, name: str, line: int) -> SetText:
        return self.script.sets.setdefault((family, table, name), SetText(name, line))

    def _in_chain(self, chain: ChainText) -> None:
        while True:
            statement, _ = self._statements.next()
            if statement is None:
                break
            words = statement.words
            if words and words[0] == "type" and "hook" in words:
                chain.head = statement
            elif words and words[0] == "policy":
                chain.policy = statement
            elif words[:1] == ["include"]:
                self._not_read(statement.line, "include")
            elif "hook" in words:  # the chain may be a base chain, and no rule has this word
                self._not_read(statement.line, words[0])
            elif words and words[0] in {"devices", "device"}:
                chain.devices += _listed(words[1:])
            elif words and words[0] not in {"comment", "flags"} and not self._define(statement):
                chain.rules.append(statement)
        self._statements.close()

    def _in_set(self, found: SetText) -> None:
        while True:
            statement, _ = self._statements.next()
            if statement is None:
                break
            words = statement.words
            if words[:1] == ["elements"]:
                self._elements(found, statement)
            elif words[:1] == ["flags"] and {"timeout", "dynamic"} & set(words):
                found.doubt = "flags " + " ".join(words[1:])
            elif words[:1] == ["timeout"]:
                found.doubt = "timeout"
        self._statements.close()

    def _elements(self, found: SetText, statement: Statement) -> None:
        found.given = True
        words = statement.words
        if "{" not in words or words[-1] != "}":
            found.doubt = "elements"
            return
        start = words.index("{")
        lines = statement.lines[start:]
        for at, element in elements(words[start:]):
            if "timeout" in element or "expires" in element:
                found.doubt = "timeout"
            found.elements.append((lines[at], element))

    def _single(self, statement: Statement, words: list[str]) -> None:
        """`add rule ip t c ...`, `insert rule ...`, `add element ...`, `add chain ip t c`."""
        front = words[0] == "insert"
        words = words[1:] if front else words
        found = self._of_table(words, 1)
        if found is None or words[0] not in {"element", "rule", "chain"}:
            self._not_read(statement.line, " ".join(words[:2]))
            return
        family, table, (name, *rest) = found
        self.script.tables.setdefault((family, table), True)
        if words[0] == "element":
            self._elements(self._set(family, table, name, statement.line), statement)
            return
        chain = self._chain(family, table, name, statement.line)
        if words[0] == "chain" and rest[:2] == ["{", "type"]:
            self._inline_head(chain, Statement(statement.line, rest[1:-1]))
        elif words[0] == "rule" and rest[:1] and rest[0] in {"handle", "position", "index"}:
            self._not_read(statement.line, rest[0])
        elif words[0] == "rule":
            chain.rules.insert(0 if front else len(chain.rules), Statement(statement.line, rest))

    def _inline_head(self, chain: ChainText, statement: Statement) -> None:
        words = statement.words
        at = words.index("policy") if "policy" in words else len(words)
        chain.head = Statement(statement.line, [w for w in words[:at] if w != ";"])
        if at < len(words):
            chain.policy = Statement(statement.line, [w for w in words[at:] if w != ";"])


_IN_TABLE: Final = frozenset(
    {"chain", "set", "map", "flowtable", "counter", "quota", "limit", "ct", "synproxy", "secmark"}
)
_TOP: Final = _IN_TABLE | {"table"}
"""What a block may follow."""
_OBJECTS: Final = frozenset(
    {"flowtable", "counter", "quota", "limit", "ct", "synproxy", "secmark", "comment", "flags"}
)
"""Parts of a table that decide nothing until a rule refers to them."""


def _listed(words: Sequence[str]) -> list[str]:
    return [plain(word) for word in words if word not in {"=", "{", "}", ","}]
