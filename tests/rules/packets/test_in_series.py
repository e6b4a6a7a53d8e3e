"""Several devices in a row and side by side: proofs against asking each device packet by packet."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from rules.packets.admission import admitted
from rules.packets.boxes import Box, overlap
from rules.packets.difference import difference
from rules.packets.fields import place
from rules.packets.in_parallel import blocked_on_all, leaks_on_any
from rules.packets.in_series import in_series
from rules.packets.interpret import crossings, decide
from rules.packets.packet import Packet, numbered
from rules.packets.policy import (
    EVERYTHING,
    Chain,
    Change,
    Hop,
    Policy,
    Region,
    Rewrite,
    Rule,
    Stage,
    Unread,
)
from rules.packets.prove import blocked, leaks
from rules.packets.sets import names, numbers
from tests.rules.packets import random_policies as invented

PACKETS = tuple(random.Random(0).sample([*invented.packets()], 2_000))
PLACES = (*invented.INTERFACES, "dmz")


def device(chance: random.Random, uncertain: float = 0) -> Policy:
    """Few stages of few lines, most of them with address translation."""
    given = invented.policy(chance, uncertain=uncertain, stages=chance.choice([1, 1, 2]))
    return invented.translating(chance, given) if chance.random() < 0.7 else given


def row(chance: random.Random, uncertain: float = 0, *, closed: bool = False) -> list[Hop]:
    """Two or three devices; the ends are the packet's own unless `closed`."""
    count = chance.choice([2, 2, 2, 3])
    hops = []
    for number in range(count):
        first, last = number == 0, number == count - 1
        hops.append(
            Hop(
                f"fw{number}",
                device(chance, uncertain),
                chance.choice(PLACES) if closed or not first else None,
                chance.choice(PLACES) if closed or not last else None,
            )
        )
    return hops


def by_hand(hops: list[Hop], packet: Packet) -> str:
    """The answers of the devices one after the other, put together in the plainest way."""
    answers = []
    for hop in hops:
        here = packet.between(hop.entering, hop.leaving)
        answers.append(decide(hop.policy, here).answer)
        for stage in hop.policy.stages:
            for one in stage.rewrites:
                if any(here.is_in(region) for region in one.rule.may):
                    here = here.translated(one.changes)
                    break
        packet = here
    return "deny" if "deny" in answers else "unknown" if "unknown" in answers else "permit"


def answers(hops: list[Hop], asked: Region, free: list[Region]) -> set[str]:
    return {
        by_hand(hops, packet)
        for packet in PACKETS
        if packet.is_in(asked) and not any(packet.is_in(region) for region in free)
    }


def rules_of(hops: list[Hop]) -> dict[int, str]:
    """By id of each line the device that has it."""
    return {
        id(rule): hop.device
        for hop in hops
        for rule in (
            *(rule for chain in hop.policy.chains.values() for rule in chain.rules),
            *(one.rule for stage in hop.policy.stages for one in stage.rewrites),
        )
    }


@pytest.mark.parametrize("seed", range(16))
def test_leaks_of_a_row_are_those_of_asking_each_device(seed: int) -> None:
    chance = random.Random(seed)
    uncertain = chance.choice([0, 0, 0.2])
    hops = row(chance, uncertain)
    traffic = invented.region(chance, 0.8)
    allowed = [invented.region(chance, 0.4) for _ in range(chance.randint(0, 2))]
    proof = leaks(in_series(*hops), traffic, allowed)
    found = answers(hops, traffic, allowed)
    if not uncertain:
        # the sample of packets may miss a leak, the proof may not
        assert proof.verdict in ({"broken"} if "permit" in found else {"proved", "broken"})
    if "permit" in found:
        assert proof.verdict != "proved"
    owners = rules_of(hops)
    for finding in proof.findings:
        if not finding.masked:
            told = by_hand(hops, finding.witness)
            assert told == "permit" if finding.certain else told != "deny"
        for passage in finding.passages:
            if passage.rule is not None:
                assert owners[id(passage.rule)] == passage.stage.device


