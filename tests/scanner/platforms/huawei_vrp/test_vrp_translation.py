"""Translation of addresses on USG firewalls and AR routers.

Expected answers after Huawei, "HiSecEngine USG6000E", NAT (EDOC1100164715: destinations are
translated before the security policy, sources behind it; `nat server`: `zone`, `no-reverse`) and
"AR Series V200R010 Command Reference", NAT Configuration Commands (EDOC1100041733: `nat server` and
`nat outbound` of an interface, the list of `nat outbound`).
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

PUBLIC = "untrust dmz 198.51.100.9 203.0.113.5 tcp 443"
DIRECT = "untrust dmz 198.51.100.9 10.1.3.10 tcp 8443"
WEB = "nat server web protocol tcp global 203.0.113.5 443 inside 10.1.3.10 8443"
ALL = "nat server 0 global 203.0.113.5 inside 10.1.3.10"


def policy(text: str) -> Policy:
    document = Document(
        text.encode(), "display current-configuration", "O", datetime(2026, 1, 1, tzinfo=UTC)
    )
    found = find("huawei-vrp").read([document]).facts["filters"]
    assert isinstance(found, Known), found
    assert isinstance(found.value, Policy)
    return found.value


def ask(text: str, packet: str) -> Decision:
    """`untrust dmz 198.51.100.9 203.0.113.5 tcp 443`."""
    entering, leaving, source, target, protocol, port = packet.split()
    number = {"tcp": 6, "udp": 17}[protocol]
    addresses = ip_address(source), ip_address(target)
    flags = usual_flags(number, "new")
    return decide(
        policy(text), Packet(*addresses, number, 40000, int(port), flags, entering, leaving, "new")
    )


def usg(nat: str, destination: str = "10.1.3.10 32", service: str = "") -> str:
    """A firewall that lets in from untrust to dmz what goes to one address."""
    zones = "".join(
        f"firewall zone {zone}\n add interface GigabitEthernet1/0/{at}\n#\n"
        for at, zone in enumerate(("trust", "untrust", "dmz"))
    )
    asked = f"  service protocol tcp destination-port {service}\n" if service else ""
    return (
        f"sysname F\n#\n{zones}{nat}\n#\nsecurity-policy\n rule name in\n  source-zone untrust\n"
        f"  destination-zone dmz\n  destination-address {destination}\n{asked}  action permit\n"
        "#\nreturn\n"
    )


@pytest.mark.parametrize(
    ("nat", "packet", "answer"),
    [
        (WEB, PUBLIC, "permit"),
        (WEB + " no-reverse", PUBLIC, "permit"),
        (WEB + " unr-route", PUBLIC, "permit"),
        (WEB.replace(" web", ""), PUBLIC, "permit"),
        (WEB.replace("443 ", "https "), PUBLIC, "permit"),
        (WEB, PUBLIC.replace("443", "80"), "deny"),
        (WEB, PUBLIC.replace("tcp", "udp"), "deny"),
        (WEB, DIRECT, "permit"),
        (WEB.replace("10.1.3.10", "10.1.3.11"), PUBLIC, "deny"),
        (ALL, PUBLIC, "permit"),
        (ALL, PUBLIC.replace("tcp 443", "udp 5060"), "permit"),
        (ALL, PUBLIC.replace("113.5", "113.6"), "deny"),
        # for one zone only
        (WEB.replace("web", "web zone untrust"), PUBLIC, "permit"),
        (WEB.replace("web", "web zone trust"), PUBLIC, "deny"),
        # ranges, each value with its counterpart
        (ALL.replace("5 inside", "5 203.0.113.6 inside") + " 10.1.3.11",
         PUBLIC.replace("113.5", "113.6"), "deny"),
        (ALL.replace("5 inside", "5 203.0.113.6 inside") + " 10.1.3.11", PUBLIC, "permit"),
        # what is not told: a list, another instance, two servers behind one address
        (WEB + " acl 2000", PUBLIC, "unknown"),
        (WEB + " vpn-instance red", PUBLIC, "unknown"),
        (WEB.replace("8443", "8443 8450"), PUBLIC, "unknown"),
        (f"{WEB}\n{ALL}", PUBLIC, "unknown"),
        (f"{WEB}\n{ALL}", PUBLIC.replace("443", "80"), "unknown"),
        (f"{WEB}\n{WEB} acl 2000", PUBLIC, "unknown"),
        (f"{WEB}\n{WEB.replace('443', '80', 1).replace('web', 'www')}", PUBLIC, "permit"),
    ],
)  # fmt: skip
def test_the_policy_sees_the_private_address(nat: str, packet: str, answer: str) -> None:
    assert ask(usg(nat), packet).answer == answer


def test_the_policy_sees_the_private_port() -> None:
    assert ask(usg(WEB, service="8443"), PUBLIC).answer == "permit"
    assert ask(usg(WEB, service="443"), PUBLIC).answer == "deny"
    assert ask(usg(WEB, "203.0.113.5 32"), PUBLIC).answer == "deny"


def test_the_line_of_the_translation_stands_on_the_path() -> None:
    decision = ask(usg(WEB), PUBLIC)
    assert [rule.text for rule in decision.path] == [WEB]
    assert not policy(usg(WEB)).unread


NAT_POLICY = (
    "nat-policy\n rule name r\n  source-zone untrust\n  destination-address {}\n  action {}\n"
)


@pytest.mark.parametrize(
    ("nat", "packet", "answer"),
    [
        (NAT_POLICY.format("203.0.113.5 32", "source-nat easy-ip"), DIRECT, "permit"),
        (NAT_POLICY.format("203.0.113.5 32", "no-nat"), PUBLIC, "deny"),
        (NAT_POLICY.format("203.0.113.5 32", "destination-nat address-group g"), PUBLIC, "unknown"),
        (NAT_POLICY.format("203.0.113.5 32", "destination-nat address-group g"), DIRECT, "permit"),
        (NAT_POLICY.format("address-set x", "destination-nat address-group g"), DIRECT, "unknown"),
        (
            NAT_POLICY.format("203.0.113.5 32", "destination-nat address-group g") + "  disable\n",
            PUBLIC,
            "deny",
        ),
    ],
)
def test_the_policy_of_translation(nat: str, packet: str, answer: str) -> None:
    assert ask(usg(nat), packet).answer == answer


def router(outside: str, inside: str = "", lists: str = "") -> str:
    return (
        f"sysname R\n#\n{lists}interface GigabitEthernet0/0/0\n"
        f" ip address 203.0.113.1 255.255.255.0\n{outside}#\n"
        f"interface GigabitEthernet0/0/1\n ip address 10.1.3.254 255.255.255.0\n{inside}#\nreturn\n"
    )


ACL = "acl number 3000\n rule 5 permit tcp destination {} 0\n rule 10 deny ip\n#\n"
SOURCES = (
    "acl number 2000\n rule 5 deny source 10.1.3.9 0\n"
    " rule 10 permit source 10.1.3.0 0.0.0.255\n#\n"
)
FROM = "acl number 3001\n rule 5 permit ip source 203.0.113.1 0\n rule 10 deny ip\n#\n"
OUTSIDE_IN = "GigabitEthernet0/0/0 GigabitEthernet0/0/1 198.51.100.9 {} tcp 443"
INSIDE_OUT = "GigabitEthernet0/0/1 GigabitEthernet0/0/0 {} 198.51.100.9 tcp 443"
IN, OUT = " traffic-filter inbound acl {}\n", " traffic-filter outbound acl {}\n"


def test_a_server_of_an_interface_is_one_for_what_comes_through_it() -> None:
    text = router(f" {WEB}\n", OUT.format(3000), ACL.format("10.1.3.10"))
    assert ask(text, OUTSIDE_IN.format("203.0.113.5")).answer == "permit"
    assert ask(text, OUTSIDE_IN.format("203.0.113.6")).answer == "deny"
    back = "GigabitEthernet0/0/1 GigabitEthernet0/0/1 10.1.3.7 203.0.113.5 tcp 443"
    assert ask(text, back).answer == "deny"


@pytest.mark.parametrize(
    ("listed", "answer"),
    [("203.0.113.5", "unknown"), ("10.1.3.10", "unknown"), ("203.0.113.6", "unknown")],
)
def test_a_filter_of_the_same_interface_may_see_either(listed: str, answer: str) -> None:
    text = router(f" {WEB}\n{IN.format(3000)}", lists=ACL.format(listed))
    assert ask(text, OUTSIDE_IN.format("203.0.113.5")).answer == answer
    assert ask(text, OUTSIDE_IN.format("203.0.113.7")).answer == "deny"


def test_a_filter_that_permits_both_lets_the_packet_pass() -> None:
    both = ACL.format("203.0.113.5").replace(
        " rule 10", " rule 6 permit tcp destination 10.1.3.10 0\n rule 10"
    )
    text = router(f" {WEB}\n{IN.format(3000)}", lists=both)
    assert ask(text, OUTSIDE_IN.format("203.0.113.5")).answer == "permit"


@pytest.mark.parametrize(
    ("source", "answer"),
    # the list of `nat outbound` says which packets are translated; what it denies is not
    [
        ("10.1.3.7", "unknown"),
        ("10.1.3.9", "deny"),
        ("10.1.4.7", "deny"),
        ("203.0.113.1", "permit"),
    ],
)
def test_a_filter_may_see_another_source_on_the_way_out(source: str, answer: str) -> None:
    text = router(f" nat outbound 2000\n{OUT.format(3001)}", lists=SOURCES + FROM)
    assert ask(text, INSIDE_OUT.format(source)).answer == answer
    elsewhere = router(" nat outbound 2000\n", IN.format(3001), SOURCES + FROM)
    assert ask(elsewhere, INSIDE_OUT.format(source)).answer == (
        "permit" if source == "203.0.113.1" else "deny"
    )


def test_a_list_that_is_not_there_leaves_every_source_open() -> None:
    text = router(f" nat outbound 2999\n{OUT.format(3001)}", lists=FROM)
    assert ask(text, INSIDE_OUT.format("10.1.4.7")).answer == "unknown"


@pytest.mark.parametrize(
    ("line", "source", "answer"),
    [
        (ALL, "10.1.3.10", "unknown"),
        (ALL, "10.1.3.11", "deny"),
        (ALL + " no-reverse", "10.1.3.10", "deny"),
        # the port of this packet is not that of the server
        (WEB, "10.1.3.10", "deny"),
    ],
)
def test_what_a_server_sends_may_bear_its_public_address(
    line: str, source: str, answer: str
) -> None:
    text = router(f" {line}\n{OUT.format(3001)}", lists=FROM)
    assert ask(text, INSIDE_OUT.format(source)).answer == answer
