"""D10.1-d: what the segment may reach is on the list, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.network_facts import UnreadLine
from rules.packets.policy import Policy
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import CENTRAL_RULES, SITE_RULES, declared
from tests.rules.values import UNKNOWN, filters, rule

LISTED = "fw lets the segment out to the services of list 12/QĐ only"
UNAPPROVED = (
    "fw lets the segment out to listed services only, but no document in force approves the list"
)


def guilty(*zones: str, line: int = 9) -> str:
    lines = "; ".join(f"to zone {zone}: line {line} “line {line}”" for zone in zones)
    return f"fw lets the segment out to more than the list names: {lines}"


def open_question(why: str) -> str:
    return f"what the segment can reach is not known completely: {why}"


def fw(*extra: object, **rest: object) -> dict[tuple[str, str], object]:
    return {("fw", "filters"): filters(*CENTRAL_RULES, *extra, **rest)}


def zoned(*rules: Any) -> Policy:
    """Filters that write zones and not interfaces."""
    zones = {
        "Z-HNTH": ("hnth",),
        "Z-NET": ("internet",),
        "Z-IN": ("quantri", "maychu", "vanphong", "tslcd"),
    }
    return replace(filters(*rules), zones=zones)


def out(**match: Any) -> object:
    return rule(line=9, in_interfaces=("hnth",), **match)


def approved(document: dict[str, Any] | None) -> dict[str, Any]:
    plan = declared()
    plan["allowlist"] = {**plan["allowlist"], "approved": document}
    return plan


CASES = [
    Case("listed services only", "PASS", LISTED),
    Case(
        "the web, whole",
        "FAIL",
        guilty("internet"),
        fw(out(out_interfaces=("internet",), protocol="tcp", ports=(443,))),
    ),
    Case(
        "one port beside the listed ones",
        "FAIL",
        guilty("hnth-chau-phu"),
        fw(out(destinations=("10.67.101.0/24",), protocol="tcp", ports=((5060, 5062),))),
    ),
    Case(
        "exactly the listed ports",
        "PASS",
        LISTED,
        fw(out(destinations=("10.67.101.0/24",), protocol="tcp", ports=((5060, 5061),))),
    ),
    Case(
        "the listed ports over another protocol",
        "FAIL",
        guilty("hnth-chau-phu"),
        fw(out(destinations=("10.67.101.0/24",), protocol="udp", ports=((5060, 5061),))),
    ),
    Case(
        "a line that a denial before it covers",
        "PASS",
        LISTED,
        fw(
            rule("deny", line=8, in_interfaces=("hnth",), out_interfaces=("maychu",)),
            out(out_interfaces=("maychu",)),
        ),
    ),
    Case(
        "everything by default",
        "FAIL",
        "fw lets the segment out to more than the list names: "
        + "; ".join(
            f"to zone {zone}: the filter permits by default"
            for zone in (
                *("quantri", "maychu", "vanphong", "tslcd", "internet", "hnth-chau-phu"),
                "vanphong-chau-phu",
            )
        ),
        fw(default="permit"),
    ),
    Case(
        "into the segment only",
        "PASS",
        LISTED,
        fw(rule(line=9, in_interfaces=("vanphong",), out_interfaces=("hnth",))),
    ),
    Case(
        "replies only",
        "PASS",
        LISTED,
        fw(out(states=("established", "related"))),
    ),
    Case(
        "a line that was not understood",
        "UND",
        open_question("lines of the filter that were not understood: 1"),
        fw(unread=(UnreadLine(2, "?", "?"),)),
    ),
    Case(
        "a condition that was not understood",
        "UND",
        open_question("conditions of the filter that were not understood: time range x"),
        fw(replace(out(out_interfaces=("internet",)), must=(), why="time range x")),  # type: ignore[type-var]
    ),
    Case(
        "a filter that speaks of zones",
        "FAIL",
        guilty("internet"),
        {
            ("fw", "filters"): zoned(
                rule(line=9, in_interfaces=("Z-HNTH",), out_interfaces=("Z-NET",))
            )
        },
    ),
    Case("filter unknown", "UND", open_question(UNKNOWN.reason.en), {("fw", "filters"): UNKNOWN}),
    Case("no document approves the list", "UND", UNAPPROVED, inventory=approved(None)),
    Case(
        "the document has run out",
        "UND",
        UNAPPROVED,
        inventory=approved({"number": "1", "issued": "2024-01-05", "valid_to": "2025-01-05"}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outbound_services(case: Case) -> None:
    assert result_of(case, "D10.1-d", "hnth-tinh") == (case.outcome, case.reason)


def test_each_segment_is_judged_by_its_own_gateway() -> None:
    web = rule(line=7, in_interfaces=("hnth",), protocol="tcp", ports=(80,))
    found = finding(
        province({("router", "filters"): filters(*SITE_RULES, web)}), "D10.1-d", "hnth-chau-phu"
    )
    assert found.outcome == "FAIL"
    assert "router lets the segment out" in found.reason.en
    assert [c.line for c in found.citations] == [7] * len(found.citations) or found.citations


def test_a_filter_that_knows_the_interfaces_by_other_names_proves_nothing() -> None:
    world = province(
        {
            ("fw", "interfaces"): UNKNOWN,
            ("fw", "filters"): filters(rule("deny", line=9, in_interfaces=("port1",))),
        }
    )
    for requirement in ("D10.1-b", "D10.1-d", "D10.1-h"):
        found = finding(world, requirement, "hnth-tinh")
        assert found.outcome == "UND", requirement
        assert "through which interface" in found.reason.en
