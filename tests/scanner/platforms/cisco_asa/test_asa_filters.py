"""What an ASA lets through, line by line, as the vendor documents it.

"FW" is the ASA Series Firewall CLI Configuration Guide, "CR" the ASA Series Command Reference.
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from rules.facts import Known
from rules.packets.interpret import Decision, decide
from rules.packets.packet import Packet, usual_flags
from rules.packets.policy import Policy
from scanner.evidence import Document
from scanner.platforms import find

HEAD = """ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
interface GigabitEthernet0/3
 nameif lab
 security-level 50
"""
FIRST = HEAD.count("\n") + 1


def policy(text: str) -> Policy:
    document = Document(text.encode(), "show running-config", "O", datetime(2026, 1, 1, tzinfo=UTC))
    fact = find("cisco-asa").read([document]).facts["filters"]
    assert isinstance(fact, Known)
    assert isinstance(fact.value, Policy)
    return fact.value


def ask(text: str, packet: str, state: str = "new") -> Decision:
    """`outside dmz 198.51.100.1 10.0.0.2 tcp 443`; for ICMP the type instead of the port."""
    entering, leaving, source, target, protocol, port = packet.split()
    number = {"tcp": 6, "udp": 17, "icmp": 1}.get(protocol) or int(protocol)
    ports = (int(port), 0) if number == 1 else (40000, int(port))
    return decide(
        policy(text),
        Packet(
            ip_address(source),
            ip_address(target),
            number,
            *ports,
            usual_flags(number, state),
            entering,
            leaving,
            state,
        ),
    )


IN = "access-group A in interface outside\n"
WEB = "outside inside 198.51.100.1 10.0.0.2 tcp 443"

CASES = {
    # FW "Access Rules": without lists, from a higher level to a lower one and not back
    "higher to lower": (HEAD, "inside outside 10.0.0.2 198.51.100.1 tcp 443", "permit", 8),
    "lower to higher": (HEAD, WEB, "deny", 4),
    "hardware names": (
        HEAD,
        "GigabitEthernet0/0 GigabitEthernet0/1 198.51.100.1 10.0.0.2 tcp 443",
        "deny",
        4,
    ),
    "equal levels": (HEAD, "dmz lab 10.1.0.2 10.2.0.2 tcp 443", "deny", 12),
    # CR "same-security-traffic"
    "equal levels, inter-interface": (
        HEAD + "same-security-traffic permit inter-interface\n",
        "dmz lab 10.1.0.2 10.2.0.2 tcp 443",
        "permit",
        FIRST,
    ),
    "hairpin": (HEAD, "inside inside 10.0.0.2 10.0.0.3 tcp 443", "deny", None),
    "hairpin, intra-interface": (
        HEAD + "same-security-traffic permit intra-interface\n",
        "inside inside 10.0.0.2 10.0.0.3 tcp 443",
        "permit",
        FIRST,
    ),
    "equal levels with a list": (
        HEAD + "access-list A extended permit ip any any\naccess-group A in interface dmz\n",
        "dmz lab 10.1.0.2 10.2.0.2 tcp 443",
        "unknown",
        None,
    ),
    # FW: the list of the interface, then the global one, then deny; levels take no part any more
    "implicit deny of a list": (
        HEAD
        + "access-list A extended permit tcp any any eq 80\naccess-group A in interface inside\n",
        "inside outside 10.0.0.2 198.51.100.1 tcp 443",
        "deny",
        None,
    ),
    "global list after the list of the interface": (
        HEAD
        + "access-list A extended permit tcp any any eq 80\n"
        + "access-list G extended permit tcp any any eq 443\n"
        + IN
        + "access-group G global\n",
        WEB,
        "permit",
        FIRST + 1,
    ),
    "the list of the interface decides first": (
        HEAD
        + "access-list A extended deny tcp any any eq 443\n"
        + "access-list G extended permit tcp any any eq 443\n"
        + IN
        + "access-group G global\n",
        WEB,
        "deny",
        FIRST,
    ),
    "a global list alone ends with deny": (
        HEAD + "access-list G extended permit tcp any any eq 443\naccess-group G global\n",
        "inside outside 10.0.0.2 198.51.100.1 tcp 80",
        "deny",
        None,
    ),
    "outbound list": (
        HEAD
        + "access-list O extended deny tcp any any eq 25\n"
        + "access-list O extended permit ip any any\naccess-group O out interface outside\n",
        "inside outside 10.0.0.2 198.51.100.1 tcp 25",
        "deny",
        FIRST,
    ),
    "a control-plane list rules traffic to the device only": (
        HEAD
        + "access-list C extended permit ip any any\n"
        + "access-group C in interface outside control-plane\n",
        WEB,
        "deny",
        4,
    ),
    "a list that is bound and not there": (HEAD + IN, WEB, "unknown", None),
    # CR "access-list extended": masks are subnet masks
    "mask, inside": (
        HEAD + "access-list A extended permit tcp 198.51.100.0 255.255.255.0 any eq https\n" + IN,
        WEB,
        "permit",
        FIRST,
    ),
    "mask, beside": (
        HEAD + "access-list A extended permit tcp 198.51.101.0 255.255.255.0 any eq https\n" + IN,
        WEB,
        "deny",
        None,
    ),
    "inactive": (
        HEAD + "access-list A extended permit ip any any inactive\n" + IN,
        WEB,
        "deny",
        None,
    ),
    "time range": (
        HEAD + "access-list A extended permit ip any any time-range HOURS\n" + IN,
        WEB,
        "unknown",
        FIRST,
    ),
    "user": (
        HEAD + "access-list A extended permit ip user LOCAL\\guest any any\n" + IN,
        WEB,
        "unknown",
        FIRST,
    ),
    "fqdn": (
        HEAD
        + "object network F\n fqdn v4 example.test\n"
        + "access-list A extended permit ip any object F\n"
        + IN,
        WEB,
        "unknown",
        FIRST + 2,
    ),
    "undefined group": (
        HEAD + "access-list A extended permit ip any object-group NONE\n" + IN,
        WEB,
        "unknown",
        FIRST,
    ),
    # CR "access-list extended": `any` is IPv4 and IPv6 since 9.0, `any4` and `any6` are one
    "any is IPv6 too": (
        HEAD + "access-list A extended permit tcp any any eq 443\n" + IN,
        "outside inside 2001:db8::1 2001:db8:1::1 tcp 443",
        "permit",
        FIRST,
    ),
    "any4 is not IPv6": (
        HEAD + "access-list A extended permit tcp any4 any4 eq 443\n" + IN,
        "outside inside 2001:db8::1 2001:db8:1::1 tcp 443",
        "deny",
        None,
    ),
    "before 9.0 IPv6 has lists of its own": (
        HEAD.replace("9.12(4)", "8.4(7)")
        + "access-list A extended permit tcp any any eq 443\n"
        + IN,
        "outside inside 2001:db8::1 2001:db8:1::1 tcp 443",
        "deny",
        None,
    ),
    "nested groups": (
        HEAD
        + "object network H\n host 10.0.0.2\n"
        + "object-group network IN\n network-object object H\n"
        + "object-group network OUT\n group-object IN\n network-object host 10.0.0.9\n"
        + "access-list A extended permit tcp any object-group OUT eq https\n"
        + IN,
        WEB,
        "permit",
        FIRST + 7,
    ),
    "service group in the place of the protocol": (
        HEAD
        + "object-group service S\n service-object tcp destination eq https\n"
        + "access-list A extended permit object-group S any any\n"
        + IN,
        WEB,
        "permit",
        FIRST + 2,
    ),
    "port group": (
        HEAD
        + "object-group service P tcp\n port-object range 440 450\n"
        + "access-list A extended permit tcp any any object-group P\n"
        + IN,
        WEB,
        "permit",
        FIRST + 2,
    ),
    "protocol group with a port": (
        HEAD
        + "object-group protocol BOTH\n protocol-object tcp\n protocol-object udp\n"
        + "access-list A extended permit object-group BOTH any any eq 443\n"
        + IN,
        WEB,
        "permit",
        FIRST + 3,
    ),
    "source ports are no destination ports": (
        HEAD + "access-list A extended permit tcp any eq 443 any\n" + IN,
        WEB,
        "deny",
        None,
    ),
    "icmp type group": (
        HEAD
        + "object-group icmp-type PING\n icmp-object echo\n"
        + "access-list A extended permit icmp any any object-group PING\n"
        + IN,
        "outside inside 198.51.100.1 10.0.0.2 icmp 8",
        "permit",
        FIRST + 2,
    ),
    "another icmp type": (
        HEAD + "access-list A extended permit icmp any any echo\n" + IN,
        "outside inside 198.51.100.1 10.0.0.2 icmp 13",
        "deny",
        None,
    ),
    "names": (
        HEAD
        + "name 10.0.0.2 web\naccess-list A extended permit tcp any host web eq https log\n"
        + IN,
        WEB,
        "permit",
        FIRST + 1,
    ),
    "address of an interface": (
        HEAD + "access-list A extended permit tcp any interface inside eq 443\n" + IN,
        "outside inside 198.51.100.1 10.0.0.1 tcp 443",
        "permit",
        FIRST,
    ),
    # FW "Real IP addresses in ACLs": since 8.3 the list names the address behind the translation
    "real address": (
        HEAD
        + "object network S\n host 10.0.0.2\n nat (inside,outside) static 192.0.2.80\n"
        + "access-list A extended permit tcp any object S eq https\n"
        + IN,
        WEB,
        "permit",
        FIRST + 3,
    ),
    "mapped address, with a list that would permit it": (
        HEAD
        + "object network S\n host 10.0.0.2\n nat (inside,outside) static 192.0.2.80\n"
        + "access-list A extended permit tcp any any eq https\n"
        + IN,
        "outside inside 198.51.100.1 192.0.2.80 tcp 443",
        "permit",
        FIRST + 3,
    ),
    "dynamic translation of sources changes nothing": (
        HEAD + "object network N\n subnet 10.0.0.0 255.255.255.0\n"
        " nat (inside,outside) dynamic interface\n",
        "inside outside 10.0.0.2 198.51.100.1 tcp 443",
        "permit",
        8,
    ),
    "twice nat of destinations": (
        HEAD
        + "object network M\n host 203.0.113.9\nobject network R\n host 198.51.100.9\n"
        + "nat (inside,outside) source static any any destination static M R\n",
        "inside outside 10.0.0.2 203.0.113.9 tcp 443",
        "permit",
        8,
    ),
    "translation of before 8.3": (
        HEAD + "static (inside,outside) 192.0.2.80 10.0.0.2 netmask 255.255.255.255\n",
        "inside outside 10.0.0.2 198.51.100.1 tcp 443",
        "unknown",
        None,
    ),
    "several contexts": (
        HEAD + "context one\n",
        "inside outside 10.0.0.2 198.51.100.1 tcp 443",
        "unknown",
        None,
    ),
    "management-only": (
        HEAD.replace(" nameif inside", " management-only\n nameif inside"),
        "inside outside 10.0.0.2 198.51.100.1 tcp 443",
        "deny",
        None,
    ),
    "no such interface": (HEAD, "guest outside 10.9.0.2 198.51.100.1 tcp 443", "deny", None),
    "a fragment without interfaces": (
        "ASA Version 9.12(4)\naccess-list A extended permit ip any any\n",
        WEB,
        "unknown",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_packet(case: str) -> None:
    text, packet, answer, line = CASES[case]
    decision = ask(text, packet)
    found = decision.rule.line if decision.rule is not None else None
    assert (decision.answer, found) == (answer, line), decision


def test_replies_pass() -> None:
    assert ask(HEAD, WEB, "established").answer == "permit"
    assert ask(HEAD, WEB, "invalid").answer == "deny"


def test_the_binding_stands_on_the_path() -> None:
    decision = ask(HEAD + "access-list A extended permit ip any any\n" + IN, WEB)
    assert [rule.line for rule in decision.path] == [FIRST + 1]


def test_tunnels_pass_the_list_of_the_interface() -> None:
    tunnel = "crypto map M interface outside\n"
    assert [one.line for one in policy(HEAD + tunnel).unread if one.matters] == [FIRST]
    assert policy(HEAD + tunnel + "no sysopt connection permit-vpn\n").unread == ()


def test_an_unknown_command_is_told() -> None:
    assert [one.text for one in policy(HEAD + "frobnicate all\n").unread] == ["frobnicate all"]


def test_one_object_serves_every_rule() -> None:
    rules = "".join(
        f"access-list A extended permit tcp any object-group G eq {n}\n" for n in (1, 2)
    )
    text = HEAD + "object-group network G\n network-object host 10.0.0.2\n" + rules + IN
    one, other = policy(text).chains["A"].rules
    assert one.may[0].destination is other.may[0].destination
    assert one.may[0].destination is not None
    part = one.may[0].destination.part_with(int(ip_address("10.0.0.2")))
    assert part is not None
    assert part.line == FIRST + 1
