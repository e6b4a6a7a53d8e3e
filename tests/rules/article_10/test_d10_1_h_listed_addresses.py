"""D10.1-h: what the gateway admits is on the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.network_facts import UnreadLine
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import CENTRAL_RULES, SITE_RULES, declared
from tests.rules.values import UNKNOWN, filters, rule

EXACT = "fw admits exactly the addresses of list 12/QĐ"
LESS = "fw keeps to list 12/QĐ; warning: it admits fewer addresses than the list"


def guilty(*origins: str) -> str:
    lines = "; ".join(f"from zone {origin}: line 9 “line 9”" for origin in origins)
    return f"fw admits addresses that are not on the list: {lines}"


def fw(*extra: object, **rest: object) -> dict[tuple[str, str], object]:
    return {("fw", "filters"): filters(*CENTRAL_RULES, *extra, **rest)}


def allowlist(**changes: Any) -> dict[str, Any]:
    plan = declared()
    plan["allowlist"] = {**plan["allowlist"], **changes}
    return plan


CASES = [
    Case("exact", "PASS", EXACT),
    Case(
        "an unlisted segment",
        "FAIL",
        guilty("vanphong"),
        fw(rule(line=9, in_interfaces=("vanphong",), protocol="tcp", ports=(5061,))),
    ),
    Case(
        "one unlisted address",
        "FAIL",
        guilty("vanphong"),
        fw(rule(line=9, sources=("10.67.40.50/32",), protocol="tcp", ports=(5061,))),
    ),
    Case(
        "an interface stands for every segment behind it",
        "FAIL",
        guilty("tslcd", "vanphong-chau-phu"),
        fw(rule(line=9, in_interfaces=("tslcd",), protocol="tcp", ports=(5060,))),
    ),
    Case(
        "towards another segment",
        "PASS",
        EXACT,
        fw(rule(line=9, in_interfaces=("vanphong",), destinations=("10.67.30.0/24",))),
    ),
    Case(
        "an address of the list for another service is on the list",
        "PASS",
        EXACT,
        fw(rule(line=9, sources=("10.67.101.0/24",), protocol="udp", ports=((49152, 65535),))),
    ),
    Case(
        "replies only",
        "PASS",
        EXACT,
        fw(rule(line=9, in_interfaces=("vanphong",), states=("established", "related"))),
    ),
    Case(
        "fewer addresses than the list",
        "PASS",
        LESS,
        {("fw", "filters"): filters(CENTRAL_RULES[3]), ("mcu", "ports.tcp"): UNKNOWN},
    ),
    Case(
        "no list",
        "FAIL",
        "there is no list of the addresses that may connect",
        inventory=declared(allowlist={}),
    ),
    *(
        Case(
            f"a list approved by {approval}",
            "UND",
            f"fw keeps to the list, but document 1 of {approval['issued']} does not approve it "
            "for today",
            inventory=allowlist(approved={"number": "1", **approval}),
        )
        for approval in (
            {"issued": "2025-11-22"},
            {"issued": "2026-11-24"},
            {"issued": "2026-01-05", "valid_to": "2026-11-22"},
        )
    ),
    *(
        Case(
            f"a list still approved by {approval}",
            "PASS",
            EXACT.replace("12/QĐ", "1"),
            inventory=allowlist(approved={"number": "1", **approval}),
        )
        for approval in (
            {"issued": "2025-11-23"},
            {"issued": "2026-11-23"},
            {"issued": "2021-01-05", "valid_to": "2026-11-23"},
        )
    ),
    Case(
        "a list that nobody approved",
        "UND",
        "fw keeps to the list, but no dated document approves the list",
        inventory=allowlist(approved=None),
    ),
    Case(
        "a list that nobody approved, and exceeded",
        "FAIL",
        guilty("vanphong"),
        fw(rule(line=9, in_interfaces=("vanphong",))),
        inventory=allowlist(approved=None),
    ),
    Case("filter unknown", "UND", UNKNOWN.reason.en, {("fw", "filters"): UNKNOWN}),
    Case(
        "a line not understood",
        "UND",
        "what fw admits is not known completely: lines of the filter that were not understood: 1",
        fw(unread=(UnreadLine(2, "?", "?"),)),
    ),
    Case(
        "routes unknown: remote segments are looked for behind the data network",
        "PASS",
        EXACT,
        {("fw", "routes"): UNKNOWN},
    ),
    Case(
        "a condition that is not understood may admit others",
        "UND",
        "what fw admits is not known completely: conditions of the filter that were not "
        "understood: meta mark 7",
        fw(replace(rule(line=9), must=(), why="meta mark 7")),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_listed_addresses(case: Case) -> None:
    assert result_of(case, "D10.1-h", "hnth-tinh") == (case.outcome, case.reason)


def test_a_segment_that_nothing_leads_to_is_named() -> None:
    world = province({("fw", "routes"): ()})
    found = finding(world, "D10.1-h", "hnth-tinh")
    assert (found.outcome, found.reason.en) == (
        "UND",
        "what fw admits is not known completely: it is not known through which interface these "
        "zones come in: hnth-chau-phu; vanphong-chau-phu",
    )


def test_the_gateway_of_a_site_is_held_to_the_same_list() -> None:
    open_site = filters(*SITE_RULES, rule(line=9, in_interfaces=("vanphong",)))
    found = finding(province({("router", "filters"): open_site}), "D10.1-h", "hnth-chau-phu")
    assert found.outcome == "FAIL"
    assert "vanphong-chau-phu" in found.reason.vi
