"""Factories of fact values, with what does not matter to a test filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from inventory.text import Text
from rules.crypto_facts import Certificate
from rules.facts import (
    Citation,
    DeviceAccount,
    Known,
    LogSource,
    OpenPort,
    PortScan,
    TestedPassword,
    Unknown,
)
from rules.network_facts import Interface, Neighbour, PortRange, Route, UnreadLine
from rules.packets.fields import protocol_number, span
from rules.packets.policy import Chain, Policy, Region, Rule, Stage, Unread
from rules.packets.sets import Names, Numbers, names, numbers

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 10:00 in An Giang
TODAY = date(2026, 11, 23)

WHY = Text(vi="lý do thử", en="reason under test")
UNKNOWN = Unknown(WHY)


def cite(
    evidence_class: Any = "C", source: str = "show configuration", captured: Any = NOW, **rest: Any
) -> Citation:
    return Citation(evidence_class, source, captured=captured, **rest)


def known(value: Any, *citations: Citation) -> Known[Any]:
    return Known(value, citations or (cite(),))


def ports(*numbers: int | tuple[int, int]) -> tuple[PortRange, ...]:
    return tuple(PortRange(n, n) if isinstance(n, int) else PortRange(*n) for n in numbers)


def scan(
    *open_ports: int,
    protocol: Any = "tcp",
    vantage: str = "may-quet",
    zone: str = "quantri",
    scanned: tuple[PortRange, ...] | None = None,
    answered: bool = True,
    silent: tuple[int, ...] = (),
    undecided: int = 0,
) -> PortScan:
    return PortScan(
        vantage=vantage,
        zone=zone,
        protocol=protocol,
        scanned=scanned or ports((1, 65535)),
        answered=answered,
        undecided=undecided,
        open=(
            *(OpenPort(port, "open") for port in open_ports),
            *(OpenPort(port, "open|filtered") for port in silent),
        ),
    )


def seen_from(vantage: str, zone: str, *open_ports: int) -> PortScan:
    """A probe from another place."""
    answered = bool(open_ports)
    asked = ports((21, 24), 80, 161, 443, 445, 1720, (5060, 5061))
    return scan(*open_ports, vantage=vantage, zone=zone, answered=answered, scanned=asked)


def from_office(*open_ports: int) -> PortScan:
    return seen_from("pc-van-phong", "vanphong", *open_ports)


def from_outside(*open_ports: int) -> PortScan:
    return seen_from("ben-ngoai", "internet", *open_ports)


def rule(action: Any = "permit", line: int = 10, text: str = "", **match: Any) -> Rule:
    """A filter line; sources and destinations as text, ports as numbers or pairs."""
    wanted = match.get("ports", ())
    protocol = match.get("protocol")
    protocols = [protocol] if protocol else (["tcp", "udp"] if wanted else [])
    region = Region(
        source=_addresses(match.get("sources", ())),
        destination=_addresses(match.get("destinations", ())),
        protocol=numbers((protocol_number(p) or 0,) * 2 for p in protocols) if protocols else None,
        destination_port=numbers((p.first, p.last) for p in ports(*wanted)) if wanted else None,
        entering=_names(match.get("in_interfaces", ())),
        leaving=_names(match.get("out_interfaces", ())),
        state=_names(match.get("states", ())),
    )
    return Rule(action, line, text or f"line {line}", (region,))


def _addresses(prefixes: Sequence[str]) -> Numbers | None:
    return numbers(span(ip_network(p)) for p in prefixes) if prefixes else None


def _names(listed: Sequence[str]) -> Names | None:
    return names(*listed) if listed else None


def filters(
    *rules: Rule, default: Any = "deny", stateful: bool = True, unread: Sequence[UnreadLine] = ()
) -> Policy:
    """One chain that every forwarded packet passes."""
    lines = tuple(Unread(one.line, one.text, one.why) for one in unread)
    stage = Stage("forward", stateful=stateful)
    return Policy((stage,), {"forward": Chain("forward", rules, default)}, lines)


def interfaces(**addresses: str | tuple[str, ...]) -> tuple[Interface, ...]:
    return tuple(
        Interface(
            name,
            tuple(ip_interface(a) for a in ((given,) if isinstance(given, str) else given)),
        )
        for name, given in addresses.items()
    )


def region(source: str = "", destination: str = "", **rest: Any) -> Region:
    """Packets between two prefixes; empty = any address."""
    return Region(
        source=_addresses((source,) if source else ()),
        destination=_addresses((destination,) if destination else ()),
        **rest,
    )


def route(destination: str, via: str | None, interface: str | None, **rest: Any) -> Route:
    hop = ip_address(via) if via else None
    return Route(ip_network(destination), hop, interface, **rest)


def neighbour(address: str, interface: str = "hnth", mac: str = "02:00:00:00:00:01") -> Neighbour:
    return Neighbour(ip_address(address), interface, mac)


def account(name: str, **rest: Any) -> DeviceAccount:
    return DeviceAccount(name, **{"enabled": True, "changed": date(2026, 9, 1), **rest})


def handed_in(name: str, **rest: Any) -> TestedPassword:
    """A good password that its holder handed in on the day of `account`."""
    good = {
        **{"length": 8, "digits": 1, "lowercase": 1, "uppercase": 1, "special": 1},
        **{"meaning": "none", "vocabulary": "2026.1", "digest": f"key:{name}"},
        **{"tested": date(2026, 9, 1), "changed": date(2026, 9, 1), "since": date(2026, 9, 1)},
    }
    return TestedPassword(name, **{**good, **rest})


def certificate(
    not_after: datetime = NOW + timedelta(days=90),
    not_before: datetime = NOW - timedelta(days=90),
) -> Certificate:
    """Of an authority that the inventory names, made out to the device."""
    return Certificate(
        *(443, "CN=thu", "CN=thu", not_before, not_after, 2048, "sha256", True),
        trust="trusted",
        named=True,
    )


def source(
    sender: str,
    kind: Any = "monitoring",
    *,
    oldest_days: float = 188.0,
    newest_h: float = 2.0,
    gap_h: float = 6.0,
    gap_from: datetime | None = None,
) -> LogSource:
    return LogSource(
        sender,
        kind,
        oldest=NOW - timedelta(days=oldest_days),
        newest=NOW - timedelta(hours=newest_h),
        records=700,
        largest_gap_h=gap_h,
        gap_from=gap_from,
    )
