"""Requirements that a document alone proves: when one does, and that nothing else of it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from inventory.model import Attestable
from inventory.readings import Readings
from rules.judge import judge_one
from rules.model import Outcome
from rules.requirements import REQUIREMENTS
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import confirmation, declared

ALONE = (
    "D10.2b-a", "D10.2c-a", "D10.2c-b", "D12.1-a", "D12.1-b", "D12.1-c", "D12.1-d", "D12.3-c",
)  # fmt: skip
"""Their PASS line in the register is about what a document (class D) says."""

NEVER_BY_DOCUMENT = (
    "D10.2b-b", "D10.2b-c", "D10.2c-c", "D12.1-e", "D12.2-c", "D12.3-b",
    "D12.4-a", "D12.4-b", "D12.4-c", "D12.4-d",
)  # fmt: skip
"""They ask for the records of a system, a comparison with the inventory, or forbid it in words."""

NO_DOCUMENT = "no document that vouches for it is on record"


def documents(requirement: str, *changes: dict[str, Any] | None) -> dict[str, Any]:
    """The compliant inventory with these documents on the requirement; None leaves them out."""
    base = declared()
    base["attestations"] = [a for a in base["attestations"] if a["requirement"] != requirement]
    base["attestations"] += [confirmation(requirement, **c) for c in changes if c is not None]
    return base


def at_level(level: int | None, **changes: Any) -> dict[str, Any]:
    base = documents("D12.1-a", changes)
    base["organisation"] = {**base["organisation"], "system_level": level}
    return base


def subject_of(requirement: str) -> str:
    return "chau-phu" if REQUIREMENTS[requirement].subject == "site" else "system"


def old(day: str, requirement: str) -> str:
    return f"document XN-{requirement} of {day} on it does not vouch for today"


@pytest.mark.parametrize("requirement", ALONE)
def test_a_document_in_force_passes_and_is_shown_as_attested(requirement: str) -> None:
    found = finding(province(), requirement, subject_of(requirement))
    assert (found.outcome, found.attested) == (Outcome.PASS, True)
    (citation,) = found.citations
    assert (citation.evidence_class, citation.source) == ("D", f"XN-{requirement}")
    assert citation.sha256 == "ab" * 32


@pytest.mark.parametrize("requirement", ALONE)
def test_without_a_document_nothing_is_known(requirement: str) -> None:
    world = province(inventory=documents(requirement))
    found = finding(world, requirement, subject_of(requirement))
    assert (found.outcome, found.reason.en) == (Outcome.UND, NO_DOCUMENT)
    assert not found.attested


@pytest.mark.parametrize("requirement", ALONE)
@pytest.mark.parametrize(
    ("issued", "valid_to"),
    [("2025-11-22", None), ("2026-06-01", "2026-11-22"), ("2026-11-24", "2027-11-24")],
    ids=["13 months old", "ended yesterday", "of tomorrow"],
)
def test_a_document_that_is_not_in_force_proves_nothing(
    requirement: str, issued: str, valid_to: str | None
) -> None:
    change = {"issued": issued, "valid_to": valid_to}
    found = finding(
        province(inventory=documents(requirement, change)), requirement, subject_of(requirement)
    )
    assert (found.outcome, found.reason.en) == (Outcome.UND, old(issued, requirement))


@pytest.mark.parametrize("requirement", [name for name in ALONE if name != "D12.1-a"])
@pytest.mark.parametrize(
    ("issued", "valid_to"),
    [("2025-11-23", None), ("2026-06-01", "2026-11-23"), ("2026-11-23", None)],
    ids=["12 months old", "ends today", "of today"],
)
def test_the_last_and_the_first_day_count(
    requirement: str, issued: str, valid_to: str | None
) -> None:
    own = {"first_connected": "2026-12-01"} if requirement == "D10.2c-a" else {}
    change = {"issued": issued, "valid_to": valid_to, **own}
    world = province(inventory=documents(requirement, change))
    assert finding(world, requirement, subject_of(requirement)).outcome is Outcome.PASS


@pytest.mark.parametrize("requirement", [n for n in ALONE if n.startswith("D10")])
def test_a_document_on_another_site_does_not_count(requirement: str) -> None:
    base = documents(requirement, {"subject": "trung-tam"})
    assert finding(province(inventory=base), requirement, "chau-phu").outcome is Outcome.UND
    base = documents(requirement, {"subject": "chau-phu"})
    assert finding(province(inventory=base), requirement, "chau-phu").outcome is Outcome.PASS


@pytest.mark.parametrize("requirement", [n for n in ALONE if n.startswith("D10")])
@pytest.mark.parametrize(
    ("level", "clause", "outcome"),
    [
        ("district", "former_district", Outcome.PASS),
        ("commune", "former_district", Outcome.UND),
        ("commune", "by_analogy", Outcome.PASS),
        ("province", "former_district", Outcome.NA),
        ("district", "off", Outcome.NA),
    ],
)
def test_which_sites_are_meant(requirement: str, level: str, clause: Any, outcome: Outcome) -> None:
    base = declared()
    base["sites"] = [{**s, "level": level} if s["id"] == "chau-phu" else s for s in base["sites"]]
    world = province(inventory=base, readings=Readings(district_clause=clause))
    assert finding(world, requirement, "chau-phu").outcome is outcome


@pytest.mark.parametrize("requirement", NEVER_BY_DOCUMENT)
def test_of_the_others_no_document_is_taken(requirement: str) -> None:
    assert requirement not in get_args(Attestable)
    assert {found.outcome for found in judge_one(requirement, province())} == {Outcome.UND}


CASES = [
    Case(
        "D10.2b-a",
        "PASS",
        "Đơn vị viễn thông accepted it by XN-D10.2b-a of 2026-06-01 against TCVN 1",
    ),
    Case(
        "D10.2b-a",
        "UND",
        "the acceptance record XN-D10.2b-a of 2026-06-01 names no standard",
        inventory=documents("D10.2b-a", {"standard": None}),
    ),
    Case(
        "D10.2b-a",
        "PASS",
        "Đơn vị viễn thông accepted it by XN-D10.2b-a of 2026-05-01 against TCVN 2",
        inventory=documents(
            "D10.2b-a", {"standard": None}, {"issued": "2026-05-01", "standard": "TCVN 2"}
        ),
    ),
    Case(
        "D10.2c-a",
        "PASS",
        "approved by XN-D10.2c-a of 2026-06-01, first connected on 2026-06-01",
        inventory=documents("D10.2c-a", {"first_connected": "2026-06-01"}),
    ),
    Case(
        "D10.2c-a",
        "FAIL",
        "first connected on 2026-05-31, approved only by XN-D10.2c-a of 2026-06-01",
        inventory=documents("D10.2c-a", {"first_connected": "2026-05-31"}),
    ),
    Case(
        "D10.2c-a",
        "FAIL",
        "first connected on 2026-05-31, approved only by XN-D10.2c-a of 2026-06-01",
        inventory=documents(
            "D10.2c-a", {"first_connected": "2026-07-01"}, {"first_connected": "2026-05-31"}
        ),
    ),
    Case(
        "D10.2c-a",
        "UND",
        "approved by XN-D10.2c-a of 2026-06-01, but not known when it was first connected",
        inventory=documents("D10.2c-a", {"first_connected": None}),
    ),
    Case(
        "D10.2c-a",
        "NA",
        "connected on 2020-10-20, before the Regulation",
        inventory=documents("D10.2c-a", {"first_connected": "2020-10-20"}),
    ),
    Case(
        "D10.2c-a",
        "FAIL",
        "first connected on 2020-10-21, approved only by XN-D10.2c-a of 2026-06-01",
        inventory=documents("D10.2c-a", {"first_connected": "2020-10-21"}),
    ),
    Case(
        "D12.1-a",
        "PASS",
        "assessed by XN-D12.1-a of 2026-06-01, within 12 months for level 3",
    ),
    Case(
        "D12.1-a",
        "UND",
        "assessed by XN-D12.1-a of 2026-06-01; the level of the system is not declared",
        inventory=at_level(None),
    ),
    Case(
        "D12.1-a",
        "PASS",
        "assessed by XN-D12.1-a of 2026-05-23, within 6 months for level 5",
        inventory=at_level(5, issued="2026-05-23"),
    ),
    Case(
        "D12.1-a",
        "UND",
        "assessed by XN-D12.1-a of 2026-05-22, more than 6 months ago",
        inventory=at_level(5, issued="2026-05-22"),
    ),
    Case(
        "D12.1-a",
        "UND",
        "assessed by XN-D12.1-a of 2025-11-22, more than 12 months ago",
        inventory=at_level(2, issued="2025-11-22", valid_to="2027-01-01"),
    ),
    Case(
        "D12.1-a",
        "UND",
        "assessed by XN-D12.1-a of 2026-06-01; no document vouches for D12.1-c",
        inventory=documents("D12.1-c"),
    ),
    Case(
        "D12.3-c",
        "UND",
        old("2025-11-22", "D12.3-c"),
        inventory=documents("D12.3-c", {"issued": "2025-11-22", "valid_to": "2030-01-01"}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {case.outcome}")
def test_what_else_the_document_has_to_say(case: Case) -> None:
    assert result_of(case, case.name, subject_of(case.name)) == (case.outcome, case.reason)


@pytest.mark.corpus
@pytest.mark.parametrize("requirement", ALONE)
def test_the_register_names_a_document_as_proof(requirement: str, shared: Path) -> None:
    about = section(requirement, shared)
    assert "document alone" not in about
    if requirement == "D12.1-a":  # the parts' proof is given with them
        assert "level of the system unknown" in about
    assert re.search(r"\*\*Proof:?.*?\bD\b", about, re.DOTALL)


@pytest.mark.corpus
def test_the_register_forbids_one(shared: Path) -> None:
    assert "Never evaluate it from a document alone" in section("D10.2c-c", shared)
    assert "(D)" not in section("D10.2b-b", shared)
    assert "(D)" not in section("D10.2b-c", shared)


def section(requirement: str, shared: Path) -> str:
    register = (shared / "regulation" / "REQUIREMENTS.md").read_text(encoding="utf-8")
    return register.split(f"### {requirement} ", 1)[1].split("\n### ", 1)[0]
