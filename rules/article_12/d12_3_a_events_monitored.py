"""Every monitored object sends its events to the log server (readings A-26, A-27).

Passes on a stored record not older than `event_max_age_h`. Fails when nothing arrives although the
device is switched on, when the device is set to send nothing, and when an MCU, firewall, server or
network device is not on the list of monitored objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from inventory.model import Device, Inventory
from inventory.readings import Readings
from rules.facts import Fact, Facts, Known, SyslogTarget, Unknown
from rules.logs import lines_about, read_at, records_of, stores
from rules.model import Rule, Verdict, failed, passed, unknown, unknown_because
from rules.presence import signs_of_life

FAST_CLOCK = timedelta(hours=1)
"""So far a sender's clock may run ahead before its records show nothing about today."""


def check(
    device: Device,
    facts: Facts,
    syslog_targets: Fact[tuple[SyslogTarget, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    now: datetime,
) -> Verdict:
    if not device.monitored:
        return failed("not on the list of monitored objects, though of a kind that has to be")
    if isinstance(syslog_targets, Known) and not syslog_targets.value:
        return failed("the device is set to send its log nowhere", syslog_targets)
    held = list(records_of(device, "monitoring", network, inventory))
    if held:
        source, store = max(held, key=lambda pair: pair[0].newest)
        lines = lines_about(source, store)
        age = read_at(store, now) - source.newest
        if age < -FAST_CLOCK:
            return unknown(
                "the newest record bears a time that was still to come: {newest}",
                *lines,
                newest=source.newest,
            )
        if age <= timedelta(hours=readings.event_max_age_h):
            return passed("the newest record is of {newest}", *lines, newest=source.newest)
        if not (alive := signs_of_life(facts)):
            return unknown(
                "the newest record is of {newest}; the device is switched off or unreachable",
                *lines,
                newest=source.newest,
            )
        return failed(
            "the device is switched on, but its newest record is of {newest}",
            *lines,
            *alive,
            newest=source.newest,
        )
    return _nothing_held(facts, network, inventory)


def _nothing_held(facts: Facts, network: Mapping[str, Facts], inventory: Inventory) -> Verdict:
    servers = [store for _, store in stores(network, inventory)]
    if not servers:
        return unknown("the inventory declares no log server on which records could be looked for")
    for store in servers:
        if isinstance(store, Unknown):
            return unknown_because(store)
    if not (alive := signs_of_life(facts)):
        return unknown("no record is stored; the device is switched off or unreachable", *servers)
    return failed(
        "the device is switched on, but the log server holds no record of it", *servers, *alive
    )


def _has_to_be_judged(device: Device) -> bool:
    """The log server keeps its own log; a VCS may be left off the list (A-27)."""
    return not device.log_server and (device.monitored or device.kind != "vcs")


RULE = Rule(
    check,
    id="D12.3-a",
    severity="S3",
    subject="device",
    only=_has_to_be_judged,
    always_applies=True,
    from_files=False,
)
