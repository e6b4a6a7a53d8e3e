"""Conditions of a filter line put together: what matches for sure and what could match.

A box holds the fields of a `Region` that are narrowed; a condition is a choice of boxes. Lines of
10,000 rules pass through here, so boxes are plain dictionaries until the line is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rules.packets import fields
from rules.packets.policy import Region
from rules.packets.sets import Names, Numbers, common, without

Box: TypeAlias = Mapping[str, Numbers | Names]
"""Field of `Region` -> its values; a field that is not there may have any."""

PIECES_MAX = 256
"""A difference that takes more boxes is given up: then nothing matches for sure."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Packets that could match, and those that certainly do."""

    may: tuple[Box, ...]
    must: tuple[Box, ...] | None = None
    """None = the same as `may`."""
    why: str = ""
    """The words that are not understood."""

    @property
    def certain(self) -> tuple[Box, ...]:
        return self.may if self.must is None else self.must


ALWAYS: Final = Condition(({},))
NEVER: Final = Condition(())

_WHOLES: Final = {
    "source": fields.ALL_ADDRESSES,
    "destination": fields.ALL_ADDRESSES,
    "protocol": fields.ALL_PROTOCOLS,
    "source_port": fields.ALL_PORTS,
    "destination_port": fields.ALL_PORTS,
    "flags": fields.ALL_FLAGS,
}


def doubtful(why: str, may: tuple[Box, ...] = ({},)) -> Condition:
    """Some of these packets, and nobody can say which."""
    return Condition(may, (), why)


def box(**wanted: Numbers | Names) -> Condition:
    """Packets that fit every field; none when one of them has no values."""
    if any(isinstance(values, Numbers) and not values for values in wanted.values()):
        return NEVER
    return Condition((wanted,))


def both(one: Condition, other: Condition) -> Condition:
    """Packets that meet the one and the other."""
    if one is ALWAYS:
        return other
    if other is ALWAYS:
        return one
    may, exact = _product(one.may, other.may)
    if exact and one.must is None and other.must is None:
        return Condition(may)
    must, _ = _product(one.certain, other.certain, only_exact=True)
    return Condition(may, None if must == may and exact else must, one.why or other.why)


def either(several: Iterable[Condition]) -> Condition:
    """Packets that meet one of them."""
    given = tuple(several)
    may = tuple(one for condition in given for one in condition.may)
    why = next((condition.why for condition in given if condition.why), "")
    if all(condition.must is None for condition in given):
        return Condition(may)
    return Condition(may, tuple(one for condition in given for one in condition.certain), why)


def negated(condition: Condition, domain: Condition = ALWAYS) -> Condition:
    """Packets of the domain that do not meet the condition."""
    may = subtracted(domain.may, condition.certain)
    must = subtracted(domain.certain, condition.may)
    if may is None:
        may = domain.may
    exact = must is not None and condition.must is None and domain.must is None
    return Condition(may, None if exact else must or (), condition.why or domain.why)


def subtracted(whole: Iterable[Box], cuts: Iterable[Box]) -> tuple[Box, ...] | None:
    """What is in the whole and in no cut; None when boxes cannot say it, or too many would."""
    left = list(whole)
    for cut in cuts:
        pieces: list[Box] = []
        for one in left:
            outside = _outside(one, cut)
            if outside is None or len(pieces) + len(outside) > PIECES_MAX:
                return None
            pieces += outside
        left = pieces
    return tuple(left)


def regions(boxes: Sequence[Box]) -> tuple[Region, ...]:
    """The boxes as regions."""
    return tuple([Region(**one) for one in boxes])  # type: ignore[arg-type]


def met(one: Box, other: Box) -> tuple[Box | None, bool]:
    """Packets in both, or None; False when names of interfaces cannot be put together exactly and
    there are fewer.
    """
    found = dict(one)
    exact = True
    for name, values in other.items():
        mine = found.get(name)
        if mine is None or mine == values:
            found[name] = values
        elif isinstance(values, Numbers) and isinstance(mine, Numbers):
            shared = common(mine, values)
            if not shared:
                return None, True
            found[name] = shared
        elif isinstance(values, Names) and isinstance(mine, Names):
            both_names, as_said = _shared(mine, values)
            if not both_names.all_but and not both_names.exact and not both_names.beginnings:
                return None, True
            found[name] = both_names
            exact = exact and as_said
    return found, exact


def _product(
    some: tuple[Box, ...], others: tuple[Box, ...], *, only_exact: bool = False
) -> tuple[tuple[Box, ...], bool]:
    found = []
    all_exact = True
    for one in some:
        for other in others:
            shared, exact = met(one, other)
            all_exact = all_exact and exact
            if shared is not None and (exact or not only_exact):
                found.append(shared)
    return tuple(found), all_exact


def _shared(one: Names, other: Names) -> tuple[Names, bool]:
    """Names in both; the first ones and False when they cannot be written as one set."""
    for few, rest in ((one, other), (other, one)):
        if not few.all_but and not few.beginnings:
            return Names(frozenset(name for name in few.exact if name in rest)), True
    if one.all_but and other.all_but:
        return Names(one.exact | other.exact, one.beginnings | other.beginnings, True), True
    return (other if one.all_but else one), False


def _outside(one: Box, cut: Box) -> list[Box] | None:
    """The box without the cut, as boxes that do not overlap; None when it cannot be written so."""
    shared, exact = met(one, cut)
    if shared is None:
        return [one]
    if not exact:
        return None
    pieces: list[Box] = []
    rest = dict(one)
    for name, values in cut.items():
        piece, exact = met(rest, {name: _all_but(name, values)})
        if not exact:
            return None
        if piece is not None:
            pieces.append(piece)
        rest[name] = shared[name]
    return pieces


def _all_but(name: str, values: Numbers | Names) -> Numbers | Names:
    if isinstance(values, Numbers):
        return without(_WHOLES[name], values)
    if name == "state":
        return Names(frozenset(state for state in fields.STATES if state not in values))
    return Names(values.exact, values.beginnings, not values.all_but)
