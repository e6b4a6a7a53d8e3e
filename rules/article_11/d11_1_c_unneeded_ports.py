"""Open ports are needed ones: all TCP ports and the named UDP ports were asked.

Fails on an open port outside the family's needed list for its model and role and the inventory's
additions, on administration in the clear even when listed, and on a port that speaks another
protocol than belongs there. An `open|filtered` answer, a partial range and silence towards another
segment decide nothing; settings that show a service off settle its silent UDP port, and settings
that show it on count although the port kept silent (CR-3). A port that is open although the
settings show its service off is a finding of its own. A service that only a saved file shows on,
while the port is closed, waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inventory.model import Device, Inventory
from inventory.text import Text
from rules.doubt import reasons
from rules.facts import Fact, Facts, Known, NeededPort, OpenPort, PortScan, Unknown
from rules.model import Outcome, Proof, Rule, Verdict, failed, passed, unknown
from rules.needed import Place, listed
from rules.services import (
    CLEAR_SPEECH,
    CLEAR_TEXT,
    SERVICE_PORTS,
    Contradiction,
    off_but_open,
    on_by_a_file_alone,
    service,
)
from rules.wording import phrase

SERVICE_AT: dict[Place, str] = {where: name for name, where in SERVICE_PORTS.items()}

NOTHING = Text(vi="không có", en="none")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A port in use, and what shows it."""

    place: Place
    proof: Proof
    speaks: str = ""


def check(
    device: Device,
    facts: Facts,
    ports_tcp: Fact[PortScan],
    ports_udp: Fact[PortScan],
    needed_ports: Fact[tuple[NeededPort, ...]],
    inventory: Inventory,
    now: datetime,
) -> Verdict:
    verdict = _listed_and_open(device, facts, ports_tcp, ports_udp, needed_ports, inventory, now)
    contradictions = off_but_open(facts)
    if not contradictions:
        return verdict
    contradicted = failed(
        "open although the settings show it off: {contradictions}",
        *[fact for one in contradictions for fact in one.proof],
        contradictions=tuple(one.shown for one in contradictions),
    )
    if verdict.outcome is Outcome.FAIL:
        return replace(verdict, beside=(contradicted,))
    return contradicted


def _listed_and_open(
    device: Device,
    facts: Facts,
    ports_tcp: Fact[PortScan],
    ports_udp: Fact[PortScan],
    needed_ports: Fact[tuple[NeededPort, ...]],
    inventory: Inventory,
    now: datetime,
) -> Verdict:
    waiting = tuple(_waiting(facts, now))
    found = list(_open(facts, waiting, ports_tcp, ports_udp))
    wrong = [seen for seen in found if _forbidden(seen, device, facts)]
    strange = [(seen, what) for seen in found if (what := _out_of_place(seen, device, facts))]
    foreign = failed(
        "other protocols answer than belong there: {ports}",
        *[seen.proof for seen, _ in strange],
        ports=tuple(what for _, what in strange),
    )
    if wrong:
        verdict = failed(
            "open and not needed: {ports}",
            *[seen.proof for seen in wrong],
            ports=tuple(dict.fromkeys(_shown(seen.place) for seen in wrong)),
        )
        return replace(verdict, beside=(foreign,)) if strange else verdict
    if strange:
        return foreign
    doubts = [
        *reasons([ports_tcp, ports_udp, needed_ports]),
        *_gaps(ports_tcp),
        *_hidden(ports_tcp, device, inventory),
        *_not_settled(found, device, facts, needed_ports),
        *_undecided(device, facts, ports_udp, needed_ports),
        *(one.shown for _, one in waiting),
    ]
    if doubts:
        return unknown(
            "not every port is accounted for: {why}",
            ports_tcp,
            ports_udp,
            *(fact for _, one in waiting for fact in one.proof),
            why=tuple(dict.fromkeys(doubts)),
        )
    return passed(
        "all TCP ports and the named UDP ports asked; open and needed: {ports}",
        ports_tcp,
        ports_udp,
        ports=tuple(_shown(seen.place) for seen in found) or NOTHING,
    )


def _waiting(facts: Facts, now: datetime) -> Iterator[tuple[str, Contradiction]]:
    """Services that a saved file shows on and that a live probe found closed (CR-3)."""
    for name in SERVICE_PORTS:
        contradiction = on_by_a_file_alone(name, facts, now)
        if contradiction is not None:
            yield name, contradiction


def _open(
    facts: Facts, waiting: Sequence[tuple[str, Contradiction]], *scans: Fact[PortScan]
) -> Iterator[_Seen]:
    """Ports that answered, then those that the settings show in use."""
    for scan in scans:
        if isinstance(scan, Known):
            for port in scan.value.open:
                if port.state == "open":
                    yield _Seen((scan.value.protocol, port.port), scan, port.speaks)
    for name, place in SERVICE_PORTS.items():
        state = service(name, facts)
        if name in dict(waiting):
            continue
        if isinstance(state.setting, Known) and state.setting.value:
            yield _Seen(place, state.setting)


def _forbidden(seen: _Seen, device: Device, facts: Facts) -> bool:
    """In the clear, or known to be outside the needed list."""
    usual = SERVICE_AT.get(seen.place, "")
    if usual in CLEAR_TEXT and seen.speaks in {"", usual}:
        return True
    return listed(seen.place, device, facts).needed is False


def _out_of_place(seen: _Seen, device: Device, facts: Facts) -> Text | None:
    """What answers in the clear, or instead of what belongs there; None where all is well."""
    if not seen.speaks or SERVICE_AT.get(seen.place) == seen.speaks:
        return None
    belongs = listed(seen.place, device, facts).speaks
    if seen.speaks not in CLEAR_SPEECH and (not belongs or seen.speaks in belongs):
        return None
    protocol, port = seen.place
    return phrase(
        "{speaks} trả lời ở cổng {port}/{protocol}",
        "{speaks} answers at {port}/{protocol}",
        speaks=seen.speaks,
        port=port,
        protocol=protocol,
    )


def _not_settled(
    found: list[_Seen], device: Device, facts: Facts, needed: Fact[tuple[NeededPort, ...]]
) -> Iterator[Text]:
    """Open ports that are needed in some roles or by some models, and it is not known which."""
    if isinstance(needed, Unknown):
        return
    for seen in found:
        answer = listed(seen.place, device, facts)
        if answer.needed is None and answer.why is not None:
            yield answer.why


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
        and listed(("udp", port.port), device, facts).needed is not True
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
