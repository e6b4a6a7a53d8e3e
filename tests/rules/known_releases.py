"""Imported data about an invented family of devices, enough to call the small province patched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rules.patches.advisories import Advisories
from rules.patches.families import Families, Family, Model
from rules.patches.grammars import Grammar
from rules.patches.model import Branch, Branches, Cve, Feed, Latest, Published, Statement
from tests.rules.values import TODAY

READ_ON = date(2026, 11, 20)
FAMILIES = Families(
    (
        Family(
            "alpha",
            ("maker",),
            ("Alpha",),
            grammar=Grammar(),
            models=(Model("Model"), Model("Model X", series=("X Series",))),
        ),
        Family("beta", ("maker",), ("Beta",), grammar=Grammar(prefixes=("b",))),
    )
)


def stated(cve: str = "CVE-2021-0001", *branches: Branch, **rest: Any) -> Statement:
    """One curated statement, of the invented family, by default fixed in 1.8."""
    affects = Branches(branches or (Branch("1", "fixed", "1.8"),), "migrate", "not_affected")
    values: dict[str, Any] = {"affects": affects, "dated": date(2021, 5, 1), **rest}
    return Statement(cve, values.pop("family", "alpha"), values.pop("source", "curated"), **values)


def listed(version: str = "2.0", **rest: Any) -> Latest:
    """An entry of a vendor's own list of releases."""
    values: dict[str, Any] = {
        "released": date(2026, 10, 1),
        "basis": "release-list",
        "read_on": READ_ON,
        "source": "the maker's list",
    }
    return Latest(values.pop("family", "alpha"), version=version, **{**values, **rest})


def published(version: str, released: date, **rest: Any) -> Published:
    return Published("alpha", version, released, read_on=rest.pop("read_on", READ_ON), **rest)


def feed(name: str = "nvd", stamped: date = TODAY) -> Feed:
    moment = datetime(stamped.year, stamped.month, stamped.day, tzinfo=UTC)
    return Feed(name, "ab" * 32, moment, records=1)


IMPORTED = Advisories(
    FAMILIES,
    (stated(),),
    {"CVE-2021-0001": Cve("CVE-2021-0001")},
    (listed(),),
    (published("1.9", date(2020, 1, 1)), published("2.0", date(2022, 1, 10))),
    (feed(),),
)
"""On the day the province's devices were put into use, 2.0 was the newest release."""


def imported(**changes: Any) -> Advisories:
    return replace(IMPORTED, **changes)
