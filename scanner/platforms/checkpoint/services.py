"""Services of the management server as conditions on protocol, ports and ICMP types.

Management API reference: `service-tcp`, `service-udp`, `service-sctp`, `service-icmp`,
`service-icmp6`, `service-other`, `service-group`. Applications, RPC programs and services with an
expression of INSPECT are told by the content of a connection, so that a packet alone leaves them
open.
"""

from __future__ import annotations

from rules.packets.fields import ICMP, ICMP_V6, SCTP, TCP, UDP
from rules.packets.sets import Numbers
from scanner.platforms.checkpoint.objects import Thing, Things, number, text, uid_of
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    Box,
    Condition,
    box,
    doubtful,
    either,
)
from scanner.platforms.netconfig.services import Service, merged, only, port_span

DEPTH_MAX = 16
_TRANSPORT = {"service-tcp": TCP, "service-udp": UDP, "service-sctp": SCTP}
_ICMP = {"service-icmp": ICMP, "service-icmp6": ICMP_V6}


class Services:
    """Looks objects up once."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._known: dict[str, Condition] = {}

    def all_of(self, uids: list[str]) -> Condition:
        """Packets of any of the services."""
        found = either(self.of(uid) for uid in uids)
        exact = [one for one in found.may if one] == list(found.may) and found.must is None
        return Condition(_fewer(found.may)) if exact else found

    def of(self, uid: str, depth: int = 0) -> Condition:
        if uid not in self._known:
            thing = self._things.get(uid)
            if thing is None:
                self._known[uid] = doubtful(f"service {uid} is not in these documents")
            else:
                self._known[uid] = doubtful(f"service-group {thing.name} holds itself")
                self._known[uid] = self._made(thing, depth)
        return self._known[uid]

    def is_one_way(self, uid: str, depth: int = 0) -> bool:
        """A service of which no replies are let through, or a group with one in it."""
        thing = self._things.get(uid)
        if thing is None or depth > DEPTH_MAX:
            return False
        members = thing.get("members")
        if thing.kind == "service-group" and isinstance(members, list):
            return any(self.is_one_way(uid_of(one) or "", depth + 1) for one in members)
        return thing.get("accept-replies") is False

    def _made(self, thing: Thing, depth: int) -> Condition:
        if thing.kind != "service-group":
            return _alone(thing)
        members = thing.get("members")
        if not isinstance(members, list) or not members or depth > DEPTH_MAX:
            return doubtful(f"the members of {thing.spoken} are not in these documents")
        return either(self.of(uid_of(one) or "", depth + 1) for one in members)


def _alone(thing: Thing) -> Condition:
    """A service without members."""
    if thing.kind == "CpmiAnyObject":
        return ALWAYS
    found = doubtful(thing.spoken)
    if not thing.disputed:
        if thing.kind in _TRANSPORT:
            found = _with_ports(thing, only(_TRANSPORT[thing.kind]))
        elif thing.kind in _ICMP:
            found = _icmp(thing, only(_ICMP[thing.kind]))
        elif thing.kind == "service-other":
            found = _other(thing)
    return found


def _with_ports(thing: Thing, protocol: Numbers) -> Condition:
    wanted: dict[str, Numbers] = {"protocol": protocol}
    for field, key in (("destination_port", "port"), ("source_port", "source-port")):
        given = thing.get(key)
        if given in {None, ""} and field == "source_port":
            continue
        found = _ports(text(given))
        if found is None:
            return doubtful(f"{thing.spoken}: {key}", ({"protocol": protocol},))
        wanted[field] = found
    if thing.get("match-by-protocol-signature") is True:
        return doubtful(f"{thing.spoken} by its signature", (wanted,))
    return box(**wanted)


def _ports(given: str) -> Numbers | None:
    """`80`, `5000-5010`, `>1023` or `<1024`."""
    edge = port_span(given[1:]) if given[:1] in {">", "<"} else None
    if edge is None:
        span = port_span(*(part.strip() for part in given.split("-", 1)))
    elif given[0] == ">":
        span = (edge[0] + 1, 65535)
    else:
        span = (0, edge[0] - 1)
    return None if span is None or span[0] > span[1] else Numbers((span,))


def _icmp(thing: Thing, protocol: Numbers) -> Condition:
    wanted: dict[str, Numbers] = {"protocol": protocol}
    for field, key in (("source_port", "icmp-type"), ("destination_port", "icmp-code")):
        given = thing.get(key)
        if given is None and field == "destination_port":
            continue
        value = number(given)
        if value is None or value > 255:
            return doubtful(f"{thing.spoken}: {key}", ({"protocol": protocol},))
        wanted[field] = only(value)
    return box(**wanted)


def _other(thing: Thing) -> Condition:
    value = number(thing.get("ip-protocol"))
    may: Box = {} if value is None or not 0 < value <= 255 else {"protocol": only(value)}
    if not may or text(thing.get("match")) or text(thing.get("action")):
        return doubtful(thing.spoken, (may,))
    return Condition((may,))


def _fewer(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """The same packets; ports of one protocol put together."""
    services = merged(Service(**one) for one in boxes)  # type: ignore[arg-type]
    keys = ("protocol", "source_port", "destination_port")
    return tuple(
        {key: value for key in keys if (value := getattr(one, key)) is not None} for one in services
    )
