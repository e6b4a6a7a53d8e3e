"""D10.2c-d: a subordinate system reaches the MCU over the province's conferencing line."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.readings import Readings
from rules.packets.policy import Policy
from tests.rules.build import Case, result_of
from tests.rules.compliant import confirmation, declared, with_device, with_site
from tests.rules.values import UNKNOWN, route

ALONE = "tslcd of router carries conferencing alone"
CONFIRMED = "; Đơn vị viễn thông confirms it by XN-D10.2-b of 2026-06-01"
BY_ANALOGY = Readings(district_clause="by_analogy")


def router(*routes: object) -> dict[tuple[str, str], Any]:
    return {("router", "routes"): routes}


CASES = [
    Case("over the conferencing VPN", "PASS", ALONE + CONFIRMED),
    Case(
        "a longer prefix leads over the Internet",
        "FAIL",
        "router reaches mcu through zone internet of kind outside, outside any VPN of the "
        "conferencing system",
        router(
            route("0.0.0.0/0", "172.16.0.1", "tslcd"),
            route("10.67.10.0/24", "203.0.113.1", "ftth"),
        ),
    ),
    Case(
        "the line is shared",
        "FAIL",
        "traffic of zone vanphong-chau-phu goes out by tslcd of router too: -",
        {("router", "filters"): Policy()},
    ),
    Case("routes unknown", "UND", UNKNOWN.reason.en, {("router", "routes"): UNKNOWN}),
    Case(
        "nothing confirms the VPN",
        "UND",
        ALONE + "; no document confirms the side of the carrier",
        inventory=declared(attestations=[confirmation("D10.2-d")]),
    ),
    Case("the provincial system", "NA", "the site belongs to the provincial system",
         subject="trung-tam"),
    Case(
        "a commune, not decided",
        "UND",
        "it is not decided whether the clause on districts applies to communes "
        "(reading district_clause)",
        inventory=with_site("chau-phu", level="commune"),
    ),
    Case(
        "a commune by analogy",
        "PASS",
        ALONE + CONFIRMED,
        inventory=with_site("chau-phu", level="commune"),
        readings=BY_ANALOGY,
    ),
    Case("a district by analogy", "PASS", ALONE + CONFIRMED, readings=BY_ANALOGY),
    Case(
        "the clause is off",
        "NA",
        "by the reading the clause on districts no longer applies",
        readings=Readings(district_clause="off"),
    ),
    Case(
        "not connected",
        "NA",
        "neither MCU nor VCS stands at the site",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_provincial_line(case: Case) -> None:
    assert result_of(case, "D10.2c-d", "chau-phu") == (case.outcome, case.reason)
