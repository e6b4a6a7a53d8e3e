"""Address translation before the access lists, which name real addresses.

Expected answers after Cisco, "ASA Series Firewall CLI Configuration Guide": "Real IP addresses in
ACLs", "NAT Rule Order", "Network Object NAT", "Twice NAT".
"""

from __future__ import annotations

import pytest

from rules.packets.interpret import decide
from tests.scanner.platforms.juniper_packets import answer, packet, policy

ASA = "cisco-asa"
PORTS = """ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
access-group A in interface outside
access-list A extended permit tcp any host 10.0.0.2 eq 443
access-list A extended permit tcp any host 10.0.0.7 eq 22
access-list A extended deny ip any any log
object network S
 host 10.0.0.2
object network T
 host 10.0.0.3
object network N
 subnet 10.0.0.0 255.255.255.240
object network M
 host 192.0.2.80
object network P
 host 203.0.113.9
object network Q
 host 203.0.113.10
object-group network G
 network-object host 10.0.0.2
 network-object host 10.0.0.3
object-group network H
 network-object host 192.0.2.80
 network-object host 192.0.2.81
"""
AT = PORTS.count("\n") + 1
TO_M = "outside>inside 198.51.100.1>192.0.2.80 tcp/443"


def own(name: str, line: str) -> str:
    return f"object network {name}\n nat {line}\n"


CASES = [
    ("an address to another", own("S", "(inside,outside) static M"), TO_M, "permit 11"),
    ("written out", own("S", "(inside,outside) static 192.0.2.80"), TO_M, "permit 11"),
    ("another service", own("S", "(inside,outside) static M"), TO_M.replace("443", "80"),
     "deny 13"),
    ("to another host", own("T", "(inside,outside) static M"), TO_M, "deny 13"),
    ("from another interface", own("S", "(inside,outside) static M"),
     "inside>outside 10.0.0.9>192.0.2.80 tcp/443", "permit 8"),
    ("between any interfaces", own("S", "(any,any) static M"), TO_M, "permit 11"),
    ("a port", own("S", "(inside,outside) static M service tcp https 8443"),
     TO_M.replace("443", "8443"), "permit 11"),
    ("the port behind", own("S", "(inside,outside) static M service tcp https 8443"), TO_M,
     "deny 13"),
    ("another protocol", own("S", "(inside,outside) static M service udp 443 443"), TO_M,
     "deny 13"),
    ("the address of the interface", own("S", "(inside,outside) static interface service tcp 443 "
     "4443"), "outside>inside 198.51.100.1>192.0.2.1 tcp/4443", "permit 11"),
    ("a network", own("N", "(inside,outside) static 192.0.2.80"),
     "outside>inside 198.51.100.1>192.0.2.82 tcp/443", "permit 11"),
    ("a network, its last address", own("N", "(inside,outside) static 192.0.2.80"),
     "outside>inside 198.51.100.1>192.0.2.95 tcp/443", "deny 13"),
    ("behind the network", own("N", "(inside,outside) static 192.0.2.80"),
     "outside>inside 198.51.100.1>192.0.2.98 tcp/443", "deny 13"),
    ("not the same size", own("N", "(inside,outside) static M") + own("S", "(inside,outside) "
     "static H"), TO_M, "unknown"),
    ("dynamic lines translate no destination", own("S", "(inside,outside) dynamic M"), TO_M,
     "deny 13"),
    ("an option that nobody knows", own("S", "(inside,outside) static M sideways"), TO_M,
     "unknown"),
    ("options without meaning for filters", own("S", "(inside,outside) static M no-proxy-arp dns"),
     TO_M, "permit 11"),
    # manual lines come before those of objects, and after-auto behind them
    ("a manual line first", own("T", "(inside,outside) static M")
     + "nat (inside,outside) source static S M\n", TO_M, "permit 11"),
    ("after-auto", own("S", "(inside,outside) static M")
     + "nat (inside,outside) after-auto source static T M\n", TO_M, "permit 11"),
    # the object with fewer addresses, then the lower one
    ("fewer addresses first", own("N", "(inside,outside) static 192.0.2.78")
     + own("S", "(inside,outside) static 192.0.2.82"),
     "outside>inside 198.51.100.1>192.0.2.82 tcp/443", "permit 11"),
    ("the lower address first", own("T", "(inside,outside) static M")
     + own("S", "(inside,outside) static M"), TO_M, "permit 11"),
    ("switched off", "nat (inside,outside) source static S M inactive\n", TO_M, "deny 13"),
    ("one way only", "nat (inside,outside) source static S M unidirectional\n", TO_M, "deny 13"),
    ("only for one peer", "nat (inside,outside) source static S M destination static P P\n",
     TO_M, "deny 13"),
    ("for this peer", "nat (inside,outside) source static S M destination static P P\n",
     TO_M.replace("198.51.100.1", "203.0.113.9"), "permit 11"),
    ("the peer has another name inside",
     "nat (inside,outside) source static S M destination static Q P\n",
     TO_M.replace("198.51.100.1", "203.0.113.9"), "permit 11"),
    ("groups are paired in an order of their own",
     "nat (inside,outside) source static G H\n", TO_M, "unknown"),
    ("services of twice NAT", "nat (inside,outside) source static S M service A B\n", TO_M,
     "unknown"),
    # an exemption before it: which of the two has the packet is not certain
    ("an exemption for a peer", own("S", "(inside,outside) static M")
     + "nat (inside,outside) source static any any destination static P P\n",
     TO_M.replace("198.51.100.1", "203.0.113.9"), "unknown"),
    ("an exemption for another peer", own("S", "(inside,outside) static M")
     + "nat (inside,outside) source static any any destination static P P\n", TO_M, "permit 11"),
    ("PAT for everybody inside", own("S", "(inside,outside) static M")
     + "nat (inside,outside) source dynamic any interface\n", TO_M, "permit 11"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "nat", "asked", "expected"), CASES, ids=lambda v: str(v)[:40])
def test_a_destination_is_judged_by_its_real_address(
    name: str, nat: str, asked: str, expected: str
) -> None:
    found = answer(policy(ASA, PORTS + nat), asked)
    assert found == expected or (expected == "unknown" and found.startswith(expected))


def test_the_line_that_translates_stands_on_the_path() -> None:
    given = policy(ASA, PORTS + own("S", "(inside,outside) static M"))
    decision = decide(given, packet(TO_M))
    assert [rule.line for rule in decision.path] == [AT + 1, 10]
    assert decision.path[0].text == "nat (inside,outside) static M"


def test_an_address_in_doubt_is_not_denied_by_a_list_of_real_addresses() -> None:
    given = policy(ASA, PORTS + own("S", "(inside,outside) static H"))
    assert decide(given, packet(TO_M)).answer == "unknown"
    assert decide(given, packet(TO_M.replace(".80", ".90"))).answer == "deny"
