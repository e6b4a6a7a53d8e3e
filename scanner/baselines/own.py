"""The baselines that an organisation declares in its inventory, as the rules take them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.draft import Remark
from inventory.model import Inventory, OwnBaseline, OwnEntry
from inventory.problems import InventoryError, Problem, joined, shown, suggestion
from inventory.source import tree
from inventory.text import Text
from rules.baseline import Baseline, Entry, default_baseline, extended
from rules.baseline_operators import OPERATORS, choices, value_kind
from rules.facts import FACT_TYPES
from scanner.baselines import of_family

_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class _NotUsable(Exception):
    """Why a baseline cannot be used, and the way to the place."""

    def __init__(self, text: Text, *path: str | int) -> None:
        super().__init__(text.en)
        self.text = text
        self.path = path


def own_baselines(inventory: Inventory) -> tuple[Baseline, ...]:
    """One baseline for each family that is named, in the order of the file.

    Raises `InventoryError` for one that cannot be used: left out silently, a weaker one would be
    taken in its place.
    """
    if remarks := _remarks(inventory):
        problems = [Problem("baselines", None, remark.text) for remark in remarks]
        raise InventoryError(problems)
    return tuple(baseline for own in inventory.baselines for baseline in _of(own))


def problems_in(inventory: Inventory, text: str, file: str) -> tuple[Problem, ...]:
    """What is wrong with the baselines of an inventory file, each with its line."""
    remarks = _remarks(inventory)
    root = tree(text, file) if remarks else None
    return tuple(remark.problem(root, file) for remark in remarks if root is not None)


def _remarks(inventory: Inventory) -> list[Remark]:
    found = []
    for number, own in enumerate(inventory.baselines):
        try:
            tuple(_of(own))
        except _NotUsable as error:
            found.append(Remark(("baselines", number, *error.path), error.text))
    return found


def _of(own: OwnBaseline) -> Iterator[Baseline]:
    entries = [_entry(entry, number) for number, entry in enumerate(own.entries)]
    repeated = [n for n, e in enumerate(entries) if e.id in {x.id for x in entries[:n]}]
    if repeated:
        raise _NotUsable(_TWICE, "entries", repeated[0], "id")
    if own.extends == "family" and not own.families:
        raise _NotUsable(_WHICH_FAMILY, "extends")
    for family in own.families or (None,):
        base = _base(own, family)
        known = {entry.id for entry in base.entries} if base else set()
        for number, name in enumerate(own.leave_out):
            if name not in known:
                text = joined(_NO_ENTRY.format(name=shown(name)), suggestion(name, known))
                raise _NotUsable(text, "leave_out", number)
        yield Baseline(
            name=own.name,
            version=own.version,
            entries=extended(base, entries, own.leave_out) if base else tuple(entries),
            families=frozenset({family} if family else ()),
            extends=base.label if base else None,
        )
    if not entries and own.extends is None:
        raise _NotUsable(_EMPTY)


def _base(own: OwnBaseline, family: str | None) -> Baseline | None:
    if own.extends is None:
        return None
    if own.extends == "common" or family is None:
        return default_baseline()
    shipped = of_family(family)
    if shipped is None:
        raise _NotUsable(_NONE_SHIPPED.format(family=shown(family)), "extends")
    return shipped


def _entry(own: OwnEntry, number: int) -> Entry:
    where = ("entries", number)
    if own.fact not in FACT_TYPES:
        text = joined(_NO_FACT.format(name=shown(own.fact)), suggestion(own.fact, FACT_TYPES))
        raise _NotUsable(text, *where, "fact")
    if own.operator not in OPERATORS:
        text = joined(
            _NO_OPERATOR.format(name=shown(own.operator)), suggestion(own.operator, OPERATORS)
        )
        raise _NotUsable(text, *where, "operator")
    if own.unless_off is not None and FACT_TYPES.get(own.unless_off) is not bool:
        raise _NotUsable(_NO_SWITCH.format(name=shown(own.unless_off)), *where, "unless_off")
    return Entry(
        fact=own.fact,
        operator=own.operator,
        title=Text(vi=own.title, en=own.title),
        value=_value(own, where),
        mandatory=own.mandatory,
        kinds=frozenset(own.kinds),
        unless_off=own.unless_off,
        id=own.id,
    )


def _value(own: OwnEntry, where: tuple[str, int]) -> Any:
    """The value as the operator compares it."""
    try:
        kind = value_kind(own.fact, own.operator)
    except ValueError:
        text = _DOES_NOT_ASK.format(operator=own.operator, fact=own.fact)
        raise _NotUsable(text, *where, "operator") from None
    if kind is None:
        if own.value is not None:
            raise _NotUsable(_NO_VALUE.format(operator=own.operator), *where, "value")
        return None
    if own.value is None:
        raise _NotUsable(_VALUE_MISSING.format(operator=own.operator), *where)
    if kind == "words":
        given = (own.value,) if isinstance(own.value, str) else own.value
        return tuple(word.lower() for word in given)
    value = own.value if isinstance(own.value, str) else ""
    if kind == "boolean" and value.lower() in _YES_NO:
        return _YES_NO[value.lower()]
    if kind == "number" and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    if kind == "version" and value in {"1.0", "1.1", "1.2", "1.3"}:
        return value
    words = choices(own.fact)
    if kind == "word" and value and (not words or value in words):
        return value
    raise _NotUsable(_WRONG_VALUE.format(fact=own.fact, expected=_expected(kind, words)), *where)


def _expected(kind: str, words: tuple[str, ...]) -> str:
    return {"boolean": "true, false", "number": "600", "version": "1.2"}.get(kind, ", ".join(words))


_TWICE = Text(vi="mã này đã dùng trong cùng cấu hình chuẩn", en="the id is used twice")
_EMPTY = Text(
    vi="cấu hình chuẩn không có mục nào; thêm entries hoặc extends",
    en="the baseline demands nothing; add entries, or extends",
)
_WHICH_FAMILY = Text(
    vi="extends: family cần mục families",
    en="extends: family needs the key families",
)
_NONE_SHIPPED = Text(
    vi="chương trình không có cấu hình chuẩn của {family}; dùng extends: common",
    en="no baseline is shipped for {family}; write extends: common",
)
_NO_ENTRY = Text(
    vi="cấu hình chuẩn được mở rộng không có mục {name}",
    en="the extended baseline has no entry {name}",
)
_NO_FACT = Text(vi="không có dữ kiện {name}", en="there is no fact {name}")
_NO_OPERATOR = Text(vi="không có phép so sánh {name}", en="there is no operator {name}")
_NO_SWITCH = Text(
    vi="{name} không phải là dữ kiện bật/tắt như service.snmp.enabled",
    en="{name} is no fact that is on or off, such as service.snmp.enabled",
)
_DOES_NOT_ASK = Text(
    vi="phép so sánh {operator} không dùng được với {fact}",
    en="the operator {operator} does not go with {fact}",
)
_NO_VALUE = Text(
    vi="phép so sánh {operator} không cần value; bỏ mục này",
    en="the operator {operator} takes no value; remove the key",
)
_VALUE_MISSING = Text(
    vi="phép so sánh {operator} cần value",
    en="the operator {operator} needs the key value",
)
_WRONG_VALUE = Text(
    vi="value không hợp lệ với {fact}; ví dụ: {expected}",
    en="this value does not go with {fact}; for instance: {expected}",
)
