"""Hosts in a segment that the inventory does not know, from the neighbour table of its gateway."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_interface

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.facts import Facts, Known, Unknown
from rules.network_facts import Address, Neighbour

NO_HARDWARE_ADDRESS = "00:00:00:00:00:00"


def foreign_hosts(
    zone: Zone, inventory: Inventory, network: Mapping[str, Facts]
) -> Known[tuple[Neighbour, ...]] | Unknown:
    """Neighbours on the zone's interface that are neither inventoried nor the gateway itself."""
    if zone.gateway is None or zone.gateway not in network:
        return Unknown(
            Text(
                vi=f"tệp khai báo chưa ghi thiết bị định tuyến (gateway) của vùng {zone.id}",
                en=f"the inventory names no gateway of zone {zone.id}",
            )
        )
    gateway = network[zone.gateway]
    neighbours = gateway["neighbours"]
    if isinstance(neighbours, Unknown):
        return neighbours
    here = [n for n in neighbours.value if _in_zone(n, zone) and n.mac != NO_HARDWARE_ADDRESS]
    known = _known_addresses(inventory, gateway)
    known_macs = {n.mac for n in neighbours.value if n.address in known}
    foreign = tuple(
        n
        for n in here
        if n.address not in known
        and not _is_no_host(n.address, zone)
        and not (n.address.is_link_local and n.mac in known_macs)
    )
    return Known(foreign, neighbours.citations)


def _in_zone(neighbour: Neighbour, zone: Zone) -> bool:
    if zone.interface is not None:
        return neighbour.interface == zone.interface
    address = neighbour.address
    return any(address.version == p.version and address in p for p in zone.prefixes)


def _known_addresses(inventory: Inventory, gateway: Facts) -> frozenset[Address]:
    found: set[Address] = {device.address for device in inventory.devices}
    found |= {p.address for p in inventory.vantage_points if p.address is not None}
    interfaces = gateway["interfaces"]
    if isinstance(interfaces, Known):
        found |= {ip_interface(a).ip for i in interfaces.value for a in i.addresses}
    return frozenset(found)


def _is_no_host(address: Address, zone: Zone) -> bool:
    """Broadcast and multicast addresses, and the address of the network itself."""
    ends = [p for p in zone.prefixes if p.version == address.version == 4 and p.prefixlen < 31]
    return address.is_multicast or any(
        address in (p.network_address, p.broadcast_address) for p in ends
    )
