"""The settings export of Poly VideoOS: one XML element whose attributes are the settings.

Read attribute by attribute rather than by an XML parser, because every setting needs its own line
and an export that breaks off still tells what stands before the break. Nothing is expanded but the
five entities of XML and character numbers; a document that declares a type or an entity of its own
is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.polycom_export import Export, Setting

_EXPORT = re.compile(r"<(?:PHONE_CONFIG|ALL)(?=[\s>])")
_OPEN = re.compile(r"<([A-Za-z_][\w.-]{0,60})(?=[\s/>])")
_ATTRIBUTE = re.compile(
    r"""\s+([A-Za-z_][\w.-]{0,199})\s{0,64}=\s{0,64}(?:"([^"<\n]*)"|'([^'<\n]*)')(?=[\s/>])"""
)
_CLOSE = re.compile(r"\s*/?>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_END = "</PHONE_CONFIG>"
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BLANKS = re.compile(r"[^\n]")

MAX_SETTINGS = 20_000
"""A system has some hundreds; an export with more is not one."""
MAX_UNREAD = 20


def is_settings_file(document: Document) -> bool:
    """The document looks like such an export, whole or in part."""
    return _EXPORT.search(document.text[:2000]) is not None


def read_settings_file(document: Document) -> Export:
    """Every attribute that could be read. Complete when the export was read up to its end."""
    export = Export()
    # comments become blanks, so that lines keep their numbers
    text = _COMMENT.sub(lambda match: _BLANKS.sub(" ", match[0]), document.text)
    if _DECLARES.search(text):
        export.unread.append(UnreadLine(1, "", "declares a document type or entities"))
        return export
    starts = _LineNumbers(text)
    end = text.find(_END)
    stop = end if end >= 0 else len(text)
    for found in _attributes(text, stop, starts, export):
        name = found[1].lower()
        value = _expanded(found[2] if found[2] is not None else found[3]).strip()
        known = export.settings.get(name)
        if known is not None and known.value != value:
            export.contradicted[name] = (known.citation,)
        line = starts.line(found.start(1))
        export.settings[name] = Setting(value, document.cite(line, found[0]))
    export.complete = end >= 0 and not export.unread
    for name in export.contradicted:
        del export.settings[name]
    return export


def _attributes(
    text: str, end: int, starts: _LineNumbers, export: Export
) -> Iterator[re.Match[str]]:
    """Every attribute before `end`; notes what is none."""
    count = 0
    opened = _OPEN.search(text, 0, end)
    while opened is not None:
        at = opened.end()
        while (closed := _CLOSE.match(text, at, end)) is None:
            found = _ATTRIBUTE.match(text, at, end)
            if found is not None and count < MAX_SETTINGS:
                count += 1
                yield found
                at = found.end()
                continue
            at = _next_line(text, at, end, starts, export)
            if at >= end or count >= MAX_SETTINGS:
                return
        opened = _OPEN.search(text, closed.end(), end)


def _next_line(text: str, at: int, end: int, starts: _LineNumbers, export: Export) -> int:
    """The end of the line with what is no attribute; that line is noted as not read."""
    rest = re.compile(r"\s*").match(text, at, end)
    first = rest.end() if rest else at
    line_end = text.find("\n", first, end)
    line_end = end if line_end < 0 else line_end
    if len(export.unread) < MAX_UNREAD and first < end:
        shown = printable(text[first : min(line_end, first + 200)])
        export.unread.append(
            UnreadLine(starts.line(first), shown, "not an attribute of a settings export")
        )
    return line_end


def _expanded(value: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[3]:
            return _NAMED[match[3]]
        code = int(match[1]) if match[1] else int(match[2], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]

    return _ENTITY.sub(one, value)


class _LineNumbers:
    """Line numbers of ascending places in a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def line(self, at: int) -> int:
        if at < self._at:
            self._at, self._line = 0, 1
        self._line += self._text.count("\n", self._at, at)
        self._at = at
        return self._line
