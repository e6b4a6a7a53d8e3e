"""The products that hnth can tell apart in vulnerability data: names, models, version grammars.

The table is `families.toml`; `families()` hands it to the rules, which know no vendor.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from rules.patches.families import CpeName, Families, Family, Model
from rules.patches.grammars import Grammar


@cache
def families() -> Families:
    """The shipped table, read once."""
    text = files(__name__).joinpath("families.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Families(tuple(_family(entry) for entry in table["family"]), frozenset(table["fillers"]))


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
