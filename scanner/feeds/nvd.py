"""NVD JSON 2.0: an answer of the API or a yearly file (https://nvd.nist.gov/developers).

A record says which CPE names are affected; one that names none of our products is not kept. Records
that await analysis have no `configurations`; what their `affected` holds comes from the record's
own publisher and counts as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from rules.patches.model import (
    Configuration,
    Configurations,
    Criterion,
    Cve,
    Node,
    Score,
    Statement,
)
from scanner.feeds.affected import affected_statements
from scanner.feeds.cpe_name import LONGEST_CPE, vendor_and_product
from scanner.feeds.records import (
    Products,
    Record,
    addresses,
    as_dict,
    as_list,
    cve_id,
    day,
    number,
    version,
    words,
)

NAME = "nvd"
RECORD_PAGE = "https://nvd.nist.gov/vuln/detail/"


def record(entry: dict[str, Any], products: Products) -> Record | None:
    """What the entry says; None when it has no id. Without our products it says nothing."""
    body = as_dict(entry.get("cve"))
    cve = cve_id(body.get("id"))
    if cve is None:
        return None
    if body.get("vulnStatus") == "Rejected":
        return Record(cve)
    statements = tuple(_statements(cve, body, products))
    if not statements:
        return Record(cve)
    return Record(
        cve,
        cves=(
            Cve(
                id=cve,
                title=_description(body),
                scores=tuple(_scores(as_dict(body.get("metrics")))),
                exploited_since=day(body.get("cisaExploitAdd")),
                published=day(body.get("published")),
                urls=addresses(body.get("references")),
            ),
        ),
        statements=statements,
    )


def _statements(cve: str, body: dict[str, Any], products: Products) -> Iterator[Statement]:
    dated = day(body.get("lastModified"))
    url = RECORD_PAGE + cve
    by_family: dict[str, list[Configuration]] = {}
    for raw in as_list(body.get("configurations")):
        named = dict.fromkeys(_families(as_dict(raw), products))
        if not named:
            continue
        configuration = _configuration(as_dict(raw))
        for family in named:
            by_family.setdefault(family, []).append(configuration)
    for family, found in by_family.items():
        yield Statement(cve, family, "nvd", Configurations(tuple(found)), url=url, dated=dated)
    for said in as_list(body.get("affected")):
        entries = as_list(as_dict(said).get("affectedData"))
        yield from affected_statements(cve, entries, "vendor-cve", products, url, dated)


def _families(configuration: dict[str, Any], products: Products) -> Iterator[str]:
    for node in as_list(configuration.get("nodes")):
        for match in as_list(as_dict(node).get("cpeMatch")):
            name = as_dict(match).get("criteria")
            if isinstance(name, str) and as_dict(match).get("vulnerable") is True:
                for meant in products.by_cpe(*vendor_and_product(name)):
                    yield meant.family


def _configuration(raw: dict[str, Any]) -> Configuration:
    nodes = (
        Node(
            tuple(_criterion(as_dict(match)) for match in as_list(as_dict(node).get("cpeMatch"))),
            _operator(as_dict(node)),
            as_dict(node).get("negate") is True,
        )
        for node in as_list(raw.get("nodes"))
    )
    return Configuration(tuple(nodes), _operator(raw), raw.get("negate") is True)


def _operator(raw: dict[str, Any]) -> Literal["AND", "OR"]:
    return "AND" if raw.get("operator") == "AND" else "OR"


def _criterion(match: dict[str, Any]) -> Criterion:
    name = match.get("criteria")
    return Criterion(
        cpe=name if isinstance(name, str) and len(name) <= LONGEST_CPE else "",
        vulnerable=match.get("vulnerable") is not False,
        start_including=version(match.get("versionStartIncluding")),
        start_excluding=version(match.get("versionStartExcluding")),
        end_including=version(match.get("versionEndIncluding")),
        end_excluding=version(match.get("versionEndExcluding")),
    )


def _scores(metrics: dict[str, Any]) -> Iterator[Score]:
    for name in ("cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2"):
        for metric in as_list(metrics.get(name)):
            data = as_dict(as_dict(metric).get("cvssData"))
            base = number(data.get("baseScore"))
            if base is not None:
                source = words(as_dict(metric).get("source"), 80)
                vector = version(data.get("vectorString"))
                yield Score(source, version(data.get("version")), base, vector)


def _description(body: dict[str, Any]) -> str:
    for said in as_list(body.get("descriptions")):
        if as_dict(said).get("lang") == "en":
            return words(as_dict(said).get("value"))
    return ""
