"""What a filter admits, compared with asking it packet by packet."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.network_facts import FilterRule, Filters, PortRange
from rules.packets.admission import UnknownProtocol, admitted
from rules.packets.boxes import (
    ANY_PORT,
    ANY_PROTOCOL,
    Box,
    TooComplicated,
    intervals_without,
    overlap,
    remove,
    span,
    without,
)
from tests.rules.values import filters, rule

NETS = [ip_network(text) for text in ("10.0.0.0/30", "10.0.0.0/31", "10.0.0.2/32", "0.0.0.0/0")]
SOURCES = [ip_address("10.0.0.0") + n for n in range(4)]
DESTINATIONS = [ip_address("10.0.1.0") + n for n in range(2)]
TO = [ip_network("10.0.1.0/31"), ip_network("10.0.1.1/32")]
PORTS = (0, 1, 22, 23, 24, 65535)
PROTOCOLS = (1, 6, 17)

prefixes = st.lists(st.sampled_from(NETS), max_size=2).map(tuple)
rules = st.builds(
    FilterRule,
    action=st.sampled_from(["permit", "deny"]),
    line=st.just(1),
    text=st.just(""),
    in_interfaces=st.sampled_from([(), ("a",), ("b",), ("a*",)]),
    out_interfaces=st.sampled_from([(), ("x",), ("y",)]),
    sources=prefixes,
    destinations=st.lists(st.sampled_from(TO), max_size=1).map(tuple),
    protocol=st.sampled_from([None, "tcp", "udp", "icmp", "6"]),
    ports=st.lists(
        st.sampled_from([PortRange(22, 23), PortRange(0, 1), PortRange(24, 65535)]), max_size=2
    ).map(tuple),
    states=st.sampled_from([(), ("established",), ("new",), ("new", "related")]),
)


def asked(policy: Filters, source: object, to: object, protocol: int, port: int) -> bool:
    """Whether a new packet from interface a1 to x gets through, one line after the other."""
    for line in policy.rules:
        if line.states and "new" not in line.states:
            continue
        if line.in_interfaces and line.in_interfaces not in {("a*",)}:
            continue
        if line.out_interfaces and "x" not in line.out_interfaces:
            continue
        if line.sources and not any(source in p for p in line.sources):
            continue
        if line.destinations and not any(to in p for p in line.destinations):
            continue
        names = {1: {"icmp"}, 6: {"tcp", "6"}, 17: {"udp"}}[protocol]
        if line.protocol is not None and line.protocol not in names:
            continue
        if line.ports:
            if line.protocol is None and protocol == 1:
                continue
            if not any(r.first <= port <= r.last for r in line.ports):
                continue
        return line.action == "permit"
    return policy.default == "permit"


@settings(max_examples=150, deadline=None)
@given(st.lists(rules, max_size=5), st.sampled_from(["permit", "deny"]))
def test_agrees_with_asking_packet_by_packet(lines: list[FilterRule], default: str) -> None:
    policy = filters(*lines, default=default)
    sources, destinations = [span(ip_network("10.0.0.0/30"))], [span(ip_network("10.0.1.0/31"))]
    boxes = [b for a in admitted(policy, "a1", "x", sources, destinations) for b in a.boxes]
    for source, to, protocol, port in product(SOURCES, DESTINATIONS, PROTOCOLS, PORTS):
        one: Box = (span(source), span(to), (protocol, protocol), (port, port))
        hits = [box for box in boxes if overlap(box, one)]
        assert bool(hits) == asked(policy, source, to, protocol, port)


def admits(*lines: FilterRule, **rest: object) -> list[int | None]:
    """Numbers of the lines that let something through; None for the default."""
    policy = filters(*lines, **rest)
    found = admitted(
        policy, "a", "x", [span(ip_network("10.0.0.0/24"))], [span(ip_network("10.0.1.0/24"))]
    )
    return [a.rule.line if a.rule else None for a in found]


def test_a_line_that_an_earlier_one_covers_admits_nothing() -> None:
    assert admits(rule(line=1), rule(line=2, protocol="tcp")) == [1]
    assert admits(rule("deny", line=1, protocol="tcp"), rule(line=2, protocol="tcp")) == []
    assert admits(rule("deny", line=1, protocol="tcp"), rule(line=2)) == [2]


def test_the_default_admits_what_is_left() -> None:
    assert admits(default="permit") == [None]
    assert admits(rule("deny", line=1), default="permit") == []
    assert admits(rule(line=1), default="permit") == [1]


def test_addresses_of_the_other_family_do_not_meet() -> None:
    assert admits(rule(line=1, sources=("::/0",))) == []
    assert admits(rule(line=1, sources=("0.0.0.0/0",))) == [1]
    assert span(ip_network("0.0.0.0/0"))[1] < span(ip_network("::/0"))[0]


def test_protocols_by_number_and_unknown_ones() -> None:
    assert admits(rule(line=1, protocol="47")) == [1]
    with pytest.raises(UnknownProtocol):
        admits(rule(line=1, protocol="carp"))
    with pytest.raises(UnknownProtocol):
        admits(rule(line=1, protocol="256"))


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
