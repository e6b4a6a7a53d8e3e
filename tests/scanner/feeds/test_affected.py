"""The `affected` lists of CVE 5: what publishers write, and what it may lead to."""

from __future__ import annotations

from typing import Any

import pytest

from rules.patches.model import Listed, Range, WholeFamily
from scanner.feeds.affected import affected_statements, range_of
from scanner.feeds.names import FeedNames
from scanner.products import families

NAMES = FeedNames(families())
SOME = WholeFamily("some_release")


def said(versions: list[Any], default: str | None = None, source: Any = "vendor-cve") -> Any:
    entry: dict[str, Any] = {"vendor": "Pexip", "product": "Pexip Infinity", "versions": versions}
    if default is not None:
        entry["defaultStatus"] = default
    (statement,) = affected_statements("CVE-2026-1", [entry], source, NAMES)
    assert statement.family == "pexip"
    return statement.affects


def hit(**fields: str) -> dict[str, str]:
    return {"status": "affected", **fields}


CASES: dict[str, tuple[Any, Any]] = {
    "one release": (said([hit(version="9.1")]), Listed(affected=("9.1",))),
    "up to, without": (
        said([hit(version="0", lessThan="37.0")]), Listed((Range(high="37.0"),))),
    "up to, with": (
        said([hit(version="25", lessThanOrEqual="25.4")]),
        Listed((Range("25", True, "25.4", True),))),
    "from one on": (
        said([hit(version="25", lessThan="*")]), Listed((Range("25", True, ""),))),
    "written as text": (
        said([hit(version=">= 2.6.0, < 2.6.9")]), Listed((Range("2.6.0", True, "2.6.9"),))),
    "nothing said": (said([hit(version="n/a")]), SOME),
    "no versions": (said([]), SOME),
    "everything, says the maker": (
        said([hit(version="0", lessThan="*")]), Listed((Range(),))),
    "everything, says a third party": (said([hit(version="0", lessThan="*")], source="adp"), SOME),
    "default affected": (said([], "affected"), Listed(otherwise="affected")),
    "default unaffected": (
        said([hit(version="9.1")], "unaffected"),
        Listed(affected=("9.1",), otherwise="not_affected")),
    "default unaffected beside something unread": (
        said([hit(version="9.1"), hit(version="n/a")], "unaffected"), Listed(affected=("9.1",))),
    "a sentence": (said([hit(version="See the bulletin.")], "unaffected"), SOME),
    "a sentence with numbers": (
        said([hit(version="all releases of 9 and 10")], "unaffected"), SOME),
    "a bound that is no text": (
        said([{"status": "affected", "version": "1", "lessThan": 9}], "unaffected"), SOME),
    "a status nobody knows": (said([{"status": "perhaps", "version": "1"}], "unaffected"), SOME),
    "fixed in the middle": (
        said([{**hit(version="1", lessThan="9"),
               "changes": [{"at": "5", "status": "unaffected"}]}]),
        Listed((Range("1", True, "5"), Range("5", True, "9", affected=False)))),
    "named as clean": (
        said([{"status": "unaffected", "version": "9.2"}]), Listed(unaffected=("9.2",))),
    "all clean": (said([{"status": "unaffected", "version": "0", "lessThan": "*"}]), SOME),
}  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), CASES.values(), ids=CASES.keys())
def test_what_an_entry_leads_to(found: Any, expected: Any) -> None:
    assert found == expected


NAMED = {
    "the maker's words": ("Polycom", "HDX 8000", [("polycom-hdx", ("HDX 8000",))]),
    "as in CPE": ("pexip", "pexip_infinity", [("pexip", ())]),
    "vendor in the product only": ("n/a", "Cisco Meeting Server", [("cisco-meeting-server", ())]),
    "a short name of somebody else": ("acme", "Desk", []),
    "a short name without a vendor": ("n/a", "Desk", []),
    "another product of the vendor": ("Cisco", "Catalyst SD-WAN", []),
    "not text": (None, ["HDX"], []),
}


@pytest.mark.parametrize(("vendor", "product", "expected"), NAMED.values(), ids=NAMED.keys())
def test_which_products_are_ours(vendor: Any, product: Any, expected: list[Any]) -> None:
    entry = {"vendor": vendor, "product": product, "versions": [hit(version="1")]}
    found = affected_statements("CVE-2026-1", [entry], "vendor-cve", NAMES)
    assert [(one.family, one.models) for one in found] == expected


def test_entries_of_one_family_become_one_statement() -> None:
    entries = [
        {"vendor": "Pexip", "product": "Infinity", "versions": [hit(version="n/a")]},
        {"vendor": "Pexip", "product": "Pexip Infinity", "versions": [hit(version="9")],
         "defaultStatus": "unaffected"},
    ]  # fmt: skip
    (statement,) = affected_statements("CVE-2026-1", entries, "vendor-cve", NAMES)
    assert statement.affects == Listed(affected=("9",))


TEXTS = {
    "before 4.2": Range(high="4.2"),
    "versions prior to 4.2": Range(high="4.2"),
    "up to 4.2": Range(high="4.2", high_included=True),
    "4.2 and earlier": Range(high="4.2", high_included=True),
    "<= 3.1.13": Range(high="3.1.13", high_included=True),
    "> 1, <= 2": Range("1", False, "2", True),
    "= 4.2": Range("4.2", True, "4.2", True),
    "4.2": None,
    "< 1, < 2": None,
    "see the bulletin": None,
    "": None,
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_ranges_in_words(text: str, expected: Range | None) -> None:
    assert range_of(text) == expected
