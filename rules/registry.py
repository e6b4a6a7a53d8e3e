"""Finds the rule modules: those of the packages `rules.article_*` named after a requirement."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module

import rules as package
from rules.model import Rule
from rules.requirements import order

_RULE_MODULE = re.compile(r"d\d+_\d+[a-z]?_[a-z]_\w+")


def rule_modules() -> tuple[str, ...]:
    """Full names of the modules that hold a rule, sorted."""
    articles = [article for article in pkgutil.iter_modules(package.__path__) if article.ispkg]
    return tuple(
        sorted(
            f"rules.{article.name}.{module.name}"
            for article in articles
            if article.name.startswith("article_")
            for module in pkgutil.iter_modules([f"{package.__path__[0]}/{article.name}"])
            if _RULE_MODULE.fullmatch(module.name)
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
