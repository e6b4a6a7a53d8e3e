"""Monitoring records are kept for six months: setting and records agree (A-02, A-28, A-29).

Fails on a setting below 184 days, on records that are missing although their sender has been in use
as long, and on a gap above `retention_gap_h` of a sender that was in service. A monitored device of
which nothing is stored at all leaves it undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from inventory.model import Device, Inventory
from inventory.readings import Readings
from rules.facts import Fact, Facts, Known, LogRetention, LogSource, Unknown
from rules.logs import records_of
from rules.model import Outcome, Rule, Verdict, failed, unknown, unknown_because
from rules.retention import (
    all_kept,
    cutoff_date,
    gap_fault,
    is_young,
    known_senders,
    local_date,
    reaches_back,
    setting_fault,
)


def check(
    logs_sources: Fact[tuple[LogSource, ...]],
    logs_retention: Fact[tuple[LogRetention, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
    readings: Readings,
    today: date,
    now: datetime,
) -> Verdict:
    fault = setting_fault(logs_retention, "monitoring", readings)
    if fault is not None and fault.outcome is Outcome.FAIL:
        return fault
    if isinstance(logs_sources, Unknown):
        return unknown_because(logs_sources)
    cutoff = cutoff_date(today, readings)
    senders = known_senders(logs_sources, "monitoring", inventory)
    missing = [
        (source, device)
        for source, device in senders
        if not reaches_back(source, cutoff) and is_young(device, cutoff) is False
    ]
    if missing:
        return failed(
            "records before {cutoff} are missing of {senders}",
            logs_sources,
            cutoff=cutoff,
            senders=tuple(f"{d.id} ({local_date(s.oldest)})" for s, d in missing),
        )
    gaps = [gap_fault(s, d, logs_sources, network, readings=readings, now=now) for s, d in senders]
    for wanted in (Outcome.FAIL, Outcome.UND):
        for gap in gaps:
            if gap is not None and gap.outcome is wanted:
                return gap
    if fault is not None:
        return fault
    absent = tuple(
        device.id
        for device in inventory.devices
        if device.monitored
        and not device.log_server
        and is_young(device, cutoff) is not True
        and next(records_of(device, "monitoring", network, inventory), None) is None
    )
    if senders and absent:
        return unknown(
            "no record is stored of {devices}; whether there were any cannot be told",
            logs_sources,
            devices=absent,
        )
    return _kept(senders, cutoff, logs_sources, logs_retention)


def _kept(
    senders: list[tuple[LogSource, Device]],
    cutoff: date,
    sources: Known[tuple[LogSource, ...]],
    retention: Fact[tuple[LogRetention, ...]],
) -> Verdict:
    if not senders:
        return unknown("no record of an inventoried device is stored", sources)
    short = [
        (device, is_young(device, cutoff)) for s, device in senders if not reaches_back(s, cutoff)
    ]
    unclear = tuple(device.id for device, young in short if young is None)
    if unclear:
        return unknown(
            "records do not reach back to {cutoff}; not known since when in use: {devices}",
            sources,
            cutoff=cutoff,
            devices=unclear,
        )
    return all_kept(
        sources, retention, young=tuple(device.id for device, _ in short), cutoff=cutoff
    )


RULE = Rule(
    check,
    id="D12.5-a",
    severity="S3",
    subject="device",
    only=lambda device: device.log_server,
    always_applies=True,
)
