"""The lines of an ASA's configuration, and whether a file is one.

A file is one when it says `ASA Version`, or when two kinds of line stand in it that only
an ASA has; where the family was named, when it holds a command of an ASA and none that only others
have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.packets.policy import Unread
from scanner.evidence import Document, printable
from scanner.platforms.netconfig.indented import Line, blocks
from scanner.platforms.netconfig.left_open import LeftOpen
from scanner.platforms.netconfig.marks import without_marks

_VERSION = re.compile(
    r"^(?:ASA|PIX) Version (\d{1,3}\.\d{1,3}(?:\(\d{1,4}\)[\w.]{0,12})?)(?=\s)", re.M
)
_SHOWN = re.compile(
    r"^[! ]{0,4}Cisco Adaptive Security Appliance Software Version (\d[\w.()]{1,20})", re.M
)
_IS_ASA = re.compile(r"^ASA Version \S", re.M)
SIGNS_NEEDED = 2
_SIGNS = tuple(
    re.compile(sign, re.M)
    for sign in (
        r"^ {1,4}nameif \S",
        r"^ {1,4}security-level \d",
        r"^access-list \S+ (?:line \d+ )?extended (?:permit|deny) ",
        r"^access-group \S+ (?:(?:in|out) interface \S|global)",
        r"^same-security-traffic permit ",
        r"^object network \S",
    )
)
_COMMAND = re.compile(
    r"^(?:aaa|access-group|access-list|enable|hostname|http|interface|logging|name|nat|ntp|object"
    r"|object-group|passwd|password-policy|policy-map|route|same-security-traffic|snmp-server|ssh"
    r"|telnet|username) ",
    re.M,
)
_THEIRS = re.compile(
    r"^[ \t]*(?:ip access-list |line (?:vty|con|console|aux) |ip access-group |boot-start-marker"
    r"|service timestamps|vrf |feature [a-z]|sysname |config (?:firewall|system) |[{<#]"
    r"|set (?:system|security|deviceconfig|rulebase) )",
    re.M,
)
FAMILY = "cisco-asa"
COMMENTS = ("!", ":")
_ENDS = ("\n: end", "\nCryptochecksum:")
_END_MARKS = (*COMMENTS, "Cryptochecksum", "end")


@dataclass
class Configuration:
    """One saved or fetched configuration; every reader notes in `read` what it understood."""

    document: Document
    top: list[Line]
    read: set[int] = field(default_factory=set)
    """Lines that a fact rests on or that decide what passes."""
    unread: list[Unread] = field(default_factory=list)
    left_open: LeftOpen = field(default_factory=LeftOpen)

    def of(self, *words: str) -> Iterator[Line]:
        """Blocks that begin with these words."""
        for line in self.by_word.get(words[0], ()):
            if line.words[: len(words)] == list(words):
                yield line

    @cached_property
    def by_word(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.top:
            found.setdefault(line.text.split(None, 1)[0], []).append(line)
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """`name 10.0.0.1 mail`: other lines then say `mail`."""
        found = {}
        for line in self.by_word.get("name", ()):
            words = line.words
            if len(words) >= 3:
                self.read.add(line.number)
                found[words[2]] = words[1]
        return found

    @cached_property
    def version(self) -> tuple[str, int] | None:
        """The release and its line."""
        text = self.document.text
        match = _VERSION.search(text) or _SHOWN.search(text)
        if match is None:
            return None
        line = text.count("\n", 0, match.start(1)) + 1
        self.read.add(line)
        return match[1], line

    @cached_property
    def release(self) -> tuple[int, int] | None:
        """Major and minor number of the release."""
        if self.version is None:
            return None
        major, _, minor = re.split(r"[^\d.]", self.version[0])[0].partition(".")
        return int(major), int(minor.partition(".")[0] or 0)

    @property
    def is_cut(self) -> bool:
        """What `show running-config` printed is not there to its end."""
        text = self.document.text
        return text.startswith(": Saved") and not any(end in text for end in _ENDS)

    def doubt(self, line: Line, why: str, *, matters: bool = True) -> None:
        """The line was not understood."""
        if all(one.line != line.number for one in self.unread[-3:]):
            self.unread.append(Unread(line.number, shown(line), why, matters))


def shown(line: Line) -> str:
    """The line as it may be kept."""
    return printable(line.text)


def configuration(document: Document) -> Configuration | None:
    """The configuration, or None when the file is not one of an ASA. Made once: see `Document`."""
    return document.once(_configuration)


def _configuration(document: Document) -> Configuration | None:
    if not _is_ours(document):
        return None
    lines = without_marks(document.lines)
    top = blocks(lines[:-1] if ends_within_a_line(lines) else lines, comments=COMMENTS)
    return Configuration(document, top) if top else None


def _is_ours(document: Document) -> bool:
    text = document.text
    if _IS_ASA.search(text) or sum(1 for sign in _SIGNS if sign.search(text)) >= SIGNS_NEEDED:
        return True
    named = document.family == FAMILY
    return named and bool(_COMMAND.search(text)) and not _THEIRS.search(text)


def ends_within_a_line(lines: Sequence[str]) -> bool:
    """The last line has no line end and is no mark of the end: some of it may be lost."""
    last = lines[-1].strip()
    return bool(last) and not last.startswith(_END_MARKS)
