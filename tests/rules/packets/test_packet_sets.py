"""Sets of numbers and names, and the witness that a space of atoms gives back."""

from __future__ import annotations

import random
from ipaddress import ip_address

import pytest

from rules.packets.fields import ALL_PORTS, SYN, TCP, address_at, place, protocol_number
from rules.packets.policy import Region
from rules.packets.residual import Budget, TooComplex, first_left, pieces_left
from rules.packets.sets import Names, Numbers, Part, common, names, numbers, union, without
from rules.packets.space import Space, possible

WHOLE = range(12)


def some(chance: random.Random) -> Numbers:
    cuts = [sorted(chance.choices(WHOLE, k=2)) for _ in range(chance.randint(0, 4))]
    return numbers((first, last) for first, last in cuts)


def members(values: Numbers) -> set[int]:
    return {n for first, last in values.intervals for n in range(first, last + 1)}


def test_sets_of_numbers_are_sets() -> None:
    chance = random.Random(5)
    for _ in range(400):
        one, other = some(chance), some(chance)
        assert members(union([one, other])) == members(one) | members(other)
        assert members(common(one, other)) == members(one) & members(other)
        assert members(without(one, other)) == members(one) - members(other)
        assert [n in one for n in WHOLE] == [n in members(one) for n in WHOLE]
        assert one.size == len(members(one))
        gaps = [b[0] - a[1] for a, b in zip(one.intervals, one.intervals[1:], strict=False)]
        assert all(gap > 1 for gap in gaps)


def test_a_named_set_knows_the_line_of_a_value() -> None:
    group = union(
        [numbers([(1, 3)], [Part(((1, 3),), 7)]), numbers([(9, 9)], [Part(((9, 9),), 8)])]
    )
    part = group.part_with(9)
    assert part is not None
    assert part.line == 8
    assert group.part_with(5) is None


@pytest.mark.parametrize(
    ("listed", "name", "inside"),
    [
        (names("eth0"), "eth0", True),
        (names("eth0"), "eth01", False),
        (names("eth*"), "eth7", True),
        (names("eth+"), "wan", False),
        (names("eth*", all_but=True), "eth7", False),
        (names(all_but=True), "anything", True),
        (Names(), "anything", False),
    ],
)
def test_names_may_end_in_a_pattern(listed: Names, name: str, inside: bool) -> None:
    assert (name in listed) is inside


def test_addresses_of_both_versions_lie_on_one_line() -> None:
    for text in ("0.0.0.0", "255.255.255.255", "::", "2001:db8::1"):
        assert str(address_at(place(ip_address(text)))) == text
    assert place(ip_address("::")) == 1 << 32


@pytest.mark.parametrize(
    ("name", "number"),
    [("tcp", 6), ("TCP", 6), ("17", 17), ("ospf", 89), ("256", None), ("nonsense", None)],
)
def test_protocols_by_name_and_number(name: str, number: int | None) -> None:
    assert protocol_number(name) == number


def test_a_witness_looks_like_traffic() -> None:
    (tcp, *_) = possible(Region())
    space = Space([], [tcp])
    packet = space.packet(tuple(a & b for a, b in zip(space.whole, space.masks(tcp), strict=True)))
    assert (packet.protocol, packet.destination_port, packet.flags) == (TCP, 443, SYN)
    assert packet.source_port == 49152


def test_too_many_pieces_are_given_up() -> None:
    ports = [Region(destination_port=numbers([(n, n)])) for n in range(0, 1000, 2)]
    space = Space(ports, [Region()])
    obstacles = [space.masks(port) for port in ports]
    whole = space.masks(Region(destination_port=ALL_PORTS))
    left = list(pieces_left(whole, obstacles, Budget(10_000)))
    assert sum(piece[4].bit_count() for piece in left) == space.whole[4].bit_count() - 500
    with pytest.raises(TooComplex):
        first_left(whole, obstacles, Budget(3))
