"""What a firewall rule asks of a packet (RouterOS, "Common Firewall Matchers"), as regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rules.packets.fields import (
    ALL_PORTS,
    ALL_PROTOCOLS,
    ALL_V4,
    ALL_V6,
    FLAGS,
    STATES,
    protocol_number,
)
from rules.packets.policy import Region
from rules.packets.sets import NOTHING, Names, Numbers, numbers, without
from scanner.evidence import printable
from scanner.platforms.mikrotik_routeros import lists
from scanner.platforms.mikrotik_routeros.export import Command
from scanner.platforms.mikrotik_routeros.lists import AddressLists, InterfaceLists, literal
from scanner.platforms.netconfig.doubt import (
    Extent,
    Interfaces,
    Match,
    all_but,
    both,
    exactly,
    regions,
)
from scanner.platforms.netconfig.services import only, ports

Understanding = tuple[tuple[Region, ...], tuple[Region, ...] | None, str]
"""`may`, `must` and `why` of a rule."""

NO_CONDITIONS: Final = frozenset(
    {"action", "address-list", "address-list-timeout", "chain", "comment", "copy-from", "disabled"}
    | {"hw-offload", "jump-target", "log", "log-prefix", "new-connection-mark", "new-dscp"}
    | {"new-mss", "new-packet-mark", "new-priority", "new-routing-mark", "new-ttl", "passthrough"}
    | {"place-before", "randomise-ports", "randomize-ports", "reject-with", "same-not-by-dst"}
    | {"sniff-id", "sniff-target", "sniff-target-port", "to-addresses", "to-ports", "to-address"}
)
"""Keys of a rule that say what to do and not with which packets."""
_PROTOCOLS: Final = {
    "ddp": 37, "etherip": 97, "ggp": 3, "hmp": 20, "idpr-cmtp": 38, "ipsec-ah": 51,
    "ipsec-esp": 50, "ipv6-encap": 41, "iso-tp4": 29, "pup": 12, "rspf": 73, "st": 5,
    "udp-lite": 136, "vmtp": 81, "xns-idp": 22, "xtp": 36,
}  # fmt: skip


@dataclass(slots=True)
class _Fields:
    numbers: dict[str, Extent]
    names: dict[str, Interfaces]
    why: str = ""


class Conditions:
    """Reads the conditions of rules of one version of IP; one set for equal words."""

    def __init__(self, addresses: AddressLists, interfaces: InterfaceLists, version: str) -> None:
        self.whole = ALL_V6 if version == "ipv6" else ALL_V4
        self._lists = addresses
        self._interfaces = interfaces
        self._addresses: dict[str, Extent] = {}
        self._ports: dict[str, Extent | None] = {}
        self._states: dict[str, Interfaces | None] = {}
        self.nat_state: Callable[[str], Extent | Interfaces | None] = lambda _written: None
        """What `connection-nat-state` says about the destination or about the state of the
        connection; None when it is not known."""
        self.has_ipsec = True
        """IPsec may be in use; False only when an export of the whole router shows none."""
        self.untracked = ""
        """Why the state of a connection is not known: a raw rule keeps it from being tracked."""

    def understanding(self, command: Command, doubt: str = "") -> Understanding:
        """The packets of a rule."""
        fields = _Fields({}, {}, doubt)
        either_port = None
        for key, value in command.values.items():
            if key in NO_CONDITIONS or value == "":
                continue
            if key == "port":
                either_port = value
            elif "$" in value or not self._read(fields, key, value):
                fields.why = fields.why or printable(f"{key}={value}", 100)
        fields.numbers.setdefault("source", exactly(self.whole))
        fields.numbers.setdefault("destination", exactly(self.whole))
        if command.is_conditional:
            fields.why = fields.why or "a block of a script"
        return self._regions(fields, either_port)

    def _regions(self, fields: _Fields, either_port: str | None) -> Understanding:
        if either_port is None:
            return regions(Match(fields.numbers, fields.names, fields.why))
        found = self._port_set(either_port)
        if found is None:
            why = fields.why or printable(f"port={either_port}", 100)
            return regions(Match(fields.numbers, fields.names, why))
        may: list[Region] = []
        must: list[Region] = []
        why = ""
        for name in ("source_port", "destination_port"):
            asked = {**fields.numbers, name: both(fields.numbers.get(name, Extent()), found)}
            one, sure, said = regions(Match(asked, fields.names, fields.why))
            may += one
            must += one if sure is None else sure
            why = why or said
        return tuple(may), tuple(must) if why else None, why

    def _read(self, fields: _Fields, key: str, value: str) -> bool:
        """Adds one condition; False when it is not understood."""
        negated = value[0] == "!"
        word = value[1:] if negated else value
        if key in _SIDES:
            return self._side(fields, _SIDES[key], word, negated, key.endswith("-list"))
        if key in _THROUGH:
            return self._through(fields, _THROUGH[key], word, negated, key.endswith("-list"))
        if key in _PORT_SIDES:
            found = self._port_set(value)
            return found is not None and _narrow(fields, _PORT_SIDES[key], found)
        special = {
            "connection-state": self._state,
            "connection-nat-state": self._nat_state,
            "ipsec-policy": self._ipsec,
        }.get(key)
        if special is not None:
            return special(fields, value)
        reader = _READERS.get(key)
        return reader is not None and reader(fields, word, negated)

    def _nat_state(self, fields: _Fields, value: str) -> bool:
        found = self.nat_state(value)
        if isinstance(found, Interfaces):
            before = fields.names.get("state")
            fields.names["state"] = found if before is None else lists.both(before, found)
            return True
        return found is not None and _narrow(fields, "destination", found)

    def _ipsec(self, fields: _Fields, value: str) -> bool:
        """`in,none` holds for every packet of a router without IPsec, `in,ipsec` for none."""
        if self.has_ipsec:
            return False
        kind = value.rpartition(",")[2]
        if kind == "ipsec":
            fields.numbers["protocol"] = exactly(NOTHING)
        return kind in {"ipsec", "none"} and value[0] != "!"

    def _side(self, fields: _Fields, side: str, word: str, negated: bool, is_list: bool) -> bool:
        key = f"{'!' if negated else ''}{'@' if is_list else ''}{word}"
        known = self._addresses.get(key)
        if known is None:
            values = None if is_list else literal(word)
            if not is_list and values is None:
                return False
            known = self._lists.extent(word) if values is None else exactly(values)
            known = all_but(known, self.whole) if negated else known
            self._addresses[key] = known
        return _narrow(fields, side, known)

    def _through(self, fields: _Fields, side: str, word: str, negated: bool, is_list: bool) -> bool:
        found = self._interfaces.list(word) if is_list else self._interfaces.interface(word)
        found = lists.inverted(found) if negated else found
        before = fields.names.get(side)
        fields.names[side] = found if before is None else lists.both(before, found)
        return True

    def _port_set(self, value: str) -> Extent | None:
        if value not in self._ports:
            found = ports(value.removeprefix("!"))
            if found is not None and value[0] == "!":
                found = without(ALL_PORTS, found)
            self._ports[value] = None if found is None else exactly(found)
        return self._ports[value]

    def _state(self, fields: _Fields, value: str) -> bool:
        if self.untracked:
            fields.why = fields.why or self.untracked
            return True
        if value not in self._states:
            words = frozenset(value.removeprefix("!").split(","))
            asked = Names(frozenset(STATES) - words if value[0] == "!" else words)
            known = words <= set(STATES)
            self._states[value] = Interfaces(asked, asked) if known else None
        found = self._states[value]
        if found is None:
            return False
        before = fields.names.get("state")
        fields.names["state"] = found if before is None else lists.both(before, found)
        return True


_SIDES: Final = {
    "src-address": "source",
    "src-address-list": "source",
    "dst-address": "destination",
    "dst-address-list": "destination",
}
_THROUGH: Final = {
    "in-interface": "entering",
    "in-interface-list": "entering",
    "out-interface": "leaving",
    "out-interface-list": "leaving",
}
_PORT_SIDES: Final = {"src-port": "source_port", "dst-port": "destination_port"}


def _narrow(fields: _Fields, name: str, extent: Extent) -> bool:
    before = fields.numbers.get(name)
    fields.numbers[name] = extent if before is None else both(before, extent)
    return True


def _protocol(fields: _Fields, word: str, negated: bool) -> bool:
    number = _PROTOCOLS.get(word, protocol_number(word))
    if number is None:
        return False
    asked = without(ALL_PROTOCOLS, only(number)) if negated else _only(number)
    return _narrow(fields, "protocol", exactly(asked))


_ONLY = {number: only(number) for number in range(256)}


def _only(number: int) -> Numbers:
    return _ONLY[number]


def _icmp(fields: _Fields, word: str, negated: bool) -> bool:
    """`8:0`, `5:0-3`: a type with codes; without codes any."""
    kind, _, codes = word.partition(":")
    types, wanted = ports(kind), ports(codes) if codes else Numbers(((0, 255),))
    if negated or types is None or wanted is None:
        return False
    _narrow(fields, "source_port", exactly(types))
    return _narrow(fields, "destination_port", exactly(wanted))


def _flags(fields: _Fields, word: str, negated: bool) -> bool:
    """`syn,!ack`: flags that are set and flags that are not; others may be either."""
    text = f"!{word}" if negated else word
    wanted = unwanted = 0
    for flag in text.split(","):
        bit = FLAGS.get(flag.removeprefix("!").upper())
        if bit is None:
            return False
        if flag[:1] == "!":
            unwanted |= bit
        else:
            wanted |= bit
    found = numbers((n, n) for n in range(64) if n & wanted == wanted and not n & unwanted)
    return _narrow(fields, "flags", exactly(found))


_READERS: Final[dict[str, Callable[[_Fields, str, bool], bool]]] = {
    "icmp-options": _icmp,
    "protocol": _protocol,
    "tcp-flags": _flags,
}
