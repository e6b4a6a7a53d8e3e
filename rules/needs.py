"""What a rule needs, read from the signature of its `check`, and how each need is filled."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_origin, get_type_hints

from rules.facts import FACT_TYPES, Fact, Facts, Known, Unknown
from rules.model import Verdict

_FACT_OF_PARAMETER = {name.replace(".", "_"): name for name in FACT_TYPES}

CONTEXT = frozenset(
    {
        "device",
        "account",
        "zone",
        "site",
        "facts",
        "network",
        "inventory",
        "readings",
        "today",
        "now",
        "history",
        "advisories",
        "baselines",
    }
)
"""Parameters that are no facts; see `rules.model`."""


@dataclass(frozen=True, slots=True)
class Need:
    """One parameter. `fact` is None for a value of the context."""

    parameter: str
    fact: str | None
    must_be_known: bool


@cache
def needs_of(check: Callable[..., Verdict]) -> tuple[Need, ...]:
    """The parameters of `check`, in order.

    TypeError for a parameter that is neither a fact nor in `CONTEXT`.
    """
    hints = get_type_hints(check)
    found = []
    for parameter in inspect.signature(check).parameters:
        if parameter in CONTEXT:
            found.append(Need(parameter, None, must_be_known=False))
        elif parameter in _FACT_OF_PARAMETER:
            known = get_origin(hints[parameter]) is Known
            found.append(Need(parameter, _FACT_OF_PARAMETER[parameter], must_be_known=known))
        else:
            raise TypeError(f"{check.__module__}: nothing is known by the name of {parameter!r}")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Filled:
    """The arguments for a check, or the first fact that is missing for it."""

    arguments: Mapping[str, Any]
    facts: tuple[Fact[Any], ...]
    """The facts among the arguments: what a verdict rests on that names nothing itself."""
    missing: Unknown | None = None


def fill(check: Callable[..., Verdict], facts: Facts, context: Mapping[str, Any]) -> Filled:
    """Every need of `check` taken from the facts of the subject and the context."""
    arguments: dict[str, Any] = {}
    used: list[Fact[Any]] = []
    missing: Unknown | None = None
    for need in needs_of(check):
        if need.fact is None:
            arguments[need.parameter] = context[need.parameter]
            continue
        fact = facts[need.fact]
        used.append(fact)
        arguments[need.parameter] = fact
        if need.must_be_known and isinstance(fact, Unknown) and missing is None:
            missing = fact
    return Filled(arguments, tuple(used), missing)
