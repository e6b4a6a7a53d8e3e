"""CVE JSON 5: one record, a list of records, or an archive of them (https://www.cve.org).

A record has the publisher's own part (`cna`) and additions of others (`adp`), which are trusted
less. Both may name our products or leave that to prose; a record that names none is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.patches.model import Cve, Score, Statement
from scanner.feeds.affected import affected_statements
from scanner.feeds.records import (
    Products,
    Record,
    addresses,
    as_dict,
    as_list,
    cve_id,
    day,
    moment,
    number,
    version,
    words,
)

NAME = "cve5"
RECORD_PAGE = "https://www.cve.org/CVERecord?id="


def record(entry: dict[str, Any], products: Products) -> Record | None:
    """What the record says; None when it has no id. Without our products it says nothing."""
    metadata = as_dict(entry.get("cveMetadata"))
    containers = as_dict(entry.get("containers"))
    cve = cve_id(metadata.get("cveId", entry.get("cveId")))
    if cve is None:
        return None
    stamped = moment(metadata.get("dateUpdated"))
    if metadata.get("state") == "REJECTED":
        return Record(cve, stamped)
    own = as_dict(containers.get("cna")) or entry  # a bare {cveId, affected} is taken as well
    added = [as_dict(one) for one in as_list(containers.get("adp"))]
    statements = tuple(_statements(cve, own, added, products))
    if not statements:
        return Record(cve, stamped)
    known = Cve(
        id=cve,
        title=words(own.get("title")) or _description(own),
        scores=tuple(score for part in (own, *added) for score in _scores(part)),
        exploited_since=_exploited(added),
        published=day(metadata.get("datePublished")),
        urls=addresses(own.get("references")),
    )
    return Record(cve, stamped, (known,), statements)


def _statements(
    cve: str, own: dict[str, Any], added: list[dict[str, Any]], products: Products
) -> Iterator[Statement]:
    url = RECORD_PAGE + cve
    dated = _updated(own)
    yield from affected_statements(
        cve, as_list(own.get("affected")), "vendor-cve", products, url, dated
    )
    for part in added:
        affected = as_list(part.get("affected"))
        yield from affected_statements(cve, affected, "adp", products, url, _updated(part))


def _updated(part: dict[str, Any]) -> Any:
    return day(as_dict(part.get("providerMetadata")).get("dateUpdated"))


def _description(part: dict[str, Any]) -> str:
    for said in as_list(part.get("descriptions")):
        if str(as_dict(said).get("lang")).startswith("en"):
            return words(as_dict(said).get("value"))
    return ""


def _scores(part: dict[str, Any]) -> Iterator[Score]:
    source = words(as_dict(part.get("providerMetadata")).get("shortName"), 80)
    for metric in as_list(part.get("metrics")):
        for name in ("cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"):
            data = as_dict(as_dict(metric).get(name))
            base = number(data.get("baseScore"))
            if base is not None:
                vector = version(data.get("vectorString"))
                yield Score(source, version(data.get("version")), base, vector)


def _exploited(added: list[dict[str, Any]]) -> Any:
    """Day on which CISA listed it as exploited, where an addition says so."""
    for part in added:
        for metric in as_list(part.get("metrics")):
            other = as_dict(as_dict(metric).get("other"))
            if other.get("type") == "kev":
                return day(as_dict(other.get("content")).get("dateAdded"))
    return None
