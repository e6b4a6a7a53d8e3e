"""What several documents of one device say together, when each is understood on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

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
    """Why nothing of it was read; empty when something was."""
    unread: Sequence[UnreadLine] = ()
    """Lines of it that were not understood."""


Agreement: TypeAlias = Callable[[str, Known[Any], Known[Any]], Known[Any] | None]
"""The fact that holds where two documents tell one, by its name; None where they disagree."""


def equal(_name: str, one: Known[Any], other: Known[Any]) -> Known[Any] | None:
    """The same value."""
    return one if one.value == other.value else None


def combined(
    documents: Sequence[Document], tell: Callable[[Document], Told], agreement: Agreement = equal
) -> Reading:
    """The facts of all documents; one on which two disagree is Unknown.

    An Unknown that cites no line only says that its document does not hold the fact, so it hides
    nothing; one that cites a line was seen and not understood, and stays.
    """
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
        unread += [(document, line) for line in told.unread]
        for name, fact in told.facts.items():
            facts[name] = together(name, facts.get(name), fact, agreement)
    active = calls_in_progress(calls, whole)
    if active is not None:
        facts["call.active"] = active
    return Reading(facts, tuple(unread))


def together(
    name: str, known: Fact[Any] | None, fact: Fact[Any], agreement: Agreement = equal
) -> Fact[Any]:
    """What two say of one fact, as in `combined`."""
    if known is None:
        return fact
    if isinstance(known, Known) and isinstance(fact, Known):
        same = agreement(name, known, fact)
        return same or Unknown(DISAGREE, known.citations + fact.citations)
    unknown = [one for one in (known, fact) if isinstance(one, Unknown)]
    cited = next((one for one in unknown if one.citations), None)
    if cited is not None or len(unknown) == 2:
        return cited or known
    return known if isinstance(known, Known) else fact
