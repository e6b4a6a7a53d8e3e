"""Sets of which only a part is certain: a list with a DNS name in it, a group filled later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.packets.policy import EVERYTHING, Region
from rules.packets.sets import NOTHING, Names, Numbers, common, union, without


@dataclass(frozen=True, slots=True)
class Extent:
    """Values that could belong to a set and those that certainly do; None = every value."""

    may: Numbers | None = None
    must: Numbers | None = None
    why: str = ""
    """What is not known of it, in the configuration's own words; empty when nothing is."""


ANYTHING = Extent()


def exactly(values: Numbers) -> Extent:
    """A set that is known."""
    return Extent(values, values)


def at_least(values: Numbers, why: str) -> Extent:
    """A set with these members and others that nobody knows."""
    return Extent(None, values, why)


def together(extents: Iterable[Extent]) -> Extent:
    """All values of several sets."""
    several = tuple(extents)
    if len(several) == 1:
        return several[0]
    may = [one.may for one in several]
    must = [one.must for one in several]
    known = [one for one in must if one is not None]
    possible = [one for one in may if one is not None]
    certain = union(known) if len(known) == len(must) else None
    why = next((one.why for one in several if one.why), "")
    if not why:
        return Extent(certain, certain)
    return Extent(union(possible) if len(possible) == len(may) else None, certain, why)


def all_but(extent: Extent, whole: Numbers) -> Extent:
    """Every value of the whole that is not in the set."""
    may = NOTHING if extent.must is None else without(whole, extent.must)
    if not extent.why:
        return Extent(may, may)
    return Extent(may, NOTHING if extent.may is None else without(whole, extent.may), extent.why)


def both(one: Extent, other: Extent) -> Extent:
    """The values that belong to both sets."""
    why = one.why or other.why
    may = _common(one.may, other.may)
    return Extent(may, _common(one.must, other.must), why) if why else Extent(may, may)


def _common(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    if one is None or other is None:
        return other if one is None else one
    return common(one, other)


def within(extent: Extent, whole: Numbers) -> Extent:
    """The values of the set that belong to the whole, with the lines they come from."""
    may = whole if extent.may is None else _part(extent.may, whole)
    if extent.must is extent.may:
        return Extent(may, may)
    must = whole if extent.must is None else _part(extent.must, whole)
    return Extent(may, may) if may == must else Extent(may, must, extent.why)


def _part(values: Numbers, whole: Numbers) -> Numbers:
    met = common(values, whole)
    return values if met == values else Numbers(met.intervals, values.parts)


@dataclass(frozen=True, slots=True)
class Interfaces:
    """As `Extent`, for names of interfaces."""

    may: Names | None = None
    must: Names | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule asks for, field by field; fields that are not named are not asked about."""

    numbers: Mapping[str, Extent]
    """Field of `Region` -> its values."""
    names: Mapping[str, Interfaces]
    why: str = ""
    """A condition that is not understood at all."""


def regions(match: Match) -> tuple[tuple[Region, ...], tuple[Region, ...] | None, str]:
    """`may`, `must` and `why` of a rule with these conditions.

    `may` is empty when no packet can fit.
    """
    asked: list[tuple[str, Extent | Interfaces]] = [*match.numbers.items(), *match.names.items()]
    why = match.why or next((one.why for _, one in asked if one.why), "")
    may = _region({name: one.may for name, one in asked})
    if not why:
        return ((may,) if may else ()), None, ""
    must = None if match.why else _region({name: one.must for name, one in asked})
    return ((may,) if may else ()), ((must,) if must else ()), why


def _region(values: Mapping[str, Numbers | Names | None]) -> Region | None:
    """None when one of the sets is empty."""
    for one in values.values():
        if isinstance(one, Numbers) and not one:
            return None
        if isinstance(one, Names) and not (one.exact or one.beginnings or one.all_but):
            return None
    wanted: dict[str, Any] = {name: one for name, one in values.items() if one is not None}
    return Region(**wanted) if wanted else EVERYTHING
