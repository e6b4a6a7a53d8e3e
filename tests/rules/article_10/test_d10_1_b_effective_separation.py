"""D10.1-b: filtered, probed and without foreign hosts."""

from __future__ import annotations

import pytest

from inventory.readings import Readings
from rules.network_facts import UnreadLine
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import CENTRAL_RULES, declared, with_zone
from tests.rules.values import UNKNOWN, filters, from_office, neighbour, rule, seen_from

HOLDS = (
    "fw filters the segment, no foreign host was seen, and probes from ben-ngoai; pc-van-phong "
    "reached nothing unlisted"
)
VLAN_ONLY = (
    "only inventoried devices stand in the segment; by the reading in force a VLAN is enough"
)
MCU = ("10.67.10.10/32",)
OFFICE_IN = {"in_interfaces": ("vanphong",), "out_interfaces": ("hnth",)}


def fw(*extra: object, **rest: object) -> dict[tuple[str, str], object]:
    return {("fw", "filters"): filters(*CENTRAL_RULES, *extra, **rest)}


def fails(what: str) -> str:
    return f"separation fails: {what}"


def unproven(what: str) -> str:
    return f"separation is not proven: {what}"


CASES = [
    Case("holds", "PASS", HOLDS),
    Case(
        "a line lets the office use anything",
        "FAIL",
        fails("from zone vanphong: line 9 “line 9”"),
        fw(rule(line=9, **OFFICE_IN)),
    ),
    Case(
        "the whole office segment by address, all TCP ports",
        "FAIL",
        fails("from zone vanphong: line 9 “line 9”"),
        fw(rule(line=9, sources=("10.67.40.0/24",), protocol="tcp", ports=((1, 65535),))),
    ),
    Case(
        "one host of the office, all ports: a matter of the list, not of this rule",
        "PASS",
        HOLDS,
        fw(rule(line=9, sources=("10.67.40.50/32",))),
    ),
    Case(
        "the office may use one service: a matter of the list",
        "PASS",
        HOLDS,
        fw(rule(line=9, **OFFICE_IN, protocol="tcp", ports=(5061,))),
    ),
    Case("echo requests from anywhere", "PASS", HOLDS, fw(rule(line=9, protocol="icmp"))),
    Case(
        "a line behind a denial of everything is never reached",
        "PASS",
        HOLDS,
        fw(rule("deny", line=8), rule(line=9, **OFFICE_IN)),
    ),
    Case(
        "a line for established connections only",
        "PASS",
        HOLDS,
        fw(rule(line=9, **OFFICE_IN, states=("established",))),
    ),
    Case(
        "a line towards another interface",
        "PASS",
        HOLDS,
        fw(rule(line=9, in_interfaces=("vanphong",), out_interfaces=("maychu",))),
    ),
    Case(
        "permits by default",
        "FAIL",
        fails(
            "; ".join(
                f"from zone {z}: the filter permits by default"
                for z in (
                    "quantri",
                    "maychu",
                    "vanphong",
                    "tslcd",
                    "internet",
                    "hnth-chau-phu",
                    "vanphong-chau-phu",
                )
            )
        ),
        fw(default="permit"),
    ),
    Case(
        "permits by default after denying everything",
        "PASS",
        HOLDS,
        fw(rule("deny", line=9), default="permit"),
    ),
    Case(
        "a line that was not understood",
        "UND",
        unproven("lines of the filter that were not understood: 1"),
        fw(unread=(UnreadLine(20, "?", "?"),)),
    ),
    Case(
        "a line that admits everything before one that was not understood",
        "FAIL",
        fails("from zone vanphong: line 9 “line 9”"),
        fw(rule(line=9, **OFFICE_IN), unread=(UnreadLine(20, "?", "?"),)),
    ),
    Case(
        "a line that admits everything after one that was not understood",
        "UND",
        unproven("lines of the filter that were not understood: 1"),
        fw(rule(line=9, **OFFICE_IN), unread=(UnreadLine(5, "?", "?"),)),
    ),
    Case("filter unknown", "UND", unproven(UNKNOWN.reason.en), {("fw", "filters"): UNKNOWN}),
    Case("neighbours unknown", "UND", unproven(UNKNOWN.reason.en), {("fw", "neighbours"): UNKNOWN}),
    Case(
        "filter unknown, but a foreign host is proven",
        "FAIL",
        fails("foreign host 10.67.10.77 (02:00:00:00:00:77) in the segment"),
        {
            ("fw", "filters"): UNKNOWN,
            ("fw", "neighbours"): (neighbour("10.67.10.77", mac="02:00:00:00:00:77"),),
        },
    ),
    Case(
        "no host: broadcast, multicast, the gateway, an entry without hardware address",
        "PASS",
        HOLDS,
        {
            ("fw", "neighbours"): (
                neighbour("10.67.10.10"),
                neighbour("10.67.10.255"),
                neighbour("224.0.0.251"),
                neighbour("10.67.10.1"),
                neighbour("10.67.10.66", mac="00:00:00:00:00:00"),
            )
        },
    ),
    Case(
        "a neighbour in another segment",
        "PASS",
        HOLDS,
        {("fw", "neighbours"): (neighbour("10.67.40.7", "vanphong", "02:00:00:00:00:99"),)},
    ),
    Case(
        "the link-local address of a known device",
        "PASS",
        HOLDS,
        {("fw", "neighbours"): (neighbour("10.67.10.10"), neighbour("fe80::1"))},
    ),
    Case(
        "the link-local address of an unknown device",
        "FAIL",
        fails("foreign host fe80::2 (02:00:00:00:00:88) in the segment"),
        {("fw", "neighbours"): (neighbour("fe80::2", mac="02:00:00:00:00:88"),)},
    ),
    Case(
        "a port answers the office",
        "FAIL",
        fails("port 22/tcp of mcu answers to pc-van-phong"),
        {("mcu", "exposure"): (from_office(22),)},
    ),
    Case(
        "not probed from elsewhere",
        "UND",
        "fw filters the segment and no foreign host was seen; not probed from elsewhere",
        {("mcu", "exposure"): UNKNOWN},
    ),
    Case(
        "a probe from within the segment shows nothing about it",
        "UND",
        "fw filters the segment and no foreign host was seen; not probed from elsewhere",
        {("mcu", "exposure"): (seen_from("ben-trong", "hnth-tinh", 22),)},
    ),
    Case(
        "by the reading that a VLAN is enough, the filter is not looked at",
        "PASS",
        VLAN_ONLY,
        {("fw", "filters"): UNKNOWN},
        readings=Readings(logical_separation="vlan_only"),
    ),
    Case(
        "by the reading that a VLAN is enough, a foreign host still fails",
        "FAIL",
        fails("foreign host 10.67.10.77 (02:00:00:00:00:01) in the segment"),
        {("fw", "neighbours"): (neighbour("10.67.10.77"),)},
        readings=Readings(logical_separation="vlan_only"),
    ),
    Case(
        "no gateway declared",
        "UND",
        unproven("the inventory names no gateway of zone hnth-tinh"),
        inventory=with_zone("hnth-tinh", gateway=None),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_effective_separation(case: Case) -> None:
    assert result_of(case, "D10.1-b", "hnth-tinh") == (case.outcome, case.reason)


def listing(*numbers: str) -> dict[str, object]:
    """The vantage point of the office may use these ports of the MCU."""
    plan = declared()
    plan["allowlist"]["services"].append(
        {
            "id": "trinh-duyet",
            "sources": ["10.67.40.50"],
            "destinations": ["mcu"],
            "protocol": "tcp",
            "ports": list(numbers),
        }
    )
    return plan


def test_a_listed_port_may_answer_a_listed_place() -> None:
    admitted = fw(rule(line=9, sources=("10.67.40.50/32",), protocol="tcp", ports=(22,)))
    world = province({**admitted, ("mcu", "exposure"): (from_office(22),)}, inventory=listing("22"))
    assert finding(world, "D10.1-b", "hnth-tinh").outcome == "PASS"


def test_the_guilty_line_is_cited() -> None:
    guilty = rule(line=9, text='iifname "vanphong" accept', **OFFICE_IN)
    found = finding(province(fw(guilty)), "D10.1-b", "hnth-tinh")
    assert [(c.line, c.text) for c in found.citations] == [(9, 'iifname "vanphong" accept')]


def test_no_zone_of_the_kind_is_undetermined_not_inapplicable() -> None:
    plan = declared()
    plan["zones"] = [z for z in plan["zones"] if z["kind"] != "hnth"]
    plan["allowlist"] = {}
    assert finding(province(inventory=plan), "D10.1-b", "system").outcome == "UND"
