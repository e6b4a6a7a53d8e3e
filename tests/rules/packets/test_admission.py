"""What a filter admits, compared with asking it packet by packet."""

from __future__ import annotations

import random

import pytest

from rules.packets.admission import admitted
from rules.packets.boxes import (
    ANY_PORT,
    ANY_PROTOCOL,
    Box,
    TooComplicated,
    intervals_without,
    overlap,
    remove,
    without,
)
from rules.packets.fields import place
from rules.packets.interpret import decide
from rules.packets.policy import Region
from rules.packets.sets import names
from tests.rules.packets import random_policies as invented
from tests.rules.values import filters, rule

PACKETS = [
    p
    for p in invented.packets()
    if p.entering == "wan" and p.state == "new" and p.protocol in {6, 17, 50}
]
TRAFFIC = Region(entering=names("wan"), leaving=names("lan"), state=names("new"))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("stages", [1, 2])
def test_agrees_with_asking_packet_by_packet(seed: int, stages: int) -> None:
    chance = random.Random(seed)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]), stages=stages)
    found = admitted(policy, TRAFFIC)
    for packet in chance.sample(PACKETS, 300):
        source, to = place(packet.source), place(packet.destination)
        port = packet.destination_port
        one: Box = ((source, source), (to, to), (packet.protocol,) * 2, (port, port))
        hits = [line for line in found if any(overlap(box, one) for box in line.boxes)]
        answer = decide(policy, packet).answer
        if any(line.certain for line in hits):
            assert answer == "permit"
        elif not hits:
            assert answer == "deny"
        assert all(line.why for line in hits if not line.certain)


def admits(*lines: object, **rest: object) -> list[int | None]:
    """Numbers of the lines that let something through; None for the default."""
    policy = filters(*lines, **rest)  # type: ignore[arg-type]
    return [a.rule.line if a.rule else None for a in admitted(policy, TRAFFIC)]


def test_a_line_that_an_earlier_one_covers_admits_nothing() -> None:
    assert admits(rule(line=1), rule(line=2, protocol="tcp")) == [1]
    assert admits(rule("deny", line=1, protocol="tcp"), rule(line=2, protocol="tcp")) == []
    assert admits(rule("deny", line=1, protocol="tcp"), rule(line=2)) == [2]


def test_the_default_admits_what_is_left() -> None:
    assert admits(default="permit") == [None]
    assert admits(rule("deny", line=1), default="permit") == []
    assert admits(rule(line=1), default="permit") == [1]


def test_what_is_cut_out_leaves_the_rest_and_nothing_twice() -> None:
    whole: Box = ((0, 9), (0, 9), ANY_PROTOCOL, ANY_PORT)
    hole: Box = ((3, 5), (4, 4), (6, 6), (80, 80))
    left = without(whole, hole)
    assert not [box for box in left if overlap(box, hole)]
    assert not [1 for i, a in enumerate(left) for b in left[i + 1 :] if overlap(a, b)]
    size = sum(
        (a[1] - a[0] + 1) * (b[1] - b[0] + 1) * (c[1] - c[0] + 1) * (d[1] - d[0] + 1)
        for a, b, c, d in left
    )
    assert size == 10 * 10 * 256 * 65536 - 3


def test_addresses_without_others() -> None:
    assert intervals_without([(0, 9)], [(2, 3), (5, 5)]) == [(0, 1), (4, 4), (6, 9)]
    assert intervals_without([(0, 9)], [(0, 9)]) == []
    assert intervals_without([], [(0, 9)]) == []


def test_a_question_that_is_too_complicated_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.packets.boxes.MOST_BOXES", 3)
    whole: Box = ((0, 99), (0, 99), ANY_PROTOCOL, ANY_PORT)
    cuts: list[Box] = [((n, n), (n, n), (6, 6), (n, n)) for n in range(10, 90, 10)]
    with pytest.raises(TooComplicated):
        remove([whole], cuts)
