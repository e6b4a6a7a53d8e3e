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
_VALUE = re.compile(r'v:([\w.\[\]]+):"(.*)"')
_END = re.compile(r's:[\w.]+:"end"')


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
    """Every line that could be read. A header in a last line without line end may be cut off."""
    export = Export()
    contradicted: set[str] = set()
    lines = document.lines
    for number, line in enumerate(lines, start=1):
        if _END.fullmatch(line):
            export.complete = True
            continue
        match = _VALUE.fullmatch(line) or (number < len(lines) and _HEADER.fullmatch(line))
        if not match:
            if line.strip():
                text = printable(line)
                export.unread.append(UnreadLine(number, text, "not a line of a settings export"))
            continue
        key, value = match[1].lower(), match[2]
        known = export.settings.get(key)
        if known is not None and known.value != value:
            contradicted.add(key)
        export.settings[key] = Setting(value, document.cite(number))
    for key in contradicted:
        del export.settings[key]
    return export
