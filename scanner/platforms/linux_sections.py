"""The files of a Linux host inside documents: several in one answer, or one that was saved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.facts import Citation
from scanner.evidence import Document, printable
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux_content import Kind, kind_of


@dataclass(frozen=True)
class Section:
    """A file of the host, or the part of it that a document holds."""

    kind: Kind
    path: str
    document: Document
    lines: tuple[tuple[int, str], ...]
    """Line of the document and content, whole lines only."""
    whole: bool
    """Nothing shows that it breaks off."""

    def cite(self, line: int | None = None) -> Citation:
        return self.document.cite(line)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @cached_property
    def active(self) -> tuple[tuple[int, str], ...]:
        """Lines that are neither empty nor a comment, without white space around them."""
        stripped = ((number, line.strip()) for number, line in self.lines)
        return tuple((n, line) for n, line in stripped if line and line[0] not in "#;")

    @property
    def first_line(self) -> int:
        return next((number for number, line in self.lines if line.strip()), 1)


@dataclass(frozen=True)
class Host:
    """Everything that was handed in of one host, in an order that does not depend on theirs."""

    sections: tuple[Section, ...] = ()
    absent: Mapping[str, Citation] = field(default_factory=dict)
    """Paths, or patterns of paths, that the host has nothing under."""
    refused: Mapping[str, Citation] = field(default_factory=dict)
    """Paths that may not be read with the account that was used."""
    finished: frozenset[str] = frozenset()
    """Commands that came to their end."""

    def of(self, kind: Kind) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.kind == kind)


_HEADING = re.compile(r"==> (\S[^\n]{0,400}) <==")
_FAILED = re.compile(
    r"tail: (?:cannot open|error reading) [‘'](.{1,400})[’'](?: for reading)?: (.*)"
)
_NO_SUCH = "No such file or directory"

_BY_PATH: tuple[tuple[str, Kind], ...] = (
    (r".*/sshd_config(?:\.d/[^/]*)?", "sshd"),
    (r".*/pam\.d/[^/]*", "pam"),
    (r".*/pwquality\.conf(?:\.d/[^/]*)?", "pwquality"),
    (r".*/faillock\.conf", "faillock"),
    (r".*/pwhistory\.conf", "pwhistory"),
    (r".*/login\.defs", "login.defs"),
    (r".*/logind\.conf(?:\.d/[^/]*)?", "logind"),
    (r".*/(?:profile(?:\.d/[^/]*)?|bash\.bashrc|bashrc)", "profile"),
    (r".*/snmpd\.conf(?:\.d/[^/]*)?", "snmp"),
)


def status(document: Document) -> str | None:
    """What the closing line says; None when it is missing."""
    *_, last, end = ("", *document.lines)
    complete = last.startswith(commands.STATUS) and not end
    return last.removeprefix(commands.STATUS) if complete else None


def host_of(documents: Sequence[Document]) -> Host:
    """The host as the documents show it."""
    sections: list[Section] = []
    absent: dict[str, Citation] = {}
    refused: dict[str, Citation] = {}
    for document in dict.fromkeys(documents):
        if document.source in commands.READ_ELSEWHERE:
            continue
        headings = _headings(document)
        if document.source in commands.FILES or headings:
            sections += _split(document, headings)
            _failures(document, absent, refused)
        elif (kind := commands.KINDS.get(document.source)) or (kind := kind_of(document)):
            sections.append(_single(document, kind))
    finished = frozenset(d.source for d in documents if status(d) is not None)
    sections.sort(key=lambda s: (s.kind, s.path, s.document.sha256, s.first_line))
    return Host(tuple(sections), absent, refused, finished)


def _headings(document: Document) -> list[tuple[int, str]]:
    """(index of the line, path) of every `==> path <==`."""
    found = []
    for index, line in enumerate(document.lines):
        if line.startswith("==> ") and (match := _HEADING.fullmatch(line.rstrip())):
            found.append((index, match[1]))
    return found


def _split(document: Document, headings: list[tuple[int, str]]) -> Iterator[Section]:
    complete = document.source not in commands.FILES or status(document) is not None
    ends = [*(index for index, _ in headings), len(document.lines)][1:]
    for (start, path), end in zip(headings, ends, strict=True):
        kind = next((k for pattern, k in _BY_PATH if re.fullmatch(pattern, path)), None)
        if kind is None:
            continue
        last = end == len(document.lines)
        inside = document.lines[start + 1 : end - 1 if last else end]
        lines = tuple(_numbered(inside, start + 2))
        yield Section(kind, printable(path), document, lines, complete or not last)


def _numbered(lines: Iterable[str], first: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=first):
        if not line.startswith((commands.STATUS, "tail: ")):
            yield number, line


def _failures(
    document: Document, absent: dict[str, Citation], refused: dict[str, Citation]
) -> None:
    for number, line in enumerate(document.lines[:-1], start=1):
        if not (line.startswith("tail: ") and (match := _FAILED.fullmatch(line))):
            continue
        gone = match[2] == _NO_SUCH
        (absent if gone else refused)[match[1]] = document.cite(number)


def _single(document: Document, kind: Kind) -> Section:
    lines = tuple(_numbered(document.lines[:-1], 1))
    whole = document.text.endswith("\n")
    if document.source in commands.KINDS:
        whole = status(document) == "0"
    return Section(kind, document.source, document, lines, whole)
