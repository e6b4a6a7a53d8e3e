"""New connections that the gateway of a zone lets into it, with the line that admits each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.citing import line_in
from rules.facts import Citation, Facts, Known, Unknown
from rules.gateways import addresses_of, interfaces_towards
from rules.network_facts import FilterRule, Filters
from rules.packets.admission import Admitted, UnknownProtocol, admitted
from rules.packets.boxes import Box, TooComplicated, span
from rules.wording import phrase


@dataclass(frozen=True, slots=True)
class Flow:
    """Packets from one zone that one line admits; `rule` is None for the filter's default."""

    origin: Zone
    rule: FilterRule | None
    boxes: tuple[Box, ...]
    certain: bool
    """No line that was not understood could have stopped it before."""
    citation: Citation | None

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

    filters: Known[Filters]
    flows: tuple[Flow, ...]
    unread: int
    """Lines that were not understood."""
    unplaced: tuple[str, ...]
    """Zones of which it is not known through which interface they come in."""

    @property
    def complete(self) -> bool:
        return not self.unread and not self.unplaced

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
    filters = network[through]["forwarding"]
    if isinstance(filters, Unknown):
        return filters
    others = inventory.zones if origins is None else origins
    try:
        return _flows(
            zone,
            through,
            filters=filters,
            origins=[other for other in others if other.id != zone.id],
            inventory=inventory,
            network=network,
        )
    except (TooComplicated, UnknownProtocol) as error:
        return Unknown(
            phrase(
                "bộ lọc của {gateway} chưa phân tích được ({error})",
                "the filter of {gateway} could not be worked out ({error})",
                gateway=through,
                error=type(error).__name__,
            ),
            filters.citations,
        )


def _flows(
    zone: Zone,
    gateway: str,
    *,
    filters: Known[Filters],
    origins: list[Zone],
    inventory: Inventory,
    network: Mapping[str, Facts],
) -> Flows:
    leaving = interfaces_towards(gateway, zone, inventory, network)
    into = tuple(span(prefix) for prefix in zone.prefixes)
    found: list[Flow] = []
    unplaced: list[str] = [] if leaving else [zone.id]
    for origin in origins:
        arriving = interfaces_towards(gateway, origin, inventory, network)
        if not arriving:
            unplaced.append(origin.id)
        sources = addresses_of(origin, inventory)
        for entry in arriving:
            for exit_ in leaving:
                if entry != exit_:
                    lines = admitted(filters.value, entry, exit_, sources, into)
                    found.extend(_flow(origin, line, filters) for line in lines)
    return Flows(filters, tuple(found), len(filters.value.unread), tuple(unplaced))


def _flow(origin: Zone, line: Admitted, filters: Known[Filters]) -> Flow:
    first_unread = min((unread.line for unread in filters.value.unread), default=None)
    rule = line.rule
    certain = first_unread is None or (rule is not None and rule.line < first_unread)
    citation = line_in(filters, rule.line, rule.text) if rule is not None else None
    return Flow(origin, rule, line.boxes, certain, citation)
