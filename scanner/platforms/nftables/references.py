"""Sets and maps that the rules of a table refer to by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.packets.sets import Numbers, Part, numbers
from scanner.platforms.nftables.script import SetText
from scanner.platforms.nftables.selectors import Selector
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.words import plain


class Surroundings:
    """What the rules of one table refer to; sets are translated once."""

    def __init__(self, sets: Mapping[str, SetText], *, live: bool, at: int | None = None) -> None:
        self._sets = sets
        self._line = at
        self._live = live
        self._known: dict[tuple[str, int], Numbers] = {}

    def doubt(self, name: str) -> str:
        """Why the elements of a set are not known; empty when they are."""
        found = self._sets.get(name)
        if found is None:
            return f"@{name} is not defined"
        if not found.doubt and not found.elements and not found.given and not self._live:
            return f"@{name} is empty here and may be filled later"
        return f"@{name} {found.doubt}" if found.doubt else ""

    def elements(self, name: str) -> Sequence[tuple[int, list[str]]]:
        return self._sets[name].elements

    def numbers(self, name: str, selector: Selector) -> Numbers:
        """The elements as values of the selector. Raises NotUnderstood."""
        key = name, id(selector)
        if key not in self._known:
            parts = []
            for line, words in self.elements(name):
                listed = selector.numbers([value_of(words)])
                parts.append(
                    Part(listed.intervals, self._line or line, " ".join(map(plain, words))[:200])
                )
            self._known[key] = numbers((i for part in parts for i in part.intervals), parts)
        return self._known[key]


def value_of(words: Sequence[str]) -> str:
    """The one value of an element, which may carry a counter or a comment."""
    if len(words) > 1 and words[1] not in {"counter", "comment", "packets"}:
        raise NotUnderstood(" ".join(words[:3]))
    return plain(words[0])
