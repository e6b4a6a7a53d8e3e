"""New connections that the gateway of a zone lets into it, with the line that admits each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.citing import line_in
from rules.facts import Citation, Facts, Known, Unknown
from rules.gateways import interfaces_towards, learned, where_zones_lie
from rules.packets.admission import Admitted
from rules.packets.boxes import Box, TooComplicated
from rules.packets.places import is_placed, names_for, spoken
from rules.packets.policy import Policy, Rule
from rules.packets.sets import Names
from rules.wording import phrase
from rules.zone_pairs import Pair, admitted_between


@dataclass(frozen=True, slots=True)
class Flow:
    """Packets from one zone that one line admits; `rule` is None for the filter's default."""

    origin: Zone
    rule: Rule | None
    boxes: tuple[Box, ...]
    certain: bool
    """No line that was not understood could have stopped it before."""
    citation: Citation | None
    why: str = ""
    """The condition that is not understood, where one leaves it open whether they get in."""

    @property
    def shown(self) -> Text:
        """Who gets in and by which line."""
        origin = self.origin.name or self.origin.id
        if self.rule is None:
            return phrase(
                "từ vùng {origin}: bộ lọc mặc định cho qua",
                "from zone {origin}: the filter permits by default",
                origin=origin,
            )
        return phrase(
            "từ vùng {origin}: dòng {line} “{text}”",
            "from zone {origin}: line {line} “{text}”",
            origin=origin,
            line=self.rule.line,
            text=self.rule.text,
        )


@dataclass(frozen=True, slots=True)
class Flows:
    """Everything the gateway admits into one zone from the others."""

    filters: Known[Policy]
    flows: tuple[Flow, ...]
    unread: int
    """Lines that were not understood."""
    unplaced: tuple[str, ...]
    """Zones of which it is not known through which interface they come in."""

    @property
    def complete(self) -> bool:
        return not self.unread and not self.unplaced and not self._doubtful

    @property
    def _doubtful(self) -> tuple[str, ...]:
        """Conditions of lines that may let something through and were not understood."""
        return tuple(dict.fromkeys(flow.why for flow in self.flows if flow.why))

    @property
    def doubts(self) -> tuple[Text, ...]:
        """What keeps the picture incomplete."""
        found = []
        if self.unread:
            found.append(
                phrase(
                    "số dòng của bộ lọc chưa phân tích được: {count}",
                    "lines of the filter that were not understood: {count}",
                    count=self.unread,
                )
            )
        if self._doubtful:
            found.append(
                phrase(
                    "điều kiện của bộ lọc chưa phân tích được: {conditions}",
                    "conditions of the filter that were not understood: {conditions}",
                    conditions=self._doubtful,
                )
            )
        if self.unplaced:
            found.append(
                phrase(
                    "chưa rõ các vùng sau nối vào qua giao diện nào: {zones}",
                    "it is not known through which interface these zones come in: {zones}",
                    zones=self.unplaced,
                )
            )
        return tuple(found)


def flows_into(
    zone: Zone,
    inventory: Inventory,
    network: Mapping[str, Facts],
    *,
    gateway: str | None = None,
    origins: tuple[Zone, ...] | None = None,
) -> Flows | Unknown:
    """What the zone's gateway (or the one given) admits into it from the other zones."""
    through = gateway or zone.gateway
    if through is None or through not in network:
        return Unknown(
            phrase(
                "tệp khai báo chưa ghi thiết bị định tuyến (gateway) của vùng {zone}",
                "the inventory names no gateway of zone {zone}",
                zone=zone.id,
            )
        )
    filters = network[through]["filters"]
    if isinstance(filters, Unknown):
        return filters
    places = Places(through, filters.value, inventory, network)
    if origins is not None:
        return _from(origins, zone, places, filters)
    # several rules ask this
    about = ("flows", through, zone, filters, *where_zones_lie(through, network))
    return learned(inventory)(about, lambda: _from(inventory.zones, zone, places, filters))


