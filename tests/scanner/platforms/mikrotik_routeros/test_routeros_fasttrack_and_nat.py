"""FastTrack, raw, NAT, bridges and IPv6 of RouterOS, packet by packet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.packets.interpret import decide
from scanner.evidence import Document
from scanner.platforms.mikrotik_routeros.export import export
from scanner.platforms.mikrotik_routeros.policy import policy_of
from tests.scanner.platforms.mikrotik_routeros.routeros_questions import (
    FIRST,
    HEAD,
    TCP,
    D,
    F,
    answer,
    packet,
    policy,
)

# --- FastTrack, raw, NAT, bridges, IPv6 --------------------------------------------------------

FASTTRACK = "add action=fasttrack-connection chain=forward connection-state=established,related"


@pytest.mark.parametrize(
    ("rest", "words", "expected"),
    [
        ("add action=accept chain=forward connection-state=established,related", TCP, "deny"),
        (
            "add action=accept chain=forward connection-state=established,related",
            f"{TCP} established",
            "permit",
        ),
        # without the accept it depends on whether the packet takes the slow path
        ("add action=passthrough chain=forward", f"{TCP} established", "unknown"),
        # only TCP and UDP are fasttracked
        (
            "add action=passthrough chain=forward",
            "a>b 1.1.1.1>2.2.2.2 icmp 0 established",
            "deny",
        ),
    ],
)
def test_fasttrack(rest: str, words: str, expected: str) -> None:
    assert answer(words, F, FASTTRACK, rest, "add action=drop chain=forward")[0] == expected


def test_raw_comes_first() -> None:
    raw = "/ip firewall raw"
    assert answer(TCP, raw, "add action=drop chain=prerouting dst-port=443 protocol=tcp", F) == (
        "deny",
        1,
    )
    lines = [raw, "add action=accept chain=prerouting", F, "add action=drop chain=forward"]
    assert answer(TCP, *lines) == ("deny", 3)


def test_what_is_not_tracked_has_no_known_state() -> None:
    lines = [
        "/ip firewall raw",
        "add action=notrack chain=prerouting",
        F,
        "add action=drop chain=forward connection-state=new",
    ]
    assert answer(TCP, *lines) == ("unknown", 3)


NAT = [
    "/ip firewall nat",
    "add action=dst-nat chain=dstnat dst-address=203.0.113.5 dst-port=443 protocol=tcp "
    "to-addresses=10.1.0.1",
    F,
    "add action=drop chain=forward connection-nat-state=!dstnat connection-state=new",
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # no translation leads there
        ("a>b 198.51.100.9>10.1.0.2 tcp 443", "deny"),
        # one does, and this packet did not take it
        ("a>b 198.51.100.9>10.1.0.1 tcp 443", "deny"),
        ("a>b 198.51.100.9>203.0.113.5 tcp 443", "permit"),
        ("a>b 198.51.100.9>203.0.113.5 tcp 80", "deny"),
    ],
)
def test_destination_nat(words: str, expected: str) -> None:
    assert answer(words, *NAT)[0] == expected


def test_upnp_may_translate_to_anywhere() -> None:
    lines = ["/ip upnp", "set enabled=yes", F, NAT[-1]]
    assert answer(TCP, *lines)[0] == "unknown"
    assert answer(TCP, F, NAT[-1])[0] == "deny"


BRIDGE = [
    "/interface bridge port",
    "add bridge=lan-bridge interface=e2",
    "add bridge=lan-bridge interface=e3",
]


def test_packets_inside_a_bridge_meet_no_ip_rule() -> None:
    inside, through = "e2>e3 192.168.88.5>192.168.88.6 tcp 22", "e2>wan 192.168.88.5>8.8.8.8 tcp 22"
    drop = [F, f"{D} in-interface=lan-bridge"]
    assert answer(inside, *BRIDGE, *drop) == ("permit", 1)
    assert answer(through, *BRIDGE, *drop) == ("deny", 4)
    use = ["/interface bridge settings", "set use-ip-firewall=yes"]
    assert answer(inside, *BRIDGE, *use, *drop) == ("deny", 6)
    more = ["/interface bridge filter", D]
    assert answer(inside, *BRIDGE, *more, *drop)[0] == "unknown"


def test_ipv6_has_its_own_tables() -> None:
    v6 = "a>b 2001:db8::1>2001:db8:1::1 tcp 443"
    assert answer(v6, F, D) == ("permit", None)
    assert answer(v6, "/ipv6 firewall filter", D) == ("deny", 1)
    assert answer(TCP, "/ipv6 firewall filter", D)[0] == "permit"
    assert answer(v6, "/ipv6 settings", "set disable-ipv6=yes") == ("deny", 1)
    older = decide(policy(F, head=HEAD.replace("7.15.2", "6.49.6")), packet(v6))
    assert older.answer == "unknown"


def test_packets_to_the_router_meet_its_input_chain() -> None:
    lines = [
        F,
        "add chain=input action=drop protocol=tcp dst-port=22",
        D,
    ]
    assert answer("a>b 10.0.0.1>192.168.88.1 tcp 22", *lines) == ("deny", 1)
    assert answer("a>b 10.0.0.1>192.168.88.1 tcp 23", *lines) == ("permit", None)
    assert answer("a>b 10.0.0.1>192.168.88.2 tcp 23", *lines) == ("deny", 2)


def test_ipsec_policy_without_ipsec() -> None:
    lines = [F, "add chain=forward ipsec-policy=in,ipsec", D]
    assert answer(TCP, *lines) == ("deny", 2)
    peer = ["/ip ipsec peer", "add address=198.51.100.7/32 name=p"]
    assert answer(TCP, *peer, *lines)[0] == "unknown"


def test_forwarding_switched_off() -> None:
    assert answer(TCP, "/ip settings", "set ip-forward=no") == ("deny", 1)


@pytest.mark.parametrize(
    "line",
    [
        "/ip firewall filter remove [ find dynamic=no ]",
        "/ip firewall filter set 3 disabled=yes",
        "/ip firewall filter add action=drop",
        "/ip hotspot add interface=a name=h",
        "/interface bridge filter add chain=forward action=drop",
        "/interface ethernet switch set switch1 l3-hw-offloading=yes",
        "/routing rule add action=drop src-address=10.0.0.0/8",
        "#error exporting /ip firewall filter",
    ],
)
def test_lines_that_could_change_what_passes(line: str) -> None:
    (unread,) = policy(line).unread
    assert unread.matters
    assert unread.line == FIRST


def test_rules_in_a_block_of_a_script_are_in_doubt() -> None:
    lines = [':if ($x = "yes") do={', f"    {F} add chain=forward action=drop", "}"]
    assert answer(TCP, *lines) == ("unknown", 1)
    assert answer(TCP, *lines, f"{F} add chain=forward action=drop") == ("deny", 3)


def test_the_last_line_without_an_end_is_not_read() -> None:
    text = HEAD + f"{F}\nadd chain=forward action=accept dst-address=10.0.0.1"
    found = export(Document(text.encode(), "x", "O", datetime.now(UTC)))
    assert found is not None
    read = policy_of(found)
    assert not read.chains["ip/filter/forward"].rules
    assert [line.line for line in read.unread] == [FIRST + 1]


def test_ten_thousand_rules_are_read() -> None:
    rules = [
        f'add action=accept chain=forward comment="{n}" dst-address=10.{n % 250}.{n // 250}.0/24'
        f" dst-port=443,{n} protocol=tcp src-address=172.16.{n % 250}.1"
        for n in range(10_000)
    ]
    assert len(policy(F, *rules).chains["ip/filter/forward"].rules) == 10_000
