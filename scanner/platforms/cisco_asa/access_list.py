"""Lines of an access list as rules.

Source: Cisco, "ASA Series Command Reference, A-H Commands", `access-list extended`. Masks are
subnet masks, not wildcards; `any` means IPv4 and IPv6 since 9.0; `inactive` lines do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rules.packets.policy import Region, Rule
from rules.packets.sets import NOTHING, Numbers
from scanner.platforms.cisco_asa.configuration import Configuration, shown
from scanner.platforms.cisco_asa.objects import Objects
from scanner.platforms.cisco_asa.parts import (
    Addresses,
    Services,
    any_of,
    exactly,
    just,
)
from scanner.platforms.cisco_asa.words import OPERATORS, icmp_kind, port_condition, protocols
from scanner.platforms.netconfig.addresses import ANY_V4, ANY_V6, host, masked, prefix
from scanner.platforms.netconfig.indented import Line
from scanner.platforms.netconfig.services import ANY_SERVICE, Service, merged

_TWO_WORDS_OF_A_USER = frozenset(
    {"user", "user-group", "object-group-user", "object-group-security"}
)
_ICMP_WORDS = frozenset({"icmp", "icmp6", "1", "58"})
ANY_BOTH_SINCE = (9, 0)


class _NotUnderstood(Exception):
    """A word that has no place in the line."""


@dataclass
class _Rest:
    """The words that are left of a line."""

    words: list[str]
    at: int = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else ""

    def take(self, count: int = 1) -> list[str]:
        taken = self.words[self.at : self.at + count]
        if len(taken) < count:
            raise _NotUnderstood("the line breaks off")
        self.at += count
        return taken

    @property
    def left(self) -> list[str]:
        return self.words[self.at :]


@dataclass
class AccessLists:
    """The access lists of a configuration: name -> rules, in their order."""

    configuration: Configuration
    objects: Objects
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    odd: dict[str, Line] = field(default_factory=dict)
    """Lists of another kind (EtherType, web) and a line of each: they filter no IP packets."""
    _addresses: dict[tuple[str, ...], Addresses] = field(default_factory=dict)

    def __post_init__(self) -> None:
        release = self.configuration.release
        both = release is None or release >= ANY_BOTH_SINCE
        self._any = exactly(None if both else ANY_V4)
        self._interfaces = _addresses_of_interfaces(self.configuration)
        for line in self.configuration.by_word.get("access-list", ()):
            self._line(line)

    def _line(self, line: Line) -> None:
        words = line.words
        if len(words) < 3:
            self.configuration.doubt(line, "an access list without a rule")
            return
        name, at = words[1], 2
        if words[at] == "line":
            at += 2
        kind = words[at] if at < len(words) else ""
        self.configuration.read.add(line.number)
        if kind == "remark":
            return
        if kind in {"webtype", "ethertype"}:
            self.odd.setdefault(name, line)
            return
        at += kind in {"extended", "standard", "advanced"}
        action = words[at] if at < len(words) else ""
        if action not in {"permit", "deny"}:
            if name not in {"alert-interval", "deny-flow-max"}:
                self.configuration.doubt(line, "neither permit nor deny")
                self.configuration.read.discard(line.number)
            return
        rule = self._rule(line, "permit" if action == "permit" else "deny", kind, words[at + 1 :])
        self.rules.setdefault(name, []).append(rule)

    def _rule(
        self, line: Line, action: Literal["permit", "deny"], kind: str, words: list[str]
    ) -> Rule:
        text = shown(line)
        if "inactive" in words:
            return Rule("continue", line.number, text)
        rest = _Rest(words)
        try:
            if kind == "standard":
                source, services, target = self._standard(rest)
                conditions: list[str] = []
            else:
                source, services, target, conditions = self._extended(rest)
            conditions += _options(rest)
        except _NotUnderstood as problem:
            return Rule(action, line.number, text, must=(), why=f"{problem}: {text}")
        whys = [*conditions, source.why, services.why, target.why]
        why = next((one for one in whys if one), "")
        may = _regions(source.may, target.may, services.may)
        if not why:
            return Rule(action, line.number, text, may=may)
        must = () if conditions else _regions(source.must, target.must, services.must)
        return Rule(action, line.number, text, may=may, must=must, why=why)

    def _standard(self, rest: _Rest) -> tuple[Addresses, Services, Addresses]:
        """A standard list names destinations; it filters no packets of an interface."""
        return exactly(None), just(ANY_SERVICE), self._address(rest)

    def _extended(self, rest: _Rest) -> tuple[Addresses, Services, Addresses, list[str]]:
        services, takes_ports, is_icmp = self._protocol(rest)
        conditions = _identity(rest)
        source = self._address(rest)
        conditions += _identity(rest, security_only=True)
        source_ports = self._ports(rest, services) if takes_ports else None
        conditions += _identity(rest, security_only=True)
        target = self._address(rest)
        conditions += _identity(rest, security_only=True)
        if is_icmp:
            services = self._icmp(rest, services)
        elif takes_ports:
            target_ports = self._ports(rest, services)
            services = _with_ports(services, source_ports, target_ports)
        return source, services, target, conditions

    def _protocol(self, rest: _Rest) -> tuple[Services, bool, bool]:
        """What stands in the place of the protocol; whether ports, or an ICMP type, may follow."""
        word = rest.take()[0]
        if word == "object":
            return self.objects.service(rest.take()[0]), False, False
        if word == "object-group":
            name = rest.take()[0]
            kind = self.objects.kind(name)
            return self.objects.service_group(name), kind == "protocol", False
        if word == "ip":
            return just(ANY_SERVICE), False, False
        protocol = protocols(word)
        if protocol is None:
            raise _NotUnderstood(f"unknown protocol {word}")
        is_icmp = word in _ICMP_WORDS
        return just(Service(protocol)), not is_icmp, is_icmp

    def _address(self, rest: _Rest) -> Addresses:
        word = rest.peek()
        if word == "any":
            rest.take()
            return self._any
        if word in {"any4", "any6"}:
            rest.take()
            return exactly(ANY_V4 if word == "any4" else ANY_V6)
        if word in {"object", "object-group"}:
            _, name = rest.take(2)
            if word == "object":
                return self.objects.network(name)
            if self.objects.kind(name) not in {"network", ""}:
                raise _NotUnderstood(f"{name} is no group of addresses")
            return self.objects.network_group(name)
        if word in {"interface", "object-group-network-service"}:
            return self._interfaces.get(rest.take(2)[1], any_of(" ".join(rest.words)))
        return self._written(rest)

    def _written(self, rest: _Rest) -> Addresses:
        names = self.configuration.names
        first = rest.take()[0]
        key: tuple[str, ...]
        if first == "host":
            key = (self._named(rest),)
        elif "/" in first or ":" in first:
            key = (first,)
        else:
            key = (names.get(first, first), self._named(rest))
        if key not in self._addresses:
            found = _plain(key)
            if found is None:
                raise _NotUnderstood(f"no address: {' '.join(key)}")
            self._addresses[key] = exactly(found)
        return self._addresses[key]

    def _named(self, rest: _Rest) -> str:
        word = rest.take()[0]
        return self.configuration.names.get(word, word)

    def _ports(self, rest: _Rest, services: Services) -> Services | None:
        """A condition on ports, if one stands here."""
        word = rest.peek()
        if word in OPERATORS:
            protocol = services.may[0].protocol if len(services.may) == 1 else None
            condition = port_condition(rest.left, protocol)
            if condition is None:
                raise _NotUnderstood(f"unknown port {rest.peek(1)}")
            rest.take(condition[1])
            return just(Service(None, None, condition[0]))
        if word == "object-group" and self.objects.kind(rest.peek(1)) == "ports":
            return self.objects.service_group(rest.take(2)[1])
        return None

    def _icmp(self, rest: _Rest, services: Services) -> Services:
        if rest.peek() == "object-group":
            return self.objects.service_group(rest.take(2)[1])
        if not rest.left:
            return services
        kind = icmp_kind(rest.left, services.may[0].protocol)
        if kind is None:
            return services
        rest.take(kind[1])
        return just(kind[0])


def _identity(rest: _Rest, *, security_only: bool = False) -> list[str]:
    """Users and security groups that the packet must be of: what they are is not in the file."""
    found = []
    while True:
        word = rest.peek()
        if word == "security-group":
            found.append(" ".join(rest.take(3)))
        elif word in _TWO_WORDS_OF_A_USER and not (security_only and word.startswith("user")):
            found.append(" ".join(rest.take(2)))
        else:
            return found


def _options(rest: _Rest) -> list[str]:
    """What stands behind the addresses: conditions that are not understood; logging is none."""
    found = []
    while rest.left:
        word = rest.take()[0]
        if word == "time-range":
            found.append(f"time-range {' '.join(rest.take())}")
        elif word == "log":
            while rest.left and rest.peek() != "time-range":
                rest.take()
        elif word == "rule-id":
            rest.take()
        else:
            raise _NotUnderstood(f"unknown word {word}")
    return found


def _plain(words: tuple[str, ...]) -> Numbers | None:
    if len(words) == 2:
        return masked(words[0], words[1])
    return prefix(words[0]) if "/" in words[0] else host(words[0])


def _regions(
    source: Numbers | None, target: Numbers | None, services: tuple[Service, ...]
) -> tuple[Region, ...]:
    if source is NOTHING or target is NOTHING:
        return ()
    return tuple(
        Region(source, target, one.protocol, one.source_port, one.destination_port)
        for one in merged(services)
    )


def _with_ports(protocol: Services, source: Services | None, target: Services | None) -> Services:
    """The protocols of the line, with the ports that are wanted on either side."""
    if source is None and target is None:
        return protocol
    why = protocol.why or (source.why if source else "") or (target.why if target else "")
    one = source if source is not None else just(ANY_SERVICE)
    other = target if target is not None else just(ANY_SERVICE)
    may = _crossed(protocol.may, one.may, other.may)
    if not why:
        return Services(may, may)
    return Services(may, _crossed(protocol.must, one.must, other.must), why)


def _crossed(
    protocols_: tuple[Service, ...], sources: tuple[Service, ...], targets: tuple[Service, ...]
) -> tuple[Service, ...]:
    return tuple(
        Service(base.protocol, source.destination_port, target.destination_port)
        for base in protocols_
        for source in merged(sources)
        for target in merged(targets)
    )


def _addresses_of_interfaces(configuration: Configuration) -> dict[str, Addresses]:
    """Nameif -> the address that the interface has by its configuration."""
    found = {}
    for line in configuration.of("interface"):
        name = next((one.words[1] for one in line.below if one.text.startswith("nameif ")), None)
        for one in line.below:
            words = one.words
            if name and words[:2] == ["ip", "address"] and len(words) > 3:
                at = host(words[2])
                found[name] = exactly(at) if at is not None else any_of(shown(one))
    return found
