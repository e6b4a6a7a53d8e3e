"""Services of FortiOS: custom and predefined ones, groups, and their complement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.packets.fields import ALL_PORTS, ALL_PROTOCOLS, SCTP, TCP, UDP
from rules.packets.sets import Numbers, union, without
from scanner.evidence import printable
from scanner.platforms.fortios import predefined
from scanner.platforms.fortios.tree import Configuration, Entry
from scanner.platforms.netconfig.services import (
    ANY_SERVICE,
    ONLY_ICMP,
    ONLY_ICMP_V6,
    ONLY_TCP,
    ONLY_UDP,
    Service,
    merged,
    only,
    ports,
)

NESTING_MAX = 32
UDP_LITE = 136
_PORTS = {
    "tcp-portrange": ONLY_TCP,
    "udp-portrange": ONLY_UDP,
    "sctp-portrange": only(SCTP),
    "udplite-portrange": only(UDP_LITE),
}
_WITH_PORTS = frozenset({"", "TCP/UDP/SCTP", "TCP/UDP/UDP-Lite/SCTP"})


@dataclass(frozen=True, slots=True)
class Services:
    """Each tuple means any of its members; `must` for certain, all of it lies in `may`."""

    may: tuple[Service, ...]
    must: tuple[Service, ...]
    why: str = ""


def understood(services: Iterable[Service]) -> Services:
    together = merged(services)
    return Services(together, together)


def doubtful(why: str) -> Services:
    return Services((ANY_SERVICE,), (), printable(why))


class ServiceObjects:
    """The services of one VDOM, each translated once."""

    def __init__(self, found: Configuration, vdom: Entry) -> None:
        self._found = found
        self._vdom = vdom
        self._made: dict[str, Services] = {}
        self._together: dict[tuple[str, ...], Services] = {}

    def several(self, names: Sequence[str]) -> Services:
        key = tuple(names)
        if key not in self._together:
            self._together[key] = joined(self.one(name) for name in names)
        return self._together[key]

    def one(self, name: str, inside: tuple[str, ...] = ()) -> Services:
        if name not in self._made:
            if name in inside or len(inside) > NESTING_MAX:
                return doubtful(f'service group "{name}" holds itself')
            self._made[name] = self._make(name, inside)
        return self._made[name]

    def _make(self, name: str, inside: tuple[str, ...]) -> Services:
        custom = self._find("firewall service custom", name)
        group = self._find("firewall service group", name)
        if custom is not None:
            return _custom(custom)
        if group is not None:
            members = group.words("member")
            if not members or group.settings["member"].damaged:
                return doubtful(f'service group "{name}" is not understood')
            return joined(self.one(member, (*inside, name)) for member in members)
        as_delivered = _predefined(name)
        if as_delivered:
            return understood(as_delivered)
        if name in predefined.GROUPS:
            return joined(self.one(m, (*inside, name)) for m in predefined.GROUPS[name])
        return doubtful(f'service "{name}" is not defined in this file')

    def _find(self, table: str, name: str) -> Entry | None:
        section = self._vdom.sections.get(table)
        return section.entries.get(name) if section is not None else None


def joined(several: Iterable[Services]) -> Services:
    """Any of the services."""
    members = list(several)
    if len(members) == 1:
        return members[0]
    why = next((one.why for one in members if one.why), "")
    may = merged(service for one in members for service in one.may)
    must = may if not why else merged(service for one in members for service in one.must)
    return Services(may, must, why)


def negated(services: Services) -> Services:
    """Everything else; unknown where a source port is asked for."""
    asked = [*services.may, *services.must]
    if any(one.source_port is not None for one in asked):
        return doubtful("set service-negate enable with a source port")
    return Services(_others(services.must), _others(services.may), services.why)


def _others(services: Sequence[Service]) -> tuple[Service, ...]:
    if any(one.protocol is None for one in services):
        return ()
    found: list[Service] = []
    named = union(one.protocol for one in services if one.protocol is not None)
    rest = without(ALL_PROTOCOLS, named)
    if rest:
        found.append(Service(rest))
    for low, high in named.intervals:
        for number in range(low, high + 1):
            wanted = [s for s in services if s.protocol is not None and number in s.protocol]
            if any(one.destination_port is None for one in wanted):
                continue
            taken = union(s.destination_port for s in wanted if s.destination_port is not None)
            left = without(ALL_PORTS, taken)
            if left:
                found.append(Service(only(number), None, left))
    return tuple(found)


def _custom(entry: Entry) -> Services:
    """An entry of `config firewall service custom`."""
    protocol = entry.word("protocol")
    odd = next((s for s in entry.settings.values() if s.damaged), None)
    narrowed = next(
        (k for k in ("iprange", "fqdn", "application", "app-category") if entry.words(k)), None
    )
    if narrowed == "iprange" and not entry.word("iprange").strip("0.-"):
        narrowed = None
    services = None if odd is not None else _protocols(entry, protocol)
    if services is None:
        return doubtful(f'service "{entry.name}" is not understood')
    if narrowed is not None:
        said = f'service "{entry.name}": set {narrowed} {" ".join(entry.words(narrowed))}'
        return Services(merged(services), (), printable(said))
    return understood(services)


def _protocols(entry: Entry, protocol: str) -> tuple[Service, ...] | None:
    if protocol in _WITH_PORTS:
        return _port_ranges(entry)
    if protocol == "IP":
        number = entry.word("protocol-number") or "0"
        if not number.isascii() or not number.isdigit() or int(number) > 255:
            return None
        return (ANY_SERVICE,) if int(number) == 0 else (Service(only(int(number))),)
    if protocol in {"ICMP", "ICMP6"}:
        kind, code = entry.word("icmptype"), entry.word("icmpcode")
        if any(n and (not n.isascii() or not n.isdigit()) for n in (kind, code)):
            return None
        return (
            Service(
                ONLY_ICMP if protocol == "ICMP" else ONLY_ICMP_V6,
                only(int(kind)) if kind else None,
                only(int(code)) if code and kind else None,
            ),
        )
    return None


def _port_ranges(entry: Entry) -> tuple[Service, ...] | None:
    found: list[Service] = []
    for key, protocol in _PORTS.items():
        for word in entry.words(key):
            service = _range(word, protocol)
            if service is None:
                return None
            found.append(service)
    return tuple(found) or None


def _range(word: str, protocol: Numbers) -> Service | None:
    """`80`, `1024-65535`, `80:1024-65535` (destination, then source)."""
    destination, _, source = word.partition(":")
    wanted, asking = ports(destination), ports(source) if source else None
    if wanted is None or (source and asking is None):
        return None
    if asking == ALL_PORTS or (source in {"0-65535", "1-65535"}):
        asking = None
    return Service(protocol, asking, wanted)


def _predefined(name: str) -> tuple[Service, ...]:
    found: list[Service] = []
    for table, protocol in ((predefined.TCP, ONLY_TCP), (predefined.UDP, ONLY_UDP)):
        for word in table.get(name, "").split():
            service = _range(word, protocol)
            if service is not None:
                found.append(service)
    if name in predefined.PROTOCOLS:
        number = predefined.PROTOCOLS[name]
        found.append(Service(only(number)) if number else ANY_SERVICE)
    for types, protocol in (
        (predefined.ICMP_TYPES, ONLY_ICMP),
        (predefined.ICMP_V6_TYPES, ONLY_ICMP_V6),
    ):
        if name in types:
            kind = types[name]
            found.append(Service(protocol, None if kind is None else only(kind)))
    return tuple(found)


def with_ports(services: Sequence[Service], protocol: int, wanted: Numbers) -> bool:
    """Whether every packet of the protocol to one of the ports is of one of the services."""
    open_to = [
        one.destination_port
        for one in services
        if one.source_port is None and (one.protocol is None or protocol in one.protocol)
    ]
    if any(one is None for one in open_to):
        return True
    taken = union(one for one in open_to if one is not None) if open_to else None
    return taken is not None and not without(wanted, taken)


def asks_for(services: Sequence[Service], protocol: int) -> bool:
    """Whether a packet of the protocol could be of one of the services."""
    return any(one.protocol is None or protocol in one.protocol for one in services)


IP_OF = {"tcp": TCP, "udp": UDP, "sctp": SCTP}
