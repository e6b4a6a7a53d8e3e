"""Whether a line keeps bandwidth for conferencing: the classes bound outbound where it leaves.

A class counts where it takes the media between the two ends, all of it, before any other class
does, and little else, and where its figure is a guarantee: a limit keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from inventory.model import Device, Inventory, Site
from inventory.readings import Readings
from rules.allowed import service_boxes
from rules.citing import line_in
from rules.conferencing_lines import Line, conferencing, holds_mcu
from rules.facts import Citation, Facts, Known, Unknown
from rules.gateways import attached
from rules.model import Verdict, failed, passed, unknown, unknown_because
from rules.network_facts import QosClass
from rules.packets.boxes import (
    ANY_ADDRESS,
    ANY_PORT,
    ANY_PROTOCOL,
    Box,
    TooComplicated,
    intervals_without,
    keep,
    remove,
    span,
)
from rules.packets.fields import UDP
from rules.packets.policy import EVERYTHING, Region

DECIMAL_KBPS = 2000  # 2,000,000 bit/s (reading A-17)
BINARY_KBPS = 2098  # 2,097,152 bit/s, rounded up
MEDIA_PORTS = (1024, 65535)

Fit = Literal["all", "part", "unclear", "wide", "none"]
"""How a class takes the media of a line: all of it; a part; cannot tell; with everything else."""


def needed_kbps(site: Site, inventory: Inventory, readings: Readings) -> int:
    """What the line of the site needs each way, by readings A-16 and A-17."""
    one = DECIMAL_KBPS if readings.mbps == "decimal" else BINARY_KBPS
    here = conferencing(site, inventory)
    if readings.bandwidth.per == "call":
        return one * max(1, sum(device.kind == "vcs" for device in here))
    if readings.hub_factor == "sites" and holds_mcu(site, inventory):
        others = {d.site for d in inventory.devices if d.kind == "vcs" and d.site != site.id}
        return one * max(1, len(others))
    return one


@dataclass(frozen=True, slots=True)
class _Bound:
    """A class on the line, and how it takes the media."""

    one: QosClass
    fit: Fit


def kept_on(
    line: Line, site: Site, need: int, inventory: Inventory, network: Mapping[str, Facts]
) -> Verdict:
    """PASS where the line keeps that much for conferencing, FAIL where it certainly does not."""
    if line.interface is None:
        return unknown(
            "it is not known through which interface {gateway} reaches {far}",
            *line.citations,
            gateway=line.gateway,
            far=line.far[0].id,
        )
    classes = network[line.gateway]["qos.classes"]
    if isinstance(classes, Unknown):
        return unknown_because(classes)
    names = _names(line, network)
    on_it = [one for one in classes.value if one.interface in names]
    leaving = [one for one in on_it if one.direction == "out"]
    if not leaving:
        return _not_bound(line, classes, on_it)
    try:
        media = _media(line, site, inventory)
        bound = _fits(leaving, media, line, network, inventory)
    except TooComplicated:
        return unknown(
            "the classes on {interface} of {gateway} are too complicated to be worked out",
            classes,
            interface=line.interface,
            gateway=line.gateway,
        )
    return _judged(bound, line, classes, need)


def _names(line: Line, network: Mapping[str, Facts]) -> frozenset[str]:
    """What policies may call the line."""
    interface = line.interface or ""
    return _names_of({interface, interface.partition(".")[0]}, line.gateway, network)


def _names_of(
    interfaces: Iterable[str], gateway: str, network: Mapping[str, Facts]
) -> frozenset[str]:
    """The interfaces with the zones that the filters of the gateway put them in, and `any`."""
    own = frozenset(interfaces)
    filters = network[gateway]["filters"]
    zones = filters.value.zones if isinstance(filters, Known) else {}
    return own | {"any"} | {zone for zone, members in zones.items() if own & set(members)}


def limited_on(
    line: Line, site: Site, need: int, inventory: Inventory, network: Mapping[str, Facts]
) -> Verdict | None:
    """FAIL where the gateway itself holds the traffic of the line to less than that, either way."""
    classes = network[line.gateway]["qos.classes"]
    if line.interface is None or isinstance(classes, Unknown):
        return None
    names = _names(line, network)
    low = [
        one
        for one in classes.value
        if one.interface in names and one.limit_kbps is not None and one.limit_kbps < need
    ]
    try:
        leaving = _media(line, site, inventory)
        arriving: list[Box] = [(b, a, c, d) for a, b, c, d in leaving]
        for one in low:
            media = leaving if one.direction == "out" else arriving
            if not remove(media, _taken(one.matches)):
                return failed(
                    "class {name} on {interface} of {gateway} is held to {kbps} kbit/s; {need} are"
                    " needed",
                    *_cited(classes, [one]),
                    *line.citations,
                    name=one.name,
                    interface=line.interface,
                    gateway=line.gateway,
                    kbps=one.limit_kbps,
                    need=need,
                )
    except TooComplicated:
        return None
    return None


def _taken(matches: Iterable[Region]) -> list[Box]:
    """The packets that are certainly in one of the regions."""
    whole = (
        r
        for r in matches
        if r.source_port is None and r.flags is None and r.entering is None and r.state is None
    )
    return [box for region in whole for box in _boxes(region)]


def _not_bound(line: Line, classes: Known[tuple[QosClass, ...]], on_it: list[QosClass]) -> Verdict:
    if on_it:
        return failed(
            "bandwidth is kept on {interface} of {gateway} for incoming traffic only",
            *_cited(classes, on_it),
            *line.citations,
            interface=line.interface,
            gateway=line.gateway,
        )
    global_ones = [one for one in classes.value if one.interface == "global"]
    if global_ones:
        return unknown(
            "{gateway} keeps bandwidth for the device as a whole, not for interface {interface}",
            *_cited(classes, global_ones),
            gateway=line.gateway,
            interface=line.interface,
        )
    if classes.value:
        return failed(
            "{gateway} keeps bandwidth on {others}, not on {interface}, which the traffic takes",
            *_cited(classes, classes.value),
            *line.citations,
            gateway=line.gateway,
            others=tuple(dict.fromkeys(one.interface for one in classes.value)),
            interface=line.interface,
        )
    return failed(
        "{gateway} keeps no bandwidth for any class on {interface}",
        classes,
        *line.citations,
        gateway=line.gateway,
        interface=line.interface,
    )


# --- packets ---------------------------------------------------------------------------------


def _media(line: Line, site: Site, inventory: Inventory) -> list[Box]:
    """The media from the devices of the site behind the gateway to those at the other ends.

    The ports are those of the allowlist where it names some for UDP between the two.
    """
    here = [d for d in conferencing(site, inventory) if _is_behind(line, d, inventory)]
    every: list[Box] = [
        (span(one.address), span(far.address), (UDP, UDP), MEDIA_PORTS)
        for one, far in product(here, line.far)
        if one.kind != far.kind and one.address.version == far.address.version
    ]
    listed = keep(every, service_boxes(inventory))
    return listed or every


def _is_behind(line: Line, device: Device, inventory: Inventory) -> bool:
    zone = inventory.zone_of(device.address)
    return zone is not None and zone.gateway == line.gateway


def _boxes(region: Region) -> Iterator[Box]:
    """The packets of the region, by addresses, protocol and port."""
    source, destination, protocol, port = (
        (whole,) if side is None else side.intervals
        for side, whole in (
            (region.source, ANY_ADDRESS),
            (region.destination, ANY_ADDRESS),
            (region.protocol, ANY_PROTOCOL),
            (region.destination_port, ANY_PORT),
        )
    )
    return product(source, destination, protocol, port)


def _fits(
    classes: Sequence[QosClass],
    media: list[Box],
    line: Line,
    network: Mapping[str, Facts],
    inventory: Inventory,
) -> list[_Bound]:
    """How each of the classes takes the media. Raises TooComplicated."""
    arriving = _names_of(_home_interfaces(line, inventory, network), line.gateway, network)
    conferencing = [span(p) for z in inventory.zones if z.kind == "hnth" for p in z.prefixes]
    elsewhere = intervals_without([ANY_ADDRESS], conferencing)
    others: list[Box] = [(a, b, ANY_PROTOCOL, ANY_PORT) for a, b in product(elsewhere, elsewhere)]
    return [_Bound(one, _fit(one, media, others, arriving)) for one in classes]


def _fit(one: QosClass, media: list[Box], others: list[Box], arriving: frozenset[str]) -> Fit:
    if not one.matches:
        return "unclear"
    here = [r for r in one.matches if r.entering is None or any(n in r.entering for n in arriving)]
    taken = [box for region in here for box in _boxes(region)]
    if not keep(media, taken):
        return "none"
    if keep(others, taken):
        return "wide"
    if one.reserved_kbps is not None and one.why:
        return "unclear"
    sure = [b for r in here if r.source_port is None and r.flags is None for b in _boxes(r)]
    return "part" if remove(media, sure) else "all"


def _home_interfaces(
    line: Line, inventory: Inventory, network: Mapping[str, Facts]
) -> frozenset[str]:
    near = attached(line.gateway, inventory, network)
    return frozenset(name for name, zones in near.items() if line.home in zones)


# --- judgement -------------------------------------------------------------------------------


def _judged(
    bound: list[_Bound], line: Line, classes: Known[tuple[QosClass, ...]], need: int
) -> Verdict:
    taking = [b for b in bound if b.fit != "none"]
    where = {"interface": line.interface, "gateway": line.gateway}
    if not any(b.fit != "wide" or b.one.reserved_kbps for b in taking):
        return failed(
            "no class on {interface} of {gateway} takes the traffic to {far}",
            *_cited(classes, [b.one for b in bound]),
            *line.citations,
            far=line.far[0].id,
            **where,
        )
    for place, b in enumerate(taking):
        if b.fit == "all" and (b.one.reserved_kbps or 0) >= need:
            before = next((o for o in taking[:place] if not _takes_the_rest(o.one)), None)
            return _enough(b.one, before, classes, line)
    return _doubt(taking, classes, line, need) or _short(taking, classes, line, need)


def _takes_the_rest(one: QosClass) -> bool:
    """The class is for what no other class takes, or holds the others below it."""
    return one.matches == (EVERYTHING,) and bool(one.why)


def _enough(
    one: QosClass, before: _Bound | None, classes: Known[tuple[QosClass, ...]], line: Line
) -> Verdict:
    if before is not None:
        return unknown(
            "class {before} on {interface} of {gateway} may take the traffic before class {name}",
            *_cited(classes, [before.one, one]),
            before=before.one.name,
            interface=line.interface,
            gateway=line.gateway,
            name=one.name,
        )
    return passed(
        "class {name} keeps {kbps} kbit/s outbound on {interface} of {gateway}",
        *_cited(classes, [one]),
        *line.citations,
        name=one.name,
        kbps=one.reserved_kbps,
        interface=line.interface,
        gateway=line.gateway,
    )


def _doubt(
    taking: list[_Bound], classes: Known[tuple[QosClass, ...]], line: Line, need: int
) -> Verdict | None:
    """UND where a class could yet be the reservation."""
    for b in taking:
        one = b.one
        where = {"name": one.name, "interface": line.interface, "gateway": line.gateway}
        if one.reserved_kbps is None and one.keeps is None and b.fit != "wide":
            return unknown(
                "it is not known what class {name} on {interface} of {gateway} keeps: {why}",
                *_cited(classes, [one]),
                why=one.why or one.text,
                **where,
            )
        if b.fit == "unclear" and (one.reserved_kbps or 0) >= need:
            return unknown(
                "it is not known whether class {name} on {interface} of {gateway} takes the"
                " conferencing traffic: {why}",
                *_cited(classes, [one]),
                why=one.why or one.text,
                **where,
            )
    parts = [b.one for b in taking if b.fit in {"part", "unclear"}]
    if parts and sum(one.reserved_kbps or 0 for one in parts) >= need:
        return unknown(
            "class {names} on {interface} of {gateway} takes only a part of the traffic to {far}",
            *_cited(classes, parts),
            names=tuple(one.name for one in parts),
            interface=line.interface,
            gateway=line.gateway,
            far=line.far[0].id,
        )
    return None


def _short(
    taking: list[_Bound], classes: Known[tuple[QosClass, ...]], line: Line, need: int
) -> Verdict:
    """FAIL, by the class that comes nearest to a reservation."""
    own = [b for b in taking if b.fit != "wide"] or taking
    best = max(own, key=lambda b: b.one.reserved_kbps or 0)
    one = best.one
    where = {"name": one.name, "interface": line.interface, "gateway": line.gateway}
    cited = (*_cited(classes, [one]), *line.citations)
    if best.fit == "wide":
        return failed(
            "class {name} on {interface} of {gateway} is for all traffic, not for conferencing",
            *cited,
            **where,
        )
    if one.reserved_kbps is None:
        return failed(
            "class {name} on {interface} of {gateway} guarantees nothing: {why}",
            *cited,
            why=one.why or one.text,
            **where,
        )
    return failed(
        "class {name} keeps {kbps} kbit/s on {interface} of {gateway}; {need} are needed",
        *cited,
        kbps=one.reserved_kbps,
        need=need,
        **where,
    )


def _cited(classes: Known[tuple[QosClass, ...]], shown: Iterable[QosClass]) -> tuple[Citation, ...]:
    found = (line_in(classes, one.line, one.text) for one in shown)
    return tuple(dict.fromkeys(c for c in found if c is not None)) or classes.citations
