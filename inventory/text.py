"""A sentence in the two languages that hnth speaks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in Vietnamese (NFC) and English; never holds a secret."""

    vi: str
    en: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "vi", unicodedata.normalize("NFC", self.vi))

    def in_language(self, language: str) -> str:
        return self.vi if language == "vi" else self.en

    def format(self, **values: object) -> Text:
        """Both sentences with the values filled in."""
        return Text(vi=self.vi.format(**values), en=self.en.format(**values))
