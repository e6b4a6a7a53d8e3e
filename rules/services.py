"""Whether a service runs on a device, by its settings and by what answered on the wire (CR-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inventory.text import Text
from rules.evidence_age import is_current, only_from_files
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

NEEDED_SERVICE_PORTS: dict[str, tuple[tuple[Literal["tcp", "udp"], int], ...]] = {
    "ssh": (("tcp", 22),),
    "https": (("tcp", 443),),
    "sip": (("tcp", 5060), ("tcp", 5061), ("udp", 5060)),
    "h323": (("tcp", 1720),),
}
"""Where the services answer that may be needed; open although set to off is a contradiction."""

CLEAR_TEXT = ("telnet", "http", "tftp")
"""Services that carry administration in the clear: never acceptable, even when listed."""

CLEAR_SPEECH = frozenset({"telnet", "ftp", "tftp", "rlogin", "rsh", "vnc"})
"""Protocols that an open port must not speak, whatever its number. Plain HTTP is judged by its port
and by what belongs there: some products redirect from it, or serve guests by it."""

ENCRYPTED_SNMP = "3"


@dataclass(frozen=True, slots=True)
class Service:
    """What is known about one service: settings and wire side by side."""

    name: str
    setting: Fact[bool]
    answers: bool | None
    """It answers on the wire, at its usual port or by what it says at another; None when that was
    not seen either way."""
    scan: Fact[PortScan]
    place: tuple[str, int]
    """Where it answers, or would usually."""

    @property
    def runs(self) -> bool | None:
        """True when either side shows it; False only when the settings say so (CR-3)."""
        if self.answers or (isinstance(self.setting, Known) and self.setting.value):
            return True
        return None if isinstance(self.setting, Unknown) else False

    @property
    def is_absent(self) -> bool:
        """It is off because the product does not have it, by a document of its vendor."""
        return (
            isinstance(self.setting, Known)
            and not self.setting.value
            and _is_by_a_document(self.setting)
        )

    @property
    def proof(self) -> tuple[Fact[Any], ...]:
        """The side that decides."""
        if self.answers and not (isinstance(self.setting, Known) and self.setting.value):
            return (self.scan, self.setting)
        return (self.setting,)

    @property
    def shown(self) -> Text:
        """The service with what gave it away."""
        protocol, port = self.place
        if isinstance(self.setting, Known) and self.setting.value:
            return phrase("{name} đang bật", "{name} is enabled", name=self.name)
        if isinstance(self.setting, Known):
            return _off_and_open(self.name, self.setting, protocol, port)
        return phrase(
            "cổng {port}/{protocol} ({name}) đang mở",
            "port {port}/{protocol} ({name}) is open",
            name=self.name,
            port=port,
            protocol=protocol,
        )


def service(name: str, facts: Facts) -> Service:
    """One service of `SERVICE_PORTS` on the device that the facts are about."""
    protocol, usual = SERVICE_PORTS[name]
    scan: Fact[PortScan] = facts[f"ports.{protocol}"]
    found = _ports_of(name, scan)
    place = (protocol, found[0] if found else usual)
    return Service(name, facts[f"service.{name}.enabled"], bool(found) or None, scan, place)


def on_by_a_file_alone(name: str, facts: Facts, now: datetime) -> Contradiction | None:
    """Set to on in a saved file, while a live probe found the port closed; None where not so.

    Only a refusal counts: where some ports kept silent, this one may have been among them.
    """
    protocol, port = SERVICE_PORTS[name]
    setting: Fact[bool] = facts[f"service.{name}.enabled"]
    scan: Fact[PortScan] = facts[f"ports.{protocol}"]
    if not isinstance(setting, Known) or not setting.value or not isinstance(scan, Known):
        return None
    seen = scan.value
    named = any(one.port == port for one in seen.open)
    refused = seen.answered and seen.asked(port) and not seen.undecided and not named
    if not refused or not only_from_files(setting) or not is_current(scan, now):
        return None
    shown = phrase(
        "{name} được bật trong tệp cấu hình đã lưu nhưng cổng {port}/{protocol} đang đóng; cần "
        "người phụ trách xác minh",
        "{name} is on by the saved file while port {port}/{protocol} is closed; a person has to "
        "settle it",
        name=name,
        port=port,
        protocol=protocol,
    )
    return Contradiction(shown, (setting, scan))


def _ports_of(name: str, scan: Fact[PortScan]) -> list[int]:
    """Where the service answers: its usual port, unless that speaks another protocol.

    One that is never right counts at whatever port it is spoken.
    """
    if not isinstance(scan, Known):
        return []
    usual = SERVICE_PORTS[name][1]
    spoken = _SPOKEN.get(name, (name,))
    return [
        one.port
        for one in surely_open(scan.value)
        if (one.port == usual and one.speaks in {"", *spoken})
        or (name in CLEAR_SPEECH and one.speaks == name)
    ]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The settings say one thing of a service, the network another."""

    shown: Text
    proof: tuple[Fact[Any], ...]
    """Both sides."""


