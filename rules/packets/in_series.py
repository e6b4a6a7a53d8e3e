"""Several devices passed one after another, as one policy.

What a device says of the place between it and the next is settled by the way itself, so the names
of its interfaces never meet those of another device. What is left speaks of the packet alone, as
the devices before have translated it, and the proof needs to know nothing of devices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rules.packets.policy import Chain, Hop, Rule, Series, Stage
from rules.packets.preimage import Preimage


def in_series(*hops: Hop) -> Series:
    """The policy of the whole way: a packet passes it when it passes each device in this order.

    Every inner place has to be given, and each device is passed once: its memory of connections is
    its own. A hop that is a way of several devices itself counts as these. Raises ValueError.
    """
    flat = tuple(_flat(hops))
    devices = [hop.device for hop in flat]
    if not flat or len(set(devices)) < len(devices):
        raise ValueError(f"each device once, and at least one: {devices}")
    if any(one.leaving is None or then.entering is None for one, then in pairwise(flat)):
        raise ValueError(f"the places between {devices} are not all given")
    stages: list[Stage] = []
    chains: dict[str, Chain] = {}
    originals: dict[int, Rule] = {}
    for number, hop in enumerate(flat):
        back = Preimage({}, hop.places)
        mark = f"\0{number}"  # no configuration has it in a name
        for stage in hop.policy.stages:
            if not stage.rewrites and back.region(stage.concerns) is None:
                continue
            asked = back.stage(stage, hop.policy, chains, mark)
            rewrites = tuple(back.rewrite(one) for one in stage.rewrites)
            stages.append(replace(asked, rewrites=rewrites, device=hop.device))
        originals |= back.originals
    unread = tuple(replace(line, device=hop.device) for hop in flat for line in hop.policy.unread)
    return Series(tuple(stages), chains, unread, hops=flat, originals=originals)


def _flat(hops: Sequence[Hop]) -> Iterator[Hop]:
    """The devices, with the places that an outer way gives to the ends of an inner one."""
    for hop in hops:
        inner = list(hop.policy.hops)
        if not inner:
            yield hop
            continue
        if inner[0].entering is None:
            inner[0] = replace(inner[0], entering=hop.entering)
        if inner[-1].leaving is None:
            inner[-1] = replace(inner[-1], leaving=hop.leaving)
        yield from inner
