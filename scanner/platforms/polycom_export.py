"""The settings export of a RealPresence Group system: `h:key:value` and `v:key:"value"` lines.

Keys are compared without regard to case. A complete export ends with an `s:...:"end"` line; before
that line was seen, nothing may be concluded from a key that is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.facts import Citation
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable

_HEADER = re.compile(r"h:([\w.\[\]]+):(.*)")
_VALUE = re.compile(r'v:([\w.\[\]]+):(?:"(.*)"|([^"]*))')
"""Values stand in quotes; one without any is taken as well, one with half of them is not."""
_END = re.compile(r's:[\w.]+:(?:"end"|end)')


@dataclass(frozen=True, slots=True)
class Setting:
    value: str
    citation: Citation


@dataclass
class Export:
    """One export, read once."""

    complete: bool = False
    settings: dict[str, Setting] = field(default_factory=dict)
    """By lower-case key; a key that is given twice with different values is not here."""
    contradicted: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    """Where those stand that are given with different values."""
    unread: list[UnreadLine] = field(default_factory=list)

    def get(self, key: str) -> Setting | None:
        return self.settings.get(key.lower())

    def numbered(self, key: str) -> Iterator[Setting]:
        """`key`, `key[0]`, `key[1]`, ... as far as they are there, in that order."""
        pattern = re.compile(re.escape(key.lower()) + r"(?:\[(\d{1,4})\])?")
        found = [
            (int(match[1] or -1), setting)
            for name, setting in self.settings.items()
            if (match := pattern.fullmatch(name))
        ]
        for _, setting in sorted(found, key=lambda pair: pair[0]):
            yield setting


def is_export(document: Document) -> bool:
    """The document looks like an export, whole or in part."""
    return any(_HEADER.match(line) or _VALUE.match(line) for line in document.lines[:50])


def read_export(document: Document) -> Export:
    """Every line that could be read. A last line that has neither line end nor
    closing quote may be cut off.
    """
    export = Export()
    lines = document.lines
    for number, line in enumerate(lines, start=1):
        if _END.fullmatch(line):
            export.complete = True
            continue
        match = _VALUE.fullmatch(line) or _HEADER.fullmatch(line)
        whole = number < len(lines) or (line.startswith("v:") and line.endswith('"'))
        if match is None or not whole:
            if line.strip():
                text = printable(line)
                export.unread.append(UnreadLine(number, text, "not a line of a settings export"))
            continue
        key = match[1].lower()
        value = match[2] if match[2] is not None else match[3].strip()
        known = export.settings.get(key)
        if known is not None and known.value != value:
            export.contradicted[key] = (known.citation, document.cite(number))
        export.settings[key] = Setting(value, document.cite(number))
    for key in export.contradicted:
        del export.settings[key]
    # what is contradicted is not absent, so nothing may be concluded from absence any more
    export.complete = export.complete and not export.contradicted
    return export
