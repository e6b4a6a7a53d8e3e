"""The words of an nftables script, each with its line.

A quoted string is one word that begins with `"`. Line ends are the word "\\n" except behind a
backslash. Made for 10,000 rules: most lines need no more than `split`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scanner.evidence import printable

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)|"(?P<string>[^"\n]*)"?
    |(?P<mark>!=|==|<=|>=|<<|>>|[{}();,<>=!&|^])|(?P<word>[^\s{}();,"=<>!&|^]+)""",
    re.VERBOSE,
)
_SPECIAL = re.compile(r'["#()=<>!&|^]')
_XTABLES = re.compile(r"#\s*(xt_\w+)\s?")


class Words(NamedTuple):
    """The words of a text, and the line of each."""

    words: list[str]
    lines: list[int]


def words_of(lines: Sequence[str]) -> Words:
    """All words of the lines."""
    words: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, start=1):
        raw = line.replace("\t", " ")
        if not raw.isprintable():
            raw = printable(raw, len(raw))
        found = _plain(raw) if _SPECIAL.search(raw) is None else _marked(raw)
        if not found:
            continue
        continues = found[-1] == "\\"
        if continues:
            found.pop()
        else:
            found.append("\n")
        words += found
        numbers += [number] * len(found)
    return Words(words, numbers)


def _plain(raw: str) -> list[str]:
    for mark in "{};,":
        if mark in raw:
            raw = raw.replace(mark, f" {mark} ")
    return raw.split()


def _marked(raw: str) -> list[str]:
    found: list[str] = []
    at = 0
    while (match := _TOKEN.search(raw, at)) is not None:
        at = match.end()
        kind = match.lastgroup
        if kind == "string":
            found.append('"' + match["string"])
        elif kind != "comment":
            found.append(match[0])
        elif found and (written := _XTABLES.match(match[0])):
            # how old releases list a part of iptables-nft that they cannot print
            found += ["xt", written[1]]
            at = match.start() + written.end()
    return found


def plain(word: str) -> str:
    """The word without the mark of a quoted string."""
    return word[1:] if word[:1] == '"' else word
