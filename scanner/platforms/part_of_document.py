"""Some lines of a document as a document of their own: an answer inside a log or a transcript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.facts import Citation
from scanner.evidence import Document


@dataclass(frozen=True)
class Part(Document):
    """Stands at the same line numbers as in the whole, and is cited as the whole."""

    whole: Document | None = None

    def cite(self, line: int | None = None, text: str | None = None) -> Citation:
        return (self.whole or self).cite(line, text)


def part(whole: Document, lines: Mapping[int, str], ends_whole: bool = True) -> Part:
    """The given lines (1-based number and what of it belongs to the part), the others empty.

    `ends_whole`: the last line had its line end, so that nothing of it was cut off.
    """
    pieces: list[str] = []
    at = 1
    for number in sorted(lines):
        pieces += ["\n" * (number - at), lines[number]]
        at = number
    return Part(
        content=("".join(pieces) + "\n" * ends_whole).encode(),
        source=whole.source,
        evidence_class=whole.evidence_class,
        captured=whole.captured,
        vantage=whole.vantage,
        whole=whole,
    )


def original(document: Document) -> Document:
    """The document that was handed in."""
    return document.whole or document if isinstance(document, Part) else document
