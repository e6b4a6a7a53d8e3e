"""Why something cannot be told: the reasons of missing facts, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Unknown


def reasons(facts: Iterable[Fact[Any]]) -> tuple[Text, ...]:
    """The reasons of the unknown ones among the facts, without repetition, in their order."""
    return tuple(dict.fromkeys(fact.reason for fact in facts if isinstance(fact, Unknown)))
