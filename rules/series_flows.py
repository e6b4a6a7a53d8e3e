"""What gets from one zone into another through several gateways, one behind the other.

Each gateway is asked about the packet that the one before sends on, with its addresses translated:
two lists of what each lets through have too much in common where one of them translates. Where a
gateway is left, and where the next one is entered, its own addresses and routes say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from inventory.model import Inventory, Zone
from inventory.text import Text
from rules.facts import Facts, Known
from rules.flows import Flow, Flows, Places, decides_before_unread
from rules.gateways import addresses_of
from rules.packets.admission import Admitted, admitted
from rules.packets.boxes import TooComplicated
from rules.packets.concerned import concerning, translates
from rules.packets.in_series import in_series
from rules.packets.policy import Hop, Policy, Region
from rules.packets.sets import Names, names, numbers

MOST_WAYS = 64
"""Through so many interfaces of the gateways a way is followed."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway of the way and its filter."""

    id: str
    filters: Known[Policy]


@dataclass(frozen=True, slots=True)
class SeriesFlows:
    """Everything that the whole way lets from one zone into the other."""

    certain: tuple[Admitted, ...]
    """What gets through for certain, with the line of each gateway."""
    doubts: tuple[tuple[str, Text], ...]
    """What keeps the picture incomplete, and on which gateway, in the order of the way."""


def flows_through(
    way: Sequence[Gateway],
    origin: Zone,
    target: Zone,
    inventory: Inventory,
    network: Mapping[str, Facts],
) -> SeriesFlows:
    """What the gateways let through together. Raises `TooComplicated`."""
    places = [Places(one.id, one.filters.value, inventory, network) for one in way]
    ends = [(one.towards(origin), one.towards(target)) for one in places]
    traffic = Region(
        source=numbers(addresses_of(origin, inventory)),
        destination=numbers(addresses_of(target, inventory)),
        state=names("new"),
    )
    found = [
        line for hops in _rows(way, ends, traffic) for line in admitted(in_series(*hops), traffic)
    ]
    policies = {one.id: one.filters.value for one in way}
    certain = tuple(
        line
        for line in found
        if line.certain
        and all(decides_before_unread(rule, policies[device]) for device, rule in line.lines)
    )
    doubts = []
    for number, (one, (arriving, leaving)) in enumerate(zip(way, ends, strict=True)):
        unplaced = [zone.id for zone, at in ((target, leaving), (origin, arriving)) if not at]
        last = number == len(way) - 1
        own = [a for a in found if a.why and (a.doubted or (one.id if last else "")) == one.id]
        told = _told(one, origin, own, tuple(unplaced))
        doubts += [(one.id, doubt) for doubt in told.doubts]
    return SeriesFlows(certain, tuple(doubts))


def _told(
    gateway: Gateway, origin: Zone, doubtful: Sequence[Admitted], unplaced: tuple[str, ...]
) -> Flows:
    """What one gateway alone leaves open, in the words that it has when it stands alone."""
    flows = tuple(Flow(origin, a.rule, a.boxes, False, None, a.why) for a in doubtful)
    unread = sum(line.matters for line in gateway.filters.value.unread)
    return Flows(gateway.filters, flows, unread, unplaced)


def _rows(
    way: Sequence[Gateway],
    ends: Sequence[tuple[dict[str, Names], dict[str, Names]]],
    traffic: Region,
) -> Iterator[tuple[Hop, ...]]:
    """The way through each pair of interfaces of each gateway, under every name of theirs."""
    same = not any(translates(gateway.filters.value) for gateway in way)
    each = [
        [
            Hop(gateway.id, _seen(gateway, traffic, coming, going, same=same), entering, leaving)
            for (entry, coming), (exit_, going) in product(arriving.items(), leaving_by.items())
            if entry != exit_
            for entering, leaving in product(sorted(coming.exact), sorted(going.exact))
        ]
        for gateway, (arriving, leaving_by) in zip(way, ends, strict=True)
    ]
    for number, row in enumerate(product(*each)):
        if number == MOST_WAYS:
            raise TooComplicated
        yield row


def _seen(
    gateway: Gateway, traffic: Region, entering: Names, leaving: Names, *, same: bool
) -> Policy:
    """What the gateway has to say of the traffic, which comes to it the same as it was sent or
    not.
    """
    if not same:
        return gateway.filters.value
    here = replace(traffic, entering=entering, leaving=leaving)
    return concerning(gateway.filters.value, here)
