"""The product tree of a CSAF document: which of our families each product id stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from rules.patches.model import Range
from scanner.feeds.affected import range_of
from scanner.feeds.cpe_name import vendor_and_product
from scanner.feeds.records import Meant, Products, as_dict, as_list, version, words

_VERSIONS = frozenset({"product_version", "product_version_range"})


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
) -> Iterator[tuple[tuple[tuple[str, str], ...], dict[str, Any]]]:
    """Every product with the (category, name) of the branches that lead to it.

    The depth is bounded: documents that nest deeper are refused before.
    """
    for raw in as_list(branch.get("branches")):
        inner = as_dict(raw)
        path = (*above, (str(inner.get("category", ""))[:60], words(inner.get("name"))))
        if isinstance(inner.get("product"), dict):
            yield path, inner["product"]
        yield from _leaves(inner, path)


def _understood(
    path: tuple[tuple[str, str], ...], product: dict[str, Any], products: Products
) -> Product | None:
    vendor = next((name for category, name in path if category == "vendor"), "")
    names = [name for category, name in path if category in {"product_name", "product_family"}]
    names = [*reversed(names), words(product.get("name"))]
    cpe = as_dict(product.get("product_identification_helper")).get("cpe")
    for name in names:
        if meant := products.by_name(vendor, name):
            return _with_version(Product(meant), path)
    if isinstance(cpe, str) and (meant := products.by_cpe(*vendor_and_product(cpe))):
        return _with_version(Product(meant), path)
    return None


def _with_version(product: Product, path: tuple[tuple[str, str], ...]) -> Product:
    category, name = path[-1] if path else ("", "")
    if category not in _VERSIONS:
        return product
    if category == "product_version":
        release = version(name)
        ranged = range_of(release) if any(sign in release for sign in "<>=") else None
        if ranged is not None:
            return replace(product, ranges=(ranged,))
        return replace(product, version=release, unreadable=not release)
    ranges = ranges_of(name)
    return replace(product, ranges=ranges, unreadable=not ranges)


def ranges_of(text: str) -> tuple[Range, ...]:
    """The ranges of `vers:scheme/>=1|<2|>=3|<4` or of plain text; empty when not understood.

    The scheme is not believed: the family's own grammar compares.
    """
    text = text.strip()
    if not text.startswith("vers:"):
        one = range_of(text)
        return () if one is None else (one,)
    _, _, constraints = text.partition("/")
    found: list[Range] = []
    low: tuple[str, bool] | None = None
    for constraint in filter(None, (part.strip() for part in constraints.split("|"))):
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