@pytest.mark.parametrize("seed", range(16))
def test_what_a_row_blocks_is_what_some_device_stops(seed: int) -> None:
    chance = random.Random(1000 + seed)
    hops = row(chance)
    wanted = [invented.region(chance, 0.6) for _ in range(2)]
    for region, proof in zip(wanted, blocked(in_series(*hops), wanted), strict=True):
        if "deny" in answers(hops, region, []):
            assert proof.verdict == "broken"
        for finding in proof.findings:
            assert by_hand(hops, finding.witness) == "deny"


@pytest.mark.parametrize("seed", range(8))
def test_the_whole_and_its_parts_decide_alike(seed: int) -> None:
    """The plain reading of the one policy, hop by hop, and rows put together in any order."""
    chance = random.Random(2000 + seed)
    hops = [
        Hop("a", device(chance, 0.1), None, "wan"),
        Hop("b", device(chance, 0.1), "eth0", "eth1"),
        Hop("c", device(chance, 0.1), "dmz", None),
    ]
    flat = in_series(*hops)
    first, last = replace(hops[1], leaving=None), replace(hops[1], entering=None)
    left = in_series(Hop("ab", in_series(hops[0], first), None, "eth1"), hops[2])
    right = in_series(hops[0], Hop("bc", in_series(last, hops[2]), "eth0", None))
    assert flat == left == right
    fused = replace(flat, hops=())
    for packet in chance.sample(PACKETS, 150):
        told = by_hand(hops, packet)
        assert decide(flat, packet).answer == told
        assert decide(fused, packet).answer == told


@pytest.mark.parametrize("seed", range(6))
def test_a_device_that_permits_everything_changes_nothing(seed: int) -> None:
    chance = random.Random(3000 + seed)
    policy = device(chance)
    through = Policy((Stage("in"),), {"in": Chain("in", (), "permit")})
    before = in_series(Hop("r", through, "x", "y"), Hop("fw", policy, "eth0", "lan"))
    behind = in_series(Hop("fw", policy, "eth0", "lan"), Hop("r", through, "x", "y"))
    alone = in_series(Hop("fw", policy, "eth0", "lan"))
    traffic = invented.region(chance, 0.9)
    lines = [
        {p.rule.line for f in leaks(one, traffic, []).findings for p in f.passages if p.rule}
        for one in (before, behind, alone)
    ]
    assert lines[0] == lines[1] == lines[2]
    verdicts = {blocked(one, [traffic])[0].verdict for one in (before, behind, alone)}
    assert len(verdicts) == 1
    assert not difference(alone, in_series(Hop("fw", policy, "eth0", "lan"))).changes


@pytest.mark.parametrize("seed", range(12))
def test_boxes_of_a_row_hold_what_gets_through_where_it_arrives(seed: int) -> None:
    chance = random.Random(4000 + seed)
    hops = row(chance, chance.choice([0, 0.2]), closed=True)
    found = admitted(in_series(*hops), Region(state=names("new")))
    for packet in chance.sample(PACKETS, 150):
        if packet.state != "new" or packet.protocol not in {6, 17, 50}:
            continue
        last = crossings(hops, packet)
        told = by_hand(hops, packet)
        if told == "deny":
            continue
        end = last[-1]
        there = packet
        for hop in hops:
            there = through(hop, there)
        source, to = place(packet.source), place(there.destination)
        port = there.destination_port
        one: Box = ((source, source), (to, to), (packet.protocol,) * 2, (port, port))
        hits = [line for line in found if any(overlap(box, one) for box in line.boxes)]
        assert hits, end
        assert all(
            [device for device, _ in line.lines] == [h.device for h in hops] for line in hits
        )
        if told == "unknown":
            assert any(not line.certain and line.doubted for line in hits)


