"""Virtual IPs of FortiOS: destinations that are translated before the policies are asked.

A policy meets the mapped address and the mapped port. Without central NAT a VIP works where an
enabled policy names it as its destination. A deny policy with other destinations is asked about
such packets only with `match-vip enable`, which is the default since 7.2.4 and was not up to 7.2.2;
for 7.2.3 Fortinet's own texts differ, so nothing is taken for granted there. (Fortinet Community,
"DENY policy for Virtual IP firewall policy"; "FortiOS CLI Reference", `config firewall vip`.)

A packet to the external address and one to the mapped address are both led through the VIP's
policies: as it was sent, and as the filter sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rules.packets.fields import ALL_V4, ALL_V6
from rules.packets.policy import Region
from rules.packets.sets import Names, Numbers, common, union
from scanner.evidence import printable
from scanner.platforms.fortios.objects import Addresses
from scanner.platforms.fortios.policies import Match, Policies, product
from scanner.platforms.fortios.services import IP_OF, Services, asks_for, with_ports
from scanner.platforms.fortios.tree import Entry
from scanner.platforms.netconfig.addresses import between, host, prefix
from scanner.platforms.netconfig.services import Service, only, ports

MATCHES_SINCE: Final = (7, 2, 4)
DISPUTED: Final = (7, 2, 3)
NOT_SHOWN: Final = "match-vip is not shown, and its default depends on the release"
TABLES: Final = (("firewall vip", False), ("firewall vip6", True))
GROUPS: Final = ("firewall vipgrp", "firewall vipgrp6")


@dataclass(frozen=True, slots=True)
class Vip:
    """One translation."""

    name: str
    line: int
    outer: Numbers
    """Addresses that packets are sent to."""
    inner: Numbers
    """Addresses they are sent on to."""
    protocol: int | None = None
    outer_ports: Numbers | None = None
    inner_ports: Numbers | None = None
    sources: Numbers | None = None
    """Only packets from these are translated."""
    entering: Names | None = None
    why: str = ""
    """What of it is not understood; then nothing is certain."""


def vips_of(vdom: Entry, policies: Policies) -> dict[str, Vip]:
    """The VIPs that are switched on, by name."""
    found = {}
    for table, six in TABLES:
        for entry in vdom.entries(table):
            if entry.word("status") != "disable":
                found[entry.name] = _vip(entry, policies, six)
    return found


def named(names: Sequence[str], vips: dict[str, Vip], vdom: Entry) -> list[Vip]:
    """The VIPs among the destinations of a policy, those of groups too."""
    if not vips:
        return []
    found = {}
    for name in names:
        members: Sequence[str] = (name,)
        for table in GROUPS:
            section = vdom.sections.get(table)
            if section is not None and name in section.entries and name not in vips:
                members = section.entries[name].words("member")
        found.update({member: vips[member] for member in members if member in vips})
    return list(found.values())


def matches_vips(policy: Entry, version: tuple[int, ...] | None) -> bool | None:
    """Whether a deny policy is asked about translated packets; None when it cannot be told."""
    said = policy.word("match-vip")
    if said in {"enable", "disable"}:
        return said == "enable"
    if version is None or version == DISPUTED:
        return None
    return version >= MATCHES_SINCE


def regions_of(vip: Vip) -> tuple[Region, ...]:
    """Packets that are translated, as they are sent and as they are sent on."""
    protocol = None if vip.protocol is None else only(vip.protocol)
    return tuple(
        Region(vip.sources, address, protocol, None, port, entering=vip.entering)
        for address, port in ((vip.outer, vip.outer_ports), (vip.inner, vip.inner_ports))
        if address
    )


def through(vip: Vip, source: Addresses, services: Services, base: Region) -> Match:
    """The packets of one VIP that a policy with these sources and services is about."""
    whys = [one for one in (vip.why, source.why, services.why) if one]
    sides: list[list[Region]] = []
    for sure, addresses, wanted in (
        (False, source.may, services.may),
        (True, source.must, services.must),
    ):
        taken = addresses if vip.sources is None else common(addresses, vip.sources)
        inner = product(base, taken, vip.inner, _to_inner(vip, wanted))
        sides.append(inner + product(base, taken, vip.outer, _to_outer(vip, wanted, sure)))
    may, must = sides
    return Match(
        tuple(may), () if vip.why else tuple(must), printable("; ".join(dict.fromkeys(whys)))
    )


def _to_inner(vip: Vip, services: Sequence[Service]) -> tuple[Service, ...]:
    """The services as far as they go to the mapped ports."""
    if vip.protocol is None:
        return tuple(services)
    found = []
    for one in services:
        if one.protocol is not None and vip.protocol not in one.protocol:
            continue
        wanted = vip.inner_ports
        if wanted is not None and one.destination_port is not None:
            wanted = common(wanted, one.destination_port)
            if not wanted:
                continue
        found.append(Service(only(vip.protocol), one.source_port, wanted))
    return tuple(found)


def _to_outer(vip: Vip, services: Sequence[Service], sure: bool) -> tuple[Service, ...]:
    """The external ports, if the policy lets packets to the mapped ports through."""
    if vip.protocol is None:
        return tuple(services)
    if vip.inner_ports is None or not asks_for(services, vip.protocol):
        return ()
    if with_ports(services, vip.protocol, vip.inner_ports):
        return (Service(only(vip.protocol), None, vip.outer_ports),)
    if sure or not _to_inner(vip, services):
        return ()
    return (Service(only(vip.protocol), None, vip.outer_ports),)


def _vip(entry: Entry, policies: Policies, six: bool) -> Vip:
    kind = entry.word("type") or "static-nat"
    outer, inner = _range(entry.words("extip")), _mapped(entry, policies, six)
    protocol, outer_ports, inner_ports, why = _forwarded(entry)
    sources = _sources(entry)
    interfaces = entry.words("srcintf-filter") or entry.words("extintf")
    if kind not in {"static-nat", "load-balance"}:
        why = why or f"set type {kind}"
    if outer is None or inner is None:
        why = why or "its addresses are not understood"
    if sources is None and entry.words("src-filter"):
        why = why or f"set src-filter {' '.join(entry.words('src-filter'))}"
    if entry.words("service"):
        why = why or f"set service {' '.join(entry.words('service'))}"
    if any(setting.damaged for setting in entry.settings.values()):
        why = why or "a line whose quotation marks do not match"
    whole = ALL_V6 if six else ALL_V4
    return Vip(
        entry.name,
        entry.line,
        whole if outer is None else outer,
        whole if inner is None else inner,
        protocol,
        outer_ports,
        inner_ports,
        sources,
        policies.place(interfaces),
        f'virtual IP "{entry.name}": {why}' if why else "",
    )


def _forwarded(entry: Entry) -> tuple[int | None, Numbers | None, Numbers | None, str]:
    """Protocol, external and mapped ports with `portforward enable`, and what is in doubt."""
    if entry.word("portforward") != "enable":
        return None, None, None, ""
    protocol = entry.word("protocol") or "tcp"
    if protocol not in IP_OF:
        return None, None, None, f"set protocol {protocol}"
    outer = ports(entry.word("extport")) if entry.word("extport") else None
    inner = ports(entry.word("mappedport")) if entry.word("mappedport") else outer
    if outer is None or inner is None:
        return IP_OF[protocol], None, None, "its ports are not understood"
    return IP_OF[protocol], outer, inner, ""


def _mapped(entry: Entry, policies: Policies, six: bool) -> Numbers | None:
    named_object = entry.word("mapped-addr")
    if named_object:
        found = policies.objects.one(named_object, six)
        return found.may if not found.why else None
    servers = [_range(one.words("ip")) for one in entry.entries("realservers")]
    if servers:
        known = [one for one in servers if one is not None]
        return union(known) if len(known) == len(servers) else None
    return _range(entry.words("mappedip"))


def _range(words: Sequence[str]) -> Numbers | None:
    """`10.0.0.1`, `10.0.0.1-10.0.0.9`, one or several of them."""
    found = []
    for word in words:
        first, _, last = word.partition("-")
        one = between(first, last) if last else prefix(first) if "/" in first else host(first)
        if one is None or word in {"0.0.0.0", "::"}:  # noqa: S104 - the interface's own address
            return None
        found.append(one)
    return union(found) if found else None


def _sources(entry: Entry) -> Numbers | None:
    """`src-filter`; None for any, and for what is not understood."""
    words = entry.words("src-filter")
    return _range(words) if words else None
