"""pfSense and OPNsense: which packets a configuration lets through, and the line that says so.

Expected answers follow pf.conf(5) (last match, `quick`), the manuals of both products (Firewall:
rules, floating rules, aliases, NAT, schedules) and their rule generators (filter.inc,
filter.lib.inc, FilterRuleField.php).
"""

from __future__ import annotations

import pytest

from tests.scanner.platforms.pfsense.pfsense_questions import (
    ANY,
    answer,
    floating,
    on,
    rule,
)

TCP = "lan>opt1 10.0.0.5>10.1.0.5 tcp 443"
PASS, BLOCK = on("lan"), on("lan", kind="block")
NET, HOST = "<network>lan</network>", "<address>10.1.0.5</address>"
INBOUND = "<direction>in</direction>"
CASES = [
    # nothing lets a packet in but a rule
    (TCP, [], ("deny", None)),
    (TCP, [PASS], ("permit", 1)),
    (TCP, [on("opt1")], ("deny", None)),
    (TCP, [on("lan", kind="reject")], ("deny", 1)),
    # the first match decides among rules of an interface
    (TCP, [PASS, BLOCK], ("permit", 1)),
    (TCP, [BLOCK, PASS], ("deny", 1)),
    # tags count by their presence
    (TCP, [on("lan", "<disabled></disabled>"), BLOCK], ("deny", 2)),
    (TCP, [on("lan", source=NET + "<not></not>"), BLOCK], ("deny", 2)),
    # replies are let through by the state of their connection
    (f"{TCP} established", [BLOCK], ("permit", None)),
    # a rule without a type passes: a port forward made it
    (
        TCP,
        [rule("<interface>lan</interface><associated-rule-id>nat_1</associated-rule-id>")],
        ("permit", 1),
    ),
    # floating rules come first, but without quick the last match decides
    (TCP, [PASS, floating("block", "<quick>yes</quick>")], ("deny", 2)),
    (TCP, [PASS, floating("block", INBOUND)], ("permit", 1)),
    (TCP, [floating("block", INBOUND), floating("pass", INBOUND)], ("permit", 2)),
    (TCP, [floating("pass", INBOUND), floating("block", INBOUND)], ("deny", 2)),
    # without a direction they are about packets that leave as well, which pass by themselves
    (TCP, [PASS, floating("block")], ("deny", 2)),
    (TCP, [floating("match"), PASS], ("permit", 2)),
    # floating rules may be about packets that leave
    (
        TCP,
        [PASS, floating("block", "<interface>opt1</interface><direction>out</direction>")],
        ("deny", 2),
    ),
    (
        TCP,
        [PASS, floating("block", "<interface>wan</interface><direction>out</direction>")],
        ("permit", 1),
    ),
    (
        TCP,
        [PASS, floating("block", "<interface>lan</interface><direction>out</direction>")],
        ("permit", 1),
    ),
    # addresses
    (TCP, [on("lan", source=NET)], ("permit", 1)),
    ("lan>opt1 10.7.0.5>10.1.0.5 tcp 443", [on("lan", source=NET)], ("deny", None)),
    (TCP, [on("lan", source="<network>lanip</network>")], ("deny", None)),
    (TCP, [on("lan", destination="<network>opt1</network>")], ("permit", 1)),
    (TCP, [on("lan", destination=HOST)], ("permit", 1)),
    (TCP, [on("lan", destination=HOST + "<not></not>")], ("deny", None)),
    (TCP, [on("lan", destination="<network>nowhere</network>")], ("unknown", 1)),
    # protocols and ports
    (TCP, [on("lan", "<protocol>udp</protocol>")], ("deny", None)),
    (TCP, [on("lan", "<protocol>tcp/udp</protocol>")], ("permit", 1)),
    (
        TCP,
        [on("lan", "<protocol>tcp</protocol>", destination=ANY + "<port>443</port>")],
        ("permit", 1),
    ),
    (
        TCP,
        [on("lan", "<protocol>tcp</protocol>", destination=ANY + "<port>80-442</port>")],
        ("deny", None),
    ),
    (
        TCP,
        [on("lan", "<protocol>tcp</protocol>", destination=ANY + "<port>https</port>")],
        ("permit", 1),
    ),
    (
        "lan>opt1 10.0.0.5>10.1.0.5 icmp 8",
        [on("lan", "<protocol>icmp</protocol><icmptype>echoreq</icmptype>")],
        ("permit", 1),
    ),
    (
        "lan>opt1 10.0.0.5>10.1.0.5 icmp 13",
        [on("lan", "<protocol>icmp</protocol><icmptype>echoreq</icmptype>")],
        ("deny", None),
    ),
    (
        TCP,
        [
            on(
                "lan",
                "<protocol>tcp</protocol><tcpflags1>syn</tcpflags1><tcpflags2>syn,ack</tcpflags2>",
            )
        ],
        ("permit", 1),
    ),
    (
        TCP,
        [
            on(
                "lan",
                "<protocol>tcp</protocol><tcpflags1>ack</tcpflags1><tcpflags2>syn,ack</tcpflags2>",
            )
        ],
        ("deny", None),
    ),
    # conditions that the file cannot tell
    (TCP, [on("lan", "<sched>workdays</sched>")], ("unknown", 1)),
    (TCP, [on("lan", "<tagged>voip</tagged>")], ("unknown", 1)),
    (TCP, [on("lan", "<sched>workdays</sched>"), PASS], ("permit", 2)),
    # policy routing: the packet goes where the gateway is
    (TCP, [on("lan", "<gateway>GW</gateway>")], ("unknown", 1)),
    ("lan>wan 10.0.0.5>198.51.100.1 tcp 443", [on("lan", "<gateway>GW</gateway>")], ("permit", 1)),
    # a rule that keeps no state leaves it open whether a reply has its own rule
    (f"{TCP} established", [on("wan", "<statetype>none</statetype>")], ("unknown", 1)),
    # versions of IP
    ("lan>opt1 2001:db8::1>2001:db8:1::1 tcp 443", [PASS], ("deny", None)),
    (
        "lan>opt1 2001:db8::1>2001:db8:1::1 tcp 443",
        [rule("<type>pass</type><interface>lan</interface><ipprotocol>inet46</ipprotocol>")],
        ("permit", 1),
    ),
]


