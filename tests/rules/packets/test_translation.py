"""Address translation: proofs against the interpreter, and what a condition means as sent."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from rules.packets import cases as cases_module
from rules.packets.admission import admitted
from rules.packets.boxes import TooComplicated
from rules.packets.cases import cases
from rules.packets.interpret import decide
from rules.packets.packet import Packet, numbered
from rules.packets.policy import Chain, Change, Policy, Region, Rewrite, Rule, Stage
from rules.packets.prove import blocked, leaks
from rules.packets.sets import names, numbers
from tests.rules.packets import random_policies as invented

PACKETS = tuple(invented.packets())
SEEDS = range(40)


def answers(policy: Policy, asked: Region, free: list[Region]) -> set[str]:
    return {
        decide(policy, packet).answer
        for packet in PACKETS
        if packet.is_in(asked) and not any(packet.is_in(region) for region in free)
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stages", [1, 2])
def test_leaks_behind_a_translation_are_those_that_the_interpreter_finds(
    seed: int, stages: int
) -> None:
    chance = random.Random(seed * 10 + stages)
    given = invented.policy(chance, uncertain=chance.choice([0, 0.2]), stages=stages)
    policy = invented.translating(chance, given)
    traffic = invented.region(chance, 0.8)
    allowed = [invented.region(chance, 0.4) for _ in range(chance.randint(0, 2))]
    proof = leaks(policy, traffic, allowed)
    found = answers(policy, traffic, allowed)
    expected = "broken" if "permit" in found else "cannot tell" if "unknown" in found else "proved"
    if not all(rule.understood for c in policy.chains.values() for rule in c.rules):
        assert proof.verdict in {expected, "cannot tell"}
    else:
        assert proof.verdict == expected
    for finding in proof.findings:
        decided = decide(policy, finding.witness)
        if not finding.masked:
            assert decided.answer in ({"permit"} if finding.certain else {"permit", "unknown"})
        for passage in finding.passages:
            assert passage.rule is None or passage.rule in every_rule(policy)


def every_rule(policy: Policy) -> list[Rule]:
    listed = [rule for chain in policy.chains.values() for rule in chain.rules]
    return listed + [one.rule for stage in policy.stages for one in stage.rewrites]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_blocked_behind_a_translation_is_what_the_interpreter_stops(seed: int) -> None:
    chance = random.Random(seed)
    given = invented.policy(chance, uncertain=0, stages=2)
    policy = invented.translating(chance, given)
    wanted = [invented.region(chance, 0.6) for _ in range(2)]
    for region, proof in zip(wanted, blocked(policy, wanted), strict=True):
        stopped = "deny" in answers(policy, region, [])
        assert proof.verdict == ("broken" if stopped else "proved")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_packet_is_of_one_case(seed: int) -> None:
    chance = random.Random(seed)
    policy = invented.translating(chance, invented.policy(chance, stages=2))
    every = list(cases(policy))
    for packet in chance.sample(PACKETS, 200):
        own = [
            case
            for case in every
            if all(packet.is_in(region) for region in case.fits)
            and not any(packet.is_in(region) for region in case.others)
        ]
        assert len(own) == 1
        assert decide(own[0].policy, packet).answer == decide(policy, packet).answer


WEB = Region(destination=numbers([(3, 3)]), destination_port=numbers([(8443, 8443)]))
FORWARD = Rewrite(
    Rule("continue", 7, "forward 443 to .3:8443", (Region(destination=numbers([(9, 9)])),)),
    destination=Change(3),
    destination_port=Change(8443),
)
FORWARDING = Policy(
    (Stage("in", rewrites=(FORWARD,)),),
    {"in": Chain("in", (Rule("permit", 1, "permit web", (WEB,)),), "deny")},
)


def test_a_forwarded_packet_is_judged_by_where_it_goes() -> None:
    sent = numbered(1, 9, 6, source_port=49152, destination_port=443)
    decided = decide(FORWARDING, sent)
    assert (decided.answer, decided.rule and decided.rule.line) == ("permit", 1)
    assert [rule.line for rule in decided.path] == [7]


def test_a_leak_through_a_forward_names_the_forward_and_the_permit() -> None:
    tcp = Region(protocol=numbers([(6, 6)]), destination=numbers([(9, 9)]))
    (finding,) = leaks(FORWARDING, tcp, []).findings
    assert [passage.rule and passage.rule.line for passage in finding.passages] == [7, 1]
    assert finding.witness.destination == numbered(1, 9, 6).destination


def test_what_gets_in_through_a_forward_is_told_by_where_it_arrives() -> None:
    tcp = numbers([(6, 6)])
    inside = Region(source=numbers([(1, 1)]), destination=numbers([(3, 3)]), protocol=tcp)
    direct, forwarded = admitted(FORWARDING, inside)[::-1]
    for line in (direct, forwarded):
        assert line.rule is FORWARDING.chains["in"].rules[0]
        assert line.boxes == (((1, 1), (3, 3), (6, 6), (8443, 8443)),)


def test_nothing_arrives_at_the_address_that_is_translated_away() -> None:
    assert admitted(FORWARDING, Region(destination=numbers([(9, 9)]))) == ()


def test_too_many_translations_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases_module, "CASES_MAX", 1)
    assert leaks(FORWARDING, Region(), []).verdict == "cannot tell"
    assert [proof.verdict for proof in blocked(FORWARDING, [Region()])] == ["cannot tell"]
    with pytest.raises(TooComplicated):
        admitted(FORWARDING, Region())


def test_only_the_first_translation_counts() -> None:
    second = Rewrite(Rule("continue", 8, "later", (Region(),)), destination=Change(5))
    both = Policy((Stage("in", rewrites=(FORWARD, second)),), FORWARDING.chains)
    packet: Packet = numbered(1, 9, 6, destination_port=443)
    assert [rule.line for rule in decide(both, packet).path] == [7]
    assert decide(both, numbered(1, 8, 6, destination_port=443)).path[0].line == 8


@pytest.mark.parametrize("seed", range(4))
def test_many_overlapping_translations_are_judged_as_the_interpreter_does(seed: int) -> None:
    chance = random.Random(seed)
    policy = with_many_translations(chance)
    traffic = invented.region(chance, 0.8)
    found = answers(policy, traffic, [])
    assert leaks(policy, traffic, []).verdict == ("broken" if "permit" in found else "proved")
    (proof,) = blocked(policy, [traffic])
    assert proof.verdict == ("broken" if "deny" in found else "proved")


def with_many_translations(chance: random.Random) -> Policy:
    """10 to 30 lines before each of two filters of a hundred lines, which are then indexed."""
    given = invented.policy(chance, uncertain=0, stages=2)
    chains = dict(given.chains)
    for stage in given.stages:
        more = (r for _ in range(60) for r in invented.rules(chance, [], 0, 9000))
        rules = tuple(rule for rule in more if rule.action in {"permit", "deny"})
        chain = chains[stage.chain]
        chains[stage.chain] = replace(chain, rules=(*chain.rules, *map(narrow(chance), rules)))
    counts = chance.randint(10, 30), chance.randint(1, 3)
    stages = tuple(
        replace(stage, rewrites=tuple(invented.rewrite(chance, 5000 + n) for n in range(many)))
        for stage, many in zip(given.stages, counts, strict=True)
    )
    return Policy(stages, chains)


def narrow(chance: random.Random) -> Callable[[Rule], Rule]:
    """A line about one host, so that it does not decide for all that stand behind it."""

    def one(rule: Rule) -> Rule:
        here, there = (numbers([(v, v)]) for v in chance.sample(invented.ADDRESSES, 2))
        return replace(
            rule, may=tuple(replace(r, source=here, destination=there) for r in rule.may)
        )

    return one


@pytest.mark.parametrize("seed", range(4))
def test_only_lines_that_cannot_concern_a_case_are_left_out_of_it(seed: int) -> None:
    chance = random.Random(seed)
    policy = with_many_translations(chance)
    every = list(cases(policy))
    rules = max(len(chain.rules) for chain in policy.chains.values())
    left_out = False
    for packet in chance.sample(PACKETS, 60):
        (own,) = (
            case
            for case in every
            if all(packet.is_in(region) for region in case.fits)
            and not any(packet.is_in(region) for region in case.others)
        )
        left_out = left_out or all(len(c.rules) < rules for c in own.policy.chains.values())
        assert decide(own.policy, packet).answer == decide(policy, packet).answer
    assert left_out


def test_sources_translated_behind_the_last_filter_make_no_cases() -> None:
    behind = Stage("out", Region(source=numbers([])), rewrites=(hidden(1), hidden(2)))
    policy = Policy((*FORWARDING.stages, behind), FORWARDING.chains)
    assert len(list(cases(policy))) == len(list(cases(FORWARDING))) == 2
    asked = replace(policy, stages=(*FORWARDING.stages, replace(behind, concerns=Region())))
    assert len(list(cases(asked))) == 6


def hidden(address: int) -> Rewrite:
    own = numbers([(address, address)])
    return Rewrite(Rule("continue", address, "snat", (Region(source=own),)), source=Change(7))


def test_cases_are_those_of_the_packets_asked_about() -> None:
    placed = replace(FORWARD.rule, may=(replace(FORWARD.rule.may[0], entering=names("wan")),))
    policy = replace(FORWARDING, stages=(Stage("in", rewrites=(replace(FORWARD, rule=placed),)),))
    nine = numbers([(9, 9)])
    for asked, several in [
        (Region(), 2),
        (Region(destination=nine, entering=names("wan")), 2),
        (Region(destination=nine, entering=names("lan", all_but=True)), 2),
        (Region(destination=nine, entering=names("lan")), 1),
        (Region(destination=nine, entering=names("w*", all_but=True)), 1),
        (Region(destination=numbers([(8, 8)])), 1),
    ]:
        assert len(list(cases(policy, [asked]))) == several, asked
