"""Whether a line carries conferencing alone: routing tables, and what the filter lets onto it.

Others share it where a segment of theirs uses the same routing table and nothing keeps its packets
off the line, where a route leaks out of the table, or where the table holds their networks.
Management and log servers of the conferencing system are no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model import Inventory, Zone
from rules.allowed import service_boxes
from rules.citing import line_in, route_lines
from rules.conferencing_lines import Line, interfaces_of
from rules.facts import Facts, Known, Unknown
from rules.gateways import addresses_of, attached
from rules.model import Verdict, failed, passed, unknown, unknown_because
from rules.network_facts import Route
from rules.packets.admission import Admitted, admitted
from rules.packets.boxes import TooComplicated, remove
from rules.packets.places import is_placed, names_for, spoken
from rules.packets.policy import Policy, Region
from rules.packets.sets import Names, names, numbers
from rules.routing import MAIN

OTHERS = frozenset({"office", "server", "outside"})


def carries_conferencing_alone(
    line: Line, inventory: Inventory, network: Mapping[str, Facts]
) -> Verdict:
    """PASS where the gateway keeps every other segment off the line, FAIL where one is on it."""
    if line.way == "other":
        behind = line.behind
        return failed(
            "{gateway} reaches {far} through zone {zone} of kind {kind}, outside any VPN of the"
            " conferencing system",
            *line.citations,
            gateway=line.gateway,
            far=line.far[0].id,
            zone=(behind.name or behind.id) if behind is not None else "",
            kind=behind.kind if behind is not None else "",
        )
    interfaces = network[line.gateway]["interfaces"]
    if isinstance(interfaces, Unknown):
        return unknown_because(interfaces)
    if line.way == "unclear" or line.interface is None:
        return unknown(
            "it is not known what lies behind the route of {gateway} to {far}",
            *line.citations,
            gateway=line.gateway,
            far=line.far[0].id,
        )
    return (
        _leaked(line, network)
        or _foreign_network(line, inventory, network)
        or _others_on_it(line, inventory, network)
        or passed(
            "{interface} of {gateway} carries conferencing alone",
            interfaces,
            *line.citations,
            interface=line.interface,
            gateway=line.gateway,
        )
    )


def _table_of(name: str | None, line: Line, network: Mapping[str, Facts]) -> str:
    found = (i.vrf for i in interfaces_of(line.gateway, network) if i.name == name)
    return next(found, None) or MAIN


def _leaked(line: Line, network: Mapping[str, Facts]) -> Verdict | None:
    """The traffic leaves by an interface of another table than it came in by."""
    other = _table_of(line.interface, line, network)
    if other == line.table or not any(
        i.name == line.interface for i in interfaces_of(line.gateway, network)
    ):
        return None
    return failed(
        "the route of {gateway} to {far} leads from routing table {table} into {other}",
        *line.citations,
        gateway=line.gateway,
        far=line.far[0].id,
        table=line.table,
        other=other,
    )


def _foreign_network(
    line: Line, inventory: Inventory, network: Mapping[str, Facts]
) -> Verdict | None:
    """A table of its own holds a route to a network of others."""
    routes = network[line.gateway]["routes"]
    if line.table == MAIN or isinstance(routes, Unknown):
        return None
    for route in routes.value:
        zone = _zone_at(route, inventory) if route.table == line.table else None
        if zone is not None:
            return failed(
                "routing table {table} of {gateway} holds a route to {prefix} of zone {zone}",
                *route_lines(routes, route),
                table=line.table,
                gateway=line.gateway,
                prefix=route.destination,
                zone=zone.name or zone.id,
            )
    return None


def _zone_at(route: Route, inventory: Inventory) -> Zone | None:
    if route.destination.prefixlen == 0:
        return None
    zone = inventory.zone_of(route.destination.network_address)
    return zone if zone is not None and zone.kind in {"office", "outside"} else None


# --- packets of others -----------------------------------------------------------------------


def has_other_segments(line: Line, inventory: Inventory, network: Mapping[str, Facts]) -> bool:
    """The gateway serves segments of others besides, in whatever routing table."""
    return bool(_segments_of_others(line, inventory, network))


def _segments_of_others(
    line: Line, inventory: Inventory, network: Mapping[str, Facts]
) -> list[tuple[str, Zone]]:
    return [
        (name, zone)
        for name, zones in attached(line.gateway, inventory, network).items()
        if name != line.interface
        for zone in zones
        if zone.kind in OTHERS
    ]


def _others_on_it(line: Line, inventory: Inventory, network: Mapping[str, Facts]) -> Verdict | None:
    """A segment of others whose packets the gateway lets onto the line."""
    others = _segments_of_others(line, inventory, network)
    if not others:
        return None
    filters = network[line.gateway]["filters"]
    if isinstance(filters, Unknown):
        return unknown_because(filters)
    doubtful: Verdict | None = None
    for name, zone in others:
        try:
            verdict = _lets_onto(name, zone, line, filters, inventory, network)
        except TooComplicated:
            verdict = unknown(
                "the filter of {gateway} is too complicated to be worked out",
                filters,
                gateway=line.gateway,
            )
        if verdict is not None and verdict.outcome == "FAIL":
            return verdict
        doubtful = doubtful or verdict
    return doubtful


def _lets_onto(
    name: str,
    zone: Zone,
    line: Line,
    filters: Known[Policy],
    inventory: Inventory,
    network: Mapping[str, Facts],
) -> Verdict | None:
    entering = _called(name, line, filters.value, network)
    leaving = _called(line.interface or "", line, filters.value, network)
    shown = {"zone": zone.name or zone.id, "interface": line.interface, "gateway": line.gateway}
    if entering is None or leaving is None:
        return unknown(
            "it is not known whether {gateway} keeps zone {zone} off {interface}: the filter names"
            " other interfaces",
            filters,
            **shown,
        )
    traffic = Region(
        source=numbers(addresses_of(zone, inventory)),
        entering=entering,
        leaving=leaving,
        state=names("new"),
    )
    allowed = service_boxes(inventory)
    found = [one for one in admitted(filters.value, traffic) if remove(one.boxes, allowed)]
    unread = [one for one in filters.value.unread if one.matters]
    for one in found:
        if one.certain and not unread:
            return failed(
                "traffic of zone {zone} goes out by {interface} of {gateway} too: {line}",
                *_line(one, filters),
                *line.citations,
                line=_words(one),
                **shown,
            )
    if found or unread:
        return unknown(
            "traffic of zone {zone} may go out by {interface} of {gateway} too: {line}",
            filters,
            line=_words(found[0]) if found else unread[0].text,
            **shown,
        )
    return None


def _words(one: Admitted) -> str:
    if one.rule is None:
        return "-"
    return one.why or f"{one.rule.line}: {one.rule.text}"


def _line(one: Admitted, filters: Known[Policy]) -> list[Any]:
    cited = line_in(filters, one.rule.line, one.rule.text) if one.rule is not None else None
    return [cited or filters]


def _called(name: str, line: Line, policy: Policy, network: Mapping[str, Facts]) -> Names | None:
    """What the filter calls the interface; None where that cannot be told."""
    known = spoken(policy)
    own = frozenset(i.name for i in interfaces_of(line.gateway, network))
    if not is_placed(policy, name, known, own):
        return None
    return Names(frozenset(names_for(policy, name, known)))
