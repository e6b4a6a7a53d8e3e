"""NAT of RouterOS: what the filter is asked about, and which line of NAT led there.

Expected answers after RouterOS documentation, "NAT" (dst-nat, src-nat, netmap, the first packet of
a connection), "Packet Flow in RouterOS" (raw, dstnat, routing, forward, srcnat) and "Common
Firewall Matchers and Actions" (accept, jump, return).
"""

from __future__ import annotations

import pytest

from rules.packets.interpret import decide
from tests.scanner.platforms.mikrotik_routeros.routeros_questions import (
    FIRST,
    answer,
    packet,
    policy,
)

NAT, FILTER = "/ip firewall nat", "/ip firewall filter"
WEB = "wan>lan 198.51.100.9>203.0.113.5 tcp 443"
ALLOW = [
    FILTER,
    "add action=accept chain=forward dst-address=10.1.0.1 dst-port=8443 protocol=tcp",
    "add action=drop chain=forward",
]
TO = (
    "add action=dst-nat chain=dstnat dst-address=203.0.113.5 dst-port=443 protocol=tcp "
    "to-addresses=10.1.0.1 to-ports=8443"
)


@pytest.mark.parametrize(
    ("lines", "question", "expected"),
    [
        ([TO], WEB, "permit"),
        ([TO], WEB.replace("443", "444"), "deny"),
        ([TO], WEB.replace("tcp", "udp"), "deny"),
        ([TO.replace("to-ports=8443", "to-ports=8444")], WEB, "deny"),
        ([TO.replace(" to-ports=8443", "")], WEB, "deny"),
        # the first line that matches decides, and `accept` ends the chain
        (["add chain=dstnat src-address=198.51.100.9", TO], WEB, "deny"),
        (["add chain=dstnat src-address=198.51.100.8", TO], WEB, "permit"),
        (["add action=log chain=dstnat", TO], WEB, "permit"),
        (["add action=passthrough chain=dstnat", TO], WEB, "permit"),
        ([TO + " in-interface=wan"], WEB, "permit"),
        ([TO + " in-interface=wan2"], WEB, "deny"),
        ([TO + " disabled=yes"], WEB, "deny"),
        # chains of one's own
        (
            ["add action=jump chain=dstnat jump-target=web", TO.replace("=dstnat", "=web")],
            WEB,
            "permit",
        ),
        (
            [
                "add action=jump chain=dstnat jump-target=web",
                "add action=return chain=web src-address=198.51.100.0/24",
                TO.replace("=dstnat", "=web"),
            ],
            WEB,
            "deny",
        ),
        # one of several addresses or ports, a port of no protocol, the router itself
        ([TO.replace("10.1.0.1 ", "10.1.0.1-10.1.0.2 ")], WEB, "unknown"),
        ([TO.replace("8443", "8443-8444")], WEB, "unknown"),
        ([TO.replace("dst-port=443 protocol=tcp ", "")], WEB, "unknown"),
        ([TO.replace("dst-nat", "redirect")], WEB, "unknown"),
        # conditions that are not known
        ([TO + " time=8h-17h,mon"], WEB, "unknown"),
        (["add chain=dstnat limit=1,5:packet", TO], WEB, "unknown"),
        (["add chain=dstnat limit=1,5:packet dst-port=80 protocol=tcp", TO], WEB, "permit"),
        # later packets follow their connection
        ([TO], f"{WEB} established", "unknown"),
        ([TO], "wan>lan 198.51.100.9>10.1.0.1 tcp 8443", "permit"),
    ],
)
def test_the_filter_sees_the_translated_destination(
    lines: list[str], question: str, expected: str
) -> None:
    assert answer(question, NAT, *lines, *ALLOW)[0] == expected


def test_a_network_is_mapped_host_by_host() -> None:
    line = "add action=netmap chain=dstnat dst-address=203.0.113.0/24 to-addresses=10.1.0.0/24"
    at = "wan>lan 198.51.100.9>203.0.113.{} tcp 8443"
    assert answer(at.format(1), NAT, line, *ALLOW)[0] == "permit"
    assert answer(at.format(2), NAT, line, *ALLOW)[0] == "deny"
    assert answer(at.format(1), NAT, line.replace("0/24 to", "0/23 to"), *ALLOW)[0] == "unknown"


def test_lines_of_nat_stand_on_the_path() -> None:
    out = "add action=src-nat chain=srcnat out-interface=lan to-addresses=10.1.0.254"
    decision = decide(policy(NAT, TO, out, *ALLOW), packet(WEB))
    assert [rule.line - FIRST for rule in decision.path] == [1, 2]
    assert decision.rule is not None
    assert decision.rule.line - FIRST == 4


def test_raw_rules_see_the_packet_as_it_was_sent() -> None:
    raw = ["/ip firewall raw", "add action=drop chain=prerouting dst-address=203.0.113.5"]
    assert answer(WEB, *raw, NAT, TO, *ALLOW) == ("deny", 1)
    other = ["/ip firewall raw", "add action=drop chain=prerouting dst-address=10.1.0.1"]
    assert answer(WEB, *other, NAT, TO, *ALLOW)[0] == "permit"
    untracked = ["/ip firewall raw", "add action=notrack chain=prerouting dst-port=80 protocol=tcp"]
    assert answer(WEB, *untracked, NAT, TO, *ALLOW)[0] == "unknown"


def test_what_is_sent_on_from_an_address_of_the_router_meets_the_forward_chain() -> None:
    line = TO.replace("203.0.113.5", "192.168.88.1")
    question = WEB.replace("203.0.113.5", "192.168.88.1")
    assert answer(question, NAT, line, *ALLOW)[0] == "permit"
    blocked = [FILTER, "add action=drop chain=input", *ALLOW[1:]]
    assert answer(question, NAT, line, *blocked)[0] == "permit"
    assert answer(question.replace("443", "80"), NAT, line, *blocked) == ("deny", 3)


def test_upnp_may_add_lines() -> None:
    lines = ["/ip upnp", "set enabled=yes", NAT, TO, *ALLOW]
    assert answer(WEB, *lines)[0] == "unknown"


def test_translation_of_ipv6() -> None:
    line = (
        "add action=dst-nat chain=dstnat dst-address=2001:db8::5/128 dst-port=443 protocol=tcp "
        "to-address=2001:db8:1::1/128"
    )
    allow = ["/ipv6 firewall filter", "add chain=forward dst-address=2001:db8:1::1/128"]
    drop = "add chain=forward action=drop"
    question = "wan>lan 2001:db8:9::9>2001:db8::5 tcp 443"
    assert answer(question, "/ipv6 firewall nat", line, *allow, drop) == ("permit", 3)
