"""From which addresses a packet filter lets a host be reached at a TCP port, as exact sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from rules.network_facts import Address
from rules.packets import fields
from rules.packets.admission import Admitted, admitted
from rules.packets.boxes import DESTINATION, SOURCE, TooComplicated
from rules.packets.policy import Chain, Policy, Region, Rule
from rules.packets.residual import TooComplex
from rules.packets.sets import Names, Numbers, numbers

WAYS_MAX = 2_000
DEPTH_MAX = 64
LINES_MAX = 5_000
"""Lines about the port, jumps followed. A filter with more of them is not looked through here."""

_ALL: Final = {4: fields.ALL_V4, 6: fields.ALL_V6}
_NEW: Final = Names(frozenset({"new"}))
_LOOPBACK: Final = frozenset({"lo"})


@dataclass(frozen=True, slots=True)
class Sources:
    """Addresses of one version of IP that can open a connection to the port."""

    sure: Numbers
    possible: Numbers
    """The sure ones, and those of which it cannot be told."""
    rules: tuple[Rule, ...]
    """Lines that let them, or might."""
    why: str = ""
    """What leaves some of them open."""


def sources(
    policy: Policy, version: int, port: int, own: Sequence[Address], interfaces: frozenset[str]
) -> Sources:
    """Who comes to the port over one version of IP, by whatever interface but the loopback one.

    `own` and `interfaces` are the host's addresses and the names of its interfaces; empty where
    they are not known. Raises TooComplicated.
    """
    outside = Names(interfaces - _LOOPBACK) if interfaces else Names(_LOOPBACK, all_but=True)
    traffic = Region(
        source=_ALL[version],
        protocol=Numbers(((fields.TCP, fields.TCP),)),
        destination_port=Numbers(((port, port),)),
        flags=Numbers(((fields.SYN, fields.SYN),)),
        entering=outside,
        state=_NEW,
    )
    small = _about(policy, port)
    _check_size(small)
    try:
        lines = admitted(small, traffic)
    except TooComplex:
        raise TooComplicated from None
    return Sources(
        _of(lines, own, sure=True),
        _of(lines, own, sure=False),
        tuple(line.rule for line in lines if line.rule is not None),
        next((line.why for line in lines if not line.certain), ""),
    )


def is_anybody(found: Numbers, version: int) -> bool:
    """More than half of all addresses: a list of those that may not come names nobody who may."""
    return 2 * found.size > _ALL[version].size


def _of(lines: Sequence[Admitted], own: Sequence[Address], *, sure: bool) -> Numbers:
    places = [fields.place(address) for address in own]
    return numbers(
        box[SOURCE]
        for line in lines
        if line.certain or not sure
        for box in line.boxes
        if not places or any(box[DESTINATION][0] <= at <= box[DESTINATION][1] for at in places)
    )


def _about(policy: Policy, port: int) -> Policy:
    """The policy without the lines that no connection to the port meets."""
    chains = {
        name: Chain(
            name,
            tuple(rule for rule in chain.rules if any(_meets(one, port) for one in rule.may)),
            chain.default,
            chain.line,
            chain.why,
        )
        for name, chain in policy.chains.items()
    }
    return Policy(policy.stages, chains, policy.unread, policy.zones)


def _meets(region: Region, port: int) -> bool:
    return (
        (region.protocol is None or fields.TCP in region.protocol)
        and (region.destination_port is None or port in region.destination_port)
        and (region.flags is None or fields.SYN in region.flags)
        and (region.state is None or "new" in region.state)
    )


def _check_size(policy: Policy) -> None:
    """Raises TooComplicated where so many lines could be combined that it takes too long."""
    known: dict[str, int] = {}
    sizes = [_size(policy, stage.chain, known, 0) for stage in policy.stages]
    if sum(sizes) > LINES_MAX:
        raise TooComplicated
    permits = {
        name: 1 + sum(rule.action == "permit" for rule in chain.rules)
        for name, chain in policy.chains.items()
    }
    ways = prod(
        sum(permits[name] for name in _reached(policy, stage.chain)) for stage in policy.stages
    )
    if ways > WAYS_MAX and len(policy.stages) > 1:
        raise TooComplicated


def _size(policy: Policy, name: str, known: dict[str, int], depth: int) -> int:
    """Lines of the chain with those of all jumps; one that leads to itself has too many."""
    if depth > DEPTH_MAX:
        return LINES_MAX + 1
    if name not in known:
        known[name] = LINES_MAX + 1
        chain = policy.chains.get(name)
        rules = chain.rules if chain is not None else ()
        total = 1
        for rule in rules:
            total += 1
            if rule.target is not None:
                total += _size(policy, rule.target, known, depth + 1)
            if total > LINES_MAX:
                break
        known[name] = min(total, LINES_MAX + 1)
    return known[name]


def _reached(policy: Policy, start: str) -> Iterator[str]:
    """The chain and all that it leads to, each once."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in policy.chains:
            continue
        seen.add(name)
        yield name
        waiting += [rule.target for rule in policy.chains[name].rules if rule.target]
