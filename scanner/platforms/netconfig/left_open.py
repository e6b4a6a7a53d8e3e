"""Facts that a file leaves open: a line of theirs is not understood, or the file breaks off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import Document

CUT_OFF = Text(
    vi="tệp cấu hình bị cắt trước khi kết thúc; hãy lấy lại toàn bộ cấu hình",
    en="the file breaks off before its end; take the whole configuration again",
)
NOT_UNDERSTOOD = Text(
    vi="không hiểu hết một dòng thuộc thiết lập này, nên giá trị có thể thiếu hoặc sai",
    en="a line of this setting is not understood, so that the value may be wrong",
)


@dataclass
class LeftOpen:
    """Names of facts, each with the first line that leaves it open."""

    lines: dict[str, int] = field(default_factory=dict)

    def note(self, line: int, names: Iterable[str]) -> None:
        """The line is not understood, and these facts may depend on it."""
        for name in names:
            self.lines.setdefault(name, line)

    def over(self, facts: Mapping[str, Fact[Any]], document: Document) -> dict[str, Fact[Any]]:
        """The facts, with those that were noted unknown."""
        unknown = {
            name: Unknown(NOT_UNDERSTOOD, (document.cite(line),))
            for name, line in self.lines.items()
        }
        return {**facts, **unknown}


def cut_off(
    facts: Mapping[str, Fact[Any]], stays: Callable[[str], bool], document: Document, line: int
) -> dict[str, Fact[Any]]:
    """The facts of a file that breaks off at the line: those that no later line can change."""
    return {
        name: fact
        if stays(name) or _is_on(name, fact) or isinstance(fact, Unknown)
        else Unknown(CUT_OFF, (document.cite(line),))
        for name, fact in facts.items()
    }


def _is_on(name: str, fact: Fact[Any]) -> bool:
    return name.startswith("service.") and isinstance(fact, Known) and fact.value is True
