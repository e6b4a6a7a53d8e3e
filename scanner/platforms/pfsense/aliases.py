"""Aliases: hosts, networks and ports under a name, nested, from either place they are kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rules.packets.fields import ALL_ADDRESSES, ALL_PORTS
from rules.packets.sets import NOTHING, Numbers, Part, common, numbers
from scanner.evidence import printable
from scanner.platforms.netconfig.addresses import between, prefix
from scanner.platforms.netconfig.doubt import Extent, all_but, together
from scanner.platforms.netconfig.port_names import TCP_PORTS, UDP_PORTS
from scanner.platforms.netconfig.services import port_span
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.pfsense.config import Config
from scanner.platforms.pfsense.interfaces import ANYWHERE, Ports

_STATIC = frozenset({"host", "network", "networkgroup", "port"})
"""Kinds whose members stand in the file; all others are fetched or filled at run time."""


@dataclass(frozen=True, slots=True)
class Alias:
    name: str
    kind: str
    members: tuple[tuple[str, int], ...]
    """What is written, and its line."""
    enabled: bool | None


class Aliases:
    """Names and literal values as sets; every alias is one set that all rules share."""

    def __init__(self, config: Config, ports: Ports) -> None:
        self._ports = ports
        self._aliases = {alias.name: alias for alias in _aliases(config)}
        self._addresses: dict[str, Extent] = {}
        self._numbers: dict[str, Extent] = {}

    def addresses(self, word: str) -> Extent:
        """What a source or destination means: `any`, `lan`, `lanip`, an alias, a network."""
        known = self._addresses.get(word)
        if known is None:
            known = self._addresses[word] = self._address(word)
        return known

    def ports(self, word: str) -> Extent:
        """What a port means: `22`, `1024-65535`, `https`, an alias."""
        known = self._numbers.get(word)
        if known is None:
            known = self._numbers[word] = self._port(word)
        return known

    def _address(self, word: str) -> Extent:
        if word in ANYWHERE:
            return Extent()
        if word == "(self)":
            own = self._ports.own
            dynamic = any(port.dynamic for port in self._ports.by_key.values())
            return Extent(None, own, "(self)") if dynamic else Extent(own, own)
        if word in self._ports.by_key or word in self._ports.groups:
            return self._ports.network(word)
        if word.endswith("ip") and word[:-2] in self._ports.by_key:
            return self._ports.address(word[:-2])
        values = _literal(word)
        if values is not None:
            return Extent(values, values)
        return self._alias(word, (), _literal, ALL_ADDRESSES, {"port"})

    def _port(self, word: str) -> Extent:
        if word in ANYWHERE:
            return Extent()
        values = _port_literal(word)
        if values is not None:
            return Extent(values, values)
        return self._alias(word, (), _port_literal, ALL_PORTS, _STATIC - {"port"})

    def _alias(
        self,
        name: str,
        above: tuple[str, ...],
        literal: Callable[[str], Numbers | None],
        whole: Numbers,
        not_of: Iterable[str],
    ) -> Extent:
        alias = self._aliases.get(name)
        if alias is None:
            return Extent(None, NOTHING, f"alias {printable(name, 60)}, which the file lacks")
        if alias.kind not in _STATIC or alias.kind in not_of or alias.enabled is not True:
            return Extent(None, NOTHING, f"alias {printable(name, 60)} ({alias.kind})")
        if name in above:
            return Extent(None, NOTHING, f"alias {printable(name, 60)} refers to itself")
        inside: list[Extent] = []
        outside: list[Extent] = []
        parts: list[Part] = []
        open_for = ""
        for member, line in alias.members:
            word = member.removeprefix("!")
            values = literal(word)
            if values is None:
                found = self._alias(word, (*above, name), literal, whole, not_of)
                open_for = open_for or (found.why and f"{member} in alias {name}")
            else:
                found = Extent(values, values)
            (outside if member.startswith("!") else inside).append(found)
            for part in (found.must,) if found.must and not member.startswith("!") else ():
                parts.append(Part(part.intervals, line, printable(member)))
        return _made(inside, outside, parts, printable(open_for, 120), whole)


def _made(
    inside: list[Extent], outside: list[Extent], parts: list[Part], why: str, whole: Numbers
) -> Extent:
    """The alias as one set; a member that is an exception takes its values away."""
    if outside:
        # the order in which pf keeps exceptions in a table is that of the longest prefix
        left = together(inside) if inside else Extent(NOTHING, NOTHING)
        cut = all_but(together(outside), whole)
        return Extent(
            left.may,
            common(left.must or NOTHING, cut.must or NOTHING),
            why or "an exception in an alias",
        )
    if not inside:
        return Extent(NOTHING, NOTHING)
    all_of_it = together(inside)
    must = all_of_it.must
    values = numbers(must.intervals if must is not None else whole.intervals, parts)
    return Extent(None, values, why) if why else Extent(values, values)


def _literal(word: str) -> Numbers | None:
    network, slash, mask = word.partition("/")
    if "-" in network and not slash:
        first, _, last = network.partition("-")
        return between(first.strip(), last.strip())
    if not (network[:1].isdigit() or ":" in network) or "." in mask:
        return None
    return _usual(network, mask if slash else "32") or prefix(word)


def _usual(network: str, length: str) -> Numbers | None:
    """`10.1.0.0` and `24`, of which a large file has thousands; None for all other spellings."""
    parts = network.split(".")
    if len(parts) != 4 or not (length.isascii() and length.isdigit()) or len(length) > 2:
        return None
    if int(length) > 32:
        return None
    value = 0
    for part in parts:
        if not (part.isascii() and part.isdigit()) or part != str(int(part[:4])) or int(part) > 255:
            return None
        value = value << 8 | int(part)
    free = (1 << 32 - int(length)) - 1
    return Numbers(((value & ~free, value | free),))


def _port_literal(word: str) -> Numbers | None:
    for mark in (":", "-"):
        first, found, last = word.partition(mark)
        if found:
            span = port_span(first.strip() or "1", last.strip() or "65535")
            return Numbers((span,)) if span else None
    span = port_span(word)
    if span is None:
        number = TCP_PORTS.get(word.lower(), UDP_PORTS.get(word.lower()))
        span = (number, number) if number is not None else None
    return Numbers((span,)) if span else None


def _aliases(config: Config) -> Iterable[Alias]:
    section = config.root.child("aliases")
    for node in section.named("alias") if section is not None else ():
        yield Alias(node.value("name"), node.value("type"), _members(node, "address"), True)
    models = config.root.at("OPNsense", "Firewall", "Alias", "aliases")
    for node in models.named("alias") if models is not None else ():
        enabled = config.set_in(node, "enabled") if node.child("enabled") is not None else True
        yield Alias(node.value("name"), node.value("type"), _members(node, "content"), enabled)


def _members(node: Node, name: str) -> tuple[tuple[str, int], ...]:
    child = node.child(name)
    if child is None:
        return ()
    rows = child.text.split("\n")
    return tuple((word, child.line + n) for n, row in enumerate(rows) for word in row.split())
