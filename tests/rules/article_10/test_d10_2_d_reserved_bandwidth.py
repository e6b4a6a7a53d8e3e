"""D10.2-d: 2 Mbps are kept for conferencing, outbound where the route to the other end leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inventory.readings import Bandwidth, Readings
from rules.network_facts import QosClass
from rules.packets.policy import EVERYTHING, Policy
from rules.packets.sets import names, numbers
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import (
    ESTABLISHED,
    HNTH,
    SITE_RULES,
    confirmation,
    declared,
    device,
    kept,
    with_device,
    with_zone,
)
from tests.rules.values import UNKNOWN, filters, interfaces, region, route

SITE, CENTRE = HNTH[1], HNTH[0]
CONFIRMED = "; Đơn vị viễn thông confirms it by XN-D10.2-d of 2026-06-01"
KEPT = "class HNTH keeps 2000 kbit/s outbound on tslcd of router" + CONFIRMED


def ours(kbps: int | None = 2000, interface: str = "tslcd", **rest: Any) -> QosClass:
    return kept(interface, SITE, CENTRE, kbps=kbps, **rest)


def classes(*given: QosClass, **more: Any) -> dict[tuple[str, str], Any]:
    return {("router", "qos.classes"): given, **{("router", k): v for k, v in more.items()}}


def documents(*given: dict[str, Any]) -> dict[str, Any]:
    return declared(attestations=list(given))


DSCP = QosClass("tslcd", "out", "EF", 2000, (), 9, "priority 2000", "match dscp ef")
REST = QosClass(
    "tslcd", "out", "class-default", 2000, (EVERYTHING,), 9, "bandwidth 2000",
    "what no other class takes",
)  # fmt: skip
LIMIT = ours(None, why="a limit and no guarantee", keeps=False, limit_kbps=8000)
WITHOUT_OFFICE = {
    "interfaces": interfaces(hnth="10.67.101.1/24", tslcd="172.16.0.11/24"),
    "filters": filters(ESTABLISHED, *SITE_RULES[2:]),
}
ALONE = with_zone("vanphong-chau-phu", gateway="fw", interface="vanphong-cp")

CASES = [
    Case("kept and confirmed", "PASS", KEPT),
    Case("more than enough", "PASS", KEPT.replace("2000", "4000"), classes(ours(4000))),
    Case(
        "one kilobit too low",
        "FAIL",
        "class HNTH keeps 1999 kbit/s on tslcd of router; 2000 are needed",
        classes(ours(1999)),
    ),
    Case(
        "one binary megabit is more",
        "FAIL",
        "class HNTH keeps 2000 kbit/s on tslcd of router; 2098 are needed",
        readings=Readings(mbps="binary"),
    ),
    Case(
        "the wrong interface",
        "FAIL",
        "router keeps bandwidth on hnth, not on tslcd, which the traffic takes",
        classes(ours(interface="hnth")),
    ),
    Case(
        "a name that only begins the same",
        "FAIL",
        "router keeps bandwidth on tslcd2, not on tslcd, which the traffic takes",
        classes(ours(interface="tslcd2")),
    ),
    Case(
        "inbound only",
        "FAIL",
        "bandwidth is kept on tslcd of router for incoming traffic only",
        classes(ours(direction="in")),
    ),
    Case("inbound besides", "PASS", KEPT, classes(ours(direction="in"), ours())),
    Case(
        "a policy that is bound nowhere",
        "FAIL",
        "router keeps no bandwidth for any class on tslcd",
        classes(),
    ),
    Case("bandwidth not told", "UND", UNKNOWN.reason.en, {("router", "qos.classes"): UNKNOWN}),
    Case(
        "a limit is no guarantee",
        "FAIL",
        "class HNTH on tslcd of router guarantees nothing: a limit and no guarantee",
        classes(LIMIT),
    ),
    Case("a limit besides the guarantee", "PASS", KEPT, classes(ours(), LIMIT)),
    Case(
        "a share of an interface whose rate is not told",
        "UND",
        "it is not known what class HNTH on tslcd of router keeps: the bandwidth is not shown",
        classes(ours(None, why="the bandwidth is not shown")),
    ),
    Case(
        "a class for others",
        "FAIL",
        "no class on tslcd of router takes the traffic to mcu",
        classes(kept("tslcd", "10.67.201.0/24", CENTRE)),
    ),
    Case(
        "a class for the way back",
        "FAIL",
        "no class on tslcd of router takes the traffic to mcu",
        classes(kept("tslcd", CENTRE, SITE)),
    ),
    Case(
        "by the mark of the packets",
        "UND",
        "it is not known whether class EF on tslcd of router takes the conferencing traffic: "
        "match dscp ef",
        classes(DSCP),
    ),
    Case(
        "by addresses and something else",
        "UND",
        "it is not known whether class HNTH on tslcd of router takes the conferencing traffic: "
        "several things at once",
        classes(ours(why="several things at once")),
    ),
    Case(
        "too little, by whatever mark",
        "FAIL",
        "class EF keeps 512 kbit/s on tslcd of router; 2000 are needed",
        classes(replace(DSCP, reserved_kbps=512)),
    ),
    Case(
        "a class for everything",
        "FAIL",
        "class class-default on tslcd of router is for all traffic, not for conferencing",
        classes(REST),
    ),
    Case("the rest besides", "PASS", KEPT, classes(REST, ours())),
    Case(
        "signalling only",
        "FAIL",
        "no class on tslcd of router takes the traffic to mcu",
        classes(kept("tslcd", matches=(region(SITE, CENTRE, protocol=numbers([(6, 6)])),))),
    ),
    Case(
        "half of the ports",
        "UND",
        "class HNTH on tslcd of router takes only a part of the traffic to mcu",
        classes(
            kept("tslcd", matches=(region(SITE, CENTRE, destination_port=numbers([(0, 9999)])),))
        ),
    ),
    Case(
        "one endpoint is left out",
        "UND",
        "class HNTH on tslcd of router takes only a part of the traffic to mcu",
        classes(kept("tslcd", "10.67.101.10/32", CENTRE)),
        inventory=declared(
            devices=[*declared()["devices"], device("v2", "vcs", "chau-phu", "10.67.101.11")]
        ),
    ),
    Case(
        "another class comes first",
        "UND",
        "class EF on tslcd of router may take the traffic before class HNTH",
        classes(DSCP, ours()),
    ),
    Case("another class comes later", "PASS", KEPT, classes(ours(), DSCP)),
    Case(
        "only what enters elsewhere",
        "FAIL",
        "no class on tslcd of router takes the traffic to mcu",
        classes(
            kept("tslcd", matches=(region(SITE, CENTRE, entering=names("vanphong")),)),
        ),
    ),
    Case(
        "bound to the zone of the interface",
        "PASS",
        KEPT,
        classes(
            ours(interface="WAN"),
            filters=replace(filters(*SITE_RULES), zones={"WAN": ("tslcd",)}),
        ),
    ),
    Case(
        "for the device as a whole",
        "UND",
        "router keeps bandwidth for the device as a whole, not for interface tslcd",
        classes(ours(interface="global")),
    ),
    Case(
        "on the port below the interface of the route",
        "PASS",
        KEPT.replace("on tslcd", "on eth1.20"),
        classes(
            ours(interface="eth1"),
            interfaces=interfaces(**{"hnth": "10.67.101.1/24", "eth1.20": "172.16.0.11/24"}),
            routes=(route("0.0.0.0/0", "172.16.0.1", None),),
        ),
    ),
    Case(
        "the route leaves elsewhere",
        "FAIL",
        "router keeps bandwidth on tslcd, not on ftth, which the traffic takes",
        classes(
            ours(),
            routes=(
                route("0.0.0.0/0", "172.16.0.1", "tslcd"),
                route("10.67.10.0/24", "203.0.113.1", "ftth"),
            ),
        ),
    ),
    Case(
        "no way out is known",
        "UND",
        "it is not known through which interface router reaches mcu",
        classes(ours(), routes=(route("0.0.0.0/0", "192.0.2.1", None),)),
    ),
    Case("no route", "UND", "router has no route to mcu", classes(ours(), routes=())),
    Case(
        "nothing of the carrier",
        "UND",
        "class HNTH keeps 2000 kbit/s outbound on tslcd of router; "
        "no document confirms the side of the carrier",
        inventory=documents(),
    ),
    Case(
        "a document on something else",
        "UND",
        "class HNTH keeps 2000 kbit/s outbound on tslcd of router; "
        "no document confirms the side of the carrier",
        inventory=documents(confirmation("D10.2-c"), confirmation("D10.2-d", subject="trung-tam")),
    ),
    Case(
        "a document of more than a year ago",
        "UND",
        "class HNTH keeps 2000 kbit/s outbound on tslcd of router; "
        "document XN-D10.2-d of 2025-11-22 on it does not vouch for today",
        inventory=documents(confirmation("D10.2-d", issued="2025-11-22")),
    ),
    Case(
        "a document is no excuse (CR-3)",
        "FAIL",
        "class HNTH keeps 1000 kbit/s on tslcd of router; 2000 are needed",
        classes(ours(1000)),
        inventory=documents(confirmation("D10.2-d", subject="chau-phu")),
    ),
    Case(
        "a channel of its own",
        "PASS",
        "tslcd of router is a channel of conferencing's own" + CONFIRMED,
        classes(**WITHOUT_OFFICE),
        inventory=ALONE,
    ),
    Case(
        "a channel of its own, not confirmed",
        "UND",
        "tslcd of router is a channel of conferencing's own; "
        "no document confirms the side of the carrier",
        classes(**WITHOUT_OFFICE),
        inventory={**ALONE, "attestations": []},
    ),
    Case(
        "the centre keeps it for the way back",
        "PASS",
        "class HNTH keeps 2000 kbit/s outbound on tslcd of fw" + CONFIRMED,
        subject="trung-tam",
    ),
    Case(
        "the centre keeps nothing",
        "FAIL",
        "fw keeps no bandwidth for any class on tslcd",
        {("fw", "qos.classes"): ()},
        subject="trung-tam",
    ),
    Case(
        "twice for two at once",
        "FAIL",
        "class HNTH keeps 2000 kbit/s on tslcd of router; 4000 are needed",
        inventory=declared(
            devices=[*declared()["devices"], device("v2", "vcs", "chau-phu", "10.67.101.11")]
        ),
        readings=Readings(bandwidth=Bandwidth(per="call")),
    ),
    Case(
        "all in one place",
        "NA",
        "conferencing of the site stays inside the site",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
        subject="trung-tam",
    ),
    Case(
        "neither MCU nor VCS",
        "NA",
        "neither MCU nor VCS stands at the site",
        inventory=with_device("vcs", site="trung-tam", address="10.67.10.20"),
    ),
    Case(
        "no MCU",
        "UND",
        "the inventory declares no MCU",
        inventory=with_device("mcu", kind="server"),
    ),
    Case(
        "no gateway",
        "UND",
        "the inventory names no gateway for vcs",
        inventory=with_zone("hnth-chau-phu", gateway=None),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reserved(case: Case) -> None:
    assert result_of(case, "D10.2-d", "chau-phu") == (case.outcome, case.reason)


def test_the_line_is_cited_and_a_pass_is_attested() -> None:
    found = finding(province(), "D10.2-d", "chau-phu")
    assert found.attested
    assert 7 in {citation.line for citation in found.citations}
    assert "D" in {citation.evidence_class for citation in found.citations}
    low = finding(province(classes(ours(1000))), "D10.2-d", "chau-phu")
    assert (low.citations[0].line, low.attested) == (7, False)


def test_the_listed_ports_of_the_media_are_enough() -> None:
    plan = declared()
    media = {"id": "am-thanh", "sources": ["hnth-chau-phu"], "destinations": ["hnth-tinh"]}
    plan["allowlist"]["services"].append({**media, "protocol": "udp", "ports": ["49152-65535"]})
    matches = (region(SITE, CENTRE, destination_port=numbers([(49152, 65535)])),)
    case = Case("listed", "PASS", KEPT, classes(kept("tslcd", matches=matches)), inventory=plan)
    assert result_of(case, "D10.2-d", "chau-phu") == (case.outcome, case.reason)


def test_every_other_end_counts() -> None:
    plan = declared()
    plan["devices"].append(device("mcu-2", "mcu", "trung-tam", "10.67.30.77"))
    case = Case(
        "second", "UND", "class HNTH on tslcd of router takes only a part of the traffic to mcu"
    )
    assert result_of(replace(case, inventory=plan), "D10.2-d", "chau-phu") == (
        case.outcome,
        case.reason,
    )


def test_no_stages_are_no_zones() -> None:
    found = finding(
        province(classes(ours(interface="WAN"), filters=Policy())), "D10.2-d", "chau-phu"
    )
    assert found.outcome == "FAIL"
