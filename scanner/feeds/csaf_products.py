"""The product tree of a CSAF document: which of our families each product id stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import unquote

from rules.patches.model import Range
from rules.patches.ranges import branch_of
from scanner.feeds.affected import range_of
from scanner.feeds.cpe_name import release, vendor_and_product
from scanner.feeds.records import Meant, Products, as_dict, as_list, version, words

_VERSIONS = frozenset({"product_version", "product_version_range"})
_PATCHES = frozenset({"service_pack", "patch_level"})
_PRODUCTS = frozenset({"product_name", "product_family"})
LONGEST_RANGE = 4000
_GROUPS = frozenset({"vendor", "legacy"})
_RELEASE = re.compile(r"(?<![\w.-])[vx]?\d+(?:\.\d+)+(?:\([\d.]+\))?|\bv\d{3}r\d{3}c\w+", re.I)
"""A release inside the name of a product; numbers of models have no dots."""

_Path: TypeAlias = Sequence[tuple[str, str]]
"""Category and name, as written, of the branches from the top."""


@dataclass(frozen=True, slots=True)
class Product:
    meant: tuple[Meant, ...]
    version: str = ""
    ranges: tuple[Range, ...] = ()
    unreadable: bool = False
    """It carries a version or a range that cannot be read."""


def products_of(tree: dict[str, Any], products: Products) -> dict[str, Product]:
    """By product id; those that are none of ours are left out."""
    found: dict[str, Product] = {}
    for path, product in _leaves(tree, ()):
        understood = _understood(path, product, products)
        if understood is not None and isinstance(product.get("product_id"), str):
            found[product["product_id"]] = understood
    for raw in as_list(tree.get("full_product_names")):
        product = as_dict(raw)
        understood = _understood((), product, products)
        if understood is not None and isinstance(product.get("product_id"), str):
            found[product["product_id"]] = understood
    found.update(_combined(tree, found))
    return found


def _leaves(
    branch: dict[str, Any], above: tuple[tuple[str, str], ...]
) -> Iterator[tuple[_Path, dict[str, Any]]]:
    """Every product with the (category, name) of the branches that lead to it.

    The depth is bounded: documents that nest deeper are refused before.
    """
    for raw in as_list(branch.get("branches")):
        inner = as_dict(raw)
        name = inner.get("name")
        # as written: what is between the signs of ">=1|<2|>=3" is no markup
        path = (
            *above,
            (str(inner.get("category", ""))[:60], name if isinstance(name, str) else ""),
        )
        if isinstance(inner.get("product"), dict):
            yield path, inner["product"]
        yield from _leaves(inner, path)


def _understood(path: _Path, product: dict[str, Any], products: Products) -> Product | None:
    vendor = next((words(name) for category, name in path if category == "vendor"), "")
    names = [words(name) for category, name in path if category in _PRODUCTS]
    names = [*reversed(names), words(product.get("name"))]
    cpe = as_dict(product.get("product_identification_helper")).get("cpe")
    cpe = cpe if isinstance(cpe, str) else ""
    for name in names:
        if meant := products.by_name(vendor, name):
            return _with_version(Product(meant), path, release(cpe), names)
    if meant := products.by_cpe(*vendor_and_product(cpe)):
        return _with_version(Product(meant), path, release(cpe), names)
    return None


def _with_version(product: Product, path: _Path, in_cpe: str, names: list[str]) -> Product:
    """The product with the release that its branches name, or else its CPE name, or its own."""
    within = [(category, name) for category, name in path if category not in _PRODUCTS]
    named = [(category, name) for category, name in within if category in _VERSIONS]
    if not named:
        return _without_branch(product, within, in_cpe, names)
    category, name = named[-1]
    patches = [inner for category, inner in within if category in _PATCHES]
    if category == "product_version":
        written = version(name)
        if patches:  # "4.1" with "4.1(2)" below it: the whole release stands there, or only a part
            written = version(patches[-1]) if written and patches[-1].startswith(written) else ""
        ranged = range_of(written) if any(sign in written for sign in "<>=") else None
        if ranged is not None:
            return replace(product, ranges=(ranged,))
        return replace(product, version=written, unreadable=not written)
    ranges = () if patches else ranges_of(name)
    return replace(product, ranges=ranges, unreadable=not ranges)


def _without_branch(product: Product, within: _Path, in_cpe: str, names: list[str]) -> Product:
    if in_cpe:
        return replace(product, version=in_cpe)
    written = dict.fromkeys(found for name in names for found in _RELEASE.findall(name))
    if len(written) == 1:
        return replace(product, version=next(iter(written)))
    parts = any(category not in _GROUPS for category, _ in within)
    return replace(product, unreadable=bool(written) or parts)


def ranges_of(text: str) -> tuple[Range, ...]:
    """The ranges of `vers:scheme/>=1|<2|>=3|<4` or of plain text; empty when not understood.

    The scheme is not believed: the family's own grammar compares.
    """
    text = text.strip() if len(text) <= LONGEST_RANGE else ""
    if not text.startswith("vers:"):
        one = range_of(text)
        return () if one is None else (one,)
    _, _, constraints = text.partition("/")
    found: list[Range] = []
    low: tuple[str, bool] | None = None
    for constraint in filter(None, (part.strip() for part in constraints.split("|"))):
        if branch := branch_of(constraint.removeprefix("=")):
            found.append(branch)
            continue
        if constraint == "*":
            return (Range(),) if constraints.strip() == "*" else ()
        sign = next((s for s in (">=", "<=", "!=", ">", "<", "=") if constraint.startswith(s)), "")
        bound = version(unquote(constraint.removeprefix(sign)))
        if not bound or sign == "!=":
            return ()
        if sign in {">", ">="}:
            if low is not None:
                return ()
            low = (bound, sign == ">=")
        elif sign in {"<", "<="}:
            begin, included = low or ("", True)
            found.append(Range(begin, included, bound, sign == "<="))
            low = None
        else:
            found.append(Range(bound, True, bound, True))
    if low is not None:
        found.append(Range(low[0], low[1]))
    return tuple(found)


def _combined(tree: dict[str, Any], known: dict[str, Product]) -> Iterator[tuple[str, Product]]:
    """Products made of two: this release on that model."""
    for raw in map(as_dict, as_list(tree.get("relationships"))):
        product_id = as_dict(raw.get("full_product_name")).get("product_id")
        of, on = raw.get("product_reference"), raw.get("relates_to_product_reference")
        if not all(isinstance(one, str) for one in (product_id, of, on)):
            continue
        part, whole = known.get(str(of)), known.get(str(on))
        if part is not None:
            yield str(product_id), replace(part, meant=_on(part.meant, whole))
        elif whole is not None:
            # a component that is none of ours, in a product that is
            yield str(product_id), whole


def _on(meant: tuple[Meant, ...], whole: Product | None) -> tuple[Meant, ...]:
    """Software limited to the models that it runs on here."""
    models = {} if whole is None else {one.family: one.model for one in whole.meant}
    return tuple(Meant(one.family, one.model or models.get(one.family, "")) for one in meant)
