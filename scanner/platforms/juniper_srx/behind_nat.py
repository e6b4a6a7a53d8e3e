"""Output filters, which see what static, destination and source NAT made of a packet.

Juniper TechLibrary, "Juniper Networks Devices Processing Overview" and KB16110: filters are asked
per packet, once before a packet enters the flow and once behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.packets.fields import (
    ALL_ADDRESSES,
    ALL_PROTOCOLS,
    ALL_V4,
    ALL_V6,
    STATES,
    TCP,
    UDP,
)
from rules.packets.policy import (
    Chain,
    Change,
    Region,
    Rewrite,
    Rule,
    Stage,
    not_understood,
)
from rules.packets.sets import NOTHING, Names, Numbers, common, numbers, without
from scanner.platforms.juniper_srx.nat import Translation
from scanner.platforms.juniper_srx.source_nat import Sent

_PORTED = numbers([(TCP, TCP), (UDP, UDP)])
_NEW = Names(frozenset({"new"}))
_LATER = Names(frozenset(STATES) - {"new"})
_WHY = "an output filter sees translated addresses"


@dataclass(frozen=True)
class Behind:
    """Stages that translate, and the packets whose translation nobody can say."""

    stages: tuple[Stage, ...]
    doubts: tuple[Rule, ...]


def behind(there: Sequence[Translation], out: Sequence[Sent], looked_at: frozenset[str]) -> Behind:
    """What stands before the output filters; `looked_at` are the fields that they ask about.

    A translation that changes nothing that the filters ask about leaves no doubt.
    """
    doubts = [*_of_destinations(there), *_of_sources(out, looked_at)]
    first = tuple(rewrite for one in there for rewrite in _destination(one))
    second = tuple(Rewrite(_line(one.line, one.text, one.match), one.source) for one in out)
    nobody = Region(source=NOTHING)
    stages = tuple(
        Stage(PASSED, nobody, lines[0].rule.line, lines[0].rule.text, rewrites=lines)
        for lines in (first, second)
        if any(one.changes for one in lines)
    )
    return Behind(stages, tuple(doubts))


PASSED = "network address translation"
"""A chain that lets everything pass: only the translations of its stage matter."""


def fields_of(chains: Mapping[str, Chain], starts: Iterable[str]) -> frozenset[str]:
    """The fields that are asked about by chains and those that they lead to."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name in seen or name not in chains:
            continue
        seen.add(name)
        for rule in chains[name].rules:
            waiting += [rule.target] if rule.target else []
            for region in rule.may:
                found |= {key for key in _ASKED if _narrows(region, key)}
    return frozenset(found)


_ASKED = ("source", "source_port")


def _narrows(region: Region, key: str) -> bool:
    values = getattr(region, key)
    return values is not None and values not in _WHOLE


def _line(line: int, text: str, match: Region) -> Rule:
    """Its first packets: of later ones it is not told which way they go."""
    return Rule("continue", line, text, (replace(match, state=_NEW),))


def _perhaps(line: int, text: str, region: Region) -> Iterator[Rule]:
    return (replace(rule, may=(region,)) for rule in not_understood(line, text, _WHY))


def _destination(one: Translation) -> Iterator[Rewrite]:
    """The line; where its outcome is not certain, one that changes nothing."""
    if not _is_certain(one) or one.target is None:
        yield Rewrite(_line(one.line, one.text, one.match))
        return
    to = one.target[0]
    outer = one.match.destination
    shift = one.shifted and outer is not None
    change = Change(to - outer.intervals[0][0], shifts=True) if shift and outer else Change(to)
    if one.port is None:
        yield Rewrite(_line(one.line, one.text, one.match), destination=change)
        return
    own = one.match.protocol or ALL_PROTOCOLS
    ported, others = common(own, _PORTED), without(own, _PORTED)
    if ported:
        rule = _line(one.line, one.text, replace(one.match, protocol=ported))
        yield Rewrite(rule, destination=change, destination_port=Change(one.port))
    if others:
        rule = _line(one.line, one.text, replace(one.match, protocol=others))
        yield Rewrite(rule, destination=change)


def _is_certain(one: Translation) -> bool:
    return not one.why and (one.target is None or one.shifted or one.target[0] == one.target[1])


def _of_destinations(there: Sequence[Translation]) -> Iterator[Rule]:
    """Packets to one of several addresses; of later packets either end may be translated."""
    for one in there:
        if not _is_certain(one):
            # by then the source may be another one
            to = replace(one.match, source=None, source_port=None)
            yield from _perhaps(one.line, one.text, to)
        elif one.target is not None:
            source = Numbers((one.target,))
            replies = Region(source=source, leaving=one.match.entering, state=_LATER)
            yield from _perhaps(one.line, one.text, replace(one.match, state=_LATER))
            yield from _perhaps(one.line, one.text, replies)


def _of_sources(out: Sequence[Sent], looked_at: frozenset[str]) -> Iterator[Rule]:
    """Packets whose source or port is one of several; later packets as well."""
    for one in out:
        if not one.why and one.source is None:
            continue
        back = Region(entering=one.match.leaving, leaving=one.match.entering, state=_LATER)
        yield from _perhaps(one.line, one.text, back)
        if looked_at:
            yield from _perhaps(one.line, one.text, replace(one.match, state=_LATER))
        if one.why and looked_at:
            yield from _perhaps(one.line, one.text, one.match)
        elif one.any_port and "source_port" in looked_at:
            yield from _perhaps(one.line, one.text, _as_sent_out(one))


def _as_sent_out(one: Sent) -> Region:
    """The packets with the source that they have by then, as far as they have ports."""
    at = one.source.value if one.source is not None else 0
    ported = common(one.match.protocol or ALL_PROTOCOLS, _PORTED)
    return replace(one.match, source=Numbers(((at, at),)), source_port=None, protocol=ported)


_WHOLE = (ALL_ADDRESSES, ALL_V4, ALL_V6)