def through(hop: Hop, packet: Packet) -> Packet:
    here = packet.between(hop.entering, hop.leaving)
    for stage in hop.policy.stages:
        for one in stage.rewrites:
            if any(here.is_in(region) for region in one.rule.may):
                here = here.translated(one.changes)
                break
    return here


@pytest.mark.parametrize("seed", range(12))
def test_side_by_side_every_way_leaks_and_one_way_is_enough(seed: int) -> None:
    chance = random.Random(5000 + seed)
    several = [row(chance, closed=True)[:2] for _ in range(2)]
    ways = [in_series(*hops) for hops in several]
    traffic = replace(invented.region(chance, 0.7), entering=None)
    by_way = [
        {packet: by_hand(hops, packet) for packet in PACKETS[::4] if packet.is_in(traffic)}
        for hops in several
    ]
    proof = leaks_on_any(ways, traffic, [])
    if any("permit" in one.values() for one in by_way):
        assert proof.verdict == "broken"
    for finding in proof.findings:
        own = several[0] if finding.way == "fw0 > fw1" and ways[0] is ways[1] else None
        if not finding.masked and own is not None:
            assert by_hand(own, finding.witness) == "permit"
    (told,) = blocked_on_all(ways, [traffic])
    lost = [p for p in by_way[0] if all(one[p] == "deny" for one in by_way)]
    if lost:
        assert told.proof.verdict == "broken"
    if told.proof.verdict == "broken":
        packets = {finding.witness.between("", "") for finding in told.proof.findings}
        assert len(packets) == 1
        assert all(by_hand(hops, packets.copy().pop()) == "deny" for hops in several)
    if told.uneven:
        assert "broken" in {one.verdict for one in told.ways}


def lines(*listed: Rule, default: str = "deny") -> Policy:
    return Policy((Stage("in"),), {"in": Chain("in", listed, default)})  # type: ignore[arg-type]


def at(number: int) -> Region:
    return Region(destination=numbers([(number, number)]))


def test_a_leak_behind_a_forward_names_the_lines_of_both_devices() -> None:
    forward = Rewrite(Rule("continue", 7, "forward to .3", (at(9),)), destination=Change(3))
    outer = replace(
        lines(Rule("permit", 1, "to .3", (at(3),))), stages=(Stage("in", rewrites=(forward,)),)
    )
    inner = lines(Rule("permit", 1, "from the link", (Region(entering=names("up")),)))
    whole = in_series(Hop("outer", outer, "wan", "down"), Hop("inner", inner, "up", "lan"))
    (finding,) = leaks(whole, at(9), []).findings
    told = [(p.stage.device, p.rule and p.rule.text) for p in finding.passages]
    assert told == [("outer", "forward to .3"), ("outer", "to .3"), ("inner", "from the link")]
    assert (finding.witness.entering, finding.witness.leaving) == ("wan", "lan")
    # the same names on the other device are other places
    swapped = in_series(Hop("outer", outer, "up", "down"), Hop("inner", inner, "wan", "lan"))
    assert leaks(swapped, at(9), []).verdict == "proved"


def test_the_device_that_decides_is_named() -> None:
    open_, closed = lines(default="permit"), lines(Rule("deny", 4, "stop"))
    hops = (Hop("a", open_, "x", "y"), Hop("b", closed, "x", "y"))
    decided = decide(in_series(*hops), numbered(1, 2, 6))
    assert (decided.answer, decided.device, decided.rule and decided.rule.line) == ("deny", "b", 4)
    assert decide(in_series(*hops[::-1]), numbered(1, 2, 6)).device == "b"
    assert decide(in_series(hops[0]), numbered(1, 2, 6)).device == "a"


