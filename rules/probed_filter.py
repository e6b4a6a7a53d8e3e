"""The filter of a gateway beside what live probes saw of it (CR-3).

A port that answers although the filter denies it shows that the filter is not what runs, or that a
way leads past it. A line of a saved file that admits what a probe then did not get is no proven
violation: a person has to settle it. Against a configuration that was read from the device, silence
proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from inventory.model import Device, Inventory, Zone
from inventory.text import Text
from rules.allowed import standpoint
from rules.evidence_age import LIVE, is_stale, only_from_files
from rules.exposure import Reached
from rules.facts import Citation, Facts, OpenPort, PortScan
from rules.flows import Flow, Flows
from rules.gateways import addresses_of, interfaces_towards
from rules.model import Proof, Verdict, failed
from rules.packets.boxes import Box, Interval, TooComplicated, intervals_without, keep, remove, span
from rules.packets.fields import PROTOCOLS
from rules.services import surely_open
from rules.wording import phrase
from rules.zone_probes import devices_in, finished

NOT_WHAT_RUNS = Text(
    vi="tệp đã lưu không phải cấu hình đang chạy, hoặc có đường đi vòng qua thiết bị",
    en="the saved file is not what runs, or a way leads past the device",
)
PAST_IT = Text(
    vi="có đường đi vòng qua thiết bị, hoặc cấu hình đã thay đổi sau khi đọc",
    en="a way leads past the device, or the configuration changed after it was read",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A live probe of one device, what it comes from, and its evidence."""

    device: Device
    scan: PortScan
    origin: Zone
    sources: tuple[Interval, ...]
    citations: tuple[Citation, ...]

    def sent(self, port: int) -> list[Box]:
        """The packets with which the port was asked."""
        number = PROTOCOLS[self.scan.protocol]
        target = span(self.device.address)
        return [(one, target, (number, number), (port, port)) for one in self.sources]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A port that is known to be open and did not answer a live probe."""

    asked: Asked
    port: OpenPort
    proof: tuple[Citation, ...]
    """Of both: that it is open, and that it did not answer."""

    @property
    def shown(self) -> Text:
        return phrase(
            "cổng {port}/{protocol} của {device} đang mở nhưng không trả lời {vantage}",
            "port {port}/{protocol} of {device} is open and does not answer {vantage}",
            port=self.port.port,
            protocol=self.asked.scan.protocol,
            device=self.asked.device.id,
            vantage=self.asked.scan.vantage,
        )


@dataclass(frozen=True)
class Crossing:
    """What a gateway admits into a zone from others, and the live probes that took this way."""

    gateway: str
    target: Zone
    origins: tuple[Zone, ...]
    flows: Flows
    inventory: Inventory
    network: Mapping[str, Facts]
    now: datetime
    among: tuple[Device, ...] | None = None
    """The devices of the target that can have been asked, where that is known; None = all."""

    @property
    def only_from_a_file(self) -> bool:
        """Nothing of the filter was read from the device itself."""
        return only_from_files(self.flows.filters)

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        """Current probes that have to pass the gateway; those of its own ports do not."""
        behind = devices_in(self.target, self.inventory) if self.among is None else self.among
        return tuple(
            one for device in behind if device.id != self.gateway for one in self._asked(device)
        )

    def _asked(self, device: Device) -> Iterator[Asked]:
        for scan, citations in finished(self.network[device.id]):
            origin = next((zone for zone in self.origins if zone.id == scan.zone), None)
            if origin is None or origin.id == self.target.id or not self._current(citations):
                continue
            sources = tuple(standpoint(scan, self.inventory))
            outside = intervals_without(sources, addresses_of(origin, self.inventory))
            if sources and not outside and self._passes(origin):
                yield Asked(device, scan, origin, sources, citations)

    def _current(self, citations: tuple[Citation, ...]) -> bool:
        return any(one.evidence_class in LIVE and not is_stale(one, self.now) for one in citations)

    def _passes(self, origin: Zone) -> bool:
        """It comes in by one interface and leaves by another."""
        places = self.gateway, self.inventory, self.network
        arriving = interfaces_towards(places[0], origin, *places[1:])
        leaving = interfaces_towards(places[0], self.target, *places[1:])
        return bool(arriving) and bool(leaving) and not set(arriving) & set(leaving)

    @cached_property
    def got_past(self) -> tuple[Reached, ...]:
        """Ports that answered although no line of the filter admits the probe."""
        if not self.flows.complete:
            return ()
        return tuple(
            Reached(one.device, one.scan, port, one.citations)
            for one in self.asked
            for port in surely_open(one.scan)
            if not keep(one.sent(port.port), self._admitted(one.origin))
        )

    def _admitted(self, origin: Zone) -> list[Box]:
        return [box for f in self.flows.flows if f.origin.id == origin.id for box in f.boxes]

    def held_back(self, flow: Flow, boxes: Iterable[Box]) -> tuple[HeldBack, ...]:
        """What of the boxes, which the line of a saved file admits, a probe did not get.

        Empty where the filter was read from the device, and where any probe got some of it.
        """
        if not self.only_from_a_file:
            return ()
        return self.unanswered(boxes, [one for one in self.asked if one.origin == flow.origin])

    def unanswered(self, boxes: Iterable[Box], probes: Iterable[Asked]) -> tuple[HeldBack, ...]:
        """TCP ports in the boxes that are open and answered none of the probes.

        Empty also where one of them was answered at any port in the boxes.
        """
        wanted, found = list(boxes), []
        for one in probes:
            if one.scan.protocol != "tcp":
                continue
            answered = {port.port for port in surely_open(one.scan)}
            for port, proof in self._known_open(one.device):
                if not one.scan.asked(port.port) or not _within(one.sent(port.port), wanted):
                    continue
                if port.port in answered:
                    return ()
                found.append(HeldBack(one, port, (*proof, *one.citations)))
        return tuple(found)

    def _known_open(self, device: Device) -> Iterator[tuple[OpenPort, tuple[Citation, ...]]]:
        """TCP ports that a current probe found open, from wherever; each once."""
        seen: set[int] = set()
        for scan, citations in finished(self.network[device.id]):
            if scan.protocol != "tcp" or not self._current(citations):
                continue
            for port in surely_open(scan):
                if port.port not in seen:
                    seen.add(port.port)
                    yield port, citations


@dataclass
class Looked:
    """What looking at filters and at probes came to; lives for one call."""

    problems: list[Text] = field(default_factory=list)
    answered: list[Text] = field(default_factory=list)
    """Violations that probes alone show, where a rule names them apart."""
    proof: list[Proof] = field(default_factory=list)
    """Of problems and answers."""
    doubts: list[Text] = field(default_factory=list)
    sources: list[Proof] = field(default_factory=list)
    """What else was looked at."""
    past: list[tuple[Reached, Crossing]] = field(default_factory=list)
    """What answered although the filter denies it."""

    def look_past(self, crossing: Crossing) -> None:
        """Adds what probes got past this filter."""
        self.past += [(seen, crossing) for seen in crossing.got_past]

    def blame(self, crossing: Crossing, flow: Flow, shown: Text, excess: Iterable[Box]) -> None:
        """The line admits what it must not: a problem, or a doubt where only a file says so."""
        proof = flow.citation or crossing.flows.filters
        if held := crossing.held_back(flow, excess):
            self.doubts.append(unsettled(shown, held, crossing.gateway))
            self.sources += [proof, *(one for seen in held for one in seen.proof)]
        else:
            self.problems.append(shown)
            self.proof.append(proof)


def _within(sent: list[Box], boxes: list[Box]) -> bool:
    try:
        return not remove(sent, boxes)
    except TooComplicated:
        return False


def unsettled(line: Text, held: tuple[HeldBack, ...], gateway: str) -> Text:
    """Why the line of a saved file, which live probes do not bear out, decides nothing."""
    return phrase(
        "{line} theo tệp cấu hình đã lưu của {gateway}, nhưng dò quét trực tiếp cho kết quả khác "
        "({held}); cần người phụ trách xác minh",
        "{line} by the saved file of {gateway}, while live probes show otherwise ({held}); a "
        "person has to settle it",
        line=line,
        gateway=gateway,
        held=tuple(dict.fromkeys(one.shown for one in held)),
    )


def disagreement(seen: Reached, crossing: Crossing) -> Text:
    """That the port answers although the gateway's configuration denies it, and what may be why."""
    return phrase(
        "{reached} dù cấu hình của {gateway} cấm ({why})",
        "{reached}, though the configuration of {gateway} denies it ({why})",
        reached=seen.shown,
        gateway=crossing.gateway,
        why=NOT_WHAT_RUNS if crossing.only_from_a_file else PAST_IT,
    )


def contradicted(past: Iterable[tuple[Reached, Crossing]]) -> tuple[Verdict, ...]:
    """The finding that network and configurations disagree; none where nothing got past."""
    pairs = list(past)
    if not pairs:
        return ()
    return (
        failed(
            "network and configuration disagree: {ports}",
            *proof_of(pairs),
            ports=tuple(dict.fromkeys(disagreement(*pair) for pair in pairs)),
        ),
    )


def proof_of(past: Iterable[tuple[Reached, Crossing]]) -> list[Proof]:
    """What answered, and the filters that deny it."""
    found: list[Proof] = []
    for seen, crossing in past:
        found += [*seen.citations, crossing.flows.filters]
    return found
