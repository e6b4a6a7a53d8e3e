"""Is a Cisco codec in a call: its counters, its list of calls, its state in a word."""

from __future__ import annotations

import re

from rules.facts import Citation, Fact, Known, Unknown
from scanner.platforms.cisco_xapi import Setting, Settings, number

COUNTERS = ("NumberOfActiveCalls", "NumberOfInProgressCalls", "NumberOfSuspendedCalls")
IN_WORDS = {"incall": 1, "multisite": 2}
"""`SystemUnit State System` of RoomOS 11 on: the least number of calls that it means."""


def active_calls(settings: Settings) -> Fact[int]:
    """Calls that are up, being set up or on hold: the largest number that anything tells of.

    0 only when every counter says so, and nothing else tells of a call.
    """
    counters = [_largest(settings, name) for name in COUNTERS]
    known = [counter for counter in counters if isinstance(counter, Known)]
    counted = sum(counter.value for counter in known)
    citations = tuple(citation for counter in known for citation in counter.citations)
    told = [(counted, citations), _listed(settings), _in_words(settings)]
    most, proof = max(told, key=lambda number_and_proof: number_and_proof[0])
    if most:
        return Known(most, proof)
    unknown = next((counter for counter in counters if isinstance(counter, Unknown)), None)
    return unknown or Known(0, citations)


def _largest(settings: Settings, counter: str) -> Fact[int]:
    """Of several answers, because it may have changed between them."""
    path = f"SystemUnit State {counter}"
    several = settings.found.get(("s", path.lower()), ())
    if len({setting.value for setting in several}) < 2:
        return number(settings, "s", path, 999)
    alike = [Settings({("s", path.lower()): [setting]}) for setting in several]
    facts = [number(one, "s", path, 999) for one in alike]
    known = [fact for fact in facts if isinstance(fact, Known)]
    if len(known) < len(facts):
        return next(fact for fact in facts if isinstance(fact, Unknown))
    return max(known, key=lambda fact: fact.value)


def _listed(settings: Settings) -> tuple[int, tuple[Citation, ...]]:
    """Calls of the list that are not idle; one that was told of twice counts once."""
    live: dict[str, Setting] = {
        setting.path: setting
        for (tree, path), several in settings.found.items()
        for setting in several
        if tree == "s" and re.fullmatch(r"call [0-9]+ status", path) and setting.value != "Idle"
    }
    return len(live), tuple(setting.cite() for setting in live.values())


def _in_words(settings: Settings) -> tuple[int, tuple[Citation, ...]]:
    several = settings.found.get(("s", "systemunit state system"), ())
    told = [(IN_WORDS.get(state.value.lower(), 0), state) for state in several]
    most, state = max(told, key=lambda number_and_state: number_and_state[0], default=(0, None))
    return most, (state.cite(),) if state else ()
