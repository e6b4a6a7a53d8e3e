"""Zones found by their prefixes, compared with looking at every one."""

from __future__ import annotations

import gc
import random
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from weakref import ref

import pytest

from inventory.prefixes import Prefixes
from inventory.remembered import Remembered


def invented(chance: random.Random) -> IPv4Network | IPv6Network:
    if chance.random() < 0.3:
        return IPv6Network((chance.getrandbits(8) << 120, chance.choice([0, 4, 8])), strict=False)
    length = chance.choice([0, 8, 12, 14, 16, 24, 32])
    return IPv4Network((10 << 24 | chance.getrandbits(6) << 14, length), strict=False)


@pytest.mark.parametrize("seed", range(20))
def test_finds_what_looking_at_every_prefix_finds(seed: int) -> None:
    chance = random.Random(seed)
    listed = [(invented(chance), number) for number in range(chance.choice([0, 3, 40]))]
    prefixes = Prefixes(listed)
    for _ in range(40):
        other = invented(chance)
        alike = [(p, n) for p, n in listed if p.version == other.version]
        assert prefixes.overlapping(other) == [n for p, n in alike if p.overlaps(other)]
        address = other.network_address
        holding = [(p, n) for p, n in alike if address in p]
        longest = max((p.prefixlen for p, _ in holding), default=0)
        assert prefixes.longest(address) == [n for p, n in holding if p.prefixlen == longest]


def test_versions_are_kept_apart() -> None:
    prefixes = Prefixes([(IPv4Network("0.0.0.0/0"), 4), (IPv6Network("::/0"), 6)])
    assert prefixes.longest(IPv4Address("10.0.0.1")) == [4]
    assert prefixes.longest(IPv6Address("::a00:1")) == [6]


class Thing:
    """Equal to every other one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_what_was_worked_out_is_of_one_object_and_goes_with_it() -> None:
    asked: list[str] = []
    remembered = Remembered(lambda thing: asked.append(thing.name) or thing.name)
    one, other = Thing("one"), Thing("other")
    assert [remembered(one), remembered(other), remembered(one)] == ["one", "other", "one"]
    assert asked == ["one", "other"]
    gone = ref(one)
    del one
    gc.collect()
    assert gone() is None
    assert len(remembered._known) == 1
