"""Lines without effect: leaving them out changes no answer, and no dead line is missed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from rules.packets.fields import TCP
from rules.packets.idle import idle_lines
from rules.packets.interpret import decide
from rules.packets.policy import Chain, Policy, Region, Rule, Stage
from rules.packets.sets import numbers
from tests.rules.packets import random_policies as invented

PACKETS = tuple(invented.packets())
SEEDS = range(40)


def without(policy: Policy, gone: Rule) -> Policy:
    chains = {
        name: replace(chain, rules=tuple(rule for rule in chain.rules if rule is not gone))
        for name, chain in policy.chains.items()
    }
    stages = tuple(replace(stage) for stage in policy.stages)
    return replace(policy, chains=chains, stages=stages)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("translates", [False, True])
def test_leaving_out_an_idle_line_changes_no_answer(seed: int, translates: bool) -> None:
    chance = random.Random(seed)
    policy = invented.policy(chance, uncertain=chance.choice([0, 0.3]), stages=2)
    if translates:
        policy = invented.translating(chance, policy)
    for idle in idle_lines(policy):
        thinner = without(policy, idle.rule)
        for packet in chance.sample(PACKETS, 400):
            assert decide(policy, packet).answer == decide(thinner, packet).answer, idle


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_that_never_decides_is_shadowed(seed: int) -> None:
    chance = random.Random(seed)
    policy = invented.policy(chance, uncertain=0)
    works = {id(decide(policy, packet).rule) for packet in PACKETS}
    told = {id(idle.rule) for idle in idle_lines(policy) if idle.kind == "shadowed"}
    reached = {"base0"}
    for _ in policy.chains:
        reached |= {r.target for n in reached for r in policy.chains[n].rules if r.target}
    for name in reached:
        for rule in policy.chains[name].rules:
            if rule.action in {"permit", "deny"}:
                assert (id(rule) in told) == (id(rule) not in works)


def web(action: str, line: int, first: int = 0, last: int = 255) -> Rule:
    region = Region(
        source=numbers([(first, last)]),
        protocol=numbers([(TCP, TCP)]),
        destination_port=numbers([(443, 443)]),
    )
    return Rule(action, line, f"{action} {first}-{last}", (region,))  # type: ignore[arg-type]


def told(*rules: Rule, default: str = "deny") -> list[tuple[int, str, list[int]]]:
    policy = Policy((Stage("in"),), {"in": Chain("in", rules, default)})  # type: ignore[arg-type]
    return [
        (idle.rule.line, idle.kind, [rule.line for rule in idle.because])
        for idle in idle_lines(policy)
    ]


ANY = Region()
DOUBTFUL = Rule("deny", 1, "deny when the moon is full", (ANY,), (), why="the moon")

CASES = {
    "shadowed by one line": ((web("permit", 1), web("deny", 2, 3, 9)), [(2, "shadowed", [1])]),
    "shadowed by two lines together": (
        (web("permit", 1, 0, 99), web("permit", 2, 100, 255), web("deny", 3)),
        [(3, "shadowed", [1, 2])],
    ),
    "one address too few shadows nothing": (
        (web("permit", 1, 0, 99), web("permit", 2, 101, 255), web("deny", 3), web("permit", 4)),
        [(4, "shadowed", [1, 2, 3])],
    ),
    "redundant before the same default": ((web("deny", 1),), [(1, "redundant", [])]),
    "redundant before a wider line": (
        (web("permit", 1, 3, 9), web("permit", 2)),
        [(1, "redundant", [])],
    ),
    "not redundant with another line between": (
        (web("permit", 1, 3, 9), web("deny", 2, 9, 20), web("permit", 3)),
        [],
    ),
    "the last line for everything is good style": ((Rule("deny", 1, "deny any", (ANY,)),), []),
    "a line in doubt shadows nothing": ((DOUBTFUL, web("permit", 2)), []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_told(case: str) -> None:
    rules, expected = CASES[case]
    assert told(*rules) == expected
