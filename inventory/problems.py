"""What is wrong with a declared file: where, and what to do about it. Never repeats a secret."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from inventory.text import Text

_SECRETISH = re.compile(
    r"pass(word|wd|phrase|code)?\b|mat[ _-]?khau|secret|token|community|credential"
    r"|private[ _-]?key|api[ _-]?key|\bpin\b|BEGIN [A-Z ]*PRIVATE",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct, or to know. `line` is 1-based; None where the whole file is meant."""

    file: str
    line: int | None
    text: Text

    def in_language(self, language: str) -> str:
        """One line as compilers print it: `inventory.yaml:17: ...`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.text.in_language(language)}"


class InventoryError(Exception):
    """A declared file cannot be used. Holds every problem found, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0)))
        super().__init__("\n".join(p.in_language("en") for p in self.problems))

    @property
    def reason(self) -> Text:
        """Every problem on its own line."""
        return Text(
            vi="\n".join(p.in_language("vi") for p in self.problems),
            en="\n".join(p.in_language("en") for p in self.problems),
        )


def looks_secret(text: str) -> bool:
    """The words are those that people put beside a secret."""
    plain = unicodedata.normalize("NFD", text)
    return bool(_SECRETISH.search("".join(c for c in plain if not unicodedata.combining(c))))


def shown(text: str, limit: int = 60) -> str:
    """Printable, on one line, in quotes, at most `limit` characters."""
    clean = "".join(c if c.isprintable() else " " for c in text).strip()
    return f'"{clean}"' if len(clean) <= limit else f'"{clean[: limit - 1]}…"'


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; None when nothing is close."""
    near = get_close_matches(word.lower()[:64], sorted(known), n=1, cutoff=0.6)
    return near[0] if near else None


def suggestion(word: str, known: Iterable[str]) -> Text:
    """What was probably meant, as a clause to append; empty when nothing is close."""
    near = nearest(word, known)
    if near is None:
        return Text(vi="", en="")
    return Text(vi=f"; có phải là {shown(near)}?", en=f"; did you mean {shown(near)}?")


def joined(*parts: Text) -> Text:
    return Text(vi="".join(p.vi for p in parts), en="".join(p.en for p in parts))
