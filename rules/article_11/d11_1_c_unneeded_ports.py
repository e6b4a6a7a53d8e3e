"""Open ports are needed ones: all TCP ports and the named UDP ports were asked.

Fails on an open port outside the family's needed list and the inventory's additions, and on
administration in the clear even when listed. An `open|filtered` answer, a partial range and silence
towards another segment decide nothing; settings that show a service off settle its silent UDP port,
and settings that show it on count although the port kept silent (CR-3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from inventory.model import Device, Inventory
from inventory.text import Text
from rules.doubt import reasons
from rules.facts import Fact, Facts, Known, NeededPort, OpenPort, PortScan, Unknown
from rules.model import Proof, Rule, Verdict, failed, passed, unknown
from rules.services import CLEAR_TEXT, SERVICE_PORTS, service
from rules.wording import phrase

Place: TypeAlias = tuple[str, int]
"""Protocol and port."""

SERVICE_AT: dict[Place, str] = {where: name for name, where in SERVICE_PORTS.items()}

NOTHING = Text(vi="không có", en="none")


def check(
    device: Device,
    facts: Facts,
    ports_tcp: Fact[PortScan],
    ports_udp: Fact[PortScan],
    needed_ports: Fact[tuple[NeededPort, ...]],
    inventory: Inventory,
) -> Verdict:
    found = list(_open(facts, ports_tcp, ports_udp))
    wrong = [(port, proof) for port, proof in found if _forbidden(port, device, needed_ports)]
    if wrong:
        return failed(
            "open and not needed: {ports}",
            *[proof for _, proof in wrong],
            ports=tuple(dict.fromkeys(_shown(port) for port, _ in wrong)),
        )
    doubts = [
        *reasons([ports_tcp, ports_udp, needed_ports]),
        *_gaps(ports_tcp),
        *_hidden(ports_tcp, device, inventory),
        *_undecided(device, facts, ports_udp, needed_ports),
    ]
    if doubts:
        return unknown(
            "not every port is accounted for: {why}",
            ports_tcp,
            ports_udp,
            why=tuple(doubts),
        )
    return passed(
        "all TCP ports and the named UDP ports asked; open and needed: {ports}",
        ports_tcp,
        ports_udp,
        ports=tuple(_shown(port) for port, _ in found) or NOTHING,
    )


def _open(facts: Facts, *scans: Fact[PortScan]) -> Iterator[tuple[Place, Proof]]:
    """Ports that answered, then those that the settings show in use."""
    for scan in scans:
        if isinstance(scan, Known):
            for port in scan.value.open:
                if port.state == "open":
                    yield (scan.value.protocol, port.port), scan
    for name, place in SERVICE_PORTS.items():
        state = service(name, facts)
        if isinstance(state.setting, Known) and state.setting.value:
            yield place, state.setting


def _forbidden(place: Place, device: Device, needed: Fact[tuple[NeededPort, ...]]) -> bool:
    """In the clear, or known to be outside the needed list."""
    if SERVICE_AT.get(place, "") in CLEAR_TEXT:
        return True
    return isinstance(needed, Known) and not _listed(place, device, needed.value)


def _listed(place: Place, device: Device, needed: tuple[NeededPort, ...]) -> bool:
    protocol, port = place
    return any(n.protocol == protocol and n.first <= port <= n.last for n in needed) or any(
        a.protocol == protocol and a.port == port for a in device.approved_ports
    )


def _gaps(tcp: Fact[PortScan]) -> Iterator[Text]:
    if isinstance(tcp, Known) and not tcp.value.answered:
        yield Text(
            vi="thiết bị đang tắt hoặc không kết nối được",
            en="the device is switched off or cannot be reached",
        )
    elif isinstance(tcp, Known) and not tcp.value.full_range:
        yield Text(vi="chưa dò hết dải cổng TCP", en="the range of TCP ports was asked in part")


def _hidden(tcp: Fact[PortScan], device: Device, inventory: Inventory) -> Iterator[Text]:
    """Silent ports prove something only when no filter stands between the probe and the device."""
    if isinstance(tcp, Unknown) or not tcp.value.undecided:
        return
    home = inventory.zone_of(device.address)
    if home is None or home.id != tcp.value.zone:
        yield phrase(
            "{count} cổng TCP không trả lời điểm quét {vantage} ở ngoài phân hệ của thiết bị, có "
            "thể bị chặn trên đường đi",
            "{count} TCP ports kept silent towards {vantage}, which stands outside the device's "
            "segment; a filter on the way may hide them",
            count=tcp.value.undecided,
            vantage=tcp.value.vantage,
        )


def _undecided(
    device: Device,
    facts: Facts,
    udp: Fact[PortScan],
    needed: Fact[tuple[NeededPort, ...]],
) -> Iterator[Text]:
    """UDP ports that gave no answer, are not needed, and that no setting shows to be off."""
    if isinstance(udp, Unknown) or isinstance(needed, Unknown):
        return
    silent = [
        port.port
        for port in udp.value.open
        if _silent(port)
        and not _listed(("udp", port.port), device, needed.value)
        and not _off(port.port, facts)
    ]
    if silent:
        yield phrase(
            "cổng UDP không trả lời nên chưa rõ đóng hay mở: {ports}",
            "silent UDP ports may be open or closed: {ports}",
            ports=tuple(silent),
        )


def _silent(port: OpenPort) -> bool:
    return port.state == "open|filtered"


def _off(port: int, facts: Facts) -> bool:
    name = SERVICE_AT.get(("udp", port))
    return name is not None and service(name, facts).runs is False


def _shown(place: Place) -> str:
    protocol, port = place
    name = SERVICE_AT.get((protocol, port))
    return f"{port}/{protocol} ({name})" if name else f"{port}/{protocol}"


RULE = Rule(check, id="D11.1-c", severity="S2", subject="device", kinds=frozenset({"mcu", "vcs"}))
