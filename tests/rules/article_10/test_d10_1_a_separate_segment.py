"""D10.1-a: in a segment of its own, seen there, and not only planned."""

from __future__ import annotations

import pytest

from tests.rules.build import ABSENT, Case, off, result_of
from tests.rules.compliant import with_device, with_zone
from tests.rules.values import UNKNOWN, interfaces

OWN = "stands in zone hnth-chau-phu, which has interface hnth of router to itself"
OFFICE = (
    "10.67.201.10 stands in zone vanphong-chau-phu of kind office, not in a conferencing segment"
)
ROUTER = {"hnth": "10.67.101.1/24", "vanphong": "10.67.201.1/24", "tslcd": "172.16.0.11/24"}

CASES = [
    Case("own segment", "PASS", OWN),
    Case(
        "in the office segment",
        "FAIL",
        OFFICE,
        inventory=with_device("vcs", address="10.67.201.10"),
    ),
    Case(
        "among the servers",
        "FAIL",
        "10.67.30.20 stands in zone maychu of kind server, not in a conferencing segment",
        inventory=with_device("vcs", address="10.67.30.20"),
    ),
    Case(
        "in the office segment by the plan, but switched off",
        "UND",
        "the device is switched off or cannot be reached; its place is only planned",
        off("vcs"),
        inventory=with_device("vcs", address="10.67.201.10"),
    ),
    Case(
        "switched off",
        "UND",
        "the device is switched off or cannot be reached; its place is only planned",
        off("vcs"),
    ),
    Case(
        "in no zone",
        "UND",
        "192.168.1.5 lies in no zone of the inventory",
        inventory=with_device("vcs", address="192.168.1.5"),
    ),
    Case(
        "a second leg in the office",
        "FAIL",
        "interface eth1 of the device also stands in zone vanphong-chau-phu of kind office",
        {("vcs", "interfaces"): interfaces(eth0="10.67.101.10/24", eth1="10.67.201.9/24")},
    ),
    Case(
        "a second leg in the management segment is usual",
        "PASS",
        OWN,
        {("vcs", "interfaces"): interfaces(eth0="10.67.101.10/24", eth1="10.67.20.9/24")},
    ),
    Case(
        "one interface carries two zones",
        "FAIL",
        "interface hnth of router carries zone hnth-chau-phu together with vanphong-chau-phu",
        {("router", "interfaces"): interfaces(hnth=("10.67.101.1/24", "10.67.201.1/24"))},
    ),
    Case(
        "one wide subnet covers several zones",
        "FAIL",
        "interface hnth of router carries zone hnth-chau-phu together with vanphong-chau-phu",
        {("router", "interfaces"): interfaces(hnth="10.67.101.1/22", lan="172.16.0.11/24")},
        inventory=with_zone("vanphong-chau-phu", prefixes=["10.67.102.0/24"]),
    ),
    Case(
        "the gateway has no such interface",
        "UND",
        "router has no interface in zone hnth-chau-phu: it exists in the plan only",
        {("router", "interfaces"): interfaces(tslcd="172.16.0.11/24")},
    ),
    Case(
        "interfaces of the gateway unknown",
        "UND",
        UNKNOWN.reason.en,
        {("router", "interfaces"): UNKNOWN},
    ),
    Case(
        "interfaces of the gateway not supplied",
        "UND",
        "the device does not report this",
        {("router", "interfaces"): ABSENT},
    ),
    Case(
        "no gateway declared",
        "UND",
        "the inventory names no gateway of zone hnth-chau-phu",
        inventory=with_zone("hnth-chau-phu", gateway=None),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_separate_segment(case: Case) -> None:
    assert result_of(case, "D10.1-a", "vcs") == (case.outcome, case.reason)


def test_prefixes_that_touch_are_not_shared() -> None:
    """Two /25 halves of one /24 on two interfaces are two segments."""
    halves = with_zone("hnth-chau-phu", prefixes=["10.67.101.0/25"])
    halves["zones"] = [
        {**z, "prefixes": ["10.67.101.128/25"]} if z["id"] == "vanphong-chau-phu" else z
        for z in halves["zones"]
    ]
    split = interfaces(hnth="10.67.101.1/25", vanphong="10.67.101.129/25")
    case = Case("halves", "PASS", OWN, {("router", "interfaces"): split}, inventory=halves)
    assert result_of(case, "D10.1-a", "vcs") == (case.outcome, case.reason)
