"""The two plans of the province: the whole one is the small one and more, and fits together."""

from __future__ import annotations

from contextlib import suppress

import pytest

from lab.bandwidth import commands_for
from lab.compliant import SOFTWARE, compliant
from lab.devices.state import BadState, family_module
from lab.faults import FAULTS, situation_with
from lab.filters import ruleset
from lab.topology import FIREWALL, PROVINCE, WHOLE, Plan
from scanner.platforms import all_platforms

PLANS = pytest.mark.parametrize("plan", [PROVINCE, WHOLE], ids=lambda plan: plan.name)


def test_the_whole_province_holds_the_small_one() -> None:
    for kind in ("sites", "zones", "hosts"):
        small, whole = getattr(PROVINCE, kind), getattr(WHOLE, kind)
        assert whole[: len(small)] == small
        assert len(whole) > len(small)


def test_every_simulated_family_has_a_device_in_the_whole_province() -> None:
    there = {device.family for device in WHOLE.devices}
    simulated = set()
    for platform in all_platforms():
        with suppress(BadState):
            family_module(platform.name)
            simulated.add(platform.name)
    assert there == simulated


@PLANS
def test_every_host_has_an_address_of_its_zone_and_no_other_has_it(plan: Plan) -> None:
    taken = set()
    for host in plan.hosts:
        for _, place in host.interfaces:
            assert place.address in plan.zone(place.zone).prefix
            assert place not in taken
            taken.add(place)
    assert {zone.gateway for zone in plan.zones} <= {host.id for host in plan.filters}
    assert {zone.site for zone in plan.zones} - {None} == {site.id for site in plan.sites}


@PLANS
def test_the_firewall_knows_the_way_to_every_segment_behind_a_router(plan: Plan) -> None:
    routes = compliant(plan).routes[FIREWALL]
    behind = {str(zone.prefix): zone.gateway for zone in plan.zones if zone.gateway != FIREWALL}
    assert {p: str(plan.uplinks[router]) for p, router in behind.items()} == routes


@PLANS
def test_every_filter_speaks_of_every_conferencing_segment(plan: Plan) -> None:
    situation = compliant(plan)
    for host in plan.filters:
        rules = ruleset(plan, host.id, situation.forwarding[host.id])
        assert [prefix for prefix in plan.hnth if str(prefix) not in rules] == []


@PLANS
def test_every_filter_keeps_bandwidth_on_its_line_for_every_other_segment(plan: Plan) -> None:
    reserved = compliant(plan).reserved
    assert set(reserved) == {host.id for host in plan.filters}
    for kept in reserved.values():
        assert kept.interface == "tslcd"
        assert kept.kbps >= 2000
        assert {*kept.near, *kept.far} == set(plan.hnth)


def test_a_changed_reservation_replaces_the_old_one_and_touches_no_other_host() -> None:
    low = situation_with(["bandwidth-too-low"])
    (((_, _, host, *_), text),) = commands_for(compliant(), low)
    assert host == "r-chau-phu"
    assert text.startswith("qdisc del dev tslcd root\nqdisc add dev tslcd root")
    assert "classid 1:10 htb rate 1000kbit" in text
    assert commands_for(low, low) == []


@PLANS
def test_what_a_device_runs_is_what_its_state_and_the_catalogue_say(plan: Plan) -> None:
    for device in plan.devices:
        family, model, software = SOFTWARE[device.id]
        state = compliant(plan).devices[device.id]
        assert (device.family, state["model"], state["software"]) == (family, model, software)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_does_in_the_whole_province_what_it_does_in_the_small_one(name: str) -> None:
    def touched(plan: Plan) -> set[str]:
        now, before = situation_with([name], plan), compliant(plan)
        return {device for device in now.devices if now.devices[device] != before.devices[device]}

    assert touched(WHOLE) == touched(PROVINCE)
    assert situation_with([name], WHOLE) != compliant(WHOLE)
