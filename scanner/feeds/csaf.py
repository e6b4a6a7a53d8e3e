"""CSAF 2.0 advisories and VEX (https://docs.oasis-open.org/csaf/csaf/v2.0/): what they state.

A document leads to "affected" or "not affected" only where the product it names carries a version
or a range, or where the whole product is stated as not affected. `known_affected` of a product
without a version means "in some release, see the advisory", whatever tables its prose holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from inventory.text import Text
from rules.patches.model import (
    Affects,
    Cve,
    Listed,
    Range,
    Score,
    Source,
    Statement,
    WholeFamily,
)
from scanner.feeds.csaf_products import Product, products_of
from scanner.feeds.errors import BadFeed
from scanner.feeds.records import (
    Meant,
    Products,
    Record,
    address,
    as_dict,
    as_list,
    cve_id,
    moment,
    number,
    version,
    words,
)

NAME = "csaf"

_AFFECTED = ("known_affected", "first_affected", "last_affected")
_CLEAN = ("known_not_affected", "fixed", "first_fixed")


def record(document: dict[str, Any], products: Products) -> Record:
    """What the whole document says of our products.

    Raises BadFeed when it lacks what identifies it.
    """
    head = as_dict(document.get("document"))
    tracking = as_dict(head.get("tracking"))
    publisher = as_dict(head.get("publisher"))
    identity = words(tracking.get("id"), 120)
    if not identity:
        raise BadFeed(_NO_ID)
    named = products_of(as_dict(document.get("product_tree")), products)
    stamped = moment(tracking.get("current_release_date"))
    # who is not the vendor itself is trusted as any third party is
    source: Source = "vendor-csaf" if publisher.get("category") == "vendor" else "adp"
    url = _own_address(head) or identity
    statements: list[Statement] = []
    cves: list[Cve] = []
    for raw in map(as_dict, as_list(document.get("vulnerabilities"))):
        cve = cve_id(raw.get("cve"))
        if cve is None:
            continue
        said = tuple(_statements(cve, source, raw, named, url, stamped.date() if stamped else None))
        statements.extend(said)
        if said:
            scores = tuple(_scores(raw, publisher))
            cves.append(Cve(cve, words(raw.get("title")), scores, urls=(url,)))
    return Record(f"{_key(publisher)} {identity}", stamped, tuple(cves), tuple(statements))


def _key(publisher: dict[str, Any]) -> str:
    return words(publisher.get("namespace"), 120) or words(publisher.get("name"), 120)


def _own_address(head: dict[str, Any]) -> str:
    for reference in map(as_dict, as_list(head.get("references"))):
        if reference.get("category") == "self":
            return address(reference.get("url"))
    return ""


@dataclass(slots=True)
class _Said:
    """What one vulnerability says of one family, with the models it is limited to."""

    ranges: list[Range] = field(default_factory=list)
    affected: list[str] = field(default_factory=list)
    unaffected: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)

    def affects(self) -> Affects:
        if self.ranges or self.affected or self.unaffected:
            return Listed(tuple(self.ranges), tuple(self.affected), tuple(self.unaffected))
        if self.whole == {"not_affected"}:
            return WholeFamily("not_affected")
        return WholeFamily(
            "under_investigation" if self.whole == {"under_investigation"} else "some_release"
        )


def _statements(
    cve: str,
    source: Source,
    raw: dict[str, Any],
    named: dict[str, Product],
    url: str,
    dated: date | None,
) -> Iterator[Statement]:
    status = as_dict(raw.get("product_status"))
    found: dict[Meant, _Said] = {}
    for name in (*_AFFECTED, *_CLEAN, "under_investigation"):
        for product_id in as_list(status.get(name)):
            product = named.get(product_id) if isinstance(product_id, str) else None
            for meant in product.meant if product else ():
                _read(found.setdefault(meant, _Said()), name, product)
    for meant, said in found.items():
        models = (meant.model,) if meant.model else ()
        affects = said.affects()
        yield Statement(cve, meant.family, source, affects, models=models, url=url, dated=dated)


def _read(said: _Said, status: str, product: Product | None) -> None:
    if product is None:
        return
    affected = status in _AFFECTED
    if status == "under_investigation":
        said.whole.add("under_investigation")
    elif product.unreadable:
        said.whole.add("some_release")
    elif product.ranges:
        said.ranges += [
            Range(r.low, r.low_included, r.high, r.high_included, affected) for r in product.ranges
        ]
    elif product.version and status == "known_not_affected":
        # says nothing of the releases behind it, which "fixed" does
        said.ranges.append(Range(product.version, True, product.version, True, False))
    elif product.version:
        (said.affected if affected else said.unaffected).append(product.version)
    elif status == "known_not_affected":
        said.whole.add("not_affected")
    else:
        said.whole.add("some_release")


def _scores(raw: dict[str, Any], publisher: dict[str, Any]) -> Iterator[Score]:
    source = words(publisher.get("name"), 80)
    for one in map(as_dict, as_list(raw.get("scores"))):
        for name in ("cvss_v3", "cvss_v2"):
            data = as_dict(one.get(name))
            base = number(data.get("baseScore"))
            if base is not None:
                vector = version(data.get("vectorString"))
                yield Score(source, version(data.get("version")), base, vector)


_NO_ID = Text(
    vi="văn bản CSAF thiếu document.tracking.id; hãy tải lại từ nguồn",
    en="the CSAF document has no document.tracking.id; fetch it again from its source",
)
