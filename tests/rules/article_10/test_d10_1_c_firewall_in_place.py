"""D10.1-c: a stateful firewall on every path, the site's own or the central one."""

from __future__ import annotations

import pytest

from inventory.readings import Readings
from rules.network_facts import UnreadLine
from tests.rules.build import Case, finding, province, result_of
from tests.rules.compliant import SITE_RULES, declared, with_device, with_zone
from tests.rules.values import UNKNOWN, filters, interfaces, route, rule

OWN = "router filters with connection tracking"
INHERITED = "router reaches the rest through TSLCD only, behind the firewall fw"
OPEN = "router forwards everything: no firewall on the path"
STATELESS = "the filter of {} does not track connections: it is no firewall"
NO_FILTER = {("router", "filters"): filters(default="permit", stateful=False)}
UNREAD = UnreadLine(7, "meta mark 0x1 accept", "mark")
ACL = {("router", "filters"): filters(*SITE_RULES[1:], stateful=False)}

CASES = [
    Case("own firewall", "PASS", OWN),
    Case(
        "deny lines under a permitting default",
        "PASS",
        OWN,
        {
            ("router", "filters"): filters(rule("deny", line=1), default="permit"),
            ("vcs", "ports.tcp"): UNKNOWN,
        },
    ),
    Case("no filter, behind the central firewall", "PASS", INHERITED, NO_FILTER),
    Case(
        "a line that was not understood may let everything by",
        "UND",
        "router has a filter, but 1 of its lines were not understood",
        {("router", "filters"): filters(*SITE_RULES, unread=(UNREAD,))},
    ),
    Case(
        "a line of the central firewall that was not understood",
        "UND",
        "fw has a filter, but 1 of its lines were not understood",
        {**NO_FILTER, ("fw", "filters"): filters(*SITE_RULES, unread=(UNREAD,))},
    ),
    Case("no connection tracking, behind the central firewall", "PASS", INHERITED, ACL),
    Case(
        "tracking without a single denial is no filter",
        "PASS",
        INHERITED,
        {("router", "filters"): filters(rule(line=1), default="permit")},
    ),
    Case(
        "no filter, and a leg outside",
        "FAIL",
        OPEN,
        {
            **NO_FILTER,
            ("router", "interfaces"): interfaces(
                hnth="10.67.101.1/24", tslcd="172.16.0.11/24", ftth="203.0.113.11/24"
            ),
        },
    ),
    Case(
        "no tracking, and a leg outside",
        "FAIL",
        STATELESS.format("router"),
        {**ACL, ("router", "interfaces"): interfaces(hnth="10.67.101.1/24", f="203.0.113.11/24")},
    ),
    Case(
        "an access list is accepted by the reading",
        "PASS",
        OWN,
        ACL,
        readings=Readings(firewall_kind="acl_accepted"),
    ),
    Case(
        "no filter, and the default route leaves elsewhere",
        "FAIL",
        OPEN,
        {
            **NO_FILTER,
            ("router", "routes"): (
                route("10.67.10.0/24", "172.16.0.1", "tslcd"),
                route("0.0.0.0/0", "192.0.2.1", "ppp0"),
            ),
        },
    ),
    Case(
        "no filter, routes unknown",
        "UND",
        UNKNOWN.reason.en,
        {**NO_FILTER, ("router", "routes"): UNKNOWN},
    ),
    Case(
        "no filter, central firewall unknown",
        "UND",
        UNKNOWN.reason.en,
        {**NO_FILTER, ("fw", "filters"): UNKNOWN},
    ),
    Case(
        "no filter, central firewall does not track",
        "FAIL",
        STATELESS.format("fw"),
        {**NO_FILTER, ("fw", "filters"): filters(stateful=False)},
    ),
    Case("filter unknown", "UND", UNKNOWN.reason.en, {("router", "filters"): UNKNOWN}),
    Case(
        "no gateway declared",
        "UND",
        "the inventory names no gateway for vcs",
        inventory=with_zone("hnth-chau-phu", gateway=None),
    ),
    Case(
        "nothing to protect",
        "NA",
        "the site has neither MCU nor VCS",
        inventory=with_device("vcs", site="trung-tam"),
    ),
    Case(
        "the MCU's site inherits nothing",
        "FAIL",
        STATELESS.format("fw"),
        {("fw", "filters"): filters(stateful=False)},
        subject="trung-tam",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_firewall_in_place(case: Case) -> None:
    assert result_of(case, "D10.1-c", "chau-phu") == (case.outcome, case.reason)


def test_the_site_of_the_mcu_weighs_more() -> None:
    world = province({("fw", "filters"): filters(stateful=False)})
    assert finding(world, "D10.1-c", "trung-tam").severity == "S1"
    assert finding(world, "D10.1-c", "chau-phu").severity == "S2"


def test_every_segment_of_the_site_counts() -> None:
    """A second VCS behind another gateway that filters nothing breaks the site."""
    plan = declared()
    plan["devices"].append(
        {"id": "vcs-2", "kind": "vcs", "site": "chau-phu", "address": "10.67.201.10"}
    )
    plan["devices"].append(
        {"id": "cu", "kind": "router", "site": "chau-phu", "address": "172.16.0.12"}
    )
    plan["zones"] = [
        {**z, "gateway": "cu"} if z["id"] == "vanphong-chau-phu" else z for z in plan["zones"]
    ]
    world = province(
        {
            ("cu", "filters"): filters(default="permit", stateful=False),
            ("cu", "interfaces"): interfaces(vanphong="10.67.201.1/24", wan="203.0.113.12/24"),
        },
        inventory=plan,
    )
    assert finding(world, "D10.1-c", "chau-phu").outcome == "FAIL"
