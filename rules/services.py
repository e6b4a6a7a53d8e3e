"""Whether a service runs on a device, by its settings and by what answered on the wire (CR-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from inventory.text import Text
from rules.facts import Fact, Facts, Known, OpenPort, PortScan, Unknown
from rules.wording import phrase

SERVICE_PORTS: dict[str, tuple[Literal["tcp", "udp"], int]] = {
    "telnet": ("tcp", 23),
    "http": ("tcp", 80),
    "ftp": ("tcp", 21),
    "tftp": ("udp", 69),
    "snmp": ("udp", 161),
    "upnp": ("udp", 1900),
}
"""The usual port of every service that conferencing does not need."""

CLEAR_TEXT = ("telnet", "http", "tftp")
"""Services that carry administration in the clear: never acceptable, even when listed."""

ENCRYPTED_SNMP = "3"


@dataclass(frozen=True, slots=True)
class Service:
    """What is known about one service: settings and wire side by side."""

    name: str
    setting: Fact[bool]
    answers: bool | None
    """Its usual port is open on the wire; None when that was not seen either way."""
    scan: Fact[PortScan]

    @property
    def runs(self) -> bool | None:
        """True when either side shows it; False only when the settings say so (CR-3)."""
        if self.answers or (isinstance(self.setting, Known) and self.setting.value):
            return True
        return None if isinstance(self.setting, Unknown) else False

    @property
    def proof(self) -> tuple[Fact[Any], ...]:
        """The side that decides."""
        if self.answers and not (isinstance(self.setting, Known) and self.setting.value):
            return (self.scan, self.setting)
        return (self.setting,)

    @property
    def shown(self) -> Text:
        """The service with what gave it away."""
        protocol, port = SERVICE_PORTS[self.name]
        if isinstance(self.setting, Known) and self.setting.value:
            return phrase("{name} đang bật", "{name} is enabled", name=self.name)
        if isinstance(self.setting, Known):
            return phrase(
                "{name} được cấu hình tắt nhưng cổng {port}/{protocol} vẫn mở",
                "{name} is set to off but port {port}/{protocol} is open",
                name=self.name,
                port=port,
                protocol=protocol,
            )
        return phrase(
            "cổng {port}/{protocol} ({name}) đang mở",
            "port {port}/{protocol} ({name}) is open",
            name=self.name,
            port=port,
            protocol=protocol,
        )


def service(name: str, facts: Facts) -> Service:
    """One service of `SERVICE_PORTS` on the device that the facts are about."""
    protocol, port = SERVICE_PORTS[name]
    scan: Fact[PortScan] = facts[f"ports.{protocol}"]
    answers = None
    if isinstance(scan, Known):
        answers = any(open_port.port == port for open_port in surely_open(scan.value)) or None
    return Service(name, facts[f"service.{name}.enabled"], answers, scan)


def surely_open(scan: PortScan) -> tuple[OpenPort, ...]:
    """Ports that gave a positive answer; `open|filtered` is no answer."""
    return tuple(port for port in scan.open if port.state == "open")


def clear_versions(versions: tuple[str, ...]) -> tuple[str, ...]:
    """The SNMP versions among them that send the community in the clear: `1`, `2c`."""
    return tuple(v for v in versions if v.lower().removeprefix("v") != ENCRYPTED_SNMP)
