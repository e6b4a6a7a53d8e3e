"""Whether two policies answer the same: packets from the edges of the rules of the first one.

The policy of a damaged document may know less than that of the whole one: it may answer `unknown`,
and a line that it lists as unread leaves every answer open. It may not answer something else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from rules.packets.fields import V6_FROM, WITH_PORTS
from rules.packets.interpret import decide
from rules.packets.packet import Packet, is_possible, numbered, usual_flags
from rules.packets.policy import Policy, Region
from rules.packets.sets import Names, Numbers

PROBES = 250
"""At most so many packets are asked, at every edge of every rule one for each line that decides."""
WAYS = 6
"""Pairs of interfaces between which packets of one rule are sent."""
_V4, _V6 = 0xC6120001, V6_FROM + 1
"""Addresses that no rule of a sample names: 198.18.0.1 and ::1."""
_LAST_ADDRESS = V6_FROM + (1 << 128) - 1
_NOWHERE = "elsewhere"


def difference(whole: Any, part: Any) -> Packet | None:
    """The first probe that the damaged policy answers otherwise; None when there is none."""
    if _left_open(whole, part):
        return None
    for packet, before in _asked(_Same(whole)):
        if decide(part, packet).answer not in {before, "unknown"}:
            return packet
    return None


def _left_open(whole: Policy, part: Policy) -> bool:
    """More lines that matter are not understood than before."""
    return _unread(part) > _unread(whole)


def _unread(policy: Policy) -> int:
    return sum(one.matters for one in policy.unread)


class _Same:
    """A policy by identity: it holds dictionaries, and has no hash of its own."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.policy is self.policy


@lru_cache(maxsize=64)
def _asked(same: _Same) -> tuple[tuple[Packet, str], ...]:
    """Probes with the answers of the whole policy: some for every line that decides."""
    policy = same.policy
    found = {packet: edge for edge, packet in probes(policy) if is_possible(packet)}
    seen: set[object] = set()
    chosen: list[tuple[Packet, str]] = []
    for packet, edge in found.items():
        decision = decide(policy, packet)
        by = (decision.answer, decision.rule.line if decision.rule else decision.chain, edge)
        if decision.answer != "unknown" and by not in seen:
            seen.add(by)
            chosen.append((packet, decision.answer))
    if len(chosen) > PROBES:
        chosen = random.Random(0).sample(chosen, PROBES)
    return tuple(chosen)


class _End(NamedTuple):
    """Which edge of every field, and how far outside of it."""

    at: float
    """0: of the first interval; 0.99: of the last; between: of one between."""
    last: bool
    goal: int = 0
    port: int = 0


_ENDS = tuple(
    _End(at, last, *off)
    for at in (0, 0.5, 0.99)
    for last in (False, True)
    for off in ((0, 0), (1, 0), (0, 1))
)


def probes(policy: Policy) -> Iterator[tuple[tuple[int, _End], Packet]]:
    """For every rule, by number: the edges of its fields and just beside, between some places."""
    regions = [r for c in policy.chains.values() for rule in c.rules for r in rule.may]
    regions += [stage.concerns for stage in policy.stages] or [Region()]
    places = _places(policy, regions)
    chance = random.Random(0)
    for number, region in enumerate(regions):
        ways = [
            (_one(region.entering, places, chance), _one(region.leaving, places, chance))
            for _ in range(min(WAYS, len(places) ** 2))
        ]
        for way in dict.fromkeys(ways):
            for end in _ENDS:
                yield (number, end), _packet(region, way, end)


def _places(policy: Policy, regions: Sequence[Region]) -> list[str]:
    """Every interface and zone that the policy names, and one that it does not."""
    found = {_NOWHERE, *policy.zones, *(one for zone in policy.zones.values() for one in zone)}
    for region in [*regions, *(stage.concerns for stage in policy.stages)]:
        for names in (region.entering, region.leaving):
            found |= names.exact if names is not None else frozenset()
    return sorted(found)


def _one(names: Names | None, places: Sequence[str], chance: random.Random) -> str:
    fitting = [place for place in places if names is None or place in names]
    return chance.choice(fitting or places)


def _packet(region: Region, way: tuple[str, str], end: _End) -> Packet:
    protocol = _value(region.protocol, 6, end, 0, 255)
    said = region.source or region.destination
    is_v6 = said is not None and bool(said) and said.intervals[0][0] >= V6_FROM
    here = _V6 if is_v6 else _V4
    ports = (40000, 443) if protocol in WITH_PORTS else (8, 0)
    state = _state(region)
    return numbered(
        _value(region.source, here, end, 0, _LAST_ADDRESS),
        _value(region.destination, here + 1, end, end.goal, _LAST_ADDRESS),
        protocol,
        source_port=_value(region.source_port, ports[0], end, 0, 65535),
        destination_port=_value(region.destination_port, ports[1], end, end.port, 65535),
        flags=usual_flags(protocol, state),
        entering=way[0],
        leaving=way[1],
        state=state,
    )


def _state(region: Region) -> str:
    if region.state is None or region.state.all_but or "new" in region.state:
        return "new"
    return min(region.state.exact, default="new")


def _value(among: Numbers | None, otherwise: int, end: _End, off: int, most: int) -> int:
    """A number at the edge of an interval of the set, or the one beside it."""
    if not among:
        return otherwise
    first, last = among.intervals[int(end.at * len(among.intervals))]
    return min(max(last + off if end.last else first - off, 0), most)
