"""What faults do: each function gives a situation that differs from the one it was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from ipaddress import IPv4Address
from typing import Any

from lab.situation import Situation
from lab.topology import FIREWALL, FIREWALL_ON_INTERNET, FOREIGN_HOST, MCU, Place


def state(device: str, **keys: Any) -> Callable[[Situation], Situation]:
    return lambda situation: situation.with_state(device, **keys)


def admits(firewall: str, *rules: str) -> Callable[[Situation], Situation]:
    return lambda situation: situation.with_permits(firewall, *rules)


def both(*changes: Callable[[Situation], Situation]) -> Callable[[Situation], Situation]:
    return lambda situation: reduce(lambda now, change: change(now), changes, situation)


def silent(device: str, days: int) -> Callable[[Situation], Situation]:
    def change(now: Situation) -> Situation:
        return replace(now, silent_days={**now.silent_days, device: days})

    return change


def switch_off(situation: Situation) -> Situation:
    return replace(situation, powered_off=situation.powered_off | {"vcs-vinh-trach"})


def plug_in_foreign_host(situation: Situation) -> Situation:
    return replace(situation, powered_off=situation.powered_off - {FOREIGN_HOST})


def move_to_office(situation: Situation) -> Situation:
    place = Place("vanphong-vinh-trach", IPv4Address("10.67.203.10"))
    return replace(situation, moved={**situation.moved, "vcs-vinh-trach": place})


def route_around(situation: Situation) -> Situation:
    around = {**situation.routes["r-chau-phu"], "10.67.10.0/24": str(FIREWALL_ON_INTERNET)}
    return replace(situation, routes={**situation.routes, "r-chau-phu": around})


def keeps(router: str, **changes: Any) -> Callable[[Situation], Situation]:
    return lambda situation: situation.with_reservation(router, **changes)


def forget_states(situation: Situation) -> Situation:
    without = replace(situation.forwarding[FIREWALL], stateful=False)
    return replace(situation, forwarding={**situation.forwarding, FIREWALL: without})


def answer_snmp(situation: Situation) -> Situation:
    device = "vcs-chau-phu-2"
    shown = situation.with_state(device, snmp={"enabled": True, "community": "public"})
    return replace(shown, snmp_agents=shown.snmp_agents | {device})


def keep_90_days(situation: Situation) -> Situation:
    return replace(situation, rotation_days=1, rotations=90)


def shorten_password(situation: Situation) -> Situation:
    return replace(situation, password_length={**situation.password_length, "vcs-chau-phu": 7})


def lose_review(situation: Situation) -> Situation:
    declared = situation.declaration
    without = declared.without_review | {"vcs-thoai-son"}
    return replace(situation, declaration=replace(declared, without_review=without))


def check_long_ago(situation: Situation) -> Situation:
    return replace(situation, declaration=replace(situation.declaration, past_check_days=500))


def all_administrators(situation: Situation) -> Situation:
    accounts = [{**account, "role": "admin"} for account in situation.devices[MCU]["accounts"]]
    return situation.with_state(MCU, accounts=accounts)


def any_address(situation: Situation) -> Situation:
    accounts = [{**account, "hosts": []} for account in situation.devices[MCU]["accounts"]]
    return situation.with_state(MCU, accounts=accounts)
