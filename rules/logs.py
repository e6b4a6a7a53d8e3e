"""Stored records on the log servers: whose they are and how far they reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from inventory.model import Device, Inventory
from rules.facts import Citation, Facts, Known, LogSource, Unknown

Kind = Literal["monitoring", "alert"]


def names_of(device: Device) -> frozenset[str]:
    """The names under which records of the device may be stored."""
    return frozenset(filter(None, (device.log_name, str(device.address), device.id)))


def owner(source: LogSource, inventory: Inventory) -> Device | None:
    """The inventoried device that sent the records, or None."""
    return next((d for d in inventory.devices if source.sender in names_of(d)), None)


def stores(
    network: Mapping[str, Facts], inventory: Inventory
) -> Iterator[tuple[Device, Known[tuple[LogSource, ...]] | Unknown]]:
    """Every log server with the records it holds."""
    for device in inventory.devices:
        if device.log_server:
            yield device, network[device.id]["logs.sources"]


def records_of(
    device: Device, kind: Kind, network: Mapping[str, Facts], inventory: Inventory
) -> Iterator[tuple[LogSource, Known[Any]]]:
    """What the log servers that could be read hold of the device."""
    for _, store in stores(network, inventory):
        if isinstance(store, Known):
            for source in store.value:
                if source.kind == kind and source.sender in names_of(device):
                    yield source, store


def read_at(store: Known[Any], now: datetime) -> datetime:
    """When the log server was asked: what came in since cannot be in what it told then."""
    asked = [c.captured for c in store.citations if c.captured is not None]
    return min([now, max(asked)]) if asked else now


def lines_about(source: LogSource, store: Known[Any]) -> tuple[Citation, ...]:
    """The evidence of one sender, or all there is when it cannot be told apart."""
    return tuple(c for c in store.citations if source.sender in c.text) or store.citations
