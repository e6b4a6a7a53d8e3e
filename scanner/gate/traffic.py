"""What a change of a device's filters newly permits and blocks, to and from what matters here.

Told even where all of it is allowed: the person who changed a line sees what it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from rules.facts import Fact, Known
from rules.gateways import addresses_of
from rules.packets.difference import Changed, difference
from rules.packets.fields import ALL_ADDRESSES, place
from rules.packets.packet import Packet
from rules.packets.policy import EVERYTHING, Policy, Region
from rules.packets.prove import Passage
from rules.packets.sets import numbers, without

if TYPE_CHECKING:
    from inventory.model import Inventory
    from scanner.gate.devices import ReadDevice

CONFERENCING = frozenset({"mcu", "vcs"})


@dataclass(frozen=True, slots=True)
class DecidingLine:
    """The line of a configuration that decides; `line` is None for the end of a chain."""

    file: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class TrafficChange:
    """Packets that one line now lets through or stops, with one line that decided before."""

    kind: Literal["permitted", "blocked"]
    witness: Packet
    packets: Region
    """The witness and others like it."""
    old: DecidingLine
    new: DecidingLine
    certain: bool
    why: str = ""
    others: tuple[DecidingLine, ...] = ()
    """Further lines that decided before about packets that the same line decides now."""


@dataclass(frozen=True, slots=True)
class DeviceTraffic:
    """What differs between two versions of one device."""

    device: str
    changes: tuple[TrafficChange, ...] = ()
    """One for each line that decides now, in their order."""
    open: tuple[str, ...] = ()
    """What keeps the picture incomplete."""


def traffic_changes(
    earlier: Iterable[ReadDevice], now: Iterable[ReadDevice], inventory: Inventory | None = None
) -> tuple[DeviceTraffic, ...]:
    """For each device of both with filters, what differs; devices without a difference are left
    out. With an inventory only traffic to and from the conferencing network is compared.
    """
    interest = conferencing_traffic(inventory) if inventory is not None else (EVERYTHING,)
    before = {device.id: device for device in earlier}
    compared = (
        compared_filters(
            device.id,
            before[device.id].understood.reading.facts,
            device.understood.reading.facts,
            interest,
        )
        for device in now
        if device.id in before
    )
    return tuple(one for one in compared if one.changes or one.open)


def changed_devices(
    earlier: Iterable[ReadDevice], now: Iterable[ReadDevice]
) -> tuple[ReadDevice, ...]:
    """The devices of which a file is new or has other content."""
    before = {device.id: _digests(device) for device in earlier}
    return tuple(device for device in now if before.get(device.id) != _digests(device))


def _digests(device: ReadDevice) -> tuple[str, ...]:
    return tuple(sorted(document.sha256 for document in device.documents))


def compared_filters(
    device: str,
    old: Mapping[str, Fact[Any]],
    new: Mapping[str, Fact[Any]],
    interest: Sequence[Region] = (EVERYTHING,),
) -> DeviceTraffic:
    """What differs between the filters of two readings of one device."""
    facts = (old.get("filters"), new.get("filters"))
    known = [fact for fact in facts if isinstance(fact, Known)]
    if not known:
        return DeviceTraffic(device)
    if len(known) == 1:
        missing = "earlier" if facts[0] is not known[0] else "present"
        return DeviceTraffic(device, open=(f"the {missing} version holds no filter that is read",))
    old_file, new_file = (next((c.source for c in fact.citations), "") for fact in known)
    policies: list[Policy] = [fact.value for fact in known]
    return compared_policies(device, policies[0], policies[1], (old_file, new_file), interest)


def compared_policies(
    device: str,
    old: Policy,
    new: Policy,
    files: tuple[str, str],
    interest: Sequence[Region] = (EVERYTHING,),
) -> DeviceTraffic:
    """What differs between two policies; `files` name lines that name no file themselves."""
    found = difference(old, new, interest)
    told = (_told(change, (old, new), files) for change in found.changes)
    return DeviceTraffic(device, tuple(_grouped(told)), found.open)


def conferencing_traffic(inventory: Inventory) -> tuple[Region, ...]:
    """Everything from the conferencing zones, control units and management, and to them."""
    spans = [
        interval
        for zone in inventory.zones
        if zone.kind == "hnth"
        for interval in addresses_of(zone, inventory)
    ]
    for device in inventory.devices:
        if device.kind in CONFERENCING:
            spans.append((place(device.address), place(device.address)))
    if not spans:
        return (EVERYTHING,)
    ours = numbers(spans)
    return (Region(source=ours), Region(source=without(ALL_ADDRESSES, ours), destination=ours))


def _told(change: Changed, policies: Sequence[Policy], files: Sequence[str]) -> TrafficChange:
    old, new = (
        _line(passage, policy, file)
        for passage, policy, file in zip((change.old, change.new), policies, files, strict=True)
    )
    return TrafficChange(
        change.kind, change.witness, change.packets, old, new, change.certain, change.why
    )


def _line(passage: Passage, policy: Policy, file: str) -> DecidingLine:
    rule = passage.rule
    if rule is not None:
        return DecidingLine(rule.file or file, rule.line, rule.text)
    chain = policy.chains.get(passage.chain)
    text = f"end of {passage.chain}" if passage.chain else "no filter concerns this packet"
    return DecidingLine(file, chain.line if chain else None, text)


def _grouped(changes: Iterable[TrafficChange]) -> Iterable[TrafficChange]:
    """One for each line that decides now and each kind; those that are certain first."""
    listed = sorted(changes, key=lambda one: (_place(one.new), one.kind, not one.certain))
    for _, several in groupby(listed, key=lambda one: (one.new, one.kind, one.certain)):
        first, *rest = several
        yield TrafficChange(
            first.kind,
            first.witness,
            first.packets,
            first.old,
            first.new,
            first.certain,
            first.why,
            tuple(dict.fromkeys(one.old for one in rest)),
        )


def _place(line: DecidingLine) -> tuple[str, bool, int, str]:
    return (line.file, line.line is None, line.line or 0, line.text)