def off_but_open(facts: Facts) -> tuple[Contradiction, ...]:
    """Every service that is set to off and answers on the wire."""
    found = []
    for name in (*SERVICE_PORTS, *NEEDED_SERVICE_PORTS):
        for protocol, port, scan in _where_it_answers(name, facts):
            # asked only where something answers: without a scan no setting is missed
            setting: Fact[bool] = facts[f"service.{name}.enabled"]
            if not isinstance(setting, Known) or setting.value:
                continue
            shown = _off_and_open(name, setting, protocol, port)
            found.append(Contradiction(shown, (setting, scan)))
    return tuple(found)


def _off_and_open(name: str, setting: Known[bool], protocol: str, port: int) -> Text:
    """What is said of a service that should not answer: nobody has set what cannot be set."""
    if _is_by_a_document(setting):
        return phrase(
            "{name} không có trên thiết bị theo tài liệu của hãng nhưng cổng {port}/{protocol} mở",
            "{name} is no service of the product by the vendor's documents but port "
            "{port}/{protocol} is open",
            name=name,
            port=port,
            protocol=protocol,
        )
    return phrase(
        "{name} được cấu hình tắt nhưng cổng {port}/{protocol} vẫn mở",
        "{name} is set to off but port {port}/{protocol} is open",
        name=name,
        port=port,
        protocol=protocol,
    )


def _is_by_a_document(setting: Known[bool]) -> bool:
    return any(citation.evidence_class == "D" for citation in setting.citations)


def _where_it_answers(name: str, facts: Facts) -> list[tuple[str, int, Fact[PortScan]]]:
    if name in SERVICE_PORTS:
        protocol = SERVICE_PORTS[name][0]
        scan: Fact[PortScan] = facts[f"ports.{protocol}"]
        return [(protocol, port, scan) for port in _ports_of(name, scan)]
    found: list[tuple[str, int, Fact[PortScan]]] = []
    for protocol, port in NEEDED_SERVICE_PORTS[name]:
        scan = facts[f"ports.{protocol}"]
        spoken = {"", *_SPOKEN.get(name, (name,))}
        if isinstance(scan, Known) and any(
            one.port == port and one.speaks in spoken for one in surely_open(scan.value)
        ):
            found.append((protocol, port, scan))
    return found


def on_but_silent(facts: Facts) -> tuple[Contradiction, ...]:
    """Every service not needed that is set to on while its port, which was asked, did not answer.

    The setting decides (CR-3): a filter on the way, or an address that is not let in, hides a port.
    """
    found = []
    for name, (protocol, port) in SERVICE_PORTS.items():
        setting: Fact[bool] = facts[f"service.{name}.enabled"]
        scan: Fact[PortScan] = facts[f"ports.{protocol}"]
        if not isinstance(setting, Known) or not setting.value or not isinstance(scan, Known):
            continue
        if scan.value.answered and scan.value.asked(port) and not _ports_of(name, scan):
            shown = phrase(
                "{name} được cấu hình bật nhưng cổng {port}/{protocol} không trả lời",
                "{name} is set to on but port {port}/{protocol} does not answer",
                name=name,
                port=port,
                protocol=protocol,
            )
            found.append(Contradiction(shown, (setting, scan)))
    return tuple(found)


_SPOKEN = {"sip": ("sip", "sips"), "h323": ("h323",), "http": ("http",)}


def surely_open(scan: PortScan) -> tuple[OpenPort, ...]:
    """Ports that gave a positive answer; `open|filtered` is no answer."""
    return tuple(port for port in scan.open if port.state == "open")


def clear_versions(versions: tuple[str, ...]) -> tuple[str, ...]:
    """The SNMP versions among them that send the community in the clear: `1`, `2c`."""
    return tuple(v for v in versions if v.lower().removeprefix("v") != ENCRYPTED_SNMP)
