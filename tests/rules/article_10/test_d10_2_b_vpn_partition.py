"""D10.2-b: no other segment uses the line, and the carrier confirms the private network."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from inventory.readings import Readings
from rules.network_facts import Interface
from rules.packets.policy import Policy, Unread
from tests.rules.build import Case, result_of
from tests.rules.compliant import SITE_RULES, confirmation, declared, with_device
from tests.rules.values import UNKNOWN, filters, interfaces, known, route, rule

CONFIRMED = "; Đơn vị viễn thông confirms it by XN-D10.2-b of 2026-06-01"
ALONE = "tslcd of router carries conferencing alone"
LEGS = interfaces(hnth="10.67.101.1/24", vanphong="10.67.201.1/24", tslcd="172.16.0.11/24")


def in_vrf(*members: str) -> tuple[Interface, ...]:
    return tuple(replace(i, vrf="HNTH") if i.name in members else i for i in LEGS)


def router(**facts: Any) -> dict[tuple[str, str], Any]:
    return {("router", name.replace("__", ".")): value for name, value in facts.items()}


OUT = rule(line=9, in_interfaces=("vanphong",), out_interfaces=("tslcd",), text="office out")
HOME = route("10.67.101.0/24", None, "hnth", table="HNTH")
BY_VRF = route("0.0.0.0/0", "172.16.0.1", "tslcd", table="HNTH")
LISTED = rule(
    line=8,
    in_interfaces=("vanphong",),
    destinations=("10.67.30.10/32",),
    protocol="tcp",
    ports=(514,),
)


def with_records() -> dict[str, Any]:
    plan = declared()
    plan["allowlist"]["services"].append(
        {
            "id": "nhat-ky",
            "sources": ["vanphong-chau-phu"],
            "destinations": ["log"],
            "protocol": "tcp",
            "ports": ["514"],
        }
    )
    return plan


CASES = [
    Case("the filter keeps others off, confirmed", "PASS", ALONE + CONFIRMED),
    Case(
        "nothing is filtered",
        "FAIL",
        "traffic of zone vanphong-chau-phu goes out by tslcd of router too: -",
        router(filters=Policy()),
    ),
    Case(
        "a line lets the office out",
        "FAIL",
        "traffic of zone vanphong-chau-phu goes out by tslcd of router too: 9: office out",
        router(filters=filters(*SITE_RULES, OUT)),
    ),
    Case(
        "a line lets the office out elsewhere",
        "PASS",
        ALONE + CONFIRMED,
        router(
            filters=filters(
                *SITE_RULES, rule(in_interfaces=("vanphong",), out_interfaces=("internet",))
            )
        ),
    ),
    Case(
        "a listed service is no sharing",
        "PASS",
        ALONE + CONFIRMED,
        router(filters=filters(*SITE_RULES, LISTED)),
        inventory=with_records(),
    ),
    Case(
        "the same service, not listed",
        "FAIL",
        "traffic of zone vanphong-chau-phu goes out by tslcd of router too: 8: line 8",
        router(filters=filters(*SITE_RULES, LISTED)),
    ),
    Case(
        "a line that was not understood",
        "UND",
        "traffic of zone vanphong-chau-phu may go out by tslcd of router too: lạ",
        router(filters=replace(filters(*SITE_RULES), unread=(Unread(3, "lạ", "?"),))),
    ),
    Case(
        "a line that was not understood, which could have stopped the office",
        "UND",
        "traffic of zone vanphong-chau-phu may go out by tslcd of router too: 9: office out",
        router(filters=replace(filters(*SITE_RULES, OUT), unread=(Unread(3, "lạ", "?"),))),
    ),
    Case("filter unknown", "UND", UNKNOWN.reason.en, router(filters=UNKNOWN)),
    Case("interfaces unknown", "UND", UNKNOWN.reason.en, router(interfaces=UNKNOWN)),
    Case("routes unknown", "UND", UNKNOWN.reason.en, router(routes=UNKNOWN)),
    Case(
        "a table of its own",
        "PASS",
        ALONE + CONFIRMED,
        router(interfaces=in_vrf("hnth", "tslcd"), routes=(HOME, BY_VRF)),
    ),
    Case(
        "the next hop is looked for in the table",
        "PASS",
        ALONE + CONFIRMED,
        router(
            interfaces=(*in_vrf("hnth", "tslcd"), *interfaces(wan="172.16.0.12/28")),
            routes=(HOME, route("0.0.0.0/0", "172.16.0.1", None, table="HNTH")),
        ),
    ),
    Case(
        "the route leads out of the table",
        "FAIL",
        "the route of router to mcu leads from routing table HNTH into main",
        router(interfaces=in_vrf("hnth"), routes=(HOME, BY_VRF)),
    ),
    Case(
        "a network of others in the table",
        "FAIL",
        "routing table HNTH of router holds a route to 10.67.201.0/24 of zone vanphong-chau-phu",
        router(
            interfaces=in_vrf("hnth", "tslcd"),
            routes=(HOME, BY_VRF, route("10.67.201.0/24", None, "vanphong", table="HNTH")),
        ),
    ),
    Case(
        "the same network in another table",
        "PASS",
        ALONE + CONFIRMED,
        router(
            interfaces=in_vrf("hnth", "tslcd"),
            routes=(HOME, BY_VRF, route("10.67.201.0/24", None, "vanphong")),
        ),
    ),
    Case(
        "a route in the main table does not serve the VRF",
        "UND",
        "router has no route to mcu",
        router(
            interfaces=in_vrf("hnth", "tslcd"),
            routes=(HOME, route("0.0.0.0/0", "172.16.0.1", "tslcd")),
        ),
    ),
    Case(
        "over the Internet",
        "FAIL",
        "router reaches mcu through zone internet of kind outside, outside any VPN of the "
        "conferencing system",
        router(routes=(route("0.0.0.0/0", "203.0.113.1", "ftth"),)),
    ),
    Case(
        "a line into the unknown",
        "UND",
        "it is not known what lies behind the route of router to mcu",
        router(routes=(route("0.0.0.0/0", None, "tunnel0"),)),
    ),
    Case(
        "no record of the carrier",
        "UND",
        ALONE + "; no document confirms the side of the carrier",
        inventory=declared(attestations=[]),
    ),
    Case(
        "a record until yesterday",
        "UND",
        ALONE + "; document XN-D10.2-b of 2026-06-01 on it does not vouch for today",
        inventory=declared(attestations=[confirmation("D10.2-b", valid_to="2026-11-22")]),
    ),
    Case(
        "a record until today",
        "PASS",
        ALONE + CONFIRMED,
        inventory=declared(attestations=[confirmation("D10.2-b", valid_to="2026-11-23")]),
    ),
    Case(
        "a record is no excuse (CR-3)",
        "FAIL",
        "traffic of zone vanphong-chau-phu goes out by tslcd of router too: -",
        router(filters=Policy()),
        inventory=declared(attestations=[confirmation("D10.2-b", subject="chau-phu")]),
    ),
    Case(
        "a VLAN suffices by the reading",
        "PASS",
        ALONE + "; a VLAN suffices by the reading",
        inventory=declared(attestations=[]),
        readings=Readings(vpn_kind="vlan_accepted"),
    ),
    Case(
        "one site",
        "NA",
        "conferencing of the site stays inside the site",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
        subject="trung-tam",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_partition(case: Case) -> None:
    assert result_of(case, "D10.2-b", "chau-phu") == (case.outcome, case.reason)


def test_the_allow_list_of_administrators_is_no_concern() -> None:
    """Management stands on the centre's gateway and may use the line."""
    case = Case("centre", "PASS", "tslcd of fw carries conferencing alone" + CONFIRMED)
    allowed = {("fw", "management.allowlist"): known((ip_network("10.67.20.5/32"),))}
    assert result_of(replace(case, changes=allowed), "D10.2-b", "trung-tam") == (
        case.outcome,
        case.reason,
    )
