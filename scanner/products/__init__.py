"""The products that hnth can tell apart in vulnerability data: names, models, version grammars.

The table is `families.toml`; `families()` hands it to the rules, which know no vendor.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rules.patches.families import CpeName, Families, Family, Model
from rules.patches.grammars import Grammar, Release, sort_key, without_build


@cache
def families() -> Families:
    """The shipped table, read once."""
    text = files(__name__).joinpath("families.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Families(
        tuple(_family(entry) for entry in table["family"]),
        frozenset(table["fillers"]),
        frozenset(table["vague"]),
        frozenset(table["strange"]),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """The hardware line or train of a release. Two of them have no order: `<` is a TypeError."""

    name: tuple[int | str, ...]


def version_key(
    *ids: str, least: int = 1, builds: bool = False
) -> Callable[[str], tuple[Any, ...] | None]:
    """Reads releases of a family into what can be compared with `<`; None for other text.

    Of several families that one device may run, the earlier releases stand first. A device shows at
    least `least` numbers; with fewer it is no release but a branch. Builds are compared where
    `builds` says so, and where a number in brackets is part of the release; a release with and one
    without its build then have no order.
    """

    def key(version: str) -> tuple[Any, ...] | None:
        table = families()
        for place, family in reversed(tuple(enumerate(ids))):
            release, known = table.parse(family, version.strip()), table.get(family)
            if isinstance(release, Release) and known is not None:
                found = _key(release, known.grammar, least, builds)
                return None if found is None else (place, *found)
        return None

    return key


def _key(release: Release, grammar: Grammar, least: int, builds: bool) -> tuple[Any, ...] | None:
    if grammar.line_numbers + len(release.numbers) < least:
        return None
    if grammar.kind == "bracketed":
        return (Line(release.line), *sort_key(release))
    build = (release.build or None,) if builds else ()
    return (Line(release.line), *without_build(release), *build)


def _family(entry: dict[str, Any]) -> Family:
    return Family(
        id=entry["id"],
        vendors=tuple(entry["vendors"]),
        names=tuple(entry["names"]),
        whole_names=tuple(entry.get("whole_names", ())),
        grammar=_grammar(entry.get("grammar", {})),
        also=tuple(entry.get("also", ())),
        platforms=tuple(entry.get("platforms", ())),
        models=tuple(model for group in entry.get("group", ()) for model in _models(group)),
        cpe=tuple(_cpe(name) for name in entry.get("cpe", ())),
    )


def _grammar(entry: dict[str, Any]) -> Grammar:
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    return Grammar(**{**entry, **lists})


def _models(group: dict[str, Any]) -> tuple[Model, ...]:
    also = group.get("also", {})
    series = tuple(group.get("series", ()))
    return tuple(Model(name, tuple(also.get(name, ())), series) for name in group["models"])


def _cpe(name: str) -> CpeName:
    """`vendor:product` or `vendor:product=Model`."""
    product, _, model = name.partition("=")
    vendor, _, product = product.partition(":")
    return CpeName(vendor, product, model)
