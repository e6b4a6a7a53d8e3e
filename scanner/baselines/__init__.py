"""Hardened configurations per family (TOML), and those that an organisation wrote itself (YAML).

What comes out is a `rules.baseline.Baselines`, which the rules are handed in their world. A family
without a file here has no baseline: its devices are compared with the common one of the rules.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from inventory.model import Inventory
from rules.baseline import Baseline, Baselines, default_baseline, family_baseline
from rules.facts import Facts, Known

_FAMILY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def baselines_for(
    inventory: Inventory, facts: Mapping[str, Facts], own: Iterable[Baseline] = ()
) -> Baselines:
    """What the devices of this inventory are compared with; other families are not loaded."""
    families = {device.platform for device in inventory.devices}
    for told in facts.values():
        family = told["identity.family"]
        families.add(family.value if isinstance(family, Known) else None)
    found = (of_family(family) for family in sorted(filter(None, families)))
    return Baselines(tuple(own), tuple(baseline for baseline in found if baseline is not None))


@cache
def of_family(family: str) -> Baseline | None:
    """The baseline that comes with the program for this family; None when there is none."""
    if _FAMILY.fullmatch(family) is None:
        return None
    file = files(__name__).joinpath(f"{family}.toml")
    if not file.is_file():
        return None
    return family_baseline(tomllib.loads(file.read_text(encoding="utf-8")), family)


def shipped() -> tuple[Baseline, ...]:
    """The common one, then those of the families by name."""
    names = sorted(
        item.name.removesuffix(".toml")
        for item in files(__name__).iterdir()
        if item.name.endswith(".toml")
    )
    found = (of_family(name) for name in names)
    return (default_baseline(), *(baseline for baseline in found if baseline is not None))
