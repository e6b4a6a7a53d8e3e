"""Output filters behind NAT.

Expected answers after Juniper TechLibrary, "Juniper Networks Devices Processing Overview" and
KB16110 (static NAT, destination NAT, route, policy, reverse static NAT, source NAT, then the filter
per packet), "Understanding Source NAT Rules" (order, `off`, `interface`, `pool`) and "Understanding
Static NAT Rules" (the reverse mapping comes before source NAT).
"""

from __future__ import annotations

import pytest

from rules.packets.interpret import decide
from tests.scanner.platforms.juniper_packets import answer, packet, policy

SRX = "juniper-srx"
BASE = """set interfaces ge-0/0/0 unit 0 family inet address 203.0.113.1/24
set interfaces ge-0/0/1 unit 0 family inet address 10.1.0.254/24
set security zones security-zone out interfaces ge-0/0/0.0
set security zones security-zone in interfaces ge-0/0/1.0
set security policies default-policy permit-all
"""
OUT, IN = "ge-0/0/1.0>ge-0/0/0.0", "ge-0/0/0.0>ge-0/0/1.0"


def filtered(interface: str, *conditions: str) -> str:
    """An output filter that lets pass only what fits the conditions."""
    term = "set firewall family inet filter f term 1"
    return (
        f"set interfaces {interface} unit 0 family inet filter output f\n"
        + "".join(f"{term} from {one}\n" for one in conditions)
        + f"{term} then accept\n"
    )


S = "set security nat source"
RULES = f"{S} rule-set s from zone in\n{S} rule-set s to zone out\n"
RULE = f"{S} rule-set s rule 1"


def source_nat(then: str, match: str = "source-address 10.1.0.0/24") -> str:
    return f"{RULES}{RULE} match {match}\n{RULE} then source-nat {then}\n"


ONE = f"{S} pool one address 198.51.100.7/32\n"
FIXED = f"{ONE}{S} pool one port no-translation\n"
TWO = f"{S} pool two address 198.51.100.8/31\n"
FROM_7 = ("source-address 198.51.100.7/32",)


@pytest.mark.parametrize(
    ("nat", "conditions", "ends", "expected"),
    [
        (ONE + source_nat("pool one"), FROM_7, "10.1.0.5>192.0.2.9", "permit"),
        (ONE + source_nat("pool one"), ("source-address 10.1.0.0/24",), "10.1.0.5>192.0.2.9",
         "deny"),
        (ONE + source_nat("pool one"), FROM_7, "10.9.0.5>192.0.2.9", "deny"),
        (source_nat("interface"), ("source-address 203.0.113.1/32",), "10.1.0.5>192.0.2.9",
         "permit"),
        (source_nat("interface"), ("source-address 10.1.0.0/24",), "10.1.0.5>192.0.2.9", "deny"),
        (source_nat("off"), ("source-address 10.1.0.0/24",), "10.1.0.5>192.0.2.9", "permit"),
        # the first rule that matches decides; one for an interface comes before that for a zone
        (
            ONE + source_nat("off", "source-address 10.1.0.5/32")
            + f"{S} rule-set s rule 2 match source-address 0.0.0.0/0\n"
            + f"{S} rule-set s rule 2 then source-nat pool one\n",
            FROM_7, "10.1.0.5>192.0.2.9", "deny",
        ),
        (
            ONE + source_nat("off")
            + f"{S} rule-set t from zone in\n{S} rule-set t to interface ge-0/0/0.0\n"
            + f"{S} rule-set t rule 1 match source-address 10.1.0.0/24\n"
            + f"{S} rule-set t rule 1 then source-nat pool one\n",
            FROM_7, "10.1.0.5>192.0.2.9", "permit",
        ),
        # one of several addresses or ports, where the filter asks about it
        (TWO + source_nat("pool two"), FROM_7, "10.1.0.5>192.0.2.9", "unknown"),
        (TWO + source_nat("pool two"), ("destination-address 192.0.2.0/24",),
         "10.1.0.5>192.0.2.9", "permit"),
        (TWO + source_nat("pool two"), ("destination-address 192.0.2.0/24",),
         "10.1.0.5>192.0.3.9", "deny"),
        (ONE + source_nat("pool one"), ("source-port 49152",), "10.1.0.5>192.0.2.9", "unknown"),
        (FIXED + source_nat("pool one"), ("source-port 49152",), "10.1.0.5>192.0.2.9", "permit"),
        (source_nat("pool nowhere"), FROM_7, "10.1.0.5>192.0.2.9", "unknown"),
        # rules for another direction, and translations without any rule
        (ONE + source_nat("pool one").replace("to zone out", "to zone in"), FROM_7,
         "10.1.0.5>192.0.2.9", "deny"),
        ("set security nat proxy-arp interface ge-0/0/0.0 address 203.0.113.9/32\n",
         ("source-address 10.1.0.0/24",), "10.1.0.5>192.0.2.9", "permit"),
    ],
)  # fmt: skip
def test_the_filter_sees_the_translated_source(
    nat: str, conditions: tuple[str, ...], ends: str, expected: str
) -> None:
    given = policy(SRX, BASE + filtered("ge-0/0/0", *conditions) + nat)
    assert answer(given, f"{OUT} {ends} tcp/443").split()[0] == expected


