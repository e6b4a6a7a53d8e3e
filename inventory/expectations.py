"""From the model's complaints to sentences for the person who wrote the file.

The models say what is wrong with a value; this module says where it stands, what was expected,
what was found (unless it may be a secret) and what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from inventory import source
from inventory.messages import (
    EXPECTED,
    EXTRA_SECRET,
    MAPPING_EXPECTED,
    OR_MAPPING,
    PATTERNS,
    REFERENCE_EXPECTED,
)
from inventory.problems import Problem, joined, looks_secret, nearest, shown, suggestion
from inventory.source import Mapping, Node, Scalar
from inventory.text import Text

Path: TypeAlias = tuple[str | int, ...]

PUBLIC_KEYS = frozenset({"host_key"})
"""Keys whose names sound secret and whose values are not."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error points: the deepest node that exists, and what was not found below it."""

    path: Path
    node: Node
    line: int
    rest: Path


def place_of(tree: Mapping, location: Sequence[str | int]) -> Place:
    """Follow a location as far as the tree goes; names of union members are passed over."""
    node: Node = tree
    line = tree.line
    path: list[str | int] = []
    rest: list[str | int] = []
    for item in location:
        if isinstance(node, Mapping) and isinstance(item, str) and item in node.entries:
            line = node.key_lines[item]
            node = node.entries[item]
        elif isinstance(node, source.Sequence) and isinstance(item, int):
            if item >= len(node.items):
                break
            node = node.items[item]
            line = node.line
        else:
            rest.append(item)
            continue
        path.append(item)
    return Place(tuple(path), node, line, tuple(rest))


def label(tree: Mapping, path: Path) -> str:
    """The way to a value: `devices/mcu-tinh/address`; `sites/#2/level` where there is no id."""
    node: Node = tree
    words: list[str] = []
    for item in path:
        if isinstance(node, source.Sequence) and isinstance(item, int):
            node = node.items[item]
            words.append(_own_id(node) or f"#{item + 1}")
        elif isinstance(node, Mapping) and isinstance(item, str):
            node = node.entries[item]
            words.append(item)
    return "/".join(words)


def _own_id(node: Node) -> str | None:
    own = node.entries.get("id") if isinstance(node, Mapping) else None
    if isinstance(own, Scalar) and own.text.isprintable() and 0 < len(own.text) <= 63:
        return own.text
    return None


def is_secret(path: Path, node: Node | None = None) -> bool:
    """The value at this path must not be repeated in a message."""
    words = [str(item) for item in path if item not in PUBLIC_KEYS]
    return any(looks_secret(word) for word in words) or (
        isinstance(node, Scalar) and looks_secret(node.text)
    )


def problems_of(
    error: ValidationError, model: type[BaseModel], tree: Mapping, file: str
) -> list[Problem]:
    """One problem per place; follow-up complaints of the same mistake are left out."""
    details = error.errors(include_url=False, include_input=False)
    places = [place_of(tree, detail["loc"]) for detail in details]
    renamed = _meant_by_misspelt(model, details, places)
    found: dict[tuple[Path, Path], Problem] = {}
    for detail, place in zip(details, places, strict=True):
        if _is_echo(detail, place, details, places, renamed):
            continue
        text = _explained(detail, place, model, tree)
        key = (place.path, place.rest[-1:] if detail["type"] == "missing" else ())
        found.setdefault(key, Problem(file, place.line, text))
    return list(found.values())


def _meant_by_misspelt(
    model: type[BaseModel], details: list[ErrorDetails], places: list[Place]
) -> set[Path]:
    """Paths of the keys that misspelt ones were meant to be: not to be reported missing too."""
    meant = set()
    for detail, place in zip(details, places, strict=True):
        if detail["type"] == "extra_forbidden":
            near = nearest(str(place.path[-1]), _fields(model, place.path[:-1]))
            if near is not None:
                meant.add((*place.path[:-1], near))
    return meant


def _is_echo(
    detail: ErrorDetails,
    place: Place,
    details: list[ErrorDetails],
    places: list[Place],
    renamed: set[Path],
) -> bool:
    kind = detail["type"]
    if kind == "missing":
        return (*place.path, *place.rest[-1:]) in renamed
    if kind == "too_short":
        # The items are there, they are only wrong, and that is reported for each of them.
        return isinstance(place.node, source.Sequence) and bool(place.node.items)
    # A union complains once per member; the members of the wrong shape are noise.
    if kind == "literal_error" and isinstance(place.node, Mapping):
        return any(
            other["type"] != "literal_error" and where.path[: len(place.path)] == place.path
            for other, where in zip(details, places, strict=True)
        )
    if kind == "model_type":
        return any(
            other["type"] == "literal_error" and where.path == place.path
            for other, where in zip(details, places, strict=True)
        )
    return False


def _explained(detail: ErrorDetails, place: Place, model: type[BaseModel], tree: Mapping) -> Text:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(place, model, tree)
    if kind == "missing" and not place.rest:
        where = shown(label(tree, place.path))
        return Text(
            vi=f"mục bắt buộc {where} chưa có giá trị", en=f"the required key {where} has no value"
        )
    if kind == "missing":
        where = label(tree, place.path)
        inside = Text(vi=f' trong "{where}"', en=f' in "{where}"') if where else Text(vi="", en="")
        name = shown(str(place.rest[-1]))
        return joined(
            Text(vi=f"thiếu mục bắt buộc {name}", en=f"the required key {name} is missing"), inside
        )
    expected = _expectation(detail, place, model)
    where = label(tree, place.path) or "/"
    return joined(
        Text(vi=f"{where}: ", en=f"{where}: "),
        expected,
        _found(place),
        _meant(detail, place, model),
    )


