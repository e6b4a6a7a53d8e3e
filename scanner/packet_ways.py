"""A packet's way through several devices, asked device by device, answered as plain values.

Devices hang together where two interfaces have addresses of one network, and of no other pair, or
as the user says. Every way without a loop is asked; where they end differently the route decides,
which is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known
from rules.network_facts import Interface, Prefix
from rules.packets.interpret import Crossing, crossings
from rules.packets.packet import Packet
from rules.packets.places import is_placed, names_for
from rules.packets.policy import Hop
from scanner.packet_questions import BadQuestion, Filter

MOST_WAYS = 64
"""So many ways, and so many names of places along one way, are asked."""


@dataclass(frozen=True)
class Place:
    """An interface or zone of one device."""

    device: str
    name: str

    def __str__(self) -> str:
        return f"{self.device}:{self.name}"


@dataclass(frozen=True)
class Device:
    """A device and its filters."""

    name: str
    filters: Filter
    interfaces: tuple[Interface, ...] = ()

    @classmethod
    def of(cls, name: str, filters: Filter, facts: Mapping[str, Fact[Any]]) -> Device:
        """The device with the interfaces that its facts show; none where these are not known."""
        fact = facts.get("interfaces")
        return cls(name, filters, fact.value if isinstance(fact, Known) else ())

    def has(self, place: str) -> bool:
        """The filters can be about this place; taken as it is said where no interface is known."""
        own = frozenset(one.name for one in self.interfaces)
        return not own or is_placed(self.filters.policy, place, self.filters.known, own)


def place_in(text: str, devices: Sequence[str]) -> Place | None:
    """The place that DEVICE:IF names; None where the text begins with none of the devices."""
    for name in sorted(devices, key=len, reverse=True):
        if text.startswith(f"{name}:") and len(text) > len(name) + 1:
            return Place(name, text[len(name) + 1 :])
    return None


def link_in(text: str, devices: Sequence[str]) -> tuple[Place, Place]:
    """The two places that A:IF=B:IF joins. Raises `BadQuestion`."""
    parts = text.split("=")
    for at in range(1, len(parts)):
        one = place_in("=".join(parts[:at]), devices)
        other = place_in("=".join(parts[at:]), devices)
        if one is not None and other is not None and one.device != other.device:
            return one, other
    raise BadQuestion(_LINK.format(link=text, devices=", ".join(devices)))


class Network:
    """Several devices and the links between them."""

    def __init__(self, devices: Sequence[Device], stated: Sequence[tuple[Place, Place]]) -> None:
        self._devices = {device.name: device for device in devices}
        self._links = list(stated)
        self._open: dict[tuple[str, str], list[tuple[str, str]]] = {}
        """Devices that share several networks, so that it cannot be told where they are joined."""
        joined = {frozenset((one.device, other.device)) for one, other in stated}
        for one, other in combinations(devices, 2):
            if frozenset((one.name, other.name)) not in joined:
                found = list(dict.fromkeys(_shared(one, other)))
                if len(found) == 1:
                    (ends,) = found
                    self._links.append((Place(one.name, ends[0]), Place(other.name, ends[1])))
                elif found:
                    self._open[one.name, other.name] = found

    def answer(self, packet: Packet) -> dict[str, Any]:
        """What becomes of a packet whose two ends are DEVICE:IF: the keys of a `Filter`'s answer,
        the `device` that decides, and every one of the `ways` with its `hops`. Raises
        `BadQuestion`.
        """
        start, end = self._end(packet.entering, "from"), self._end(packet.leaving, "to")
        ways = list(islice(self._ways(start, end), MOST_WAYS + 1))
        if not ways or self._open:
            self._give_up(start, end, bool(ways))
        if len(ways) > MOST_WAYS:
            raise BadQuestion(_MANY.format(start=start, end=end, most=MOST_WAYS))
        told = [self._along(way, packet) for way in ways]
        first = {**told[0]}
        if len({one["action"] for one in told}) > 1:
            first["action"] = "unknown"
            first["why"] = f"it depends on the way: {_each(told)}"
        whole = {name: value for name, value in first.items() if name != "hops"}
        return {**whole, "ways": told}

    def _end(self, text: str, key: str) -> Place:
        found = place_in(text, list(self._devices))
        if found is None:
            raise BadQuestion(_END.format(key=key, devices=", ".join(self._devices)))
        return found

    def _give_up(self, start: Place, end: Place, found: bool) -> None:
        """Says why a way cannot be told. Raises BadQuestion, unless one device is all there is."""
        if start.device == end.device and found:
            return
        if self._open:
            (one, other), pairs = next(iter(self._open.items()))
            listed = ", ".join(f"{one}:{a}={other}:{b}" for a, b in pairs)
            raise BadQuestion(_SEVERAL.format(one=one, other=other, pairs=listed))
        raise BadQuestion(_NO_WAY.format(start=start, end=end))

    def _ways(
        self, at: Place, end: Place, passed: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[Place, Place], ...]]:
        """Every way from a place to the end: where each device is entered and left."""
        if at.device == end.device:
            yield ((at, end),)
            return
        for link in self._links:
            for out, into in (link, link[::-1]):
                gone = (*passed, at.device)
                if out.device == at.device and out != at and into.device not in gone:
                    for rest in self._ways(into, end, gone):
                        yield ((at, out), *rest)

    def _along(self, way: Sequence[tuple[Place, Place]], packet: Packet) -> dict[str, Any]:
        """What becomes of the packet on one way."""
        rows = list(islice(self._rows(way), MOST_WAYS + 1))
        if len(rows) > MOST_WAYS:
            raise BadQuestion(_MANY.format(start=way[0][0], end=way[-1][1], most=MOST_WAYS))
        matcher = self._devices[way[0][0].device].filters.matcher
        found = [self._told(way, crossings(row, packet, matcher)) for row in rows]
        first = found[0]
        if len({one["action"] for one in found}) > 1:
            why = "the answer is not the same for all interfaces of the zone"
            first = {**first, "action": "unknown", "why": why}
        return first

    def _rows(self, way: Sequence[tuple[Place, Place]]) -> Iterator[tuple[Hop, ...]]:
        """The way under every name by which the filters know its places."""
        each = []
        for into, out in way:
            device = self._devices[into.device]
            own = device.filters
            for place in (into, out):
                if not device.has(place.name):
                    raise BadQuestion(_NO_PLACE.format(place=place))
            entering, leaving = (names_for(own.policy, one.name, own.known) for one in (into, out))
            each.append([Hop(into.device, own.policy, a, b) for a, b in product(entering, leaving)])
        return product(*each)

    def _told(
        self, way: Sequence[tuple[Place, Place]], passed: Sequence[Crossing]
    ) -> dict[str, Any]:
        hops = [self._hop(at, one) for at, one in zip(way, passed, strict=False)]
        deciding = next((one for one in hops if one["action"] == "unknown"), hops[-1])
        if hops[-1]["action"] == "deny":
            deciding = hops[-1]
        elif deciding["action"] == "permit":
            deciding = next((one for one in hops[::-1] if one["line"] is not None), deciding)
        before = [step for one in hops[: hops.index(deciding)] for step in _lines(one)]
        answer = {name: deciding[name] for name in (*_ANSWER, "device")}
        return {**answer, "path": [*before, *deciding["path"]], "hops": hops}

    def _hop(self, at: tuple[Place, Place], crossing: Crossing) -> dict[str, Any]:
        """What one device does, with the packet as it comes there."""
        filters, packet = self._devices[crossing.hop.device].filters, crossing.packet
        told = filters.plain(crossing.decision)
        sent = {
            "src": str(packet.source),
            "dst": str(packet.destination),
            "sport": packet.source_port,
            "dport": packet.destination_port,
        }
        return {"device": at[0].device, "from": at[0].name, "to": at[1].name, **sent, **told}


_ANSWER = ("action", "file", "line", "text", "path", "why")


def _lines(hop: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines of a device that led the packet on."""
    yield from hop["path"]
    if hop["line"] is not None:
        yield {name: hop[name] for name in ("file", "line", "text")}


