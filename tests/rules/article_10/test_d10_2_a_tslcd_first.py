"""D10.2-a: the best route to the MCU leads into TSLCD, or a reason is on record."""

from __future__ import annotations

import pytest

from tests.rules.build import Case, result_of
from tests.rules.compliant import declared, device, with_device, with_site, with_zone
from tests.rules.values import UNKNOWN, interfaces, route

THROUGH = "router reaches the MCU through TSLCD"
AROUND = "router reaches mcu through interface ftth, not through TSLCD"
TSLCD = route("0.0.0.0/0", "172.16.0.1", "tslcd")
LEGS = {
    ("router", "interfaces"): interfaces(
        hnth="10.67.101.1/24", tslcd="172.16.0.11/24", ftth="203.0.113.11/24"
    )
}


def routes(*given: object) -> dict[tuple[str, str], object]:
    return {**LEGS, ("router", "routes"): given}


CASES = [
    Case("default route", "PASS", THROUGH),
    Case(
        "a longer prefix leads elsewhere",
        "FAIL",
        AROUND,
        routes(TSLCD, route("10.67.10.0/24", "203.0.113.1", "ftth")),
    ),
    Case(
        "a shorter prefix leads elsewhere",
        "PASS",
        THROUGH,
        routes(
            route("10.67.0.0/16", "172.16.0.1", "tslcd"), route("0.0.0.0/0", "203.0.113.1", "ftth")
        ),
    ),
    Case(
        "the lower metric wins",
        "FAIL",
        AROUND,
        routes(
            route("10.67.10.0/24", "172.16.0.1", "tslcd", metric=200),
            route("10.67.10.0/24", "203.0.113.1", "ftth", metric=100),
        ),
    ),
    Case(
        "the higher metric is only a reserve",
        "PASS",
        THROUGH,
        routes(
            route("10.67.10.0/24", "172.16.0.1", "tslcd", metric=100),
            route("10.67.10.0/24", "203.0.113.1", "ftth", metric=200),
        ),
    ),
    Case(
        "load shared with another line",
        "FAIL",
        AROUND,
        routes(
            route("10.67.10.0/24", "172.16.0.1", "tslcd"),
            route("10.67.10.0/24", "203.0.113.1", "ftth"),
        ),
    ),
    Case(
        "another table does not count",
        "PASS",
        THROUGH,
        routes(TSLCD, route("10.67.10.0/24", "203.0.113.1", "ftth", table="100")),
    ),
    Case(
        "the next hop tells, the interface has no address of a zone",
        "PASS",
        THROUGH,
        {
            ("router", "interfaces"): interfaces(hnth="10.67.101.1/24"),
            ("router", "routes"): (route("0.0.0.0/0", "172.16.0.1", "wan"),),
        },
    ),
    Case(
        "nothing tells what lies behind the interface",
        "UND",
        "it is not known what lies behind interface wan of router",
        routes(route("0.0.0.0/0", "192.0.2.1", "wan")),
    ),
    Case("routes unknown", "UND", UNKNOWN.reason.en, {("router", "routes"): UNKNOWN}),
    Case("no route", "UND", "router has no route to mcu", routes()),
    Case(
        "another line, reason on record",
        "PASS",
        "TSLCD is not available at the site; recorded reason: chưa kéo cáp",
        routes(route("0.0.0.0/0", "203.0.113.1", "ftth")),
        inventory=with_site("chau-phu", tslcd_available=False, other_link_reason="chưa kéo cáp"),
    ),
    Case(
        "another line without a reason",
        "UND",
        "TSLCD is declared unavailable at the site without a reason",
        routes(route("0.0.0.0/0", "203.0.113.1", "ftth")),
        inventory=with_site("chau-phu", tslcd_available=False),
    ),
    Case(
        "a reason on record, TSLCD available all the same",
        "FAIL",
        AROUND,
        routes(route("0.0.0.0/0", "203.0.113.1", "ftth")),
        inventory=with_site("chau-phu", other_link_reason="chưa kéo cáp"),
    ),
    Case(
        "MCU and VCS in the same place",
        "PASS",
        "fw reaches the MCU through TSLCD",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
        subject="trung-tam",
    ),
    Case("no VCS", "NA", "the site has no VCS", subject="trung-tam"),
    Case(
        "no MCU",
        "UND",
        "the inventory declares no MCU to which the site would connect",
        inventory=with_device("mcu", kind="server"),
    ),
    Case(
        "no gateway",
        "UND",
        "the inventory names no gateway for the VCS of the site",
        inventory=with_zone("hnth-chau-phu", gateway=None),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tslcd_first(case: Case) -> None:
    assert result_of(case, "D10.2-a", "chau-phu") == (case.outcome, case.reason)


def test_every_mcu_counts() -> None:
    plan = declared()
    plan["devices"].append(device("mcu-2", "mcu", "trung-tam", "10.67.10.11"))
    case = Case(
        "second",
        "FAIL",
        "router reaches mcu-2 through interface ftth, not through TSLCD",
        routes(TSLCD, route("10.67.10.11/32", "203.0.113.1", "ftth")),
        inventory=plan,
    )
    assert result_of(case, "D10.2-a", "chau-phu") == (case.outcome, case.reason)
