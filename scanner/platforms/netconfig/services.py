"""Services as configurations write them: protocols, ports and ICMP types put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rules.packets.fields import ICMP, ICMP_V6, TCP, UDP
from rules.packets.policy import Region
from rules.packets.sets import Interval, Numbers, numbers, union


@dataclass(frozen=True, slots=True)
class Service:
    """Protocols with the ports they are wanted on; for ICMP type and code stand for the ports."""

    protocol: Numbers | None = None
    """None = any protocol; then there are no ports."""
    source_port: Numbers | None = None
    destination_port: Numbers | None = None


ANY_SERVICE = Service()


def only(number: int) -> Numbers:
    """The set with this one number."""
    return Numbers(((number, number),))


ONLY_TCP, ONLY_UDP, ONLY_ICMP, ONLY_ICMP_V6 = only(TCP), only(UDP), only(ICMP), only(ICMP_V6)
TCP_AND_UDP = numbers([(TCP, TCP), (UDP, UDP)])


def port_span(first: str, last: str | None = None) -> Interval | None:
    """`80`, or `80` to `88`; None when it is no port."""
    if not first.isascii() or not first.isdigit():
        return None
    end = first if last is None else last
    if not end.isascii() or not end.isdigit():
        return None
    low, high = int(first), int(end)
    return (low, high) if 0 <= low <= high <= 65535 else None


def ports(text: str, separator: str = ",", hyphen: str = "-") -> Numbers | None:
    """`80,443,8000-8080` as a set; None when one of the parts is no port."""
    found: list[Interval] = []
    for part in text.split(separator):
        first, _, last = part.strip().partition(hyphen)
        interval = port_span(first.strip(), last.strip() or None)
        if interval is None:
            return None
        found.append(interval)
    return numbers(found)


def merged(services: Iterable[Service]) -> tuple[Service, ...]:
    """The same services in fewer: ports of the same protocol and source ports are put together."""
    groups: dict[tuple[object, ...], list[Service]] = {}
    for service in services:
        if service.protocol is None and service == ANY_SERVICE:
            return (ANY_SERVICE,)
        key = (service.protocol, service.source_port, service.destination_port is None)
        groups.setdefault(key, []).append(service)
    return tuple(_one(group) for group in groups.values())


def _one(group: Sequence[Service]) -> Service:
    if len(group) == 1 or group[0].destination_port is None:
        return group[0]
    wanted = [one.destination_port for one in group if one.destination_port is not None]
    return replace(group[0], destination_port=union(wanted))


def regions(base: Region, services: Sequence[Service]) -> tuple[Region, ...]:
    """The base region once for each service."""
    return tuple(
        replace(
            base,
            protocol=service.protocol,
            source_port=service.source_port,
            destination_port=service.destination_port,
        )
        for service in merged(services)
    )
