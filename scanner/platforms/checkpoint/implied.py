"""What a gateway lets through by rules that stand in no rulebase.

Check Point Security Management Administration Guide R81, "Implied Rules": connections between
Check Point's own hosts, to and from the gateway, and, where the global properties say so, DNS, RIP
and ICMP of anybody. Which ports they are depends on the release and on what is switched on, so
what may be accepted so is left open. Such rules only accept: a packet that the rulebase accepts is
accepted either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.packets.fields import ICMP, ICMP_V6, TCP, UDP
from rules.packets.policy import EVERYTHING, Region, Rule
from rules.packets.sets import Names, Numbers, numbers, union
from scanner.platforms.checkpoint.addresses import GATEWAYS, gateway
from scanner.platforms.checkpoint.objects import Place
from scanner.platforms.checkpoint.saved import Saved
from scanner.platforms.netconfig.services import only

_DNS, _RIP = only(53), numbers([(520, 521)])
_OF_ANYBODY: Mapping[str, tuple[Region, ...]] = {
    "accept-domain-name-over-udp": (Region(protocol=only(UDP), destination_port=_DNS),),
    "accept-domain-name-over-tcp": (Region(protocol=only(TCP), destination_port=_DNS),),
    "accept-rip": (Region(protocol=only(UDP), destination_port=_RIP),),
    "accept-icmp-requests": (Region(protocol=numbers([(ICMP, ICMP), (ICMP_V6, ICMP_V6)])),),
}
_INVALID = Region(state=Names(frozenset({"invalid"})))
_STATEFUL = "packets out of the state of their connection may be dropped before any rule"


def implied(found: Saved, place: Place) -> Iterator[Rule]:
    """Lines that stand before every layer. `place`: of the layer."""
    yield Rule("deny", place.line, _STATEFUL, (_INVALID,), (), why=_STATEFUL, file=place.file)
    hosts = _own_hosts(found)
    if hosts is None:
        why = "implied rules for Check Point's own hosts, which are not in these documents"
        yield _maybe(place, (EVERYTHING,), f"{why} (show gateways-and-servers)")
    elif hosts:
        near = found.servers[0]
        with_them = (Region(source=hosts), Region(destination=hosts))
        yield _maybe(near, with_them, "implied rules for Check Point's own hosts")
    for key, regions in _OF_ANYBODY.items():
        at = _doubt(found, key)
        if at is not None:
            yield _maybe(at[1] or place, regions, f"implied rule `{key}`{at[0]}")


def _maybe(place: Place, regions: tuple[Region, ...], why: str) -> Rule:
    return Rule("permit", place.line, why, regions, (), why=why, file=place.file)


def _doubt(found: Saved, key: str) -> tuple[str, Place | None] | None:
    """Why the property may be on, and where it says so; None where all say that it is off."""
    if not found.properties:
        return " (show global-properties is not in these documents)", None
    for values, place in found.properties:
        if values.get(key) is not False:
            return "", Place(place.document, _line(place, key))
    return None


def _line(place: Place, key: str) -> int:
    lines = place.document.lines
    return next((n for n, line in enumerate(lines, start=1) if f'"{key}"' in line), 1)


def _own_hosts(found: Saved) -> Numbers | None:
    """All addresses of gateways and servers; None where one of them is not shown."""
    if not found.servers:
        return None
    extents = [gateway(one) for one in found.things.values() if one.kind in GATEWAYS]
    if any(one.why or one.must is None for one in extents):
        return None
    return union(one.must for one in extents if one.must is not None)
