"""Alerts are kept for six months: the setting is sufficient and the store reaches back that far.

Alerts are rare, so that their absence on some days shows nothing: it is enough that one of them is
as old as the period. A store without an alert of that age decides nothing.
"""

from __future__ import annotations

from datetime import date

from inventory.model import Inventory
from inventory.readings import Readings
from rules.facts import Fact, LogRetention, LogSource, Unknown
from rules.model import Outcome, Rule, Verdict, unknown, unknown_because
from rules.retention import (
    all_kept,
    cutoff_date,
    is_young,
    known_senders,
    local_date,
    reaches_back,
    setting_fault,
)


def check(
    logs_sources: Fact[tuple[LogSource, ...]],
    logs_retention: Fact[tuple[LogRetention, ...]],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    fault = setting_fault(logs_retention, "alert", readings)
    if fault is not None and fault.outcome is Outcome.FAIL:
        return fault
    if isinstance(logs_sources, Unknown):
        return unknown_because(logs_sources)
    if fault is not None:
        return fault
    cutoff = cutoff_date(today, readings)
    senders = known_senders(logs_sources, "alert", inventory)
    if not senders:
        return unknown("no alert of an inventoried device is stored", logs_sources)
    if any(reaches_back(source, cutoff) for source, _ in senders):
        return all_kept(logs_sources, logs_retention, young=(), cutoff=cutoff)
    if all(is_young(device, cutoff) for _, device in senders):
        young = tuple(device.id for _, device in senders)
        return all_kept(logs_sources, logs_retention, young=young, cutoff=cutoff)
    return unknown(
        "the oldest alert is of {oldest}; whether earlier ones were kept cannot be told",
        logs_sources,
        oldest=min(local_date(source.oldest) for source, _ in senders),
    )


RULE = Rule(
    check,
    id="D12.5-b",
    severity="S3",
    subject="device",
    only=lambda device: device.log_server,
    always_applies=True,
)
