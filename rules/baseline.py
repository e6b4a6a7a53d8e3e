"""The hardened configurations that devices are compared with, read from data.

The common one stands here; those of the families extend it and come in `World.baselines` with the
organisation's own. Which one is taken is decided by the family, which is a word here and no more.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from inventory.model import Device
from inventory.text import Text
from rules.baseline_operators import OPERATORS, PROFILED, value_kind
from rules.crypto_profile import Judgement
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
    where_reported: bool = False
    """Demanded of devices that have such a setting; whether this one has is seen in its facts."""
    id: str = ""
    """Unique in its baseline: what an extending one replaces or leaves out."""

    def judged(self, facts: Facts, now: datetime) -> tuple[bool | None, Fact[Any]]:
        """Met, not met, or None for unknown, with the fact that decides."""
        if self.unless_off is not None:
            service = facts[self.unless_off]
            if isinstance(service, Known) and service.value is False:
                return True, service
        fact = facts[self.fact]
        if isinstance(fact, Unknown):
            return None, fact
        if (judgement := self._by_profile(fact, now)) is not None:
            return judgement.met, Known(fact.value, judgement.decisive(fact.citations))
        return OPERATORS[self.operator].judge(fact.value, self.value, now), fact

    def is_not_reported(self, facts: Facts) -> bool:
        """It is demanded where reported, and the family's reader has nothing to say of it.

        A fact that was looked for and not found or not understood is not meant: that is unknown.
        """
        return self.where_reported and self.fact not in facts

    def told(self, fact: Fact[Any], now: datetime) -> Text:
        """The demand, with what decides: algorithms, certificates, or what should not be there."""
        if self.operator == "empty" and isinstance(fact, Known):
            names = "; ".join(fact.value)
            return _with(self.title, Text(vi=names, en=names))
        judgement = self._by_profile(fact, now)
        if judgement is None or judgement.shown is None:
            return self.title
        return _with(self.title, judgement.shown)

    def advice(self, facts: Facts, now: datetime) -> Text | None:
        """What had better be changed although it breaks nothing; None where nothing is."""
        if not self.mandatory:
            if self.is_not_reported(facts):
                return None
            met, fact = self.judged(facts, now)
            return self.told(fact, now) if met is False else None
        judgement = self._by_profile(facts[self.fact], now)
        better = None if judgement is None else judgement.advice
        return None if better is None else _with(self.title, better)

    def _by_profile(self, fact: Fact[Any], now: datetime) -> Judgement | None:
        if self.operator not in PROFILED or isinstance(fact, Unknown):
            return None
        return PROFILED[self.operator](fact.value, now)


def _with(title: Text, names: Text) -> Text:
    return Text(vi=f"{title.vi} ({names.vi})", en=f"{title.en} ({names.en})")


@dataclass(frozen=True, slots=True)
class Baseline:
    name: str
    version: str
    entries: tuple[Entry, ...]
    families: frozenset[str] = frozenset()
    """Families it was written for; empty = every family."""
    extends: str | None = None
    """Name and version of the baseline it builds on."""

    @property
    def label(self) -> str:
        """Name and version, as printed with every verdict that rests on it."""
        return f"{self.name} {self.version}"

    def entries_for(self, kind: str) -> tuple[Entry, ...]:
        """What is demanded of a kind of device, in the order of the file."""
        return tuple(entry for entry in self.entries if not entry.kinds or kind in entry.kinds)

    def held_against(self, kind: str, facts: Facts, now: datetime) -> Comparison:
        """Every mandatory entry for the kind of device, judged or not reported."""
        entries = [entry for entry in self.entries_for(kind) if entry.mandatory]
        silent = tuple(entry for entry in entries if entry.is_not_reported(facts))
        judged = [Judged(e, *e.judged(facts, now)) for e in entries if e not in silent]
        # a device of which nothing was read does not lack settings
        return Comparison(tuple(judged), silent if any(one.met for one in judged) else ())


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry with what became of it."""

    entry: Entry
    met: bool | None
    """None: unknown."""
    fact: Fact[Any]
    """What decides."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mandatory entries of a baseline beside a device, in the order of the baseline."""

    judged: tuple[Judged, ...]
    not_reported: tuple[Entry, ...]
    """Demanded where reported only, and the device has nothing that reports it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The baseline that a device is compared with."""

    baseline: Baseline
    adopted: bool
    """It was written for the family. The common one is not: it can show a violation, and meeting
    it proves nothing of the model."""


