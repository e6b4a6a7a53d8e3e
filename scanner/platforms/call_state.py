"""What several answers together say about calls in progress."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown


def calls_in_progress(told: Sequence[Fact[int]], whole: bool) -> Fact[int] | None:
    """The largest number that an answer proves; None when no answer is about calls.

    No call is concluded only when every answer that is about calls says so and every document was
    read to its end (`whole`): what was cut off may have been a call.
    """
    counts = [fact for fact in told if isinstance(fact, Known)]
    most = max((fact.value for fact in counts), default=0)
    if most > 0:
        return Known(most, _citations([fact for fact in counts if fact.value == most]))
    unknown = next((fact for fact in told if isinstance(fact, Unknown)), None)
    if unknown is not None or not told:
        return unknown
    citations = _citations(counts)
    return Known(0, citations) if whole else Unknown(_NOT_WHOLE, citations)


def _citations(facts: Sequence[Fact[int]]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for fact in facts for citation in fact.citations))


_NOT_WHOLE = Text(
    vi="có tài liệu không đọc được trọn vẹn nên không kết luận được là thiết bị không có cuộc gọi",
    en="a document could not be read to its end, so that there is no call cannot be concluded",
)
