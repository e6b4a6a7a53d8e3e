"""The hardened configuration that devices are compared with, read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from inventory.text import Text
from rules.facts import FACT_TYPES, Fact, Facts, Known, Unknown


@dataclass(frozen=True, slots=True)
class Entry:
    """One demand on one fact."""

    fact: str
    operator: str
    title: Text
    value: Any = None
    mandatory: bool = True
    kinds: frozenset[str] = frozenset()
    """Kinds of device it applies to; empty = all."""
    unless_off: str | None = None
    """A fact that, known to be false, meets the entry without a look at `fact`."""

    def judged(self, facts: Facts, now: datetime) -> tuple[bool | None, Fact[Any]]:
        """Met, not met, or None for unknown, with the fact that decides."""
        if self.unless_off is not None:
            service = facts[self.unless_off]
            if isinstance(service, Known) and service.value is False:
                return True, service
        fact = facts[self.fact]
        if isinstance(fact, Unknown):
            return None, fact
        return _OPERATORS[self.operator](fact.value, self.value, now), fact


@dataclass(frozen=True, slots=True)
class Baseline:
    name: str
    version: str
    entries: tuple[Entry, ...]

    def entries_for(self, kind: str) -> tuple[Entry, ...]:
        """What is demanded of a kind of device, in the order of the file."""
        return tuple(entry for entry in self.entries if not entry.kinds or kind in entry.kinds)


def _in_validity(certificates: Any, _: Any, now: datetime) -> bool | None:
    """None seen means that nobody looked, not that all is well."""
    if not certificates:
        return None
    return all(c.not_before <= now <= c.not_after for c in certificates)


_OPERATORS: dict[str, Callable[[Any, Any, datetime], bool | None]] = {
    "is": lambda actual, wanted, _: bool(actual == wanted),
    "is_not": lambda actual, wanted, _: bool(actual != wanted),
    "at_least": lambda actual, wanted, _: bool(actual >= wanted),
    "not_empty": lambda actual, _, __: bool(actual),
    "only": lambda actual, wanted, _: all(item.lower() in wanted for item in actual),
    "addresses": lambda actual, _, __: bool(actual) and all(p.prefixlen > 0 for p in actual),
    "in_validity": _in_validity,
}


@cache
def default_baseline() -> Baseline:
    """The baseline that comes with the program. KeyError for an unknown fact or operator."""
    content = files("rules").joinpath("baselines/default.toml").read_text(encoding="utf-8")
    table = tomllib.loads(content)
    return Baseline(
        name=table["name"],
        version=table["version"],
        entries=tuple(_entry(row) for row in table["entry"]),
    )


def _entry(row: dict[str, Any]) -> Entry:
    for name in (row["fact"], row.get("unless_off", row["fact"])):
        if name not in FACT_TYPES:
            raise KeyError(f"{name!r} is not the name of a fact")
    if row["operator"] not in _OPERATORS:
        raise KeyError(f"{row['operator']!r} is no operator of a baseline")
    return Entry(
        fact=row["fact"],
        operator=row["operator"],
        title=Text(vi=row["title"]["vi"], en=row["title"]["en"]),
        value=row.get("value"),
        mandatory=row.get("mandatory", True),
        kinds=frozenset(row.get("kinds", ())),
        unless_off=row.get("unless_off"),
    )
