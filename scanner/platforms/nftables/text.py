"""The listing of `nft list ruleset` as tables, chains, sets and statements, with line numbers.

Made for what nft 1.0 prints; hand-written files in the same words are read as well. What does not
fit becomes an unread line, never an error.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_TOKENS = 400_000
"""Beyond this the rest of a listing is not read, and said to be unread."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+)|(?P<comment>\#[^\n]*)|(?P<newline>\\?\n)|"(?P<string>[^"\n]*)"
    |(?P<mark>!=|==|<=|>=|[{};,<>=])|(?P<word>[^\s{};,"=<>!]+)|(?P<other>.)""",
    re.VERBOSE,
)

_PRIORITIES = {
    "raw": -300,
    "mangle": -150,
    "dstnat": -100,
    "filter": 0,
    "security": 50,
    "srcnat": 100,
}


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    line: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a chain: tokens without the newline; braces inside are balanced."""

    tokens: tuple[Token, ...]

    @property
    def line(self) -> int:
        return self.tokens[0].line

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(token.text for token in self.tokens)


@dataclass
class Chain:
    family: str
    table: str
    name: str
    line: int
    statements: list[Statement] = field(default_factory=list)
    hook: str | None = None
    """None for a chain that is only jumped to."""
    kind: str | None = None
    priority: int = 0
    policy: str = "accept"


@dataclass
class NamedSet:
    """A set or map. `elements` is None where its content is not understood or changes by itself."""

    name: str
    line: int
    elements: tuple[Token, ...] | None = ()


@dataclass
class Ruleset:
    chains: dict[tuple[str, str, str], Chain] = field(default_factory=dict)
    """By family, table and name."""
    sets: dict[tuple[str, str, str], NamedSet] = field(default_factory=dict)
    unread: list[tuple[int, str]] = field(default_factory=list)
    """Line and why, for structure that was not understood."""
    complete: bool = True
    """False when the listing breaks off."""
    tables: int = 0


_FAMILIES = frozenset({"ip", "ip6", "inet", "arp", "bridge", "netdev"})
_HOOKS = frozenset({"ingress", "prerouting", "input", "forward", "output", "postrouting", "egress"})
_KINDS = frozenset({"filter", "nat", "route"})


def parse(text: str) -> Ruleset:
    """Everything understood of a listing; what was not is in `unread`."""
    tokens = _tokens(text)
    ruleset = Ruleset()
    position = 0
    while position < len(tokens):
        statement, block, position = _next(tokens, position, ruleset)
        words = [token.text for token in statement]
        if not words:
            continue
        family = words[1] if len(words) == 3 else "ip"
        if words[0] == "table" and len(words) in {2, 3} and block is not None:
            if family not in _FAMILIES:
                ruleset.unread.append((statement[0].line, "family of a table"))
            ruleset.tables += 1
            _table(family, words[-1], block, ruleset)
        elif words != ["flush", "ruleset"]:
            ruleset.unread.append((statement[0].line, "not a table"))
    if len(tokens) >= MAX_TOKENS:
        ruleset.complete = False
    return ruleset


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "newline":
            if not match.group().startswith("\\"):
                found.append(Token("\n", line))
            line += 1
        elif kind == "string":
            found.append(Token(match["string"], line, quoted=True))
        elif kind == "comment":
            if _stands_for_something(match.group(), line, found):
                found.append(Token(match.group(), line))
        elif kind != "space":
            found.append(Token(match.group(), line))
        if len(found) >= MAX_TOKENS:
            break
    return found


_HANDLE = re.compile(r"#\s*handle\s+\d+\s*")


def _stands_for_something(comment: str, line: int, before: Sequence[Token]) -> bool:
    """`# xt_multiport counter accept` is how nft writes a rule with a part that it cannot print."""
    if not before or before[-1].line != line or _HANDLE.fullmatch(comment):
        return False
    return before[-1].text not in {"{", "}", ";", ",", "\n"} or before[-1].quoted


def _is(token: Token, text: str) -> bool:
    return token.text == text and not token.quoted


def _next(
    tokens: Sequence[Token], position: int, ruleset: Ruleset
) -> tuple[list[Token], Sequence[Token] | None, int]:
    """The words up to the end of a statement, the block that follows them if any, what is next."""
    words: list[Token] = []
    while position < len(tokens):
        token = tokens[position]
        if _is(token, "{"):
            end = _closing(tokens, position)
            if end is None:
                ruleset.complete = False
                return words, tokens[position + 1 :], len(tokens)
            return words, tokens[position + 1 : end], end + 1
        position += 1
        if _is(token, "\n") or _is(token, ";"):
            break
        words.append(token)
    return words, None, position


def _closing(tokens: Sequence[Token], position: int) -> int | None:
    depth = 0
    for index in range(position, len(tokens)):
        if _is(tokens[index], "{"):
            depth += 1
        elif _is(tokens[index], "}"):
            depth -= 1
            if depth == 0:
                return index
    return None


_HARMLESS = frozenset(
    {"flags", "comment", "counter", "quota", "limit", "flowtable", "ct", "synproxy"}
)
"""Parts of a table that decide nothing until a rule refers to them."""


def _table(family: str, table: str, block: Sequence[Token], ruleset: Ruleset) -> None:
    position = 0
    while position < len(block):
        statement, inner, position = _next(block, position, ruleset)
        if not statement:
            continue
        words = [token.text for token in statement]
        key = (family, table, words[-1])
        line = statement[0].line
        if words[0] == "chain" and len(words) == 2 and inner is not None:
            ruleset.chains[key] = _chain(Chain(family, table, words[1], line), inner, ruleset)
        elif words[0] in {"set", "map"} and len(words) == 2 and inner is not None:
            ruleset.sets[key] = _set(NamedSet(words[1], line), inner, ruleset)
        elif words[0] not in _HARMLESS:
            ruleset.unread.append((line, "not a chain or a set"))


def _chain(chain: Chain, block: Sequence[Token], ruleset: Ruleset) -> Chain:
    for statement in _statements(block):
        words = statement.words
        if (words[0] == "type" and "hook" in words) or {"hook", "priority"} & set(words[:6:2]):
            _head(chain, words, statement.line, ruleset)
        elif words[0] == "policy":
            _policy(chain, words, statement.line, ruleset)
        elif words[0] not in {"comment", "devices", "device"}:
            chain.statements.append(statement)
    return chain


def _policy(chain: Chain, words: tuple[str, ...], line: int, ruleset: Ruleset) -> None:
    if words[1:] not in {("accept",), ("drop",)} or chain.hook is None:
        ruleset.unread.append((line, "policy"))
    else:
        chain.policy = words[1]


def _head(chain: Chain, words: tuple[str, ...], line: int, ruleset: Ruleset) -> None:
    """`type filter hook forward priority filter + 10`."""
    chain.kind = words[1] if len(words) > 1 else None
    after = dict(itertools.pairwise(words))
    chain.hook = after.get("hook")
    if words[0] != "type" or chain.kind not in _KINDS or chain.hook not in _HOOKS:
        ruleset.unread.append((line, "hook"))
    base, *offset = words[words.index("priority") + 1 :] if "priority" in words else ("0",)
    try:
        start = _PRIORITIES[base] if base in _PRIORITIES else int(base)
        chain.priority = start + int("".join(offset) or 0)
    except ValueError:
        ruleset.unread.append((line, "priority"))


def _statements(block: Sequence[Token]) -> list[Statement]:
    """Cut at newlines and semicolons that are not inside braces."""
    found: list[Statement] = []
    words: list[Token] = []
    depth = 0
    for token in block:
        if depth == 0 and (_is(token, "\n") or _is(token, ";")):
            if words:
                found.append(Statement(tuple(words)))
            words = []
            continue
        depth += _is(token, "{") - _is(token, "}")
        if not _is(token, "\n"):
            words.append(token)
    if words:
        found.append(Statement(tuple(words)))
    return found


_DESCRIBING = frozenset({"type", "typeof", "flags", "size", "auto-merge", "comment", "counter"})


def _set(named: NamedSet, block: Sequence[Token], ruleset: Ruleset) -> NamedSet:
    for statement in _statements(block):
        words = statement.words
        changes_by_itself = words[0] in {"timeout", "gc-interval"} or (
            words[0] == "flags" and {"dynamic", "timeout"} & set(words)
        )
        if changes_by_itself:
            named.elements = None
        elif words[:3] == ("elements", "=", "{") and words[-1] == "}":
            if named.elements is not None:
                named.elements = statement.tokens[3:-1]
        elif words[0] not in _DESCRIBING:
            named.elements = None
            ruleset.unread.append((statement.line, "part of a set"))
    return named
