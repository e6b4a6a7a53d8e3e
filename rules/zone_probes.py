"""What probes from one zone reached in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.model import Device, Inventory, Zone
from rules.allowed import is_listed
from rules.exposure import Reached, probes
from rules.facts import Facts, Known, PortScan
from rules.services import surely_open


@dataclass(frozen=True, slots=True)
class Probe:
    """All that was asked from one vantage point."""

    vantage: str
    devices: tuple[str, ...]
    """Ids of the devices that were asked."""
    reached: tuple[Reached, ...]
    """Ports that surely answered."""
    unlisted: tuple[Reached, ...]
    """Those among them that the allowlist does not name."""


@dataclass(frozen=True, slots=True)
class Probes:
    """The probes from one zone into another, by vantage point."""

    made: tuple[Probe, ...]
    devices: int
    """How many devices of the target zone are in the inventory."""

    @property
    def reached(self) -> tuple[Reached, ...]:
        return tuple(seen for probe in self.made for seen in probe.reached)

    @property
    def unlisted(self) -> tuple[Reached, ...]:
        return tuple(seen for probe in self.made for seen in probe.unlisted)


def probed(
    origin: Zone, target: Zone, inventory: Inventory, network: Mapping[str, Facts]
) -> Probes:
    """Finished probes of the target's devices from vantage points that stand in the origin."""
    there = [device for device in inventory.devices if inventory.zone_of(device.address) == target]
    scans = [
        (device, scan)
        for device in there
        for scan in _scans(network[device.id])
        if scan.zone == origin.id
    ]
    vantages = dict.fromkeys(scan.vantage for _, scan in scans)
    made = tuple(
        _probe(vantage, [one for one in scans if one[1].vantage == vantage], inventory)
        for vantage in vantages
    )
    return Probes(made, len(there))


def _scans(facts: Facts) -> Iterator[PortScan]:
    for name in ("ports.tcp", "ports.udp"):
        scan = facts[name]
        if isinstance(scan, Known):
            yield scan.value
    yield from probes(facts)


def _probe(vantage: str, scans: list[tuple[Device, PortScan]], inventory: Inventory) -> Probe:
    reached = tuple(
        Reached(device, scan, port, ()) for device, scan in scans for port in surely_open(scan)
    )
    return Probe(
        vantage,
        tuple(dict.fromkeys(device.id for device, _ in scans)),
        reached,
        tuple(
            seen
            for seen in reached
            if not is_listed(seen.scan, seen.device, seen.port.port, inventory)
        ),
    )
