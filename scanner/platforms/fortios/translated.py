"""What one virtual firewall (VDOM) has made of a packet when the next one is asked.

Fortinet, "FortiOS Administration Guide", Inter-VDOM routing: each VDOM asks its own policies and
translates by its own virtual IPs and policies, so the second one sees what the first one made.
Destinations are followed; a source that `set nat enable` changes is not, because it comes from a
pool or from the interface, with a port that nobody can say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rules.packets.fields import ALL_ADDRESSES, ALL_PORTS, ALL_V4, ALL_V6
from rules.packets.policy import Chain, Region, Rewrite, Rule, not_understood
from rules.packets.sets import Names
from scanner.platforms.fortios.central_nat import sent_to
from scanner.platforms.fortios.tree import Entry
from scanner.platforms.fortios.vips import Vip

DESTINATION: Final = "the VDOM before translates the destination"
SOURCE: Final = "the VDOM before translates the source"
_CENTRAL: Final = "firewall central-snat-map"


@dataclass(frozen=True, slots=True)
class Translated:
    """Translations of one VDOM, in the words of packets as they come to it."""

    arriving: tuple[Rewrite, ...] = ()
    """Before its own policies are asked: central NAT."""
    sent_on: tuple[Rewrite, ...] = ()
    """By virtual IPs that its policies name; the policies themselves know both addresses."""
    doubts: tuple[Rule, ...] = ()
    """Packets of which nobody can say what the next VDOM sees."""
    renamed: tuple[Rule, ...] = ()
    """Policies that change the source."""


def unsaid(vips: Iterable[Vip], shown: Callable[[int], str]) -> Iterator[Rule]:
    """Packets to virtual IPs without one certain outcome."""
    for vip in vips:
        for rule in not_understood(vip.line, shown(vip.line), DESTINATION):
            yield replace(rule, may=(sent_to(vip),))


def renamed_centrally(vdom: Entry, shown: Callable[[int], str]) -> Iterator[Rule]:
    """Sources that the table of central NAT may change: of any packet."""
    for entry in vdom.entries(_CENTRAL):
        if entry.word("status") != "disable" and entry.word("nat") != "disable":
            yield from not_understood(entry.line, shown(entry.line), SOURCE)


def of_renamed(
    rules: Iterable[Rule], regions: Callable[[Rule], tuple[Region, ...]]
) -> Iterator[Rule]:
    """Packets of these policies, as far as the next VDOM meets them."""
    for rule in rules:
        may = regions(rule)
        for doubt in not_understood(rule.line, rule.text, SOURCE) if may else ():
            yield replace(doubt, may=may)


def asks_for_sources(chains: Mapping[str, Chain]) -> bool:
    """Some line is about packets from certain addresses or ports only."""
    return any(
        region.source not in _ANYWHERE or region.source_port not in {None, ALL_PORTS}
        for chain in chains.values()
        for rule in chain.rules
        for region in rule.may
    )


_ANYWHERE: Final = (None, ALL_ADDRESSES, ALL_V4, ALL_V6)


def within(
    rewrites: Iterable[Rewrite], here: Names, there: Names, end: str | None = None
) -> tuple[Rewrite, ...]:
    """The translations for packets from here to there; with `end` for those that come to a second
    VDOM through this end of the link.
    """
    found = []
    for one in rewrites:
        regions = []
        for region in one.rule.may:
            through = region.entering
            if end is not None:
                place = here if through is None or end in through else None
            elif through is None:
                place = here
            else:
                place = Names(frozenset(name for name in here.exact if name in through))
            if place is not None and place.exact:
                regions.append(replace(region, entering=place, leaving=there))
        if regions:
            found.append(replace(one, rule=replace(one.rule, may=tuple(regions))))
    return tuple(found)
