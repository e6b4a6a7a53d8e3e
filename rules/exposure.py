"""What probes from other places reached on a device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.model import Device, Inventory
from inventory.text import Text
from rules.allowed import is_listed, may_administer, standpoint
from rules.facts import Citation, Facts, Known, OpenPort, PortScan
from rules.services import surely_open
from rules.wording import phrase

ALWAYS_MANAGEMENT = frozenset({22, 23, 80})
"""Ports that serve administration on whatever device."""

SNMP_PORT = 161

USUAL_WEB = 443
"""Taken for administration unless another port is known to serve it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A port of a device that answered a probe from another place."""

    device: Device
    scan: PortScan
    port: OpenPort
    citations: tuple[Citation, ...]
    """The evidence of this very probe."""

    @property
    def shown(self) -> Text:
        """What answered, and to whom."""
        return phrase(
            "cổng {port}/{protocol} của {device} truy cập được từ {vantage}",
            "port {port}/{protocol} of {device} answers to {vantage}",
            port=self.port.port,
            protocol=self.scan.protocol,
            device=self.device.id,
            vantage=self.scan.vantage,
        )


def probes(facts: Facts) -> tuple[PortScan, ...]:
    """The finished probes of the device from places other than the scanner's own."""
    exposure = facts["exposure"]
    return exposure.value if isinstance(exposure, Known) else ()


def reached(device: Device, facts: Facts) -> Iterator[Reached]:
    """Every port that surely answered one of those probes."""
    exposure = facts["exposure"]
    if isinstance(exposure, Known):
        for scan in exposure.value:
            for port in surely_open(scan):
                yield Reached(device, scan, port, of_this_probe(scan, exposure))


def of_this_probe(scan: PortScan, exposure: Known[tuple[PortScan, ...]]) -> tuple[Citation, ...]:
    """The evidence of one probe among all; that of all where none names its place."""
    mine = tuple(c for c in exposure.citations if c.vantage == scan.vantage)
    return mine or exposure.citations


def unlisted(device: Device, facts: Facts, inventory: Inventory) -> Iterator[Reached]:
    """Those among them that the allowlist does not name."""
    return (
        seen
        for seen in reached(device, facts)
        if not is_listed(seen.scan, device, seen.port.port, inventory)
    )


def is_administrator_place(scan: PortScan, inventory: Inventory) -> bool:
    """The probe came from an address that may administer devices."""
    return may_administer(standpoint(scan, inventory), inventory)


def management_ports(device: Device, facts: Facts) -> frozenset[int]:
    """TCP ports through which the device is administered, as declared and as found."""
    found = set(ALWAYS_MANAGEMENT) | {device.ssh_port}
    interfaces = facts["management.interfaces"]
    if isinstance(interfaces, Known):
        found |= {interface.port for interface in interfaces.value}
    elif device.https_port is None:
        found.add(USUAL_WEB)
    if device.https_port is not None:
        found.add(device.https_port)
    return frozenset(found)
