"""The running software beside the newest release: never newest by leaving releases out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inventory.catalogue import Catalogue, Release
from rules.facts import Known, Unknown
from scanner.engine.derive import currency, needs
from scanner.platforms import find

CODEC = find("polycom-group")
MODEL = Known("RealPresence Group 500")


def catalogue(*versions: str) -> Catalogue:
    return Catalogue(
        captured=date(2026, 11, 1),
        source="thử",
        releases=tuple(
            Release(family="polycom-group", model=MODEL.value, version=v) for v in versions
        ),
    )


@pytest.mark.parametrize(
    ("running", "releases", "order"),
    [
        ("6.2.2.8", ("6.2.2.8", "6.2.2"), 0),
        ("6.2.2", ("6.2.2.8", "6.2.2"), -1),
        ("6.2.2.9", ("6.2.2.8",), 1),
        ("six", ("6.2.2.8",), None),
    ],
)
def test_order(running: str, releases: tuple[str, ...], order: int | None) -> None:
    fact = currency(CODEC, Known(running), MODEL, catalogue(*releases))
    assert isinstance(fact, Known)
    assert (fact.value.order, fact.value.newest) == (order, releases[0])


def test_a_release_that_cannot_be_ordered_may_be_the_newest() -> None:
    fact = currency(CODEC, Known("6.2.2.8"), MODEL, catalogue("6.2.2.8", "seven point one"))
    assert isinstance(fact, Unknown)


def test_a_family_without_a_published_list_of_ports_needs_an_unknown_one() -> None:
    assert needs(CODEC) == Known(CODEC.needed_ports)
    missing = needs(replace(CODEC, needed_ports=()))
    assert isinstance(missing, Unknown)
    assert CODEC.title in missing.reason.en
