"""Verdicts and other ends of a rule, and what one rule does to packets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from scanner.platforms.netconfig.conditions import Condition
from scanner.platforms.nftables.chains import Effect, Goal, Verb
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.words import plain

VERBS: Final[Mapping[str, Verb]] = {
    "accept": "permit",
    "drop": "deny",
    "reject": "deny",
    "return": "return",
    "continue": "continue",
    "jump": "jump",
    "goto": "goto",
    "queue": "unknown",
    "synproxy": "unknown",
    "tproxy": "unknown",
    "fwd": "unknown",
}
TRANSLATIONS: Final[Mapping[str, Effect]] = {
    "dnat": "destination",
    "redirect": "destination",
    "snat": "source",
    "masquerade": "source",
}
ENDS: Final = frozenset(VERBS) | frozenset(TRANSLATIONS)


class Found(NamedTuple):
    """What one rule does; several for a map of verdicts."""

    verb: Verb
    condition: Condition
    target: str = ""
    effect: Effect = ""
    goal: Goal | None = None


def verdict_of(words: Sequence[str]) -> tuple[Verb, str]:
    """The verdict of an element of a map, and the chain it leads to. Raises NotUnderstood."""
    verb = VERBS.get(words[0]) if words else None
    if verb is None or words[0] in {"reject", "queue"}:
        raise NotUnderstood(" ".join(words[:2]))
    if verb in {"jump", "goto"}:
        if len(words) < 2:
            raise NotUnderstood(verb)
        return verb, plain(words[1])
    return verb, ""
