"""D10.2a-a: the MCU's site and those of provincial level are on TSLCD, without exception."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.build import Case, result_of
from tests.rules.compliant import confirmation, declared, with_device, with_site
from tests.rules.values import UNKNOWN, route

IN_TSLCD = "every route of the site leads into TSLCD"
CONFIRMED = "; Đơn vị viễn thông confirms it by XN-D10.2a-a of 2026-06-01"


def fw(*routes: object) -> dict[tuple[str, str], Any]:
    return {("fw", "routes"): routes}


CASES = [
    Case("through TSLCD, recorded", "PASS", IN_TSLCD + CONFIRMED),
    Case(
        "to the Internet first",
        "FAIL",
        "fw reaches vcs through zone internet, not through TSLCD",
        fw(route("0.0.0.0/0", "203.0.113.254", "internet")),
    ),
    Case(
        "load shared with the Internet",
        "FAIL",
        "fw reaches vcs through zone internet, not through TSLCD",
        fw(
            route("0.0.0.0/0", "172.16.0.11", "tslcd"),
            route("0.0.0.0/0", "203.0.113.254", "internet"),
        ),
    ),
    Case(
        "the Internet is only a reserve",
        "PASS",
        IN_TSLCD + CONFIRMED,
        fw(
            route("0.0.0.0/0", "172.16.0.11", "tslcd"),
            route("0.0.0.0/0", "203.0.113.254", "internet", metric=100),
        ),
    ),
    Case(
        "no exception for a recorded reason",
        "FAIL",
        "fw reaches vcs through zone internet, not through TSLCD",
        fw(route("0.0.0.0/0", "203.0.113.254", "internet")),
        inventory=with_site("trung-tam", tslcd_available=False, other_link_reason="chưa kéo cáp"),
    ),
    Case(
        "nothing tells what lies behind",
        "UND",
        "it is not known what lies behind the way of fw to vcs",
        fw(route("0.0.0.0/0", "192.0.2.1", "wan")),
    ),
    Case("no route", "UND", "fw has no route to vcs", fw()),
    Case("routes unknown", "UND", UNKNOWN.reason.en, {("fw", "routes"): UNKNOWN}),
    Case(
        "no record of the connection",
        "UND",
        IN_TSLCD + "; no document confirms the side of the carrier",
        inventory=declared(attestations=[confirmation("D10.2-b")]),
    ),
    Case(
        "a record is no excuse (CR-3)",
        "FAIL",
        "fw reaches vcs through zone internet, not through TSLCD",
        fw(route("0.0.0.0/0", "203.0.113.254", "internet")),
        inventory=declared(attestations=[confirmation("D10.2a-a", subject="trung-tam")]),
    ),
    Case(
        "a district",
        "NA",
        "the site is not of provincial level and holds no MCU",
        subject="chau-phu",
    ),
    Case(
        "a second site of provincial level",
        "FAIL",
        "router reaches mcu through zone internet, not through TSLCD",
        {("router", "routes"): (route("0.0.0.0/0", "203.0.113.1", "ftth"),)},
        inventory=with_site("chau-phu", level="province"),
        subject="chau-phu",
    ),
    Case(
        "the MCU stands in a district",
        "PASS",
        IN_TSLCD + CONFIRMED,
        inventory=with_site("trung-tam", level="district"),
    ),
    Case(
        "all in one place",
        "NA",
        "conferencing of the site stays inside the site",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_provincial_tslcd(case: Case) -> None:
    assert result_of(case, "D10.2a-a", "trung-tam") == (case.outcome, case.reason)
