"""What several documents of one device say together, when each is understood on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.call_state import calls_in_progress
from scanner.platforms.model import Reading

DISAGREE = Text(
    vi="các tài liệu của cùng thiết bị mâu thuẫn nhau",
    en="documents of the same device contradict each other",
)


@dataclass
class Told:
    """What one document tells."""

    facts: dict[str, Fact[Any]] = field(default_factory=dict)
    calls: list[Fact[int]] = field(default_factory=list)
    whole: bool = True
    """It was read to its end."""
    why_unread: str = ""


def combined(documents: Sequence[Document], tell: Callable[[Document], Told]) -> Reading:
    """The facts of all documents; one on which two disagree is Unknown."""
    facts: dict[str, Fact[Any]] = {}
    calls: list[Fact[int]] = []
    unread = []
    whole = True
    for document in documents:
        told = tell(document)
        calls += told.calls
        whole = whole and told.whole
        if told.why_unread:
            line = UnreadLine(1, printable(document.lines[0]), told.why_unread)
            unread.append((document, line))
        for name, fact in told.facts.items():
            known = facts.get(name)
            if isinstance(known, Known) and isinstance(fact, Known) and known.value != fact.value:
                facts[name] = Unknown(DISAGREE, known.citations + fact.citations)
            elif not isinstance(known, Unknown):
                facts[name] = fact
    active = calls_in_progress(calls, whole)
    if active is not None:
        facts["call.active"] = active
    return Reading(facts, tuple(unread))
