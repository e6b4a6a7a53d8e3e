"""Filters that ask whether a connection is translated (`connection-nat-state`).

RouterOS, "Common Firewall Matchers and Actions": `connection-nat-state` matches connections whose
destination (`dstnat`) or source (`srcnat`) was translated. At the filter only `dstnat` is decided
for a first packet: `srcnat` comes behind it ("Packet Flow in RouterOS"). Two packets that look the
same at the filter may differ in it, so such a filter is asked once as it stands for packets that no
line translates, and once for each line that translates, of the packet as it was sent.

Related connections may be translated without a line of NAT, and later packets follow their
connection: of these the condition stays in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rules.packets.fields import ALL_ADDRESSES, STATES
from rules.packets.policy import Chain, Policy, Region, Rewrite, Rule, Stage, not_understood
from rules.packets.preimage import Preimage
from rules.packets.sets import NOTHING, Names, Numbers, without
from rules.packets.space import narrowed
from scanner.platforms.netconfig.doubt import Interfaces
from scanner.platforms.nftables.translation import Entry

COPIES_MAX: Final = 50_000
"""So many rules are written out for translated packets; beyond that the condition is in doubt."""
_NEW: Final = Names(frozenset({"new"}))
_LATER: Final = Names(frozenset(STATES) - {"new"})
_ANY: Final = Names(frozenset(STATES))
_NONE: Final = Names(frozenset())
_UNTOLD: Final = "whether the destination is translated cannot be told"


def asked_of(written: str, *, translated: bool) -> Interfaces | None:
    """The states of a connection in which the condition holds, its first packet being translated or
    not; None where it asks for something else.
    """
    words = set(written.removeprefix("!").split(","))
    if not words <= {"dstnat", "srcnat"}:
        return None
    holds = ("dstnat" in words and translated) != (written[0] == "!")
    why = f"connection-nat-state={written}"
    return Interfaces(_ANY, _NEW, why) if holds else Interfaces(_LATER, _NONE, why)


@dataclass(frozen=True)
class Asked:
    """A filter: the stages that packets meet by where they go, and their chains."""

    stages: Sequence[Stage]
    chains: Mapping[str, Chain]


def parted(
    title: str, concerns: Region, plain: Asked, sent_on: Asked, entries: Sequence[Entry]
) -> tuple[Stage, dict[str, Chain]] | None:
    """One stage that asks the filter of every packet as it was sent, and its chains; None when
    that takes too many rules.

    `plain` is the filter for packets that no line translates, `sent_on` for those that one does.
    """
    lines = sum(bool(one.changes) for entry in entries for one in entry.rewrites())
    if lines * sum(len(chain.rules) for chain in sent_on.chains.values()) > COPIES_MAX:
        return None
    chains = dict(plain.chains)
    rules: list[Rule] = []
    for entry in entries:
        for one in entry.rewrites():
            if entry.doubtful:
                rules += _perhaps(one.rule, one.rule.may)
            elif not one.changes:
                rules += _led(one.rule, one.rule.may, plain.stages)
            else:
                asked = _asked_back(one, sent_on, f", {len(rules)}. translated")
                chains |= asked.chains
                rules += _translated(one, asked.stages)
    first = plain.stages[0]
    last = Rule("goto", first.line or 1, first.text)
    chains[title] = Chain(title, (*rules, *_led(last, (concerns,), plain.stages)), "permit")
    return Stage(title, concerns, first.line, first.text), chains


def _led(line: Rule, packets: Sequence[Region], stages: Sequence[Stage]) -> Iterator[Rule]:
    """The packets, led to the stage that concerns them."""
    for stage in stages:
        met = (narrowed(region, stage.concerns) for region in packets)
        may = tuple(region for region in met if region is not None)
        if may:
            yield replace(line, action="goto", may=may, target=stage.chain)


def _translated(line: Rewrite, stages: Sequence[Stage]) -> Iterator[Rule]:
    """A translation to the destination that a packet already has is none."""
    change = line.changes.get("destination")
    moved = list(line.rule.may)
    if change is not None and not change.shifts:
        itself = Numbers(((change.value, change.value),))
        yield from _perhaps(line.rule, tuple(_to(moved, itself)))
        moved = [_elsewhere(region, itself) for region in moved]
    yield from _led(line.rule, [one for one in moved if one.destination != NOTHING], stages)


def _to(regions: Sequence[Region], itself: Numbers) -> Iterator[Region]:
    for region in regions:
        found = narrowed(region, Region(destination=itself))
        if found is not None:
            yield found


def _elsewhere(region: Region, itself: Numbers) -> Region:
    return replace(region, destination=without(region.destination or ALL_ADDRESSES, itself))


def _perhaps(line: Rule, may: tuple[Region, ...]) -> Iterator[Rule]:
    for rule in not_understood(line.line, line.text, _UNTOLD, line.file) if may else ():
        yield replace(rule, may=may)


def _asked_back(line: Rewrite, sent_on: Asked, mark: str) -> Asked:
    """The filter, in the words of packets before the line translates them."""
    chains: dict[str, Chain] = {}
    policy = Policy(chains=dict(sent_on.chains))
    back = Preimage(line.changes)
    stages = [back.stage(stage, policy, chains, mark) for stage in sent_on.stages]
    return Asked(stages, {name: replace(one, name=name) for name, one in chains.items()})
