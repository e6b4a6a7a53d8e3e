"""Through which gateways the traffic between two zones goes, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.facts import Facts, Known
from rules.gateways import attached, interfaces_towards
from rules.packets.places import spoken
from rules.wording import phrase

ROUTING_KINDS = frozenset({"firewall", "router", "switch"})


class Paths:
    """The gateways between any two zones of one network."""

    def __init__(self, inventory: Inventory, network: Mapping[str, Facts]) -> None:
        self.inventory = inventory
        self.network = network
        self._spoken: dict[str, frozenset[str]] = {}
        self._at: dict[str, list[str]] = {zone.id: [] for zone in inventory.zones}
        for zone in inventory.zones:
            if zone.gateway is not None:
                self._at[zone.id].append(zone.gateway)
        for gateway, zones in self._joining():
            for zone in zones:
                # every network "overlaps" the outside, so only its declaration tells where it is
                if gateway not in self._at[zone.id] and zone.kind != "outside":
                    self._at[zone.id].append(gateway)

    def _joining(self) -> Iterator[tuple[str, list[Zone]]]:
        """Devices with a leg in several zones, which could pass packets between them."""
        for device in self.inventory.devices:
            if device.kind in ROUTING_KINDS:
                near = attached(device.id, self.inventory, self.network)
                zones = [zone for members in near.values() for zone in members]
                if len({zone.id for zone in zones}) > 1:
                    yield device.id, zones

    def between(self, origin: Zone, target: Zone) -> tuple[tuple[str, ...], ...]:
        """Every way the traffic may take; each is the gateways that it passes one after another.

        One gateway that both zones hang on, or the gateways of the two in series. Empty when a
        zone has none.
        """
        here, there = self._at[origin.id], self._at[target.id]
        shared = [gateway for gateway in here if gateway in there]
        apart = product(
            [gateway for gateway in here if gateway not in shared],
            [gateway for gateway in there if gateway not in shared],
        )
        return (*((gateway,) for gateway in shared), *apart)

    def homeless(self, *zones: Zone) -> tuple[str, ...]:
        """Those of the zones that have no gateway."""
        return tuple(zone.id for zone in zones if not self._at[zone.id])

    def other_names(self, gateway: str, *ends: Zone) -> Text | None:
        """Why the filter of the gateway cannot be asked about the way; None when it can.

        `flows_into` asks by the names of interfaces; a filter that knows a place by a zone only,
        or by a name that differs from the declared one, would seem to have no line for it.
        """
        filters = self.network[gateway]["filters"] if gateway in self.network else None
        if not isinstance(filters, Known):
            return None
        if gateway not in self._spoken:
            self._spoken[gateway] = spoken(filters.value)
        known = self._spoken[gateway]
        foreign: list[str] = []
        for end in ends:
            interfaces = interfaces_towards(gateway, end, self.inventory, self.network)
            if known and not any(n in known or self._has(gateway, n) for n in interfaces):
                foreign += interfaces
        if not foreign:
            return None
        return phrase(
            "chưa đối chiếu được giao diện {interfaces} với tên mà bộ lọc dùng",
            "interface {interfaces} could not be matched with the names that the filter uses",
            interfaces=tuple(dict.fromkeys(foreign)),
        )

    def _has(self, gateway: str, name: str) -> bool:
        interfaces = self.network[gateway]["interfaces"]
        return isinstance(interfaces, Known) and any(one.name == name for one in interfaces.value)

    def passes_by(self, gateway: str, origin: Zone, target: Zone) -> Text | None:
        """Why it is not sure that the traffic goes through the gateway; None when it does."""
        arriving = interfaces_towards(gateway, origin, self.inventory, self.network)
        leaving = interfaces_towards(gateway, target, self.inventory, self.network)
        if not arriving or not leaving:
            return None  # told by the flows: zones that are not placed
        both = tuple(name for name in arriving if name in leaving)
        outside = "outside" in {origin.kind, target.kind}
        crossing = any(entry != exit_ for entry in arriving for exit_ in leaving)
        if not both or (outside and crossing):
            return None
        return phrase(
            "{origin} và {target} cùng nằm sau giao diện {interfaces} của {gateway}, nên không "
            "chắc lưu lượng giữa hai vùng đi qua thiết bị này",
            "{origin} and {target} lie behind the same interface {interfaces} of {gateway}, so it "
            "is not sure that their traffic passes it",
            origin=origin.name or origin.id,
            target=target.name or target.id,
            interfaces=both,
            gateway=gateway,
        )
