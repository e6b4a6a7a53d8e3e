"""All documents of one gateway together become facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import UnreadLine
from rules.packets.policy import Policy
from scanner.evidence import Document, printable
from scanner.platforms.checkpoint.gateway import facts_of, gateway_of
from scanner.platforms.checkpoint.objects import Place
from scanner.platforms.checkpoint.passing import policy_of
from scanner.platforms.checkpoint.saved import Saved, saved
from scanner.platforms.json_evidence import decoded
from scanner.platforms.model import Reading
from scanner.platforms.netconfig.no_cycles import no_cycles

VENDOR, NAME = "Check Point", "checkpoint"
UNREAD_MAX = 2000
BROKEN_OFF = Text(
    vi="tệp JSON bị cắt dở hoặc sai cú pháp nên không kết luận được; hãy lưu lại toàn bộ kết quả",
    en="the JSON breaks off or is not well formed, so nothing is concluded; save the whole answer "
    "again",
)


def reading(documents: Sequence[Document]) -> Reading:
    """What they tell together; rules, objects and gateways stand in different ones."""
    with no_cycles():
        return _reading(documents)


def _reading(documents: Sequence[Document]) -> Reading:
    found = saved(documents)
    if found.first is None:
        return Reading({"filters": Unknown(BROKEN_OFF)} if any(map(_is_broken, documents)) else {})
    facts: dict[str, Fact[Any]] = _identity(found.first)
    gateway = gateway_of(found)
    if gateway is not None:
        facts |= facts_of(gateway)
    told = policy_of(found, gateway)
    if isinstance(told, Text):
        facts["filters"] = Unknown(told)
        return Reading(facts)
    if told is None:
        return Reading(facts)
    policy, place = told
    facts["filters"] = Known(policy, (place.document.cite(place.line),))
    return Reading(facts, _unread(policy, found))


def _is_broken(document: Document) -> bool:
    """It begins as an answer with rules and is no JSON to its end."""
    begins = '"rulebase"' in document.text and '"access-rule"' in document.text
    return begins and decoded(document) is None


def _identity(place: Place) -> dict[str, Fact[Any]]:
    cited = (place.document.cite(place.line),)
    return {"identity.vendor": Known(VENDOR, cited), "identity.family": Known(NAME, cited)}


def _unread(policy: Policy, found: Saved) -> tuple[tuple[Document, UnreadLine], ...]:
    """Lines with a condition that is not understood."""
    files = {printable(page.place.document.source): page.place.document for page in found.pages}
    lines = {
        (rule.file, rule.line): UnreadLine(rule.line, printable(rule.text), printable(rule.why))
        for chain in policy.chains.values()
        for rule in chain.rules
        if not rule.understood and rule.file in files
    }
    shown = ((files[file], line) for (file, _), line in sorted(lines.items(), key=lambda i: i[0]))
    return tuple(shown)[:UNREAD_MAX]
