"""Hosts that may be reached under another address, because a gateway translates destinations.

Rules of access control speak of the address to which a packet was sent, so that translation changes
nothing in them. A packet to one address may still reach a host with another; which ones do depends
on routes and proxies of ARP, so that such hosts are left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.packets.policy import EVERYTHING, Region, Rule
from scanner.platforms.checkpoint.addresses import Addresses
from scanner.platforms.checkpoint.layers import layers
from scanner.platforms.checkpoint.objects import Place, Thing, text, uid_of
from scanner.platforms.checkpoint.saved import Entry, Saved

_NO_NAT = "translation of destinations, which is not in these documents (show nat-rulebase)"


def reached_otherwise(found: Saved, package: Thing | None, place: Place) -> Iterator[Rule]:
    """Lines that leave open what the layers deny to such hosts. `place`: of the layer."""
    if package is not None and package.get("nat-policy") is False:
        return
    bases = layers(found.pages, "nat")
    if len(bases) != 1:
        yield _maybe(place, EVERYTHING, _NO_NAT, _NO_NAT)
        return
    (base,) = bases.values()
    addresses = Addresses(found.things)
    for entry in base.entries:
        if entry.data.get("enabled") is not False:
            yield from _of_rule(entry, found, addresses)
    if base.why_not_whole:
        at = base.at or base.place
        yield _maybe(at, EVERYTHING, base.why_not_whole, _NO_NAT)


def _of_rule(entry: Entry, found: Saved, addresses: Addresses) -> Iterator[Rule]:
    data = entry.data
    shown = f"NAT rule {entry.number} {text(data.get('name'))}".strip()
    if data.get("type") != "nat-rule" or data.get("method") not in {"static", "hide", "nat64"}:
        yield _maybe(entry.place, EVERYTHING, shown, "a NAT rule that is not understood")
        return
    for uid in _destinations(data, found):
        extent = addresses.of(uid) if uid is not None else None
        inside = None if extent is None else extent.may
        if inside is None or inside:
            yield _maybe(entry.place, Region(destination=inside), shown, "translation of addresses")


def _destinations(data: Mapping[str, Any], found: Saved) -> Iterator[str | None]:
    """Objects whose hosts are reached under other addresses; None for one that is not shown."""
    target = uid_of(data.get("translated-destination"))
    thing = found.things.get(target or "")
    if thing is None or not (thing.kind == "Global" and thing.name == "Original"):
        yield target
    if data.get("method") == "static" and data.get("auto-generated") is not False:
        # made from the settings of an object, and works in both directions
        yield uid_of(data.get("original-source"))


def _maybe(place: Place, region: Region, shown: str, why: str) -> Rule:
    return Rule("permit", place.line, shown, (region,), (), why=why, file=place.file)
