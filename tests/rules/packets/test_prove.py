"""Proofs against the packet-by-packet interpreter, over all packets of small random policies."""

from __future__ import annotations

import random

import pytest

from rules.packets import entries, index
from rules.packets.index import Indexed
from rules.packets.interpret import decide
from rules.packets.packet import Packet
from rules.packets.policy import Chain, Policy, Region, Rule, Stage
from rules.packets.prove import Proof, blocked, leaks
from tests.rules.packets import random_policies as invented

PACKETS = tuple(invented.packets())
SEEDS = range(60)


def agrees(policy: Policy, proof: Proof, answers: set[str]) -> bool:
    """The verdict is the interpreter's; where something is not understood it may be shy of it."""
    expected = verdict_of(answers)
    understood = all(rule.understood for c in policy.chains.values() for rule in c.rules)
    return proof.verdict == expected or (not understood and proof.verdict == "cannot tell")


def verdict_of(answers: set[str]) -> str:
    if "wrong" in answers:
        return "broken"
    return "cannot tell" if "unknown" in answers else "proved"


def replayed(policy: Policy, proof: Proof, wrong: str) -> None:
    """Every finding stands up to the interpreter."""
    for finding in proof.findings:
        decision = decide(policy, finding.witness)
        if finding.masked:
            continue
        assert decision.answer in ({wrong} if finding.certain else {wrong, "unknown"}), finding


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stages", [1, 2])
def test_leaks_are_those_that_the_interpreter_finds(seed: int, stages: int) -> None:
    chance = random.Random(seed * 10 + stages)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]), stages=stages)
    traffic = invented.region(chance, 0.8)
    allowed = [invented.region(chance, 0.4) for _ in range(chance.randint(0, 3))]
    proof = leaks(policy, traffic, allowed)
    answers, guilty = set(), set()
    for packet in asked(traffic):
        if any(packet.is_in(region) for region in allowed):
            continue
        decision = decide(policy, packet)
        if decision.answer == "permit":
            answers.add("wrong")
            guilty.add(decision.rule.line if decision.rule else None)
        elif decision.answer == "unknown":
            answers.add("unknown")
    assert agrees(policy, proof, answers)
    replayed(policy, proof, "permit")
    if stages == 1 and all(rule.understood for c in policy.chains.values() for rule in c.rules):
        assert found_lines(proof) == guilty


def found_lines(proof: Proof) -> set[int | None]:
    return {
        finding.passages[-1].rule.line if finding.passages and finding.passages[-1].rule else None
        for finding in proof.findings
        if finding.certain and not finding.masked
    }


def asked(traffic: Region) -> list[Packet]:
    return [packet for packet in PACKETS if packet.is_in(traffic)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stages", [1, 2])
def test_what_is_blocked_is_what_the_interpreter_stops(seed: int, stages: int) -> None:
    chance = random.Random(seed * 10 + stages)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]), stages=stages)
    wanted = [invented.region(chance, 0.6) for _ in range(2)]
    for region, proof in zip(wanted, blocked(policy, wanted), strict=True):
        answers = set()
        for packet in asked(region):
            answer = decide(policy, packet).answer
            answers.add({"deny": "wrong"}.get(answer, answer))
        assert agrees(policy, proof, answers)
        replayed(policy, proof, "deny")


@pytest.mark.parametrize("block", [3, index.BLOCK])
@pytest.mark.parametrize("seed", SEEDS)
def test_looking_rules_up_finds_what_going_through_them_finds(
    monkeypatch: pytest.MonkeyPatch, seed: int, block: int
) -> None:
    monkeypatch.setattr(index, "BLOCK", block)
    chance = random.Random(seed)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]), stages=2)
    matcher = Indexed()
    for packet in chance.sample(PACKETS, 150):
        assert decide(policy, packet, matcher) == decide(policy, packet)


def test_a_chain_may_jump_many_times() -> None:
    jumps = tuple(Rule("jump", n, f"jump {n}", target="log") for n in range(1, 3000))
    chains = {"log": Chain("log"), "in": Chain("in", (*jumps, Rule("permit", 3000, "ok")), "deny")}
    policy = Policy((Stage("in"),), chains)
    for matcher in (None, Indexed()):
        decision = decide(policy, PACKETS[0], matcher)
        assert decision.rule is not None
        assert (decision.answer, decision.rule.line) == ("permit", 3000)


def test_chains_that_jump_without_end_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "ENTRIES_MAX", 10_000)
    names = [f"c{n}" for n in range(25)]
    chains = {
        name: Chain(name, (*(Rule("jump", 1, "j", target=to),) * 2, Rule("deny", 2, "d")))
        for name, to in zip(names, [*names[1:], "end"], strict=True)
    }
    policy = Policy((Stage("c0"),), {**chains, "end": Chain("end")})
    assert leaks(policy, Region(), []).verdict == "cannot tell"
    assert [proof.verdict for proof in blocked(policy, [Region()])] == ["cannot tell"]
