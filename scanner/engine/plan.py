"""What is looked at in a run, in which order: one queue of devices per site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.model import Device, Inventory


@dataclass(frozen=True, slots=True)
class Scope:
    """Empty = everything. Parts narrow each other."""

    sites: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def holds(self, device: Device) -> bool:
        return (
            (not self.sites or device.site in self.sites)
            and (not self.devices or device.id in self.devices)
            and (not self.kinds or device.kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class SiteQueue:
    """The devices of one site in the order of the inventory; looked at one after the other."""

    site: str
    devices: tuple[Device, ...]


def plan(inventory: Inventory, scope: Scope, done: Iterable[str] = ()) -> tuple[SiteQueue, ...]:
    """A queue for every site that has something left to look at."""
    finished = frozenset(done)
    queues = []
    for site in inventory.sites:
        devices = tuple(
            d
            for d in inventory.devices
            if d.site == site.id and scope.holds(d) and d.id not in finished
        )
        if devices:
            queues.append(SiteQueue(site.id, devices))
    return tuple(queues)
