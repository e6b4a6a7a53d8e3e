"""Conditions put together: packets in the result are those that the parts say."""

from __future__ import annotations

import random

import pytest

from rules.packets.sets import Names, Numbers, names, numbers
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    NEVER,
    Box,
    Condition,
    both,
    box,
    doubtful,
    either,
    negated,
    subtracted,
)

PORTS = range(0, 12)
INTERFACES = ("eth0", "eth1", "wan0", "lo")
STATES = ("new", "established", "invalid")
ALL = [
    {"source_port": a, "destination_port": b, "entering": name, "state": state}
    for a in PORTS
    for b in (0, 5, 9)
    for name in INTERFACES
    for state in STATES
]


def inside(boxes: tuple[Box, ...], packet: dict[str, int | str]) -> bool:
    return any(all(packet[name] in values for name, values in one.items()) for one in boxes)  # type: ignore[operator]


def some_numbers(chance: random.Random) -> Numbers:
    ends = sorted(chance.sample(PORTS, 4))
    return numbers([(ends[0], ends[1]), (ends[2], ends[3])])


def some_condition(chance: random.Random) -> Condition:
    wanted: dict[str, Numbers | Names] = {}
    if chance.random() < 0.6:
        wanted["source_port"] = some_numbers(chance)
    if chance.random() < 0.4:
        wanted["destination_port"] = some_numbers(chance)
    if chance.random() < 0.5:
        some = chance.sample(["eth0", "eth1", "eth*", "wan0"], 2)
        wanted["entering"] = names(*some, all_but=chance.random() < 0.5)
    if chance.random() < 0.4:
        wanted["state"] = Names(frozenset(chance.sample(STATES, 2)))
    found = box(**wanted)
    return found if chance.random() < 0.8 else doubtful("x", found.may)


@pytest.mark.parametrize("seed", range(40))
def test_what_must_match_does_and_what_may_not_does_not(seed: int) -> None:
    chance = random.Random(seed)
    one, other = some_condition(chance), some_condition(chance)
    for packet in ALL:
        can = [inside(c.may, packet) for c in (one, other)]
        does = [inside(c.certain, packet) for c in (one, other)]
        for found, possible, certain in (
            (both(one, other), all(can), all(does)),
            (either([one, other]), any(can), any(does)),
            (negated(one), not does[0], not can[0]),
        ):
            assert inside(found.may, packet) >= possible
            assert inside(found.certain, packet) <= certain
            if found.must is None:
                assert inside(found.may, packet) == possible == certain


def test_the_ends() -> None:
    assert both(ALWAYS, ALWAYS).may == ({},)
    assert both(NEVER, ALWAYS).may == ()
    assert negated(NEVER).may == ({},)
    assert negated(ALWAYS).may == ()
    assert box(source_port=Numbers(())) is NEVER


def test_a_difference_of_too_many_boxes_is_given_up() -> None:
    cuts = [
        {"source_port": Numbers(((n, n),)), "destination_port": Numbers(((n, n),))}
        for n in range(1000)
    ]
    assert subtracted(({},), cuts) is None
    assert negated(Condition(tuple(cuts))).certain == ()


def test_names_that_cannot_be_put_together_leave_a_doubt() -> None:
    found = both(box(entering=names("eth*")), box(entering=names("eth1", all_but=True)))
    assert found.must == ()
    assert inside(found.may, {"entering": "eth0"})
    assert both(box(entering=names("eth0", "wan0")), box(entering=names("eth*"))).must is None
