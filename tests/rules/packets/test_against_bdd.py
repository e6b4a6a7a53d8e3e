"""Leaks and blocked services equal those of a BDD engine; what means nothing changes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.packets.fields import ALL_FLAGS, TCP, UDP
from rules.packets.policy import Chain, Policy, Region, Rule, Stage
from rules.packets.prove import Finding, blocked, leaks
from rules.packets.sets import Names, Numbers, names, numbers
from rules.packets.space import possible

pytest.importorskip("oxidd")
from tests.rules.packets.bdd_engine import INTERFACES, Engine

NET = 10 << 24
PREFIXES = st.builds(
    lambda value, length: (
        NET | (value & ~((1 << (32 - length)) - 1) & 0xFFFFFF),
        NET | (value & ~((1 << (32 - length)) - 1) & 0xFFFFFF) | ((1 << (32 - length)) - 1),
    ),
    st.integers(0, 0xFFFFFF),
    st.sampled_from([8, 16, 24, 31, 32]),
)
V6 = st.integers(0, 3).map(lambda n: ((1 << 32) + n, (1 << 32) + n))
ADDRESSES = st.one_of(
    st.none(), st.lists(st.one_of(PREFIXES, PREFIXES, V6), min_size=1, max_size=3).map(numbers)
)
RANGES = st.tuples(st.sampled_from([0, 22, 80, 443, 1024, 5060, 65535]), st.integers(0, 700)).map(
    lambda pair: (pair[0], min(65535, pair[0] + pair[1]))
)
PORTS = st.one_of(st.none(), st.lists(RANGES, min_size=1, max_size=3).map(numbers))
PORTED = numbers([(TCP, TCP), (UDP, UDP)])
PROTOCOLS = st.sampled_from([None, numbers([(6, 6)]), numbers([(17, 17)]), numbers([(1, 1)])])
PLACES = st.one_of(
    st.none(),
    st.builds(
        lambda chosen, but: Names(frozenset(chosen), all_but=but),
        st.sets(st.sampled_from(INTERFACES[:3]), max_size=2),
        st.booleans(),
    ),
)


def region_of(
    source: Numbers | None,
    destination: Numbers | None,
    protocol: Numbers | None,
    port: Numbers | None,
    entering: Names | None,
) -> Region:
    if port is not None and (protocol is None or protocol.intervals == ((1, 1),)):
        protocol = PORTED
    return Region(source, destination, protocol, destination_port=port, entering=entering)


REGIONS = st.builds(region_of, ADDRESSES, ADDRESSES, PROTOCOLS, PORTS, PLACES)
RULES = st.lists(
    st.tuples(st.sampled_from(["permit", "deny"]), st.lists(REGIONS, min_size=1, max_size=2)),
    max_size=12,
).map(
    lambda rows: tuple(
        Rule(action, number, f"rule {number}", tuple(may))
        for number, (action, may) in enumerate(rows, start=1)
    )
)
DEFAULTS = st.sampled_from(["permit", "deny"])
# the engine has 32 bits for IPv6: the question stays within them
WHERE = numbers([(0, (1 << 32) + 15)])
QUESTION = Region(WHERE, WHERE, flags=ALL_FLAGS)


@cache
def engine() -> Engine:
    return Engine()


def policy(rules: tuple[Rule, ...], default: str) -> Policy:
    return Policy((Stage("in"),), {"in": Chain("in", rules, default)})  # type: ignore[arg-type]


def lines(findings: tuple[Finding, ...]) -> set[int | None]:
    return {
        finding.passages[0].rule.line if finding.passages[0].rule else None
        for finding in findings
        if not finding.masked
    }


often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@often
@given(RULES, DEFAULTS, st.lists(REGIONS, max_size=3))
def test_guilty_lines_are_those_of_the_engine(
    rules: tuple[Rule, ...], default: str, allowed: list[Region]
) -> None:
    subject = policy(rules, default)
    proof = leaks(subject, QUESTION, allowed)
    expected = engine().guilty(subject.chains["in"], list(possible(QUESTION)), allowed)
    assert lines(proof.findings) == expected
    assert proof.verdict == ("broken" if expected else "proved")


@often
@given(RULES, DEFAULTS, REGIONS)
def test_lines_that_block_are_those_of_the_engine(
    rules: tuple[Rule, ...], default: str, wanted: Region
) -> None:
    subject = policy(rules, default)
    asked = replace(wanted, source=wanted.source or WHERE, destination=wanted.destination or WHERE)
    (proof,) = blocked(subject, [asked])
    expected = engine().stopping(subject.chains["in"], list(possible(asked)))
    assert lines(proof.findings) == expected


# --- changes that mean nothing -----------------------------------------------------------------


@often
@given(RULES, DEFAULTS, st.lists(REGIONS, max_size=2), st.data())
def test_what_means_the_same_is_judged_the_same(
    rules: tuple[Rule, ...], default: str, allowed: list[Region], data: st.DataObject
) -> None:
    before = leaks(policy(rules, default), QUESTION, allowed)
    at = data.draw(st.integers(0, len(rules)))
    shadowed = Rule("permit", 999, "shadowed", rules[0].may) if rules else None
    variants = [
        tuple(part for rule in rules for part in halves(rule)),
        (*rules[:at], Rule("continue", 0, "log"), *rules[at:]),
        tuple(renamed(rule) for rule in rules),
    ]
    if shadowed is not None:
        variants.append((*rules[:1], shadowed, *rules[1:]))
    for variant in variants:
        after = leaks(policy(variant, default), QUESTION, [renamed_region(a) for a in allowed])
        assert after.verdict == before.verdict
        assert lines(after.findings) == lines(before.findings)


def halves(rule: Rule) -> tuple[Rule, ...]:
    """The rule once for TCP and once for the rest of what it matches."""
    tcp, rest = numbers([(6, 6)]), numbers([(0, 5), (7, 255)])
    return (
        *(replace(rule, may=(replace(one, protocol=tcp),)) for one in rule.may if has(one, 6)),
        *(
            replace(rule, may=(replace(one, protocol=without_tcp(one, rest)),))
            for one in rule.may
            if without_tcp(one, rest)
        ),
    )


def has(region: Region, protocol: int) -> bool:
    return region.protocol is None or protocol in region.protocol


def without_tcp(region: Region, rest: Numbers) -> Numbers:
    if region.protocol is None:
        return rest
    return numbers(pair for pair in region.protocol.intervals if pair != (6, 6))


def renamed(rule: Rule) -> Rule:
    return replace(rule, may=tuple(renamed_region(region) for region in rule.may))


def renamed_region(region: Region) -> Region:
    """The same sets as other objects, as a group of another name would be."""
    if region.source is None:
        return region
    return replace(region, source=Numbers(tuple(region.source.intervals)))


def test_the_order_of_rules_that_share_nothing_does_not_matter() -> None:
    one = Rule("permit", 1, "a", (Region(protocol=numbers([(6, 6)])),))
    other = Rule("deny", 2, "b", (Region(protocol=numbers([(17, 17)])),))
    last = Rule("permit", 3, "c", (Region(entering=names("wan")),))
    found = [
        lines(leaks(policy(rules, "deny"), QUESTION, []).findings)
        for rules in ((one, other, last), (other, one, last))
    ]
    assert found == [{1, 3}, {1, 3}]


def test_a_question_about_no_packet_is_proved() -> None:
    nothing = Region(source=numbers([(1, 1)]), destination=numbers([(1 << 32, 1 << 32)]))
    assert leaks(policy((), "permit"), nothing, []).verdict == "proved"
    assert blocked(policy((), "deny"), [nothing])[0].verdict == "proved"
