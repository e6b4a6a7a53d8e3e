"""Address books: zone-attached before global, sets in sets."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address

from rules.packets.sets import NOTHING, Interval, Numbers, Part, numbers, without
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.netconfig import addresses
from scanner.platforms.netconfig.word_tree import Node

DEPTH_MAX = 16
ANY = {"any": addresses.ANY, "any-ipv4": addresses.ANY_V4, "any-ipv6": addresses.ANY_V6}

Found = tuple[Numbers, str]
"""The addresses that are certain, and why there may be others; empty when there are none."""


class Books:
    """Every address of the configuration by the zone that asks."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._of_zone: dict[str, list[Node]] = {}
        self._global: list[Node] = []
        for book in source.root.each("security", "address-book"):
            zones = [zone.word for zone in book.each("attach", "zone")]
            if book.word == "global":
                self._global.append(book)
            for zone in zones:
                self._of_zone.setdefault(zone, []).append(book)
        for zone_node in source.root.each("security", "zones", "security-zone"):
            own = zone_node.get("address-book")
            if own is not None:
                self._of_zone.setdefault(zone_node.word, []).append(own)
        self._known: dict[tuple[str | None, str], Found] = {}
        self._lists: dict[tuple[str | None, tuple[str, ...], bool], Found | None] = {}

    def named(self, zone: str | None, name: str, depth: int = 0) -> Found:
        """An address or set as policies of that zone see it; None = a global policy."""
        if name in ANY:
            return ANY[name], ""
        key = (zone, name)
        if key not in self._known:
            self._known[key] = (NOTHING, f"address-set {name}")  # a set that holds itself
            self._known[key] = self._looked_up(zone, name, depth)
        return self._known[key]

    def listed(self, zone: str | None, wanted: tuple[str, ...], excluded: bool) -> Found | None:
        """All addresses of a list together, or all others; None = any address."""
        key = (zone, wanted, excluded)
        if key not in self._lists:
            self._lists[key] = self._together(zone, wanted, excluded)
        return self._lists[key]

    def _together(self, zone: str | None, wanted: tuple[str, ...], excluded: bool) -> Found | None:
        if "any" in wanted and not excluded:
            return None
        found = [self.named(zone, name) for name in wanted]
        why = next((reason for _, reason in found if reason), "")
        if len(found) == 1:
            whole = found[0][0]
        else:
            whole = numbers(
                [interval for one, _ in found for interval in one.intervals],
                [part for one, _ in found for part in one.parts],
            )
        return (without(addresses.ANY, whole), why) if excluded else (whole, why)

    def _looked_up(self, zone: str | None, name: str, depth: int) -> Found:
        if depth > DEPTH_MAX:
            return NOTHING, f"address-set {name} is nested too deep"
        books = [*(self._of_zone.get(zone, ()) if zone is not None else ()), *self._global]
        for book in books:
            entry = book.get("address", name)
            if entry is not None:
                return self._address(entry)
            whole = book.get("address-set", name)
            if whole is not None:
                return self._set(zone, whole, depth)
        literal = addresses.prefix(name)
        if literal is not None and not books:
            return literal, ""
        return NOTHING, f"address {name} is not defined"

    def _address(self, entry: Node) -> Found:
        words = {node.word: node for node in entry.below.values()}
        found: list[Numbers] = []
        why = ""
        for word, node in words.items():
            one: Numbers | None = None
            if word == "wildcard-address":
                one = wildcard_mask(next(iter(node.below), ""))
            elif word == "range-address":
                first = next(iter(node.below.values()), None)
                last = first.value("to") if first is not None else None
                if first is not None and last is not None:
                    one = addresses.between(first.word, last.word)
            elif word == "dns-name":
                why = f"dns-name {next(iter(node.below), '')}"
                continue
            elif word in {"description", "apply-groups"}:
                continue
            else:
                one = addresses.prefix(word)
            if one is None:
                why = f"address {entry.word} {word}"
            else:
                found.append(one)
        text = self._source.text(entry.line)
        spans = [interval for one in found for interval in one.intervals]
        whole = numbers(spans, [Part(tuple(sorted(spans)), entry.line, text)])
        return whole, why if why or found else f"address {entry.word} has no value"

    def _set(self, zone: str | None, whole: Node, depth: int) -> Found:
        members = [*whole.each("address"), *whole.each("address-set")]
        spans: list[Interval] = []
        parts: list[Part] = []
        why = ""
        for member in members:
            one, reason = self.named(zone, member.word, depth + 1)
            why = why or reason
            spans += one.intervals
            parts.append(Part(one.intervals, member.line, self._source.text(member.line)))
        return numbers(spans, parts), why


def wildcard_mask(text: str) -> Numbers | None:
    """`1.3.3.4/255.254.255.255`: bits that are not set in the mask may be anything."""
    address, _, mask = text.partition("/")
    try:
        free = IPv4Address(int(IPv4Address(mask)) ^ 0xFFFFFFFF)
    except AddressValueError:
        return None
    return addresses.wildcard(address, str(free))
