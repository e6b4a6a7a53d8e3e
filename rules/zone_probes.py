"""What probes from one zone reached in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.model import Device, Inventory, Zone
from rules.allowed import is_listed
from rules.exposure import Reached, of_this_probe
from rules.facts import Citation, Facts, Known, PortScan
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


class Probing:
    """All finished probes of one run, by the zones that they went between."""

    def __init__(self, inventory: Inventory, network: Mapping[str, Facts]) -> None:
        self._inventory = inventory
        self._devices: dict[str, int] = {}
        self._scans: dict[tuple[str, str], list[tuple[Device, PortScan]]] = {}
        for device in inventory.devices:
            home = inventory.zone_of(device.address)
            if home is not None:
                self._devices[home.id] = self._devices.get(home.id, 0) + 1
                for scan, _ in finished(network[device.id]):
                    self._scans.setdefault((scan.zone, home.id), []).append((device, scan))

    def between(self, origin: Zone, target: Zone) -> Probes:
        """Probes of the target's devices from vantage points that stand in the origin."""
        scans = self._scans.get((origin.id, target.id), [])
        vantages = dict.fromkeys(scan.vantage for _, scan in scans)
        made = tuple(
            _probe(vantage, [one for one in scans if one[1].vantage == vantage], self._inventory)
            for vantage in vantages
        )
        return Probes(made, self._devices.get(target.id, 0))


def finished(facts: Facts) -> Iterator[tuple[PortScan, tuple[Citation, ...]]]:
    """Every finished probe of the device, from the scanner's own place first, with its evidence."""
    for name in ("ports.tcp", "ports.udp"):
        scan = facts[name]
        if isinstance(scan, Known):
            yield scan.value, scan.citations
    exposure = facts["exposure"]
    if isinstance(exposure, Known):
        for one in exposure.value:
            yield one, of_this_probe(one, exposure)


def devices_in(zone: Zone, inventory: Inventory) -> Iterator[Device]:
    """The devices whose zone it is, in the inventory's order."""
    for device in inventory.devices:
        address = device.address
        # most lie elsewhere; only for the others all zones are looked through
        near = any(p.version == address.version and address in p for p in zone.prefixes)
        if near and inventory.zone_of(address) == zone:
            yield device


def probed_from(zone: Zone, facts: Facts) -> bool:
    """A finished probe of the device came from the zone."""
    return any(scan.zone == zone.id for scan, _ in finished(facts))


def answers_to(zone: Zone, device: Device, facts: Facts) -> Iterator[Reached]:
    """Every port of the device that surely answered a probe from the zone."""
    for scan, citations in finished(facts):
        if scan.zone == zone.id:
            for port in surely_open(scan):
                yield Reached(device, scan, port, citations)


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