def _from(
    origins: Sequence[Zone], zone: Zone, places: Places, filters: Known[Policy]
) -> Flows | Unknown:
    pairs = [(other, zone) for other in origins if other.id != zone.id]
    found = zip(pairs, admitted_between(places, pairs), strict=True)
    return _flows(zone, places, filters, found)


def flows_out_of(
    zone: Zone, gateway: str, inventory: Inventory, network: Mapping[str, Facts]
) -> Iterator[tuple[Zone, Flows | Unknown]]:
    """What the gateway admits from the zone into each other one."""
    filters = network[gateway]["filters"] if gateway in network else None
    others = [other for other in inventory.zones if other.id != zone.id]
    if not isinstance(filters, Known):
        for other in others:
            yield other, flows_into(other, inventory, network, gateway=gateway, origins=(zone,))
        return
    places = Places(gateway, filters.value, inventory, network)
    pairs = [(zone, other) for other in others]
    for pair, lines in zip(pairs, admitted_between(places, pairs), strict=True):
        yield pair[1], _flows(pair[1], places, filters, [(pair, lines)])


def _flows(
    zone: Zone,
    places: Places,
    filters: Known[Policy],
    admitted: Iterable[tuple[Pair, tuple[Admitted, ...] | TooComplicated]],
) -> Flows | Unknown:
    found: list[Flow] = []
    unplaced: list[str] = [] if places.towards(zone) else [zone.id]
    for (origin, _), lines in admitted:
        if isinstance(lines, TooComplicated):
            return Unknown(
                phrase(
                    "bộ lọc của {gateway} chưa phân tích được ({error})",
                    "the filter of {gateway} could not be worked out ({error})",
                    gateway=places.gateway,
                    error=type(lines).__name__,
                ),
                filters.citations,
            )
        if not places.towards(origin):
            unplaced.append(origin.id)
        found.extend(_flow(origin, line, filters) for line in lines)
    unread = sum(line.matters for line in filters.value.unread)
    return Flows(filters, tuple(found), unread, tuple(unplaced))


@dataclass(frozen=True)
class Places:
    """The interfaces of a gateway under the names that its filters use."""

    gateway: str
    policy: Policy
    inventory: Inventory
    network: Mapping[str, Facts]
    _towards: dict[str, dict[str, Names]] = field(default_factory=dict, init=False, repr=False)

    def towards(self, zone: Zone) -> dict[str, Names]:
        """Interface -> what the filters call it; empty when that cannot be told.

        A declared interface that the device, which lists its own, does not have is left out.
        """
        if zone.id not in self._towards:
            self._towards[zone.id] = self._names(zone)
        return self._towards[zone.id]

    def _names(self, zone: Zone) -> dict[str, Names]:
        known, own = spoken(self.policy), self._own
        interfaces = interfaces_towards(self.gateway, zone, self.inventory, self.network)
        placed = [name for name in interfaces if is_placed(self.policy, name, known, own)]
        if len(placed) < len(interfaces) and own is None:
            return {}
        return {name: Names(frozenset(names_for(self.policy, name, known))) for name in placed}

    @cached_property
    def _own(self) -> frozenset[str] | None:
        fact = self.network[self.gateway]["interfaces"] if self.gateway in self.network else None
        return frozenset(one.name for one in fact.value) if isinstance(fact, Known) else None


def _flow(origin: Zone, line: Admitted, filters: Known[Policy]) -> Flow:
    rule = line.rule
    certain = line.certain and decides_before_unread(rule, filters.value)
    citation = line_in(filters, rule.line, rule.text) if rule is not None else None
    return Flow(origin, rule, line.boxes, certain, citation, line.why)


def decides_before_unread(rule: Rule | None, policy: Policy) -> bool:
    """No line that was not understood stands before this one; None is the end of the filter."""
    unread = [one.line for one in policy.unread if one.matters]
    return not unread or (rule is not None and rule.line < min(unread))
