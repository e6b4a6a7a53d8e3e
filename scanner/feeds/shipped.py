"""The catalogue that comes with the program: dated facts with their sources, in its own words."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from rules.patches.model import Cve, Listed, Published, Statement
from scanner.feeds import cve5, firmware_facts, fixed_releases, yaml_lines
from scanner.feeds.affected import range_of
from scanner.feeds.records import Record

NAME = "shipped"


@dataclass(frozen=True, slots=True)
class Shipped:
    stamped: datetime
    """The older of the two lists that answers rest on."""
    sha256: str
    records: tuple[Record, ...]


@cache
def shipped() -> Shipped:
    """Everything in the folder `catalogue`."""
    digest = hashlib.sha256()
    texts = {}
    for name in ("exploited.toml", "firmware.yaml", "fixed_releases.toml",
                 "releases.toml", "stated_ranges.toml"):  # fmt: skip
        raw = files(__name__.rpartition(".")[0]).joinpath("catalogue", name).read_bytes()
        digest.update(raw)
        texts[name] = raw.decode("utf-8")
    exploited = tomllib.loads(texts["exploited.toml"])
    fixed = tomllib.loads(texts["fixed_releases.toml"])
    firmware = firmware_facts.catalogue(yaml_lines.read(texts["firmware.yaml"]))
    listed = tomllib.loads(texts["releases.toml"])
    stated = tomllib.loads(texts["stated_ranges.toml"])
    day = min(firmware.as_of, fixed["as_of"])
    return Shipped(
        datetime(day.year, day.month, day.day, tzinfo=UTC),
        digest.hexdigest(),
        (
            *(_exploited(cve, since) for cve, since in exploited["since"].items()),
            *(record for entry in fixed["entry"] for record in _fixed(entry)),
            *(record for entry in stated["entry"] for record in _ranges(entry)),
            *firmware.records,
            *(_published(entry) for entry in listed["list"]),
        ),
    )


def _exploited(cve: str, since: date) -> Record:
    return Record(cve, cves=(Cve(cve, exploited_since=since),))


def _published(entry: dict[str, Any]) -> Record:
    """One vendor's list of releases."""
    releases = tuple(
        Published(
            family=entry["family"],
            version=release["version"],
            released=release["released"],
            deployment=entry["deployment"],
            withdrawn=release.get("withdrawn"),
            read_on=entry["read_on"],
            source=entry["source"],
        )
        for release in entry["releases"]
    )
    return Record(entry["source"], published=releases)


def _fixed(entry: dict[str, Any]) -> Iterator[Record]:
    """One record per vulnerability; the compact branches become those of the open format."""
    branches = [_branch(*text.split()) for text in entry.get("branches", [])]
    rest = {key: value for key, value in entry.items() if key not in {"cves", "branches"}}
    for number, cve in enumerate(entry["cves"], 1):
        yield fixed_releases.record({**rest, "cve": cve, "branches": branches}, number)


def _ranges(entry: dict[str, Any]) -> Iterator[Record]:
    """One record per vulnerability, in the ranges of its CVE record."""
    ranges = [(text, range_of(text)) for text in entry["affected"]]
    affects = Listed(
        tuple(found for _, found in ranges if found is not None),
        tuple(text for text, found in ranges if found is None),
        tuple(entry.get("unaffected", ())),
        "not_affected" if entry.get("complete") else "unknown",
    )
    for cve in entry["cves"]:
        statement = Statement(
            cve,
            entry["family"],
            "curated",
            affects,
            models=tuple(entry.get("models", ())),
            note=entry.get("note", ""),
            url=cve5.RECORD_PAGE + cve,
        )
        yield Record(f"{cve} {statement.family}", cves=(Cve(cve),), statements=(statement,))


def _branch(branch: str, status: str, fixed: str = "") -> dict[str, str]:
    return {"branch": branch, "status": status, "fixed": fixed}