D = "set security nat destination"
WEB = (
    f"{D} pool web address 10.1.0.9/32 port 8080\n{D} rule-set d from zone out\n"
    f"{D} rule-set d rule 1 match destination-address 203.0.113.9/32\n"
    f"{D} rule-set d rule 1 match destination-port 80\n"
    f"{D} rule-set d rule 1 then destination-nat pool web\n"
)
STATIC = (
    "set security nat static rule-set t from zone out\n"
    "set security nat static rule-set t rule 1 match destination-address 203.0.113.16/28\n"
    "set security nat static rule-set t rule 1 then static-nat prefix 10.1.0.16/28\n"
)


@pytest.mark.parametrize(
    ("nat", "conditions", "asked", "expected"),
    [
        (WEB, ("destination-address 10.1.0.9/32",), "192.0.2.9>203.0.113.9 tcp/80", "permit"),
        (WEB, ("destination-port 8080",), "192.0.2.9>203.0.113.9 tcp/80", "permit"),
        (WEB, ("destination-address 203.0.113.9/32",), "192.0.2.9>203.0.113.9 tcp/80", "deny"),
        (WEB, ("destination-address 203.0.113.9/32",), "192.0.2.9>203.0.113.9 tcp/81", "permit"),
        (STATIC, ("destination-address 10.1.0.18/32",), "192.0.2.9>203.0.113.18 udp/53", "permit"),
        (STATIC, ("destination-address 10.1.0.18/32",), "192.0.2.9>203.0.113.19 udp/53", "deny"),
        (WEB.replace("9/32 port", "8/31 port"), ("destination-address 10.1.0.9/32",),
         "192.0.2.9>203.0.113.9 tcp/80", "unknown"),
        # static NAT comes first
        (WEB + STATIC.replace("16/28 ", "9/32 ").replace("113.16/28", "113.9/32")
         .replace("10.1.0.16/28", "10.1.0.20/32"), ("destination-address 10.1.0.20/32",),
         "192.0.2.9>203.0.113.9 tcp/80", "permit"),
    ],
)  # fmt: skip
def test_the_filter_sees_the_translated_destination(
    nat: str, conditions: tuple[str, ...], asked: str, expected: str
) -> None:
    given = policy(SRX, BASE + filtered("ge-0/0/1", *conditions) + nat)
    assert answer(given, f"{IN} {asked}").split()[0] == expected


def test_a_host_with_a_static_address_bears_it_outside_before_source_nat_is_asked() -> None:
    nat = ONE + source_nat("pool one") + STATIC
    given = policy(SRX, BASE + filtered("ge-0/0/0", "source-address 203.0.113.18/32") + nat)
    assert answer(given, f"{OUT} 10.1.0.18>192.0.2.9 tcp/443").split()[0] == "permit"
    assert answer(given, f"{OUT} 10.1.0.19>192.0.2.9 tcp/443").split()[0] == "deny"
    decision = decide(given, packet(f"{OUT} 10.1.0.18>192.0.2.9 tcp/443"))
    assert [rule.text for rule in decision.path if "nat" in rule.text] == [STATIC.splitlines()[1]]


def test_later_packets_may_go_either_way_through_a_translation() -> None:
    given = policy(SRX, BASE + filtered("ge-0/0/0", *FROM_7) + ONE + source_nat("pool one"))
    assert answer(given, f"{OUT} 10.1.0.5>192.0.2.9 tcp/443", "established")[:7] == "unknown"
    filter_inside = filtered("ge-0/0/1", "destination-address 10.1.0.0/24")
    given = policy(SRX, BASE + filter_inside + ONE + source_nat("pool one"))
    assert answer(given, f"{IN} 192.0.2.9>198.51.100.7 tcp/443", "established")[:7] == "unknown"
    assert answer(given, f"{IN} 192.0.2.9>198.51.100.7 tcp/443")[:4] == "deny"


def test_policies_still_see_the_source_that_was_sent() -> None:
    closed = BASE.replace("permit-all", "deny-all")
    book = "set security address-book global address h 198.51.100.7/32\n"
    rule = "set security policies from-zone in to-zone out policy p"
    wanted = (
        f"{rule} match source-address h destination-address any application any\n"
        f"{rule} then permit\n"
    )
    text = closed + book + wanted + filtered("ge-0/0/0", *FROM_7) + ONE + source_nat("pool one")
    assert answer(policy(SRX, text), f"{OUT} 10.1.0.5>192.0.2.9 tcp/443")[:4] == "deny"