def _unknown_key(place: Place, model: type[BaseModel], tree: Mapping) -> Text:
    key = str(place.path[-1])
    above = place.path[:-1]
    where = label(tree, above)
    inside = Text(vi=f' trong "{where}"', en=f' in "{where}"') if where else Text(vi="", en="")
    near = suggestion(key, _fields(model, above))
    if looks_secret(key) or (is_secret(above) and not near.en):
        return joined(EXTRA_SECRET, inside)
    known = ", ".join(sorted(_fields(model, above)))
    choices = Text(vi=f"; các mục có ở đây: {known}", en=f"; the keys here are: {known}")
    return joined(
        Text(vi=f"không có mục {shown(key)}", en=f"there is no key {shown(key)}"),
        inside,
        near if near.en else choices,
    )


def _expectation(detail: ErrorDetails, place: Place, model: type[BaseModel]) -> Text:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return _form(place)
    if kind == "literal_error":
        words = ", ".join(_literals(_types(model, place.path)))
        expected = Text(vi=f"cần một trong: {words}", en=f"expected one of: {words}")
        names = ", ".join(sorted(_fields(model, place.path)))
        return joined(expected, OR_MAPPING.format(names=names)) if names else expected
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        names = ", ".join(sorted(_fields(model, place.path)))
        return MAPPING_EXPECTED.format(names=names)
    if kind == "value_error":
        return Text(vi=f"giá trị không dùng được ({context['error']})", en=str(context["error"]))
    template = EXPECTED.get(kind)
    if template is None:
        return Text(
            vi=f"giá trị không đúng dạng ({detail['msg']})",
            en=f"not a valid value ({detail['msg']})",
        )
    return template.format(**context)


def _form(place: Place) -> Text:
    """Of a value that is written in one way only."""
    if is_secret(place.path):
        return REFERENCE_EXPECTED
    key = str(place.path[-1]) if place.path else ""
    return PATTERNS.get(key, EXPECTED["string_pattern_mismatch"])


def _found(place: Place) -> Text:
    node = place.node
    if is_secret(place.path, node):
        return Text(
            vi="; giá trị đã ghi không nhắc lại ở đây", en="; what was written is not shown"
        )
    if isinstance(node, Scalar):
        return Text(vi=f", đã ghi {shown(node.text)}", en=f", found {shown(node.text)}")
    if isinstance(node, Mapping):
        return Text(vi=", đã ghi một nhóm mục", en=", found a group of keys")
    return Text(vi=", đã ghi một danh sách", en=", found a list")


def _meant(detail: ErrorDetails, place: Place, model: type[BaseModel]) -> Text:
    nothing = Text(vi="", en="")
    if not isinstance(place.node, Scalar) or is_secret(place.path, place.node):
        return nothing
    written = place.node.text
    if detail["type"] == "literal_error":
        return suggestion(written, _literals(_types(model, place.path)))
    if detail["type"].startswith("ip_") and "network" in detail["type"]:
        try:
            meant = ip_network(written, strict=False)
        except ValueError:
            return nothing
        return Text(vi=f"; có phải là {meant}?", en=f"; did you mean {meant}?")
    if detail["type"] in {"day", "moment"}:
        return _meant_day(written)
    return nothing


def _meant_day(written: str) -> Text:
    """The ISO form of a day that was written the Vietnamese way."""
    day, _, rest = written.strip().partition(" ")
    parts = day.replace("-", "/").replace(".", "/").split("/")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts) or len(parts[2]) != 4:
        return Text(vi="", en="")
    iso = f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}{' ' + rest if rest else ''}"
    return Text(vi=f"; có phải là {shown(iso)}?", en=f"; did you mean {shown(iso)}?")


# --- what the models say about a path ----------------------------------------------------------


def _types(model: type[BaseModel], path: Iterable[str | int]) -> list[Any]:
    """Every type that the value at the path may have, unions taken apart."""
    types: list[Any] = [model]
    for item in path:
        types = [inner for outer in types for inner in _inside(outer, item)]
    return types


def _inside(outer: Any, item: str | int) -> list[Any]:
    if isinstance(item, int):
        return _members(get_args(outer)[0]) if get_origin(outer) is tuple else []
    if isinstance(outer, type) and issubclass(outer, BaseModel) and item in outer.model_fields:
        return _members(outer.model_fields[item].annotation)
    return []


def _members(annotation: Any) -> list[Any]:
    if get_origin(annotation) in {Union, UnionType}:
        return [m for part in get_args(annotation) for m in _members(part)]
    if hasattr(annotation, "__metadata__"):
        return _members(annotation.__origin__)
    return [annotation]


def _fields(model: type[BaseModel], path: Iterable[str | int]) -> set[str]:
    return {
        name
        for kind in _types(model, path)
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name in kind.model_fields
    }


def _literals(types: Iterable[Any]) -> list[str]:
    return [str(word) for kind in types if get_origin(kind) is Literal for word in get_args(kind)]
