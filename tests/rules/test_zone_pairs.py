"""What gets through between pairs of zones: asked together and one by one, it is the same."""

from __future__ import annotations

import random
from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from inventory.model import Device, Inventory, Organisation, Site, Zone
from rules.packets import concerned, interpret
from rules.packets.admission import Admitted
from rules.packets.boxes import remove
from rules.packets.concerned import concerning
from rules.packets.policy import Policy, Region
from rules.packets.sets import Names, names, numbers
from rules.zone_pairs import admitted_between
from tests.rules.packets import random_policies as invented
from tests.rules.values import filters, rule

ZONES = tuple(
    Zone(id=name, kind="office", prefixes=(IPv4Network(prefix),))
    for name, prefix in (
        ("mot", "0.0.0.0/32"),
        ("hai", "0.0.0.1/32"),
        ("ba", "0.0.0.2/32"),
        ("bon", "0.0.0.3/32"),
        ("nam", "0.0.0.8/29"),
        ("sau", "0.0.1.0/24"),
    )
)
INVENTORY = Inventory(
    organisation=Organisation(name="Ủy ban nhân dân tỉnh", province="Tỉnh"),
    sites=(Site(id="trung-tam", name="Trung tâm", level="province"),),
    zones=ZONES,
    devices=(Device(id="mcu-1", kind="mcu", site="trung-tam", address="0.0.0.1"),),
)

BEHIND: dict[str, tuple[str, ...]] = {
    "mot": ("eth0",),
    "hai": ("eth0",),
    "ba": ("wan",),
    "bon": ("eth0", "wan"),
    "nam": ("wan",),
    "sau": (),
}
"""By zone: the interfaces behind which it lies."""


class Gateway:
    """Some zones lie behind the same interfaces, one behind two, one is not placed."""

    inventory = INVENTORY

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def towards(self, zone: Zone) -> dict[str, Names]:
        return {name: names(name) for name in BEHIND[zone.id]}


def same(some: tuple[Admitted, ...], others: tuple[Admitted, ...]) -> bool:
    """The same lines in the same order, each with the same packets."""
    told = [[(one.rule, one.certain, one.why) for one in lines] for lines in (some, others)]
    return told[0] == told[1] and all(
        not remove(a.boxes, b.boxes) and not remove(b.boxes, a.boxes)
        for a, b in zip(some, others, strict=True)
    )


@pytest.mark.parametrize("seed", range(40))
def test_together_as_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]))
    if chance.random() < 0.3:
        policy = invented.translating(chance, policy)
    gateway = Gateway(policy)
    one = chance.choice(ZONES)
    others = [zone for zone in ZONES if zone is not one]
    pairs = [(one, zone) if chance.random() < 0.5 else (zone, one) for zone in others]
    together = admitted_between(gateway, pairs)
    for pair, lines in zip(pairs, together, strict=True):
        (alone,) = admitted_between(gateway, [pair])
        assert isinstance(lines, tuple)
        assert isinstance(alone, tuple)
        assert same(lines, alone)


def test_some_of_it_gets_through() -> None:
    policy = invented.policy(random.Random(3), uncertain=0)
    pairs = [(a, b) for a in ZONES for b in ZONES if a is not b]
    found = admitted_between(Gateway(policy), pairs)
    assert any(found)
    unplaced = [lines for (a, b), lines in zip(pairs, found, strict=True) if "sau" in {a.id, b.id}]
    assert not any(unplaced)


def between(policy: Policy, *pairs: tuple[str, str]) -> list[list[tuple[int, str]]]:
    """For each pair of ids the lines, with the condition that leaves each open."""
    zones = {zone.id: zone for zone in ZONES}
    found = admitted_between(Gateway(policy), [(zones[a], zones[b]) for a, b in pairs])
    return [
        [(one.rule.line if one.rule else 0, one.why) for one in lines]
        for lines in found
        if isinstance(lines, tuple)
    ]


def test_a_line_about_one_interface_is_found_among_pairs_of_others() -> None:
    policy = filters(rule(line=7, sources=["0.0.0.2/32"], in_interfaces=["wan"]))
    pairs = ("hai", "nam"), ("ba", "hai"), ("nam", "hai")
    assert between(policy, *pairs) == [[], [(7, "")], []]


def test_traffic_that_stays_behind_one_interface_is_not_asked_about() -> None:
    policy = filters(rule(line=7))
    assert between(policy, ("mot", "hai"), ("mot", "ba")) == [[], [(7, "")]]


def test_each_pair_is_told_its_own_condition() -> None:
    policy = filters(
        replace(rule("deny", 1, sources=["0.0.0.2/32"]), must=(), why="user An"),
        replace(rule("deny", 2, sources=["0.0.0.8/29"]), must=(), why="user Ba"),
        rule("permit", 3),
    )
    pairs = ("ba", "mot"), ("nam", "mot")
    assert between(policy, *pairs) == [[(3, "user An")], [(3, "user Ba")]]


PACKETS = list(invented.packets())


@pytest.mark.parametrize("seed", range(30))
def test_lines_that_cannot_concern_the_packets_change_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concerned, "FEW", 0)
    chance = random.Random(seed)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]), stages=2)
    entering = names(*chance.sample(invented.INTERFACES, 1))
    for source in (0, 2, 9):
        asked = Region(source=numbers([(source, source)]), entering=entering)
        fewer = concerning(policy, asked)
        packets = [packet for packet in PACKETS if packet.is_in(asked)]
        for packet in chance.sample(packets, 40):
            assert interpret.decide(fewer, packet) == interpret.decide(policy, packet)
