"""One line of an access list as a rule.

Cisco, "IP Addressing Services Command Reference", `permit (IP)` and `access-list (IP extended)`;
for IPv6 `permit (IPv6)`. A packet is one that came whole: a line with `fragments` is only about
later fragments and matches none of these. What is not known here makes the rule uncertain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rules.packets.fields import ACK, FLAGS, ICMP, ICMP_V6, RST, TCP, WITH_PORTS, protocol_number
from rules.packets.policy import EVERYTHING, Region, Rule
from rules.packets.sets import Numbers, common, numbers, union
from scanner.platforms.cisco_ios.cursor import Cursor, NotUnderstood
from scanner.platforms.cisco_ios.object_groups import ObjectGroups
from scanner.platforms.cisco_ios.ports import OPERATORS, icmp_message, ports
from scanner.platforms.netconfig.addresses import host, prefix, wildcard
from scanner.platforms.netconfig.services import ANY_SERVICE, Service, only, regions

Kind = Literal["standard", "extended", "ipv6"]

NO_CONDITION = frozenset({"log", "log-input"})
CONDITIONS_WITH_A_WORD = frozenset(
    {"time-range", "dscp", "precedence", "tos", "option", "flow-label", "routing-type"}
    | {"mobility-type", "dest-option-type", "timeout", "cos", "vlan"}
)
_OPTIONS = (
    NO_CONDITION
    | CONDITIONS_WITH_A_WORD
    | {"established", "match-any", "match-all", "fragments", "sequence", "reflect", "ttl"}
)


def _flags(bits: Callable[[int], bool]) -> Numbers:
    return numbers((value, value) for value in range(64) if bits(value))


ESTABLISHED = _flags(lambda value: bool(value & (ACK | RST)))


@dataclass(frozen=True)
class Entry:
    """A line of an access list, with what it says about reflexive lists."""

    rule: Rule
    reflects: str = ""
    """The reflexive list that remembers sessions of this line."""
    evaluates: str = ""
    """The reflexive list that stands in this place."""


@dataclass
class Reader:
    """Turns the words of a line into a rule; sets of addresses and ports are made once."""

    groups: ObjectGroups
    _addresses: dict[tuple[str, ...], Numbers | None] = field(default_factory=dict)
    _services: dict[str, tuple[Service, ...]] = field(default_factory=dict)

    def entry(self, words: Sequence[str], line: int, text: str, kind: Kind) -> Entry:
        """The rule of a line that begins with `permit`, `deny` or `evaluate`."""
        if words[0] == "evaluate" and len(words) > 1:
            return Entry(Rule("permit", line, text, may=()), evaluates=words[1])
        action: Literal["permit", "deny"] = "permit" if words[0] == "permit" else "deny"
        cursor = Cursor(words[1:])
        found = _Condition()
        try:
            if kind == "standard":
                found.source = self._standard(cursor, found)
            else:
                self._extended(cursor, found, kind)
            _options(cursor, found)
        except NotUnderstood as error:
            why = f"not understood: {str(error) or 'the line ends too early'}"
            return Entry(Rule(action, line, text, may=(EVERYTHING,), must=(), why=why))
        may = found.regions()
        if found.why:
            return Entry(Rule(action, line, text, may, (), why="; ".join(found.why)))
        return Entry(Rule(action, line, text, may), reflects=found.reflects)

    def _standard(self, words: Cursor, found: _Condition) -> Numbers | None:
        """A host may stand without a mask."""
        if words.word in {"any", "host", "object-group"}:
            return self._address(words, found, "standard")
        first = words.take()
        second = words.word
        if second and second[0].isdigit() and second.count(".") == 3:
            return self._wildcard(first, words.take(), found)
        return self._once((first,), lambda: prefix(first) if "/" in first else host(first))

    def _extended(self, words: Cursor, found: _Condition, kind: Kind) -> None:
        number = self._protocol(words, found, kind)
        found.source = self._address(words, found, kind)
        source_port = self._ports(words, number)
        found.destination = self._address(words, found, kind)
        destination_port = self._ports(words, number)
        if number in {ICMP, ICMP_V6}:
            source_port, destination_port = icmp_message(words, number)
        if number is not None:
            protocol = self._only(number)
            found.services = (Service(protocol, source_port, destination_port),)
        elif source_port is not None or destination_port is not None:
            raise NotUnderstood("ports without a protocol")

    def _protocol(self, words: Cursor, found: _Condition, kind: Kind) -> int | None:
        """The number of the protocol; None for any or for services of a group."""
        name = words.take()
        if name == "object-group":
            services = self.groups.services(words.take())
            found.services = services.known
            if services.why:
                found.services = (ANY_SERVICE,)
                found.why.append(services.why)
            return None
        if name == ("ipv6" if kind == "ipv6" else "ip"):
            return None
        number = ICMP_V6 if (name, kind) == ("icmp", "ipv6") else protocol_number(name)
        if number is None:
            raise NotUnderstood(name)
        return number

    def _address(self, words: Cursor, found: _Condition, kind: Kind) -> Numbers | None:
        first = words.take()
        if first in {"any", "any4", "any6"}:
            return None
        if first == "host":
            second = words.take()
            return self._once((second,), lambda: host(second))
        if first == "object-group":
            group = self.groups.addresses(words.take())
            if group.why:
                found.why.append(group.why)
                return None
            return group.known
        if "/" in first:
            return self._once((first,), lambda: prefix(first))
        if kind == "ipv6":
            raise NotUnderstood(first)
        return self._wildcard(first, words.take(), found)

    def _wildcard(self, first: str, second: str, found: _Condition) -> Numbers | None:
        key = (first, second)
        if key not in self._addresses:
            self._addresses[key] = wildcard(first, second)
        made = self._addresses[key]
        if made is None:
            if host(first) is None or host(second) is None:
                raise NotUnderstood(f"{first} {second}")
            found.why.append(f"wildcard {first} {second}")
        return made

    def _once(self, key: tuple[str, ...], make: Callable[[], Numbers | None]) -> Numbers:
        if key not in self._addresses:
            self._addresses[key] = make()
        made = self._addresses[key]
        if made is None:
            raise NotUnderstood(" ".join(key))
        return made

    def _only(self, number: int) -> Numbers:
        made = self._once(("protocol", str(number)), lambda: only(number))
        return made

    def _ports(self, words: Cursor, number: int | None) -> Numbers | None:
        if words.skip("portgroup"):
            name = words.take()
            group = self.groups.port_group(name)
            if group is None or number not in WITH_PORTS:
                raise NotUnderstood(f"portgroup {name}")
            return group
        if words.word not in OPERATORS:
            return None
        if number not in WITH_PORTS:
            raise NotUnderstood(words.word)
        return ports(words, number)


@dataclass
class _Condition:
    """What a line asks for, as far as its words were read."""

    source: Numbers | None = None
    destination: Numbers | None = None
    services: tuple[Service, ...] = (ANY_SERVICE,)
    flags: Numbers | None = None
    why: list[str] = field(default_factory=list)
    only_fragments: bool = False
    reflects: str = ""

    def regions(self) -> tuple[Region, ...]:
        if self.only_fragments:
            return ()
        base = Region(self.source, self.destination, flags=self.flags)
        if len(self.services) == 1:
            service = self.services[0]
            if service is ANY_SERVICE:
                return (base,)
            return (
                Region(
                    self.source,
                    self.destination,
                    service.protocol,
                    service.source_port,
                    service.destination_port,
                    self.flags,
                ),
            )
        return regions(base, self.services)

    @property
    def is_tcp(self) -> bool:
        return all(one.protocol is not None and TCP in one.protocol for one in self.services)


def _options(words: Cursor, found: _Condition) -> None:
    """What stands behind the addresses."""
    while words.word:
        word = words.take()
        if word in NO_CONDITION:
            if words.word and words.word not in _OPTIONS:
                words.take()  # a label of the line in the log
        elif word == "fragments":
            found.only_fragments = True
        elif word == "sequence":
            words.take()
        elif word == "reflect":
            found.reflects = words.take()
            if words.skip("timeout"):
                words.take()
        elif not _flag_option(word, words, found):
            if word not in CONDITIONS_WITH_A_WORD:
                found.why.append(" ".join([word, *words.rest]))
                return
            found.why.append(f"{word} {words.take()}")


def _flag_option(word: str, words: Cursor, found: _Condition) -> bool:
    """Whether the word asks for TCP flags; then they are taken."""
    if word == "established":
        wanted = ESTABLISHED
    elif word in {"match-any", "match-all"}:
        wanted = _signed_flags(words, word)
    elif word.upper() in FLAGS:
        wanted = _bare_flags(words, word)
    else:
        return False
    found.flags = wanted if found.flags is None else common(found.flags, wanted)
    if not found.is_tcp:
        found.why.append(word)
    return True


def _signed_flags(words: Cursor, match: str) -> Numbers:
    """`match-all +ack -syn`: all of them so; `match-any`: one of them so."""
    conditions: list[Numbers] = []
    while words.word[:1] in {"+", "-"}:
        word = words.take()
        bit = FLAGS.get(word[1:].upper())
        if bit is None:
            raise NotUnderstood(word)
        conditions.append(_with_bit(bit, word[0] == "+"))
    if not conditions:
        raise NotUnderstood(match)
    if match == "match-any":
        return union(conditions)
    found = conditions[0]
    for one in conditions[1:]:
        found = common(found, one)
    return found


def _bare_flags(words: Cursor, first: str) -> Numbers:
    """The old form: the packet has one of the flags."""
    listed = [_with_bit(FLAGS[first.upper()], True)]
    while words.word.upper() in FLAGS:
        listed.append(_with_bit(FLAGS[words.take().upper()], True))
    return union(listed)


def _with_bit(bit: int, on: bool) -> Numbers:
    return _flags(lambda value: bool(value & bit) == on)


def mirrored(region: Region) -> Region:
    """The replies to packets of the region, as far as addresses and ports tell."""
    return replace(
        region,
        source=region.destination,
        destination=region.source,
        source_port=region.destination_port,
        destination_port=region.source_port,
        flags=None,
    )
