"""System flags of an RMX bridge as somebody saved them: `FLAG = VALUE` lines, a table, XML.

No recording of a bridge was found, so every plain way to write a name beside its value is taken.
A table with more columns is read only when its heading names the column of the value: the guides
print tables of ranges and defaults, and a default is not what a device is set to.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.facts import Citation
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.xml_elements import Element, elements

_NAME = r"[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,10}"
_LINE = re.compile(
    rf'"?({_NAME})"?(?:[ \t]{{0,40}}[=:,;\t][ \t]{{0,40}}|[ \t]{{1,40}})(.{{0,120}})'
)
_NAME_HEADINGS = frozenset(
    {"flag", "flag name", "flag_name", "name", "key", "system flag", "parameter", "parameter name"}
)
_VALUE_HEADINGS = frozenset(
    {"value", "current value", "current", "new value", "data", "flag value", "flag_value"}
    | {"setting", "configured value", "actual value"}
)
_NAME_TAGS = frozenset({"key", "name", "flag", "flag_name"})
_VALUE_TAGS = frozenset({"data", "value", "val", "flag_value"})


@dataclass(frozen=True, slots=True)
class Flag:
    value: str
    citation: Citation


@dataclass
class Flags:
    found: dict[str, Flag] = field(default_factory=dict)
    """A flag that is given twice with different values is not here."""
    contradicted: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    """Where those stand that are given with different values: the first two of them."""
    unread: list[UnreadLine] = field(default_factory=list)

    def add(self, name: str, value: str, citation: Citation) -> None:
        known = self.found.get(name)
        if known is not None and known.value != value:
            self.contradicted[name] = (known.citation, citation)
            del self.found[name]
        elif known is None and name not in self.contradicted:
            self.found[name] = Flag(value, citation)


def read_flags(document: Document) -> Flags:
    """Never raises. A last line without line end may be cut off and does not count."""
    flags = Flags()
    if document.text[:200].lstrip("\ufeff \t\r\n").startswith("<"):
        for name, value, line in _from_xml(document):
            flags.add(name, value, document.cite(line))
    else:
        _from_lines(flags, document)
    return flags


def _from_lines(flags: Flags, document: Document) -> None:
    columns: tuple[int, int] | None = None
    """Of the name and of the value, in a table with a heading; -1 where the heading names none."""
    for number, raw in enumerate(document.lines[:-1], start=1):
        line = raw.strip("\ufeff\x00 \t\r")
        cells = _cells(line)
        heading = _heading([cell.lower() for cell in cells]) if columns is None else None
        if heading is not None:
            columns = heading
            if heading[1] < 0:
                why = "a table without a column for the value that is set"
                flags.unread.append(UnreadLine(number, printable(line), why))
        elif columns is not None:
            name, value = columns
            if 0 <= value < len(cells) and name < len(cells) and re.fullmatch(_NAME, cells[name]):
                flags.add(cells[name], cells[value], document.cite(number))
        elif len(cells) <= 2 and line.count('"') % 2 == 0 and (match := _LINE.fullmatch(line)):
            flags.add(match[1], match[2].strip(" \t\"'"), document.cite(number))


def _heading(cells: list[str]) -> tuple[int, int] | None:
    """Where the row's names and values stand, when it is a heading."""
    name = next((n for n, cell in enumerate(cells) if cell in _NAME_HEADINGS), -1)
    if name < 0 or len(cells) < 2:
        return None
    return name, next((n for n, cell in enumerate(cells) if cell in _VALUE_HEADINGS), -1)


def _cells(line: str) -> list[str]:
    """The cells of a table's row; one cell for any other line."""
    if len(line) > 400 or line.count('"') % 2:
        return [""]
    mark = next((mark for mark in ("\t", ";", ",") if mark in line), None)
    if mark is None:
        return [line]
    try:
        rows = list(csv.reader([line], delimiter=mark))
    except csv.Error:
        return [""]
    return [cell.strip() for cell in rows[0]] if rows else [""]


def _from_xml(document: Document) -> Iterator[tuple[str, str, int]]:
    """`<FLAG>v</FLAG>`, `<x><KEY>FLAG</KEY><DATA>v</DATA></x>`, `<x name="FLAG" value="v"/>`."""
    leaves: list[Element] = []
    for element in elements(document).found:
        tag = element.path[-1].name
        if not element.is_leaf:
            yield from _pair({leaf.path[-1].name.lower(): leaf.text for leaf in leaves}, leaves)
            leaves = []
            continue
        attributes = {name.lower(): value for name, value in element.attributes.items()}
        if attributes:
            yield from _pair(attributes, [element])
        if re.fullmatch(_NAME, tag) and element.text:
            yield tag, element.text, element.line
        leaves.append(element)


def _pair(values: dict[str, str], told_by: list[Element]) -> Iterator[tuple[str, str, int]]:
    names = [value for key, value in values.items() if key in _NAME_TAGS]
    data = [value for key, value in values.items() if key in _VALUE_TAGS]
    if len(names) == len(data) == 1 and re.fullmatch(_NAME, names[0]) and len(told_by) <= 6:
        yield names[0], data[0].strip(), told_by[-1].line
