"""Every reason that a rule can give has its Vietnamese, and no Vietnamese is left over."""

from __future__ import annotations

import ast
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import rules
from rules.registry import rule_modules
from rules.requirements import REQUIREMENTS, common_reasons

ROOT = Path(str(rules.__file__)).parent
VERDICTS = {"passed": 0, "failed": 0, "unknown": 0, "not_applicable": 1, "judged": 0}
"""Functions that take a template, and at which place. `judged` names a choice between two."""

FROM_FACTS = "{reason}"


def templates(path: Path) -> Iterator[str]:
    """Templates of the verdicts in a module; fails on one that is not written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = VERDICTS.get(node.func.id)
            if place is not None:
                template = node.args[place]
                assert isinstance(template, ast.Constant), f"{path.name}:{node.lineno}"
                assert isinstance(template.value, str)
                yield template.value


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


MODULES = [Path(*name.split(".")[1:]).with_suffix(".py") for name in rule_modules()]
SHARED = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob("*.py")
    if path.relative_to(ROOT) not in MODULES and path.name != "model.py"
)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_rule_and_its_texts_match(module: Path) -> None:
    (wanted,) = [w for w in REQUIREMENTS.values() if w.stem == module.stem]
    assert set(templates(ROOT / module)) == set(wanted.reasons)


def test_shared_modules_and_their_texts_match() -> None:
    used = {template for path in SHARED for template in templates(ROOT / path)}
    assert used == set(common_reasons())


def test_no_reason_is_translated_twice() -> None:
    everywhere = [*common_reasons()]
    for wanted in REQUIREMENTS.values():
        assert not set(wanted.reasons) & set(everywhere), wanted.id


EVERY = [*common_reasons().items()] + [
    pair for wanted in REQUIREMENTS.values() for pair in wanted.reasons.items()
]


@pytest.mark.parametrize(("english", "vietnamese"), EVERY, ids=lambda text: text[:40])
def test_both_languages_say_the_same(english: str, vietnamese: str) -> None:
    assert fields(english) == fields(vietnamese)
    assert english != vietnamese
    assert english == english.strip()
    assert vietnamese == vietnamese.strip()
    assert unicodedata.is_normalized("NFC", vietnamese)
    assert english.isascii()


def test_templates_hold_plain_names_only() -> None:
    """No attribute or index in a template: values come from devices."""
    for english, vietnamese in EVERY:
        for name in fields(english) | fields(vietnamese):
            assert name.isidentifier()