@dataclass(frozen=True, slots=True)
class Baselines:
    """The organisation's own baselines, before those that come with the program."""

    own: tuple[Baseline, ...] = ()
    shipped: tuple[Baseline, ...] = ()
    """Those of families; the common one is always there."""

    def of(self, device: Device, facts: Facts) -> Chosen:
        """For the family that the device is declared to be, else for the one recognised.

        One that the organisation wrote for the family comes first, then its own for all families.
        """
        family = device.platform or _recognised(facts["identity.family"])
        fitting = (
            *(one for one in self.own if family in one.families),
            *(one for one in self.own if not one.families),
            *(one for one in self.shipped if family in one.families),
        )
        for baseline in fitting:
            return Chosen(baseline, adopted=True)
        return Chosen(default_baseline(), adopted=False)


def _recognised(family: Fact[str]) -> str | None:
    return family.value if isinstance(family, Known) else None


@cache
def default_baseline() -> Baseline:
    """The common baseline that comes with the program."""
    content = files("rules").joinpath("baselines/default.toml").read_text(encoding="utf-8")
    table = tomllib.loads(content)
    return Baseline(table["name"], table["version"], tuple(_entries(table)))


def family_baseline(table: Mapping[str, Any], family: str) -> Baseline:
    """The baseline of a family from its table, which extends the common one.

    KeyError or ValueError for a table that does not hold together.
    """
    base = default_baseline()
    return Baseline(
        name=table["name"],
        version=table["version"],
        entries=extended(base, _entries(table), table.get("leave_out", ())),
        families=frozenset({family}),
        extends=base.label,
    )


def extended(
    base: Baseline, entries: Iterable[Entry], leave_out: Iterable[str] = ()
) -> tuple[Entry, ...]:
    """The entries of `base` with those of the same id replaced, new ones added, some left out.

    KeyError for an id to leave out that `base` does not have.
    """
    gone = set(leave_out)
    if missing := gone - {entry.id for entry in base.entries}:
        raise KeyError(f"{base.name} has no entry {sorted(missing)[0]!r}")
    own = {entry.id: entry for entry in entries}
    kept = [own.pop(e.id, e) for e in base.entries if e.id not in gone]
    return (*kept, *own.values())


def _entries(table: Mapping[str, Any]) -> Iterator[Entry]:
    seen: set[str] = set()
    for row in table.get("entry", ()):
        entry = replace(_entry(row), id=row["id"])
        if entry.id in seen:
            raise ValueError(f"two entries have the id {entry.id!r}")
        seen.add(entry.id)
        yield entry


def _entry(row: Mapping[str, Any]) -> Entry:
    off = row.get("unless_off")
    if off is not None and FACT_TYPES[off] is not bool:
        raise ValueError(f"{off!r} is no fact that says on or off")
    if (value_kind(row["fact"], row["operator"]) is None) != ("value" not in row):
        raise ValueError(f"{row['id']}: {row['operator']!r} and its value do not go together")
    return Entry(
        fact=row["fact"],
        operator=row["operator"],
        title=Text(vi=row["title"]["vi"], en=row["title"]["en"]),
        value=row.get("value"),
        mandatory=row.get("mandatory", True),
        kinds=frozenset(row.get("kinds", ())),
        unless_off=off,
        where_reported=row.get("where_reported", False),
    )
