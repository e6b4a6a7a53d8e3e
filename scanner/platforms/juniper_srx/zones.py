"""Security zones and the names by which the filters know where packets come in and go out."""

from __future__ import annotations

from collections.abc import Iterable

from rules.packets.sets import Names
from scanner.platforms.juniper_srx.source import Source, fits


class Zones:
    """Zone -> its interfaces; where interfaces have filters of their own, they stand for zones."""

    def __init__(self, source: Source, by_interface: bool) -> None:
        self.members = _members(source)
        self._by_interface = by_interface

    def names(self, zones: Iterable[str]) -> Names | None:
        """The places of any of the zones; None = anywhere."""
        wanted = tuple(zones)
        if "any" in wanted or not wanted:
            return None
        found: set[str] = set()
        for zone in wanted:
            inside = self.members.get(zone, ()) if self._by_interface else ()
            found.update(inside or (zone,))
        return Names(frozenset(found))

    def of_interfaces(self, wanted: Iterable[str]) -> Names:
        """The places of interfaces: their zones, where zones are what the filters speak of."""
        listed = set(wanted)
        if self._by_interface:
            return Names(frozenset(listed))
        zones = {zone for zone, inside in self.members.items() if listed & set(inside)}
        return Names(frozenset(zones | listed))


def _members(source: Source) -> dict[str, tuple[str, ...]]:
    listed: dict[str, list[str]] = {}
    for zone in source.root.each("security", "zones", "security-zone"):
        listed[zone.word] = [with_unit(node.word) for node in zone.each("interfaces")]
    taken = {name for names in listed.values() for name in names}
    others = [name for name in units(source) if name not in taken]
    for zone_name, names in listed.items():
        if {"all.0", "any.0"} & set(names):
            listed[zone_name] = [n for n in names if n not in {"all.0", "any.0"}] + others
    return {zone: tuple(names) for zone, names in listed.items()}


def units(source: Source) -> list[str]:
    """Every logical interface that is configured."""
    found = []
    for interface in source.root.each("interfaces"):
        if interface.word in {"interface-range", "traceoptions"}:
            continue
        found += [f"{interface.word}.{unit.word}" for unit in interface.each("unit")]
    return found


def with_unit(name: str) -> str:
    """Junos takes `ge-0/0/0` for `ge-0/0/0.0`."""
    return name if "." in name else f"{name}.0"


def matching(source: Source, pattern: str) -> list[str]:
    """The logical interfaces that a pattern (`xe-0/0/1.*`) names."""
    if not any(mark in pattern for mark in "*?["):
        return [with_unit(pattern)]
    return [name for name in units(source) if fits(pattern, name)]
