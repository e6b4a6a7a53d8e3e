"""The segmentation matrix: proved cells, cells that let too much through, cells nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

import rules.series_flows as subject
from rules.network_facts import UnreadLine
from rules.packets.policy import EVERYTHING, Change, Region, Rewrite, Rule, Stage
from rules.packets.sets import numbers
from rules.segmentation import Cell, matrix
from tests.rules.build import ABSENT, Changes, off, province
from tests.rules.compliant import (
    CENTRAL_RULES,
    ESTABLISHED,
    HNTH,
    SITE_RULES,
    declared,
    device,
    plain_facts,
    with_zone,
)
from tests.rules.values import UNKNOWN, filters, from_office, interfaces, rule, scan

OFFICE_IN = rule(line=7, in_interfaces=("vanphong",), out_interfaces=("hnth",))
TO_MCU = {"in_interfaces": ("quantri",), "destinations": ("10.67.10.10/32",), "protocol": "tcp"}


def central(*rules: Any, **rest: Any) -> Changes:
    return {("fw", "filters"): filters(*rules, **rest)}


def doubtful(line: Any) -> Any:
    """The line under a condition that is not understood."""
    return replace(line, must=(), why="time-range work")


def cell(
    origin: str, target: str, changes: Changes | None = None, plan: dict[str, Any] | None = None
) -> Cell:
    world = province(changes, inventory=plan)
    (found,) = [
        one
        for one in matrix(world.inventory, world.facts)
        if (one.origin.id, one.target.id) == (origin, target)
    ]
    return found


def lines(one: Cell) -> list[tuple[str, int | None]]:
    return [(line.gateway, line.rule.line if line.rule else None) for line in one.lines]


def test_the_compliant_province_is_proved_cell_by_cell() -> None:
    world = province()
    cells = matrix(world.inventory, world.facts)
    zones = [zone.id for zone in world.inventory.zones]
    assert [(c.origin.id, c.target.id) for c in cells] == [
        (a, b) for a in zones for b in zones if a != b
    ]
    conferencing = [c for c in cells if "hnth" in {c.origin.kind, c.target.kind}]
    listed = {(c.origin.id, c.target.id) for c in conferencing if c.state == "listed"}
    assert listed == {
        ("hnth-tinh", "hnth-chau-phu"),
        ("hnth-chau-phu", "hnth-tinh"),
        ("quantri", "hnth-tinh"),
        ("quantri", "hnth-chau-phu"),
    }
    assert {c.state for c in conferencing} == {"listed", "nothing"}
    assert not [c for c in conferencing if c.doubts or c.lines or c.excess]


@pytest.mark.parametrize(
    ("rules", "state", "guilty"),
    [
        ([OFFICE_IN, *CENTRAL_RULES], "more", [("fw", 7)]),
        ([replace(OFFICE_IN, action="deny"), *CENTRAL_RULES], "nothing", []),
        ([rule("deny", line=6), OFFICE_IN], "nothing", []),
        ([rule(line=7, in_interfaces=("maychu",)), *CENTRAL_RULES], "nothing", []),
        ([rule(line=7, in_interfaces=("vanphong",), states=("established",))], "nothing", []),
        ([rule(line=7, in_interfaces=("vanphong",), sources=HNTH)], "nothing", []),
        ([doubtful(OFFICE_IN), *CENTRAL_RULES], "unknown", []),
        ([doubtful(rule("deny", line=6)), *CENTRAL_RULES], "nothing", []),
        ([doubtful(rule("deny", line=6)), OFFICE_IN], "unknown", []),
        ([doubtful(rule(line=6, in_interfaces=("vanphong",))), OFFICE_IN], "more", [("fw", 7)]),
    ],
    ids=[
        "whole segment", "denied", "denied before", "other interface", "replies only",
        "foreign sources", "perhaps", "denial in doubt, nothing behind", "perhaps denied before",
        "certain beside perhaps",
    ],
)  # fmt: skip
def test_from_the_office_into_the_conferencing_zone(
    rules: list[Any], state: str, guilty: list[tuple[str, int]]
) -> None:
    found = cell("vanphong", "hnth-tinh", central(*rules))
    assert (found.state, lines(found)) == (state, guilty)
    assert bool(found.doubts) == any(not one.understood and one.action == "permit" for one in rules
                                     ) or state == "unknown"  # fmt: skip


@pytest.mark.parametrize(
    ("ports", "sources", "state"),
    [
        ((22,), (), "listed"),
        ((22, 445), (), "listed"),
        ((23,), (), "more"),
        (((22, 23),), (), "more"),
        ((23,), ("10.67.20.10/32",), "listed"),
        ((23,), ("10.67.20.11/32",), "more"),
    ],
    ids=["listed", "both listed", "unlisted", "one beyond", "administrator", "no administrator"],
)
def test_services_are_held_against_the_allowlist(
    ports: tuple[Any, ...], sources: tuple[str, ...], state: str
) -> None:
    # the probe of the compliant province would reach what these filters do not let through
    changes = central(rule(line=3, ports=ports, sources=sources, **TO_MCU))
    found = cell("quantri", "hnth-tinh", {**changes, ("mcu", "ports.tcp"): ABSENT})
    assert found.state == state
    assert bool(found.excess) == (state == "more")


def test_administrators_are_not_listed_where_nothing_is_administered() -> None:
    assert cell("quantri", "maychu").state == "listed"
    found = cell("quantri", "internet")
    assert (found.state, lines(found)) == ("more", [("fw", 2)])


def test_a_filter_that_permits_by_default_is_to_blame_itself() -> None:
    found = cell("vanphong", "hnth-tinh", central(default="permit"))
    assert (found.state, lines(found)) == ("more", [("fw", None)])


@pytest.mark.parametrize("line", [1, 5, 90])
def test_nothing_is_proved_beside_a_line_that_was_not_read(line: int) -> None:
    unread = [UnreadLine(line, "odd", "unknown word")]
    for origin in ("quantri", "vanphong"):
        found = cell(origin, "hnth-tinh", central(*CENTRAL_RULES, unread=unread))
        assert found.state == "unknown"
        assert found.doubts[0].en == "fw: lines of the filter that were not understood: 1"


def test_a_leak_before_the_line_that_was_not_read_stays_a_leak() -> None:
    unread = [UnreadLine(50, "odd", "unknown word")]
    found = cell("vanphong", "hnth-tinh", central(OFFICE_IN, unread=unread))
    assert (found.state, lines(found), len(found.doubts)) == ("more", [("fw", 7)], 1)


ALL = rule(line=7)
SERIES = ("hnth-tinh", "vanphong-chau-phu")


@pytest.mark.parametrize(
    ("first", "second", "state", "guilty"),
    [
        (filters(ALL), filters(ALL), "more", [("fw", 7), ("router", 7)]),
        (filters(ALL), filters(*SITE_RULES), "nothing", []),
        (filters(*CENTRAL_RULES), filters(ALL), "nothing", []),
        (filters(rule(line=7, protocol="tcp", ports=(80,))),
         filters(rule(line=8, protocol="tcp", ports=(81,))), "nothing", []),
        (filters(rule(line=7, protocol="tcp", ports=(80,))), filters(ALL), "more",
         [("fw", 7), ("router", 7)]),
        (filters(ALL), UNKNOWN, "unknown", []),
        (UNKNOWN, filters(ALL), "unknown", []),
        (filters(ESTABLISHED), UNKNOWN, "unknown", []),
    ],
    ids=["both", "second stops", "first stops", "nothing in common", "first narrows",
         "second unknown", "first unknown", "one unknown, one closed"],
)  # fmt: skip
def test_gateways_in_series_let_through_what_both_do(
    first: Any, second: Any, state: str, guilty: list[tuple[str, int]]
) -> None:
    found = cell(*SERIES, {("fw", "filters"): first, ("router", "filters"): second})
    assert found.gateways == ("fw", "router")
    assert (found.state, lines(found)) == (state, guilty)


HIDDEN_AS = "10.67.30.77"


def hiding(*rules: Any) -> Any:
    """A filter that sends everything on as if it came from one address."""
    sent = int(ip_address(HIDDEN_AS))
    hide = Rewrite(Rule("continue", 70, "hide behind the router", (EVERYTHING,)), Change(sent))
    known = filters(*rules)
    # translated where it goes out: behind all that the filter asks
    return replace(
        known, stages=(*known.stages, Stage(known.stages[0].chain, NOTHING, rewrites=(hide,)))
    )


NOTHING = Region(source=numbers([]))


@pytest.mark.parametrize(
    ("first", "second", "state", "guilty"),
    [
        (hiding(ALL), filters(rule(line=8, sources=(f"{HIDDEN_AS}/32",))), "more",
         [("fw", 7), ("router", 8)]),
        (hiding(ALL), filters(rule(line=8, sources=HNTH)), "nothing", []),
        (filters(ALL), filters(rule(line=8, sources=(f"{HIDDEN_AS}/32",))), "nothing", []),
        (filters(ALL), filters(rule(line=8, sources=HNTH)), "more", [("fw", 7), ("router", 8)]),
        (hiding(rule(line=7, sources=(f"{HIDDEN_AS}/32",))), filters(ALL), "nothing", []),
    ],
    ids=["permitted as translated", "permitted as sent", "not translated", "as it is",
         "the first asks before"],
)  # fmt: skip
def test_a_gateway_is_asked_about_what_the_one_before_sends_on(
    first: Any, second: Any, state: str, guilty: list[tuple[str, int]]
) -> None:
    found = cell(*SERIES, {("fw", "filters"): first, ("router", "filters"): second})
    assert (found.state, lines(found), found.doubts) == (state, guilty, ())


@pytest.mark.parametrize(
    ("first", "second", "state", "doubts"),
    [
        (filters(doubtful(ALL)), filters(ALL), "unknown", ["fw"]),
        (filters(ALL), filters(doubtful(ALL)), "unknown", ["router"]),
        (filters(ALL), filters(rule("deny", line=6), doubtful(ALL)), "nothing", []),
        (filters(doubtful(ALL)), filters(rule("deny", line=6)), "nothing", []),
        (filters(ALL), filters(ALL, unread=[UnreadLine(3, "odd", "?")]), "unknown", ["router"]),
        (filters(ALL), filters(ALL, unread=[UnreadLine(9, "odd", "?")]), "more", ["router"]),
    ],
    ids=["first", "second", "second stops before", "second stops what the first may pass",
         "unread before", "unread behind"],
)  # fmt: skip
def test_a_doubt_in_a_row_is_that_of_its_gateway(
    first: Any, second: Any, state: str, doubts: list[str]
) -> None:
    found = cell(*SERIES, {("fw", "filters"): first, ("router", "filters"): second})
    assert found.state == state
    assert [doubt.en.partition(":")[0] for doubt in found.doubts] == doubts


def test_a_row_of_gateways_without_a_known_link_between_them_is_no_proof() -> None:
    loose = {("fw", "filters"): filters(ALL), ("router", "filters"): filters(*SITE_RULES)}
    found = cell(*SERIES, {**loose, ("fw", "routes"): ()}, with_zone("tslcd", interface=None))
    assert (found.state, found.admitted) == ("unknown", ())
    assert [doubt.en.partition(":")[0] for doubt in found.doubts] == ["fw"]


def test_a_zone_that_hangs_on_both_gateways_is_asked_at_the_one_it_shares() -> None:
    found = cell("tslcd", "hnth-chau-phu", central(ALL))
    assert (found.gateways, found.state) == (("router",), "nothing")
    leak = {("router", "filters"): filters(ALL)}
    assert cell("tslcd", "hnth-chau-phu", leak).state == "more"


@pytest.mark.parametrize(
    ("second", "state"),
    [(filters(*CENTRAL_RULES), "nothing"), (filters(ALL), "more"), (UNKNOWN, "unknown")],
    ids=["closed", "open", "unknown"],
)
def test_a_second_gateway_beside_the_first_counts(second: Any, state: str) -> None:
    plan = declared()
    plan["devices"] = [*plan["devices"], device("fw2", "firewall", "trung-tam", "10.67.20.2")]
    legs = interfaces(hnth="10.67.10.2/24", vanphong="10.67.40.2/24")
    changes = {("fw2", "interfaces"): legs, ("fw2", "filters"): second}
    found = cell("vanphong", "hnth-tinh", changes, plan)
    assert (found.state, found.gateways) == (state, ("fw", "fw2"))


@pytest.mark.parametrize(
    ("changes", "plan", "reason"),
    [
        ({("fw", "filters"): UNKNOWN}, None, "fw: reason under test"),
        (off("fw"), None, "fw: the device is switched off or cannot be reached"),
        (
            {("fw", "interfaces"): ABSENT},
            with_zone("vanphong", gateway=None, interface=None),
            "the inventory names no gateway of zone vanphong",
        ),
        (
            {("fw", "interfaces"): ABSENT},
            with_zone("vanphong", interface="hnth"),
            "vanphong and hnth-tinh lie behind the same interface hnth of fw, so it is not sure "
            "that their traffic passes it",
        ),
        (
            {("fw", "interfaces"): ABSENT, ("fw", "routes"): ()},
            with_zone("vanphong", interface=None),
            "fw: it is not known through which interface these zones come in: vanphong",
        ),
    ],
    ids=["no filter", "switched off", "no gateway", "same interface", "not placed"],
)
def test_what_was_not_read_cannot_be_told(
    changes: Changes, plan: dict[str, Any] | None, reason: str
) -> None:
    found = cell("vanphong", "hnth-tinh", changes, plan)
    assert found.state == "unknown"
    assert [doubt.en for doubt in found.doubts] == [reason]


def test_the_outside_may_be_declared_as_every_address() -> None:
    found = cell("hnth-tinh", "internet", plan=with_zone("internet", prefixes=["0.0.0.0/0"]))
    assert (found.state, found.gateways) == ("nothing", ("fw",))


@pytest.mark.parametrize("said", ["zone", "interface"])
def test_a_filter_may_speak_of_zones_or_of_interfaces(said: str) -> None:
    places = {"zone": ("BEN-TRONG", "HOI-NGHI"), "interface": ("vanphong", "hnth")}[said]
    leak = rule(line=7, in_interfaces=(places[0],), out_interfaces=(places[1],))
    zones = {"BEN-TRONG": ("vanphong",), "HOI-NGHI": ("hnth",)}
    found = cell("vanphong", "hnth-tinh", {("fw", "filters"): replace(filters(leak), zones=zones)})
    assert found.state == "more"


@pytest.mark.parametrize(
    ("declared_as", "listed", "state"),
    [
        ("vanphong", False, "more"),
        ("van-phong", False, "unknown"),
        ("van-phong", True, "more"),  # found by the gateway's own address
    ],
)
def test_an_interface_that_is_declared_by_another_name(
    declared_as: str, listed: bool, state: str
) -> None:
    plan = with_zone("vanphong", interface=declared_as)
    changes = central(OFFICE_IN, *CENTRAL_RULES)
    if not listed:
        changes = {**changes, ("fw", "interfaces"): ABSENT}
    assert cell("vanphong", "hnth-tinh", changes, plan).state == state


def test_a_filter_that_is_too_complex_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_WAYS", 0)
    found = cell("hnth-tinh", "hnth-chau-phu")
    assert found.state == "unknown"
    assert "too complex" in found.doubts[0].en


def test_probes_stand_beside_the_configuration() -> None:
    found = cell("quantri", "hnth-tinh").probes
    assert [(p.vantage, p.devices) for p in found.made] == [("may-quet", ("mcu",))]
    assert [seen.port.port for seen in found.reached] == [22, 445, 5061]
    assert (found.devices, found.unlisted) == (1, ())
    closed = cell("vanphong", "hnth-tinh").probes
    assert [(p.vantage, p.reached) for p in closed.made] == [("pc-van-phong", ())]
    assert cell("maychu", "hnth-tinh").probes.made == ()


def test_an_unlisted_port_that_answers_is_more_than_listed_whatever_was_configured() -> None:
    found = cell("vanphong", "hnth-tinh", {("mcu", "exposure"): (from_office(23),)})
    assert (found.state, lines(found)) == ("more", [])
    assert [seen.port.port for seen in found.probes.unlisted] == [23]
    silent = scan(silent=(23,), vantage="pc-van-phong", zone="vanphong")
    assert cell("vanphong", "hnth-tinh", {("mcu", "exposure"): (silent,)}).state == "nothing"
    unknown = {("mcu", "exposure"): (from_office(23),), ("fw", "filters"): UNKNOWN}
    assert cell("vanphong", "hnth-tinh", unknown).state == "more"


def test_a_listed_port_that_answers_through_a_closed_filter_contradicts_it() -> None:
    narrower = central(rule(line=3, ports=(22, 445), **TO_MCU))
    found = cell("quantri", "hnth-tinh", narrower)
    assert found.state == "unknown"
    assert [doubt.en for doubt in found.doubts] == [
        "port 5061/tcp of mcu answers to may-quet, against the configuration of fw"
    ]


def test_ports_of_the_gateway_itself_do_not_contradict_its_filter() -> None:
    plan = declared()
    service = {**plan["allowlist"]["services"][0], "id": "fw", "sources": ["vanphong"]}
    service |= {"destinations": ["fw"], "ports": ["22"]}
    plan["allowlist"]["services"].append(service)
    changes = {("fw", "exposure"): (from_office(22),)}
    assert cell("vanphong", "quantri", changes, plan).state == "nothing"
    assert cell("vanphong", "quantri", changes).state == "more"


def test_the_facts_of_the_tests_hold_what_the_cases_take_away() -> None:
    facts = plain_facts()
    assert {"filters", "interfaces", "routes"} <= facts["fw"].keys()
    assert {"exposure", "ports.tcp"} <= facts["mcu"].keys()
