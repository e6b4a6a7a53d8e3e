"""Addresses, services and applications by name, from the nearest scope that defines them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.packets.fields import ICMP, ICMP_V6
from rules.packets.sets import Interval, Numbers, Part, numbers, without
from scanner.platforms.netconfig import addresses
from scanner.platforms.netconfig.services import (
    ANY_SERVICE,
    Service,
    only,
    port_span,
    ports,
)
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.tree import Source

DEPTH_MAX = 16
_TRANSPORT = {"tcp": 6, "udp": 17, "sctp": 132}
_BUILT_IN = {
    "service-http": Service(only(6), None, numbers([(80, 80), (8080, 8080)])),
    "service-https": Service(only(6), None, only(443)),
}

Found = tuple[Numbers, str]
"""The addresses that are certain, and why there may be others."""


class Objects:
    """What rules of one scope see; `scopes` in the order in which names are looked up."""

    def __init__(self, source: Source, scopes: Sequence[Node]) -> None:
        self._source = source
        self._scopes = scopes
        self._known: dict[str, Found] = {}
        self._lists: dict[tuple[str, ...], Found] = {}
        self._services: dict[tuple[str, ...], tuple[tuple[Service, ...], str]] = {}

    def _find(self, kind: str, name: str) -> Node | None:
        found = (scope.get(kind, name) for scope in self._scopes)
        return next((node for node in found if node is not None), None)

    # --- addresses ---------------------------------------------------------------------------

    def listed(self, wanted: tuple[str, ...], negated: bool) -> tuple[Found | None, bool]:
        """All addresses together or all others, None = any; and whether what is known is exact."""
        if "any" in wanted:
            return None, True
        if wanted not in self._lists:
            found = [self.address(name) for name in wanted]
            why = next((reason for _, reason in found if reason), "")
            whole = found[0][0] if len(found) == 1 else _together([one for one, _ in found])
            self._lists[wanted] = (whole, why)
        whole, why = self._lists[wanted]
        if not negated:
            return (whole, why), True
        # what is negated may leave out more than what is known
        return (without(addresses.ANY, whole), why), not why

    def address(self, name: str, depth: int = 0) -> Found:
        if name not in self._known:
            self._known[name] = (numbers(()), f"address-group {name} holds itself")
            self._known[name] = self._looked_up(name, depth)
        return self._known[name]

    def _looked_up(self, name: str, depth: int) -> Found:
        if depth > DEPTH_MAX:
            return numbers(()), f"address-group {name} is nested too deep"
        entry = self._find("address", name)
        group = self._find("address-group", name) if entry is None else None
        if entry is not None:
            return self._entry(entry)
        if group is not None:
            return self._group(group, depth)
        literal = _literal(name)
        if literal is not None:
            return literal, ""
        return numbers(()), self._unknown(name)

    def _unknown(self, name: str) -> str:
        if self._find("external-list", name) is not None or name.startswith("panw-"):
            return f"external-list {name}"
        if len(name) == 2 and name.isalpha():
            return f"region {name}"
        return f"address {name} is not defined"

    def _entry(self, entry: Node) -> Found:
        for word, node in entry.below.items():
            value = node.value()
            if value is None or word in {"description", "tag", "disable-override"}:
                continue
            if word == "fqdn":
                return numbers(()), f"fqdn {value.word}"
            one = _wildcard(value.word) if word == "ip-wildcard" else _literal(value.word)
            if one is None or word not in {"ip-netmask", "ip-range", "ip-wildcard"}:
                return numbers(()), f"{word} {value.word}"
            text = self._source.text(value.line)
            return numbers(one.intervals, [Part(one.intervals, value.line, text)]), ""
        return numbers(()), f"address {entry.word} has no value"

    def _group(self, group: Node, depth: int) -> Found:
        dynamic = group.get("dynamic")
        why = f"dynamic address-group {group.word}" if dynamic is not None else ""
        spans: list[Interval] = []
        parts: list[Part] = []
        for member in group.each("static"):
            one, reason = self.address(member.word, depth + 1)
            why = why or reason
            spans += one.intervals
            parts.append(Part(one.intervals, member.line, self._source.text(member.line)))
        return numbers(spans, parts), why

    # --- services ----------------------------------------------------------------------------

    def services(self, wanted: tuple[str, ...]) -> tuple[tuple[Service, ...], str]:
        """The services together, and what of them is not known."""
        if "any" in wanted:
            return (ANY_SERVICE,), ""
        if wanted not in self._services:
            found = [self._service(name) for name in wanted]
            together = tuple(service for one, _ in found for service in one)
            self._services[wanted] = together, next((why for _, why in found if why), "")
        return self._services[wanted]

    def _service(self, name: str, depth: int = 0) -> tuple[tuple[Service, ...], str]:
        entry = self._find("service", name)
        if entry is not None:
            return _of_entry(entry)
        group = self._find("service-group", name)
        if group is not None and depth <= DEPTH_MAX:
            found = [self._service(n.word, depth + 1) for n in group.each("members")]
            together = tuple(service for one, _ in found for service in one)
            return together, next((why for _, why in found if why), "")
        if name in _BUILT_IN:
            return (_BUILT_IN[name],), ""
        return (ANY_SERVICE,), f"service {name} is not defined"

    # --- applications ------------------------------------------------------------------------

    def default_services(self, wanted: tuple[str, ...]) -> tuple[Service, ...]:
        """The ports on which the applications usually run; any where one is not known."""
        found: list[Service] = []
        for name in self._flat(wanted, 0):
            entry = self._find("application", name)
            listed = entry.get("default") if entry is not None else None
            if listed is None:
                return (ANY_SERVICE,)
            one = _of_application(listed)
            if one is None:
                return (ANY_SERVICE,)
            found += one
        return tuple(found) or (ANY_SERVICE,)

    def _flat(self, wanted: Sequence[str], depth: int) -> Iterator[str]:
        for name in wanted:
            group = self._find("application-group", name)
            if group is None or depth > DEPTH_MAX:
                yield name
            else:
                yield from self._flat([n.word for n in group.each("members")], depth + 1)


def _together(sets: Sequence[Numbers]) -> Numbers:
    return numbers(
        [interval for one in sets for interval in one.intervals],
        [part for one in sets for part in one.parts],
    )


def _literal(text: str) -> Numbers | None:
    """An address, a prefix or a range."""
    if "-" in text:
        first, _, last = text.partition("-")
        return addresses.between(first.strip(), last.strip())
    return addresses.prefix(text)


def _wildcard(text: str) -> Numbers | None:
    address, _, free = text.partition("/")
    return addresses.wildcard(address, free)


def _of_entry(entry: Node) -> tuple[tuple[Service, ...], str]:
    found: list[Service] = []
    for node in entry.each("protocol"):
        number = _TRANSPORT.get(node.word)
        if number is None:
            return (ANY_SERVICE,), f"service {entry.word}: {node.word}"
        values: dict[str, Numbers | None] = {"port": None, "source-port": None}
        for one in node.all():
            value = one.value()
            if one.word in values and value is not None:
                values[one.word] = ports(value.word)
                if values[one.word] is None:
                    return (ANY_SERVICE,), f"service {entry.word}: {one.word} {value.word}"
        found.append(Service(only(number), values["source-port"], values["port"]))
    if not found:
        return (ANY_SERVICE,), f"service {entry.word} has no protocol"
    return tuple(found), ""


def _of_application(default: Node) -> list[Service] | None:
    """`port [ tcp/80 udp/5000-5010 ]`, `ident-by-ip-protocol 89`, `ident-by-icmp-type`."""
    found: list[Service] = []
    for node in default.each("port"):
        name, _, listed = node.word.partition("/")
        number = _TRANSPORT.get(name)
        wanted = None if listed == "dynamic" else ports(listed)
        if number is None or (wanted is None and listed != "dynamic"):
            return None
        found.append(Service(only(number), None, wanted))
    for node in default.each("ident-by-ip-protocol"):
        span = port_span(node.word)
        if span is None or span[1] > 255:
            return None
        found.append(Service(Numbers((span,))))
    for word, number in (("ident-by-icmp-type", ICMP), ("ident-by-icmp6-type", ICMP_V6)):
        if default.get(word) is not None:
            found.append(Service(only(number)))
    return found or None