def _each(told: Sequence[Mapping[str, Any]]) -> str:
    ways = (" > ".join(hop["device"] for hop in one["hops"]) for one in told)
    return ", ".join(f"{way} {one['action']}" for way, one in zip(ways, told, strict=True))


def _shared(one: Device, other: Device) -> Iterator[tuple[str, str]]:
    """Interfaces of the two that have addresses of one network."""
    for mine, theirs in product(one.interfaces, other.interfaces):
        if mine.up is not False and theirs.up is not False:
            for a, b in product(mine.addresses, theirs.addresses):
                if a.ip != b.ip and a.network == b.network and _joins(a.network):
                    yield mine.name, theirs.name


def _joins(network: Prefix) -> bool:
    """A network of more than one address that is not found on every device."""
    local = network.is_loopback or network.is_link_local
    return network.prefixlen < network.max_prefixlen and not local


_LINK = Text(
    vi="--link {link} không phải là THIẾT_BỊ:GIAO_DIỆN=THIẾT_BỊ:GIAO_DIỆN giữa hai thiết bị khác "
    "nhau trong số: {devices}",
    en="--link {link} is not DEVICE:IF=DEVICE:IF between two different ones of the devices: "
    "{devices}",
)
_END = Text(
    vi="{key} phải là THIẾT_BỊ:GIAO_DIỆN, với thiết bị là một trong: {devices} (tên tệp không có "
    "phần mở rộng)",
    en="{key} has to be DEVICE:IF with one of the devices: {devices} (file names without their "
    "ending)",
)
_NO_PLACE = Text(
    vi="{place}: thiết bị không có giao diện hay vùng này, và bộ lọc không nhắc đến tên này; hãy "
    "kiểm tra tên",
    en="{place}: the device has no such interface or zone and its filters do not speak of it; "
    "check the name",
)
_SEVERAL = Text(
    vi="{one} và {other} có chung nhiều mạng, nên không rõ chúng nối nhau ở đâu; hãy nêu bằng "
    "--link một hoặc nhiều trong số: {pairs}",
    en="{one} and {other} share several networks, so it is not known where they are joined; state "
    "with --link one or more of: {pairs}",
)
_NO_WAY = Text(
    vi="không rõ đường đi từ {start} đến {end}: không có hai giao diện nào cùng một mạng; hãy nêu "
    "liên kết bằng --link THIẾT_BỊ:GIAO_DIỆN=THIẾT_BỊ:GIAO_DIỆN",
    en="no way from {start} to {end} is known: no two interfaces have addresses of one network; "
    "state the link with --link DEVICE:IF=DEVICE:IF",
)
_MANY = Text(
    vi="từ {start} đến {end} có hơn {most} đường đi; hãy hỏi với ít cấu hình hơn hoặc nêu liên kết "
    "bằng --link",
    en="there are more than {most} ways from {start} to {end}; ask with fewer configurations, or "
    "state the links with --link",
)
