"""Finds the rule modules: every module below `rules` that is named after a requirement."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module

import rules as package
from rules.model import Rule
from rules.requirements import order

_RULE_MODULE = re.compile(r"(^|\.)d\d+_\d+[a-z]?_[a-z]_\w+$")


def rule_modules() -> tuple[str, ...]:
    """Full names of the modules that hold a rule, sorted."""
    return tuple(
        sorted(
            module.name
            for module in pkgutil.walk_packages(package.__path__, "rules.")
            if _RULE_MODULE.search(module.name)
        )
    )


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the Regulation's order; ids are unique."""
    found: list[Rule] = [import_module(name).RULE for name in rule_modules()]
    twice = {rule.id for rule in found if sum(other.id == rule.id for other in found) > 1}
    if twice:
        raise ValueError(f"more than one rule judges {', '.join(sorted(twice))}")
    return tuple(sorted(found, key=lambda rule: order(rule.id)))
