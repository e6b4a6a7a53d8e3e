"""The segmentation matrix: what gets from each zone into each other, against the allowlist.

A cell is proved only when every line that could let its packets through was understood, on every
gateway between the two zones; anything less is `unknown`. Only new connections are asked about.
Gateways in series are asked about the packet as those before send it on. A port that answered
although the gateways stop it makes the cell `unknown` (CR-3), or `more` when the allowlist does not
name it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.allowed import service_boxes, standpoint
from rules.exposure import Reached
from rules.facts import Facts, Known, Unknown
from rules.flows import flows_into
from rules.packets.boxes import (
    ANY_PORT,
    ANY_PROTOCOL,
    Box,
    TooComplicated,
    keep,
    remove,
    span,
)
from rules.packets.fields import PROTOCOLS
from rules.packets.policy import Rule
from rules.series_flows import Gateway, flows_through
from rules.wording import phrase
from rules.zone_paths import Paths
from rules.zone_probes import Probes, Probing

State = Literal["nothing", "listed", "more", "unknown"]
"""Proved that nothing gets through; proved that only listed traffic does; more than that does;
cannot tell."""

NO_DOUBT_NAMED = Text(
    vi="có dòng của bộ lọc chưa phân tích được", en="a line of the filter was not understood"
)


NO_PROBES = Probes((), 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a gateway that lets something through; no rule where its default does."""

    gateway: str
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Traffic from one zone into another."""

    origin: Zone
    target: Zone
    state: State
    gateways: tuple[str, ...] = ()
    """All that were asked, each once, in the order in which they are passed."""
    admitted: tuple[Box, ...] = ()
    """What certainly gets through; all of it where the state is `nothing`, `listed`."""
    excess: tuple[Box, ...] = ()
    """What of it the allowlist does not name."""
    lines: tuple[Line, ...] = ()
    """The lines that let the excess through."""
    doubts: tuple[Text, ...] = ()
    """What was not understood, or is contradicted; () in a proved cell."""
    probes: Probes = NO_PROBES


def matrix(
    inventory: Inventory,
    network: Mapping[str, Facts],
    wanted: Callable[[Zone, Zone], bool] = lambda origin, target: True,
) -> tuple[Cell, ...]:
    """A cell for every wanted pair of different zones, row by row in the inventory's order.

    `network` has an entry for every device of the inventory.
    """
    paths = Paths(inventory, network)
    probing = Probing(inventory, network)
    listed = listed_boxes(inventory)
    return tuple(
        _observed(
            _configured(origin, target, paths, listed), probing.between(origin, target), inventory
        )
        for origin in inventory.zones
        for target in inventory.zones
        if origin.id != target.id and wanted(origin, target)
    )


def listed_boxes(inventory: Inventory) -> list[Box]:
    """What the allowlist names: its services, and administrators on their way to where devices are.

    Administration is not tied to services, as a list of addresses does not name any.
    """
    homes = {zone.id: zone for d in inventory.devices if (zone := inventory.zone_of(d.address))}
    administration: list[Box] = [
        (span(administrator), span(prefix), ANY_PROTOCOL, ANY_PORT)
        for administrator in inventory.allowlist.management
        for zone in homes.values()
        if zone.kind != "outside"
        for prefix in zone.prefixes
    ]
    return [*service_boxes(inventory), *administration]


@dataclass
class _Passage:
    """What gets along one path; lives for one call."""

    sure: list[Box] = field(default_factory=list)
    lines: list[tuple[Line, tuple[Box, ...]]] = field(default_factory=list)
    """What each line lets along the whole path."""
    doubts: list[Text] = field(default_factory=list)


def _configured(origin: Zone, target: Zone, paths: Paths, listed: list[Box]) -> Cell:
    """The cell as the configurations of the gateways have it."""
    ways = paths.between(origin, target)
    if not ways:
        return Cell(origin, target, "unknown", doubts=(_no_gateway(origin, target, paths),))
    gateways = tuple(dict.fromkeys(gateway for way in ways for gateway in way))
    try:
        found = [_along(way, origin, target, paths) for way in ways]
        sure = [box for passage in found for box in passage.sure]
        excess = remove(sure, listed)
        guilty = [
            line for passage in found for line, boxes in passage.lines if remove(boxes, listed)
        ]
    except TooComplicated:
        return Cell(origin, target, "unknown", gateways, doubts=(_too_much(gateways),))
    doubts = tuple(dict.fromkeys(doubt for passage in found for doubt in passage.doubts))
    return Cell(
        origin,
        target,
        _state(sure, excess, doubts),
        gateways,
        tuple(sure),
        tuple(excess),
        tuple(dict.fromkeys(guilty)),
        doubts,
    )


def _state(sure: list[Box], excess: list[Box], doubts: tuple[Text, ...]) -> State:
    if excess:
        return "more"
    if doubts:
        return "unknown"
    return "listed" if sure else "nothing"


def _along(way: tuple[str, ...], origin: Zone, target: Zone, paths: Paths) -> _Passage:
    """What the gateways of the path let through; nothing is sure when one is not known."""
    found = _Passage()
    known: list[Gateway] = []
    for gateway in way:
        doubt = paths.passes_by(gateway, origin, target)
        foreign = paths.other_names(gateway, origin, target)
        filters = paths.network[gateway]["filters"] if gateway in paths.network else None
        if doubt is not None:
            found.doubts.append(doubt)
        elif foreign is not None:
            found.doubts.append(_on(gateway, foreign))
        elif len(way) > 1 and isinstance(filters, Known):
            known.append(Gateway(gateway, filters))
        else:
            _alone(gateway, found, origin, target, paths)
    if 1 < len(way) == len(known):
        _together(known, found, origin, target, paths)
    return found


def _alone(gateway: str, found: _Passage, origin: Zone, target: Zone, paths: Paths) -> None:
    """Adds what one gateway lets through."""
    flows = flows_into(target, paths.inventory, paths.network, gateway=gateway, origins=(origin,))
    if isinstance(flows, Unknown):
        found.doubts.append(_on(gateway, flows.reason))
        return
    found.doubts.extend(_on(gateway, doubt) for doubt in flows.doubts)
    certain = [flow for flow in flows.flows if flow.certain]
    if len(certain) < len(flows.flows) and flows.complete:
        found.doubts.append(_on(gateway, NO_DOUBT_NAMED))
    found.sure += [box for flow in certain for box in flow.boxes]
    found.lines += [(Line(gateway, flow.rule), flow.boxes) for flow in certain]


def _together(
    way: Sequence[Gateway], found: _Passage, origin: Zone, target: Zone, paths: Paths
) -> None:
    """Adds what several gateways in a row let through. Raises TooComplicated."""
    flows = flows_through(way, origin, target, paths.inventory, paths.network)
    found.doubts.extend(_on(gateway, doubt) for gateway, doubt in flows.doubts)
    found.sure += [box for line in flows.certain for box in line.boxes]
    lines = [(Line(*at), line.boxes) for line in flows.certain for at in line.lines]
    order = [gateway.id for gateway in way]
    found.lines += sorted(lines, key=lambda one: order.index(one[0].gateway))


def _observed(cell: Cell, probes: Probes, inventory: Inventory) -> Cell:
    """The cell with what probes saw: what answered is stronger than what a configuration says."""
    cell = replace(cell, probes=probes)
    if probes.unlisted:
        return replace(cell, state="more")
    if cell.state not in {"nothing", "listed"}:
        return cell
    against = [
        seen
        for seen in probes.reached
        # a port of the gateway itself does not lie behind its filter
        if seen.device.id not in cell.gateways and not _let_through(seen, cell, inventory)
    ]
    if not against:
        return cell
    doubts = tuple(_contradiction(seen, cell) for seen in against)
    return replace(cell, state="unknown", doubts=tuple(dict.fromkeys(doubts)))


def _let_through(seen: Reached, cell: Cell, inventory: Inventory) -> bool:
    number = PROTOCOLS[seen.scan.protocol]
    port = (seen.port.port, seen.port.port)
    target = span(seen.device.address)
    sent: list[Box] = [
        (source, target, (number, number), port) for source in standpoint(seen.scan, inventory)
    ]
    return bool(keep(sent, cell.admitted))


def _contradiction(seen: Reached, cell: Cell) -> Text:
    return phrase(
        "{reached}, trái với cấu hình của {gateways}",
        "{reached}, against the configuration of {gateways}",
        reached=seen.shown,
        gateways=cell.gateways,
    )


def _no_gateway(origin: Zone, target: Zone, paths: Paths) -> Text:
    return phrase(
        "tệp khai báo chưa ghi thiết bị định tuyến (gateway) của vùng {zones}",
        "the inventory names no gateway of zone {zones}",
        zones=paths.homeless(origin, target),
    )


def _too_much(gateways: tuple[str, ...]) -> Text:
    return phrase(
        "bộ lọc của {gateways} quá phức tạp để so với danh sách cho phép",
        "the filter of {gateways} is too complex to compare with the allowlist",
        gateways=gateways,
    )


def _on(gateway: str, doubt: Text) -> Text:
    return Text(vi=f"{gateway}: {doubt.vi}", en=f"{gateway}: {doubt.en}")
