"""What a change permits and blocks, against every packet of small random policies."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from rules.packets.difference import Changed, Difference, difference
from rules.packets.fields import TCP
from rules.packets.interpret import decide
from rules.packets.packet import numbered
from rules.packets.policy import (
    EVERYTHING,
    Chain,
    Change,
    Policy,
    Region,
    Rewrite,
    Rule,
    Stage,
    Unread,
)
from rules.packets.sets import names, numbers
from tests.rules.packets import random_policies as invented

PACKETS = tuple(invented.packets())
SEEDS = range(12)
KINDS = {("deny", "permit"): "permitted", ("permit", "deny"): "blocked"}
PERHAPS = {
    "permitted": {("deny", "unknown"), ("unknown", "permit")},
    "blocked": {("permit", "unknown"), ("unknown", "deny")},
}


def changed_a_little(chance: random.Random, given: Policy) -> Policy:
    """A line more, a line less, another order, another default, another place, a stage less."""
    name = chance.choice(sorted(given.chains))
    chain = given.chains[name]
    rules, default, stages = list(chain.rules), chain.default, given.stages
    for _ in range(chance.randint(1, 2)):
        what = chance.choice(["insert", "insert", "delete", "swap", "default", "stage"])
        if what == "insert" or not rules:
            action = chance.choice(["permit", "deny", "return", "permit"])
            extra = Rule(action, 7000 + len(rules), "extra", (invented.region(chance),))
            rules.insert(chance.randint(0, len(rules)), extra)
        elif what == "delete":
            del rules[chance.randrange(len(rules))]
        elif what == "swap":
            one, other = chance.randrange(len(rules)), chance.randrange(len(rules))
            rules[one], rules[other] = rules[other], rules[one]
        elif what == "default" and default != "return":
            default = chance.choice(["permit", "deny"])
        elif len(stages) > 1:
            stages = stages[1:]
    chains = {**given.chains, name: replace(chain, rules=tuple(rules), default=default)}
    return replace(given, chains=chains, stages=stages)


def check(old: Policy, new: Policy, traffic: Sequence[Region] = (EVERYTHING,)) -> Difference:
    """Compares with every packet; `found` is what was told."""
    told = difference(old, new, traffic)
    if understood(old) and understood(new):
        assert not told.open
    assert all(reason.startswith("not confirmed") for reason in told.open)
    pairs: dict[str, set[tuple[int | None, int | None]]] = {"permitted": set(), "blocked": set()}
    perhaps = set()
    for packet in PACKETS:
        if not any(packet.is_in(region) for region in traffic):
            continue
        before, after = decide(old, packet), decide(new, packet)
        both = before.answer, after.answer
        if both in KINDS:
            lines = tuple(one.rule.line if one.rule else None for one in (before, after))
            pairs[KINDS[both]].add(lines)
        perhaps |= {kind for kind, answers in PERHAPS.items() if both in answers}
    for kind, expected in pairs.items():
        mine = [change for change in told.changes if change.kind == kind]
        assert bool(expected) == any(change.certain for change in mine)
        assert kind not in perhaps or mine
        if len(old.stages) == len(new.stages) == 1 and understood(old) and understood(new):
            assert {lines_of(change) for change in mine} == expected
    for change in told.changes:
        assert any(change.witness.is_in(region) for region in traffic)
        answers = decide(old, change.witness).answer, decide(new, change.witness).answer
        if change.certain:
            assert KINDS[answers] == change.kind
            for packet in PACKETS:
                if packet.is_in(change.packets):
                    there = decide(old, packet).answer, decide(new, packet).answer
                    assert there == answers
        else:
            assert answers not in KINDS
            assert answers[0] != answers[1] or answers[0] == "unknown"
            assert change.why
    return told


def lines_of(change: Changed) -> tuple[int | None, int | None]:
    old, new = change.old.rule, change.new.rule
    return (old.line if old else None, new.line if new else None)


def understood(policy: Policy) -> bool:
    return all(rule.understood for chain in policy.chains.values() for rule in chain.rules)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stages", [1, 2])
def test_a_small_change_changes_what_the_interpreter_says(seed: int, stages: int) -> None:
    chance = random.Random(seed * 10 + stages)
    old = invented.policy(chance, uncertain=chance.choice([0, 0, 0.3]), stages=stages)
    check(old, changed_a_little(chance, old), [invented.region(chance, 0.8)])


@pytest.mark.parametrize("seed", SEEDS)
def test_two_policies_of_different_origin(seed: int) -> None:
    chance = random.Random(seed)
    old = invented.policy(chance, uncertain=chance.choice([0, 0.3]))
    check(old, invented.policy(chance, uncertain=0))


@pytest.mark.parametrize("seed", SEEDS)
def test_behind_a_translation(seed: int) -> None:
    chance = random.Random(seed)
    given = invented.policy(chance, uncertain=chance.choice([0, 0, 0.2]), stages=2)
    old = invented.translating(chance, given)
    new = changed_a_little(chance, old)
    if seed % 3 == 0:
        new = invented.translating(chance, given)
    check(old, new, [invented.region(chance, 0.8)])


@pytest.mark.parametrize("seed", range(20))
def test_a_policy_does_not_differ_from_itself(seed: int) -> None:
    chance = random.Random(seed)
    policy = invented.translating(chance, invented.policy(chance, uncertain=0.4, stages=2))
    assert difference(policy, replace(policy)) == Difference()


def web(action: str, line: int, first: int = 0, last: int = 255) -> Rule:
    region = Region(
        destination=numbers([(first, last)]),
        protocol=numbers([(TCP, TCP)]),
        destination_port=numbers([(443, 443)]),
    )
    return Rule(action, line, f"{action} {first}-{last}", (region,))  # type: ignore[arg-type]


def policy(*rules: Rule, default: str = "deny", chain: str = "in") -> Policy:
    return Policy((Stage(chain),), {chain: Chain(chain, rules, default)})  # type: ignore[arg-type]


DOUBT = Rule("permit", 1, "permit at night", (EVERYTHING,), (), why="at night")

CASES = {
    "one line more": (
        policy(web("permit", 1)),
        policy(web("permit", 1), web("permit", 2, 300, 310)),
        [("permitted", None, 2, True)],
    ),
    "one line less": (
        policy(web("permit", 1), web("permit", 2, 300, 310)),
        policy(web("permit", 1)),
        [("blocked", 2, None, True)],
    ),
    "a line that earlier ones take already": (
        policy(web("permit", 1)),
        policy(web("permit", 1), web("permit", 2, 7, 9)),
        [],
    ),
    "lines that have no packet in common change places": (
        policy(web("deny", 1, 0, 9), web("permit", 2, 10, 20)),
        policy(web("permit", 1, 10, 20), web("deny", 2, 0, 9)),
        [],
    ),
    "lines that have packets in common change places": (
        policy(web("deny", 1, 0, 10), web("permit", 2, 10, 20)),
        policy(web("permit", 1, 10, 20), web("deny", 2, 0, 10)),
        [("permitted", 1, 1, True)],
    ),
    "one line written as two": (
        policy(web("permit", 1, 0, 99)),
        policy(web("permit", 1, 0, 49), web("permit", 2, 50, 99)),
        [],
    ),
    "another name of the chain": (
        policy(web("permit", 1)),
        policy(web("permit", 9), chain="x"),
        [],
    ),
    "the same doubt on both sides": (
        policy(DOUBT, web("deny", 2)),
        policy(replace(DOUBT, line=7), web("deny", 8)),
        [],
    ),
    "a doubtful line more": (policy(), policy(DOUBT), [("permitted", None, 1, False)]),
    "a line behind a doubtful one": (
        policy(DOUBT),
        policy(DOUBT, web("permit", 2)),
        [("permitted", None, 2, False)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_told(case: str) -> None:
    old, new, expected = CASES[case]
    told = difference(old, new)
    assert [(c.kind, *lines_of(c), c.certain) for c in told.changes] == expected
    assert told.open == ()


def test_the_place_where_most_packets_differ_is_shown() -> None:
    (change,) = difference(policy(), policy(web("permit", 2, 300, 310))).changes
    assert change.packets.destination == numbers([(300, 310)])
    assert change.packets.destination_port == numbers([(443, 443)])
    plain = replace(change.witness, entering="", leaving="")
    assert plain == numbered(0, 300, TCP, source_port=49152, destination_port=443, flags=2)


def test_only_the_traffic_that_is_asked_about() -> None:
    new = policy(web("permit", 2, 300, 310))
    assert difference(policy(), new, [Region(destination=numbers([(0, 299)]))]) == Difference()
    assert difference(policy(), new, [Region(destination=numbers([(0, 300)]))]).changes


def test_an_access_list_bound_to_one_more_interface() -> None:
    old = policy(web("permit", 1))
    new = replace(old, stages=(*old.stages, Stage("in", Region(entering=names("eth1")))))
    assert difference(old, new) == Difference()
    second = Chain("second", (), "deny")
    bound = Stage("second", Region(entering=names("eth1")))
    new = replace(new, stages=(*old.stages, bound), chains={**old.chains, "second": second})
    (change,) = difference(old, new).changes
    assert (change.kind, change.witness.entering, change.new.chain) == ("blocked", "eth1", "second")


def test_a_forward_that_leads_elsewhere_blocks_and_permits() -> None:
    inside = Region(destination=numbers([(3, 3)]))
    chains = {"in": Chain("in", (Rule("permit", 1, "permit .3", (inside,)),), "deny")}

    def forwarding(to: int) -> Policy:
        listed = Rule("continue", 7, f"forward to .{to}", (Region(destination=numbers([(9, 9)])),))
        return Policy((Stage("in", rewrites=(Rewrite(listed, destination=Change(to)),)),), chains)

    assert difference(forwarding(3), forwarding(3)) == Difference()
    (change,) = difference(forwarding(3), forwarding(4)).changes
    assert (change.kind, change.packets.destination) == ("blocked", numbers([(9, 9)]))
    assert [rule.text for rule in change.old.path] == ["forward to .3"]
    assert [rule.text for rule in change.new.path] == ["forward to .4"]


def test_lines_that_were_not_understood_leave_it_open() -> None:
    line = Unread(4, "magic", "no such word")
    old = policy(web("permit", 9))
    assert difference(old, replace(old, unread=(line,))).open == ("line 4: no such word",)
    assert difference(replace(old, unread=(line,)), replace(old, unread=(line,))).open == ()
    new = replace(policy(web("permit", 9), web("permit", 10, 300, 301)), unread=(line,))
    (change,) = difference(replace(old, unread=(line,)), new).changes
    assert (change.certain, change.why) == (False, "line 4: no such word")


def test_an_interface_in_another_zone_leaves_it_open() -> None:
    old, new = (replace(policy(), zones={"dmz": inside}) for inside in (("eth1",), ("eth2",)))
    assert difference(old, new).open == ("zone dmz: eth1, eth2 moved into or out of it",)


def test_a_question_beyond_the_budget_is_left_open() -> None:
    old = policy(*(web("permit", n, n * 10, n * 10 + 4) for n in range(40)))
    told = difference(old, policy(web("deny", 1, 0, 999)), budget=5)
    assert told.open == ("too complex: not everything that changed was compared",)