def test_a_change_of_one_device_is_told_with_the_line_of_that_device() -> None:
    outer = Hop("outer", lines(Rule("permit", 1, "to .3", (at(3),))), "wan", "down")
    inner = Hop("inner", lines(Rule("permit", 2, "to .3", (at(3),))), "up", "lan")
    closed = replace(inner, policy=lines(Rule("permit", 2, "to .5", (at(5),))))
    (change,) = difference(in_series(outer, inner), in_series(outer, closed)).changes
    assert change.kind == "blocked"
    assert (change.old.stage.device, change.old.rule and change.old.rule.line) == ("inner", 2)
    # behind a device that stops them nothing changes
    shut = replace(outer, policy=lines())
    assert not difference(in_series(shut, inner), in_series(shut, closed)).changes


def test_a_line_that_was_not_read_is_named_with_its_device() -> None:
    unread = replace(lines(), unread=(Unread(5, "odd", "no such word"),))
    whole = in_series(Hop("a", lines(), "x", "y"), Hop("b", unread, "x", "y"))
    proof = leaks(whole, EVERYTHING, [])
    assert (proof.verdict, proof.why) == ("cannot tell", "b: line 5: no such word")


@pytest.mark.parametrize(
    "hops",
    [
        (),
        (Hop("a", lines(), "x", "y"), Hop("a", lines(), "x", "y")),
        (Hop("a", lines(), "x"), Hop("b", lines(), "x", "y")),
        (Hop("a", lines(), "x", "y"), Hop("b", lines(), None, "y")),
    ],
    ids=["none", "one twice", "goes out nowhere", "comes in nowhere"],
)
def test_a_row_has_each_device_once_and_every_inner_place(hops: tuple[Hop, ...]) -> None:
    with pytest.raises(ValueError, match=r"each device once|not all given"):
        in_series(*hops)


def test_ways_that_differ_are_told_apart() -> None:
    one = in_series(Hop("a", lines(Rule("permit", 1, "web", (at(3),))), "x", "y"))
    other = in_series(Hop("b", lines(default="permit"), "x", "y"))
    (told,) = blocked_on_all([one, other], [EVERYTHING])
    assert (told.proof.verdict, told.uneven) == ("proved", True)
    (told,) = blocked_on_all([one, in_series(Hop("c", lines(), "x", "y"))], [EVERYTHING])
    assert [finding.way for finding in told.proof.findings] == ["a", "c"]
    assert told.proof.verdict == "broken"
    both = [one, in_series(Hop("c", lines(), "x", "y"))]
    # what each stops differs, and what is left when both are taken together is what neither lets by
    (told,) = blocked_on_all(both, [at(3)])
    assert (told.proof.verdict, told.uneven) == ("proved", True)
    assert [f.way for f in leaks_on_any([other, one], at(3), []).findings] == ["b", "a"]


def test_no_way_and_ways_without_ends_prove_nothing() -> None:
    assert leaks_on_any([], EVERYTHING, []).verdict == "cannot tell"
    assert blocked_on_all([], [EVERYTHING])[0].proof.verdict == "cannot tell"
    for way in (lines(), in_series(Hop("a", lines(), "x"))):
        with pytest.raises(ValueError, match="both of its ends"):
            blocked_on_all([way], [EVERYTHING])
    whole = in_series(Hop("a", lines(), "x", "y"))
    with pytest.raises(ValueError, match="names no place"):
        blocked_on_all([whole], [Region(entering=names("x"))])


def test_a_condition_on_one_way_leaves_open_what_the_other_stops() -> None:
    doubtful = Rule("permit", 2, "at night", must=(), why="at night")
    ways = [in_series(Hop(n, p, "x", "y")) for n, p in (("a", lines(doubtful)), ("b", lines()))]
    (told,) = blocked_on_all(ways, [EVERYTHING])
    assert (told.proof.verdict, told.proof.why) == ("cannot tell", "at night")
    (told,) = blocked_on_all(
        [*ways, in_series(Hop("c", lines(default="permit"), "x", "y"))], [at(1)]
    )
    assert told.proof.verdict == "proved"
