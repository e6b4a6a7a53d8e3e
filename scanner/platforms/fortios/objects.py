"""Addresses and groups of FortiOS as sets: what certainly belongs to one, and what could."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, ip_interface

from rules.packets.fields import ALL_ADDRESSES, ALL_V4, ALL_V6
from rules.packets.sets import NOTHING, Numbers, Part, numbers, without
from scanner.evidence import printable
from scanner.platforms.fortios.tree import Configuration, Entry
from scanner.platforms.netconfig.addresses import between, masked, prefix, wildcard

NESTING_MAX = 32
"""FortiOS itself allows groups in groups only to a small depth."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """`must` belongs to it for certain, all of it lies in `may`."""

    may: Numbers
    must: Numbers
    why: str = ""
    """What is not understood; empty when both are the same."""


def understood(whole: Numbers) -> Addresses:
    return Addresses(whole, whole)


def doubtful(may: Numbers, why: str) -> Addresses:
    """Anything of `may` could belong to it."""
    return Addresses(may, NOTHING, printable(why))


class Objects:
    """The address objects of one VDOM; each is translated once and then shared."""

    def __init__(self, found: Configuration, vdom: Entry) -> None:
        self._found = found
        self._vdom = vdom
        self._tables = {
            False: ("firewall address", "firewall addrgrp"),
            True: ("firewall address6", "firewall addrgrp6"),
        }
        self._made: dict[tuple[str, bool], Addresses] = {}
        self._together: dict[tuple[tuple[str, ...], bool], Addresses] = {}

    def several(self, names: Sequence[str], six: bool = False) -> Addresses:
        """What any of the names stands for."""
        key = (tuple(names), six)
        if key not in self._together:
            self._together[key] = joined(self.one(name, six) for name in names)
        return self._together[key]

    def one(self, name: str, six: bool = False, inside: tuple[str, ...] = ()) -> Addresses:
        """An address or a group by its name."""
        key = (name, six)
        if key not in self._made:
            if name in inside or len(inside) > NESTING_MAX:
                return doubtful(_family(six), f'group "{name}" holds itself')
            self._made[key] = self._make(name, six, inside)
        return self._made[key]

    def _make(self, name: str, six: bool, inside: tuple[str, ...]) -> Addresses:
        address, group = (self._find(table, name) for table in self._tables[six])
        if address is not None:
            return self._address(address, six)
        if group is not None:
            return self._group(group, six, (*inside, name))
        if name == "all":
            return understood(_family(six))
        if name == "none":
            return understood(NOTHING)
        return doubtful(_family(six), f'address "{name}" is not defined in this file')

    def _find(self, table: str, name: str) -> Entry | None:
        section = self._vdom.sections.get(table)
        return section.entries.get(name) if section is not None else None

    def _group(self, group: Entry, six: bool, inside: tuple[str, ...]) -> Addresses:
        members = [self.one(name, six, inside) for name in group.words("member")]
        damaged = any(setting.damaged for setting in group.settings.values())
        if not members or damaged or group.word("category") not in {"", "default"}:
            return doubtful(_family(six), f'group "{group.name}" is not understood')
        whole = joined(members)
        if group.word("exclude") != "enable":
            return whole
        names = group.words("exclude-member")
        left_out = joined(self.one(name, six, inside) for name in names)
        return Addresses(
            _with_parts(without(whole.may, left_out.must), whole.may.parts),
            _with_parts(without(whole.must, left_out.may), whole.must.parts),
            whole.why or left_out.why,
        )

    def _address(self, entry: Entry, six: bool) -> Addresses:
        kind = entry.word("type") or ("ipprefix" if six else "ipmask")
        key, found = self._literal(entry, kind, six)
        setting = entry.settings.get(key)
        contradicted = any(s.damaged for s in entry.settings.values())
        if found is None or contradicted:
            whole = ALL_ADDRESSES if kind in {"mac", "dynamic"} else _family(six)
            said = f"set {key} " + " ".join(entry.words(key)) if key else f"set type {kind}"
            return doubtful(whole, f'address "{entry.name}": {said}')
        line = setting.line if setting is not None else entry.line
        part = Part(found.intervals, line, self._found.shown(line))
        return understood(Numbers(found.intervals, (part,)))

    def _literal(self, entry: Entry, kind: str, six: bool) -> tuple[str, Numbers | None]:
        """The setting that holds the value, and the value; None when it is not understood."""
        if kind in {"ipmask", "ipprefix"}:
            key = "ip6" if six else "subnet"
            words = entry.words(key)
            return key, _family(six) if not words else network(words)
        if kind == "iprange":
            ends = entry.word("start-ip"), entry.word("end-ip")
            return "start-ip", between(*ends)
        if kind == "wildcard":
            return "wildcard", _wildcard(entry.words("wildcard"))
        if kind == "interface-subnet":
            words = entry.words("subnet") or self._subnet_of(entry.word("interface"))
            return "interface", network(words) if words else None
        for key in ("fqdn", "wildcard-fqdn", "country", "sdn", "start-mac", "macaddr", "filter"):
            if key in entry.settings:
                return key, None
        return "", None

    def _subnet_of(self, interface: str) -> tuple[str, ...]:
        section = self._found.common.sections.get("system interface")
        entry = section.entries.get(interface) if section is not None else None
        if entry is None or entry.word("mode") not in {"", "static"}:
            return ()
        return entry.words("ip")


def joined(sets: Iterable[Addresses]) -> Addresses:
    """Everything in any of the sets; the lines it comes from are named once each."""
    several = list(sets)
    if len(several) == 1:
        return several[0]
    why = next((one.why for one in several if one.why), "")
    may = _union([one.may for one in several])
    must = may if not why else _union([one.must for one in several])
    return Addresses(may, must, why)


def negated(one: Addresses, six: bool) -> Addresses:
    """Every other address of the same IP version."""
    whole = _family(six)
    return Addresses(without(whole, one.must), without(whole, one.may), one.why)


def network(words: Sequence[str]) -> Numbers | None:
    """`10.0.0.0 255.0.0.0`, `10.0.0.0/8`, `2001:db8::/32`."""
    if len(words) == 2:
        return masked(words[0], words[1])
    return prefix(words[0]) if len(words) == 1 else None


def interface_address(words: Sequence[str]) -> IPv4Interface | None:
    """The address of an interface; None for none and for what is no address."""
    if not words or len(words) > 2:
        return None
    try:
        own = ip_interface("/".join(words))
    except ValueError:
        return None
    return own if isinstance(own, IPv4Interface) and not own.ip.is_unspecified else None


def _wildcard(words: Sequence[str]) -> Numbers | None:
    """The bits that are set in the second word have to be the same."""
    if len(words) != 2:
        return None
    try:
        free = str(IPv4Address(~int(IPv4Address(words[1])) & 0xFFFFFFFF))
    except AddressValueError:
        return None
    return wildcard(words[0], free)


def _union(sets: Sequence[Numbers]) -> Numbers:
    parts = {id(part): part for one in sets for part in one.parts}
    return numbers((i for one in sets for i in one.intervals), parts.values())


def _with_parts(one: Numbers, parts: tuple[Part, ...]) -> Numbers:
    return Numbers(one.intervals, parts)


def _family(six: bool) -> Numbers:
    return ALL_V6 if six else ALL_V4
