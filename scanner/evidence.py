"""Evidence: the bytes that were seen, where, when and how, with secrets already removed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from rules.facts import Citation, EvidenceClass

MAX_BYTES = 8 * 1024 * 1024
"""No answer of a device is kept or parsed beyond this size."""

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str, limit: int = 200) -> str:
    """One line without control characters, terminal escapes or bidirectional marks."""
    text = _CONTROL.sub("", text.replace("\r", "")).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True)
class Document:
    """One answer or file. `content` has had its secrets removed and is bounded by MAX_BYTES."""

    content: bytes
    source: str
    """The command, request or file name: what a reader would repeat to see it again."""
    evidence_class: EvidenceClass
    captured: datetime
    """UTC."""
    vantage: str | None = None
    family: str | None = field(default=None, compare=False)
    """Whose document it is by the word of who handed it in; None when that has to be recognised."""
    seals: Mapping[int, str] = field(default_factory=dict, compare=False, repr=False)
    """By line number a keyed digest of the secret that was removed there; kept nowhere as such."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def text(self) -> str:
        """Without the mark that some editors put before it."""
        return self.content.decode("utf-8-sig", errors="replace")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Split at LF only, so that line numbers agree with every editor and with `grep -n`."""
        return tuple(line.rstrip("\r") for line in self.text.split("\n"))

    def once(self, make: Callable[[Document], T]) -> T:
        """What `make` makes of this document, made the first time and kept: nobody may change it.

        Every family looks at a file whose family is not known, and many parse it the same way.
        """
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @cached_property
    def _made(self) -> dict[Callable[[Document], Any], Any]:
        return {}

    def cite(self, line: int | None = None, text: str | None = None) -> Citation:
        """A citation of this document; the text defaults to the line itself."""
        if text is None:
            text = self.lines[line - 1] if line and line <= len(self.lines) else ""
        return Citation(
            evidence_class=self.evidence_class,
            source=self.source,
            line=line,
            text=printable(text),
            sha256=self.sha256,
            vantage=self.vantage,
            captured=self.captured,
        )
