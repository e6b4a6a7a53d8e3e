"""The products that hnth can tell apart in vulnerability data: names, models, version grammars.

The table is `families.toml`; `families()` hands it to the rules, which know no vendor.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from rules.patches.families import CpeName, Families, Family, Model
from rules.patches.grammars import Grammar, Unreadable, sort_key, without_build


@cache
def families() -> Families:
    """The shipped table, read once."""
    text = files(__name__).joinpath("families.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Families(tuple(_family(entry) for entry in table["family"]), frozenset(table["fillers"]))


def version_key(family: str, least: int = 1) -> Callable[[str], tuple[Any, ...] | None]:
    """Reads releases of the family into what can be compared with `<`; None for other text.
    A device shows at least `least` numbers; with fewer it is no release but a branch.

    Builds are not compared, except where a number in brackets is part of the release. Releases of
    different hardware lines are not in order, and are told apart by the first place.
    """

    def key(version: str) -> tuple[Any, ...] | None:
        table = families()
        release, known = table.parse(family, version.strip()), table.get(family)
        if isinstance(release, Unreadable) or known is None or len(release.numbers) < least:
            return None
        in_brackets = known.grammar.kind == "bracketed"
        return (release.line, *(sort_key(release) if in_brackets else without_build(release)))

    return key


def _family(entry: dict[str, Any]) -> Family:
    return Family(
        id=entry["id"],
        vendors=tuple(entry["vendors"]),
        names=tuple(entry["names"]),
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