@pytest.mark.parametrize(("words", "rules", "expected"), CASES)
def test_filter(words: str, rules: list[str], expected: tuple[str, int | None]) -> None:
    assert answer(words, *rules) == expected


V6 = rule("<type>pass</type><interface>lan</interface><ipprotocol>inet6</ipprotocol>")


def test_without_ipv6allow_no_ipv6_passes() -> None:
    words = "lan>opt1 2001:db8::1>2001:db8:1::1 tcp 443"
    assert answer(words, V6)[0] == "permit"
    assert answer(words, V6, system="<hostname>x</hostname>")[0] == "deny"
    # releases of OPNsense understand the empty tag differently
    assert answer(words, V6, system="<ipv6allow/>", product="opnsense")[0] == "unknown"


def test_the_filter_switched_off() -> None:
    assert answer(TCP, BLOCK, system="<disablefilter>enabled</disablefilter>")[0] == "permit"


def test_private_networks_and_bogons_on_the_outside() -> None:
    inbound, wan = "wan>opt1 {}>10.1.0.5 tcp 443", on("wan")
    blocked = "<blockpriv></blockpriv><blockbogons></blockbogons>"
    assert answer(inbound.format("192.168.7.7"), wan)[0] == "permit"
    assert answer(inbound.format("192.168.7.7"), wan, wan=blocked)[0] == "deny"
    assert answer(inbound.format("198.18.0.1"), wan, wan=blocked)[0] == "unknown"
    assert answer(inbound.format("8.8.8.8"), wan, wan=blocked)[0] == "permit"


def test_packets_to_the_box_itself_meet_rules_that_are_not_in_the_file() -> None:
    assert answer("lan>lan 10.0.0.5>10.0.0.1 tcp 443")[0] == "unknown"
    assert answer("lan>lan 10.0.0.5>10.0.0.1 tcp 443", PASS)[0] == "permit"
    assert answer("lan>opt1 10.0.0.5>10.0.0.2 tcp 443")[0] == "deny"
