"""CSAF leads to an answer only where it names releases, or clears a product as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from rules.patches.model import Listed, Range, WholeFamily
from scanner.feeds.csaf import record
from scanner.feeds.csaf_products import ranges_of
from scanner.feeds.names import FeedNames
from scanner.products import families
from tests.scanner.feeds.feed_documents import csaf

NAMES = FeedNames(families())


def leaf(category: str, name: str, product_id: str) -> dict[str, Any]:
    return {"category": category, "name": name, "product": {"product_id": product_id, "name": name}}


def hdx(*versions: dict[str, Any], name: str = "HDX") -> dict[str, Any]:
    return {"category": "product_name", "name": name, "branches": list(versions)}


def affects(branch: dict[str, Any], **status: list[str]) -> Any:
    (statement,) = record(csaf([branch], status), NAMES).statements
    assert (statement.family, statement.source) == ("polycom-hdx", "vendor-csaf")
    return statement.affects


FAMILY = leaf("product_family", "HDX", "F")
ONE = hdx(leaf("product_version", "3.1.1", "V"))
SPAN = hdx(leaf("product_version_range", "vers:generic/>=3.0|<3.1.14", "R"))

CASES = {
    "a family that is affected": (affects(FAMILY, known_affected=["F"]),
                                  WholeFamily("some_release")),
    "a family that is not": (affects(FAMILY, known_not_affected=["F"]),
                             WholeFamily("not_affected")),
    "a family that is fixed, in which release?": (affects(FAMILY, fixed=["F"]),
                                                  WholeFamily("some_release")),
    "a family both ways": (affects(FAMILY, known_not_affected=["F"], known_affected=["F"]),
                           WholeFamily("some_release")),
    "under investigation": (affects(FAMILY, under_investigation=["F"]),
                            WholeFamily("under_investigation")),
    "one release affected": (affects(ONE, known_affected=["V"]), Listed(affected=("3.1.1",))),
    "one release fixed": (affects(ONE, fixed=["V"]), Listed(unaffected=("3.1.1",))),
    "a range": (affects(SPAN, known_affected=["R"]), Listed((Range("3.0", True, "3.1.14"),))),
    "a range that is clean": (affects(SPAN, known_not_affected=["R"]),
                              Listed((Range("3.0", True, "3.1.14", affected=False),))),
    "a range nobody can read": (
        affects(hdx(leaf("product_version_range", "some of them", "R")), known_not_affected=["R"]),
        WholeFamily("some_release")),
}  # fmt: skip


@pytest.mark.parametrize(("found", "expected"), CASES.values(), ids=CASES.keys())
def test_what_a_status_leads_to(found: Any, expected: Any) -> None:
    assert found == expected


def test_what_clears_one_model_does_not_clear_the_family() -> None:
    model = leaf("product_name", "HDX 8000", "M")
    (statement,) = record(csaf([model], {"known_not_affected": ["M"]}), NAMES).statements
    assert statement.models == ("HDX 8000",)


def test_somebody_elses_statement_is_trusted_less() -> None:
    document = csaf([FAMILY], {"known_not_affected": ["F"]})
    document["document"]["publisher"]["category"] = "coordinator"
    (statement,) = record(document, NAMES).statements
    assert statement.source == "adp"


def test_software_on_a_model_is_limited_to_it() -> None:
    model = leaf("product_name", "HDX 8000", "M")
    document = csaf([model, ONE], {"known_affected": ["V:M"]})
    document["product_tree"]["relationships"] = [
        {
            "category": "installed_on",
            "product_reference": "V",
            "relates_to_product_reference": "M",
            "full_product_name": {"product_id": "V:M", "name": "3.1.1 on HDX 8000"},
        }
    ]
    (statement,) = record(document, NAMES).statements
    assert (statement.models, statement.affects) == (("HDX 8000",), Listed(affected=("3.1.1",)))


def test_products_of_others_say_nothing() -> None:
    other = leaf("product_family", "Catalyst SD-WAN", "F")
    assert not record(csaf([other], {"known_affected": ["F"]}), NAMES).says_something


VERS = {
    "vers:generic/>=9.0.0.0|<9.15.13.0": (Range("9.0.0.0", True, "9.15.13.0"),),
    "vers:intdot/<1|>=2|<=3": (Range(high="1"), Range("2", True, "3", True)),
    "vers:generic/1.0|2.0": (Range("1.0", True, "1.0", True), Range("2.0", True, "2.0", True)),
    "vers:generic/>4%281%29": (Range("4(1)", False),),
    "vers:generic/*": (Range(),),
    "vers:generic/!=1": (),
    "vers:generic/>1|>2": (),
    "vers:generic": (),
    "<4.2": (Range(high="4.2"),),
    "all": (),
}


@pytest.mark.parametrize(("text", "expected"), VERS.items())
def test_ranges_are_split_and_never_guessed(text: str, expected: tuple[Range, ...]) -> None:
    assert ranges_of(text) == expected
