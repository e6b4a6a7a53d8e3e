"""Every MCU and VCS stands in a segment of its own: a zone of kind `hnth` with its own interface.

The zone is read from the inventory; that it exists is read from the gateway. A declared plan alone,
or a device that was not seen, proves nothing (CR-1, CR-5).
"""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Device, Inventory, Zone
from rules.facts import Citation, Facts, Known, Unknown
from rules.gateways import zones_on
from rules.model import Rule, Verdict, failed, passed, unknown, unknown_because
from rules.network_facts import Interface
from rules.presence import signs_of_life

SEPARATE = "hnth"


def check(
    device: Device, facts: Facts, network: Mapping[str, Facts], inventory: Inventory
) -> Verdict:
    zone = inventory.zone_of(device.address)
    if zone is None:
        return unknown("{address} lies in no zone of the inventory", address=device.address)
    seen = signs_of_life(facts)
    if not seen:
        return unknown("the device is switched off or cannot be reached; its place is only planned")
    if zone.kind != SEPARATE:
        return failed(
            "{address} stands in zone {zone} of kind {kind}, not in a conferencing segment",
            *seen,
            address=device.address,
            zone=zone.name or zone.id,
            kind=zone.kind,
        )
    if (leak := _second_leg(facts, zone, inventory)) is not None:
        interface, other, proof = leak
        return failed(
            "interface {interface} of the device also stands in zone {zone} of kind {kind}",
            proof,
            interface=interface.name,
            zone=other.name or other.id,
            kind=other.kind,
        )
    return _on_the_gateway(zone, seen, network, inventory)


def _second_leg(
    facts: Facts, home: Zone, inventory: Inventory
) -> tuple[Interface, Zone, Known[tuple[Interface, ...]]] | None:
    interfaces = facts["interfaces"]
    if isinstance(interfaces, Known):
        for interface in interfaces.value:
            for address in interface.addresses:
                zone = inventory.zone_of(address.ip)
                if zone is not None and zone.id != home.id and zone.kind in {"office", "outside"}:
                    return interface, zone, interfaces
    return None


def _on_the_gateway(
    zone: Zone, seen: tuple[Citation, ...], network: Mapping[str, Facts], inventory: Inventory
) -> Verdict:
    if zone.gateway is None:
        return unknown("the inventory names no gateway of zone {zone}", zone=zone.id)
    interfaces = network[zone.gateway]["interfaces"]
    if isinstance(interfaces, Unknown):
        return unknown_because(interfaces)
    carriers = [i for i in interfaces.value if zone in zones_on(i, inventory)]
    if not carriers:
        return unknown(
            "{gateway} has no interface in zone {zone}: it exists in the plan only",
            interfaces,
            gateway=zone.gateway,
            zone=zone.id,
        )
    for carrier in carriers:
        sharing = tuple(z.id for z in zones_on(carrier, inventory) if z.id != zone.id)
        if sharing:
            return failed(
                "interface {interface} of {gateway} carries zone {zone} together with {others}",
                interfaces,
                interface=carrier.name,
                gateway=zone.gateway,
                zone=zone.id,
                others=sharing,
            )
    return passed(
        "stands in zone {zone}, which has interface {interface} of {gateway} to itself",
        *seen,
        interfaces,
        zone=zone.name or zone.id,
        interface=carriers[0].name,
        gateway=zone.gateway,
    )


RULE = Rule(
    check,
    id="D10.1-a",
    severity="S2",
    subject="device",
    kinds=frozenset({"mcu", "vcs"}),
    from_files=False,
)
