"""Which requirements are asked, and what a verdict means where only files are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inventory.text import Text
from rules.model import Finding, Outcome, Rule
from rules.needs import needs_of
from rules.requirements import REQUIREMENTS, Requirement
from scanner.gate.asked import BEYOND_FILES, AskedFacts
from scanner.gate.model import Judged

OF_THE_NETWORK = frozenset({"inventory", "network", "zone", "site"})
"""Needs that are empty words without an inventory."""


class NoSuchRequirement(LookupError):
    """A word of --select or --ignore names nothing. `reason` says what can be named."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.reason = _UNKNOWN_WORD.format(word=word)


def chosen(select: Sequence[str], ignore: Sequence[str]) -> tuple[str, ...]:
    """Ids of the requirements to judge, in the Regulation's order.

    Raises `NoSuchRequirement` for a word that names none.
    """
    wanted = _named(select) if select else set(REQUIREMENTS)
    unwanted = _named(ignore)
    return tuple(name for name in REQUIREMENTS if name in wanted and name not in unwanted)


def _named(words: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for word in words:
        mine = {r.id for r in REQUIREMENTS.values() if _is_named(r, word)}
        if not mine:
            raise NoSuchRequirement(word)
        found |= mine
    return found


def _is_named(requirement: Requirement, word: str) -> bool:
    plain = word.strip().lower().removeprefix("d")
    return plain in {
        requirement.id[1:].lower(),
        requirement.clause.lower(),
        str(requirement.article),
    }


def can_be_decided(rule: Rule) -> bool:
    """Files may hold all that the rule needs for a verdict, as far as its signature tells."""
    for need in needs_of(rule.check):
        if need.parameter == "history":
            return False
        if need.fact in BEYOND_FILES and (need.must_be_known or rule.subject == "account"):
            return False
    return rule.from_files


def needs_the_network(rule: Rule) -> bool:
    """It asks for what only an inventory declares."""
    return any(need.parameter in OF_THE_NETWORK for need in needs_of(rule.check))


def needs_release_data(rule: Rule) -> bool:
    """It compares the release with what is known of others, which no file of a device tells."""
    return any(need.parameter == "advisories" for need in needs_of(rule.check))


def standing(finding: Finding, rule: Rule, asked: AskedFacts) -> Judged:
    """What the finding means; `asked` are the facts of its device, as the rule looked at them.

    It is clean when the files told at least half of what files of any family tell.
    """
    if finding.outcome is not Outcome.UND or finding.broke_down:
        return Judged(finding, "counts")
    if (
        not can_be_decided(rule)
        or needs_release_data(rule)
        or _misses_what_is_seen_live(finding, rule)
    ):
        return Judged(finding, "beyond")
    unknown = asked.unknown
    if not unknown or asked.owed or _rests_on_the_network(rule):
        return Judged(finding, "counts")
    clean = bool(asked.told) and len(asked.told) >= len(unknown - BEYOND_FILES)
    return Judged(finding, "clean" if clean else "beyond", tuple(sorted(unknown)))


def _rests_on_the_network(rule: Rule) -> bool:
    """It reads filters and routes as a whole: a doubt in one of their lines is no missing fact."""
    return any(need.parameter in {"network", "zone", "site"} for need in needs_of(rule.check))


def _misses_what_is_seen_live(finding: Finding, rule: Rule) -> bool:
    """The inventory has no such device, and its files would not have been enough anyway."""
    return (
        finding.device is None
        and rule.subject in {"device", "account"}
        and any(need.fact in BEYOND_FILES for need in needs_of(rule.check))
    )


_UNKNOWN_WORD = Text(
    vi="“{word}” không phải là mã yêu cầu, khoản hay điều nào; ví dụ đúng: D11.2-b, 10.1, 11 "
    "(xem: hnth rules)",
    en="“{word}” is the id of no requirement, clause or article; for instance: D11.2-b, 10.1, 11 "
    "(see: hnth rules)",
)
