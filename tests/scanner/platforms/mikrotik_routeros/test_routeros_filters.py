"""RouterOS: which packets an export lets through, and the line that says so.

Expected answers follow the manual of RouterOS (help.mikrotik.com): "Filter", "NAT", "Raw",
"FastTrack", "Common Firewall Matchers and Actions", "Lists", "Bridging and Switching".
"""

from __future__ import annotations

import pytest

from rules.packets.interpret import decide
from tests.scanner.platforms.mikrotik_routeros.routeros_questions import (
    FIRST,
    TCP,
    D,
    F,
    answer,
    packet,
    policy,
)

CASES = [
    # the end of a chain accepts
    (TCP, [F], ("permit", None)),
    (TCP, [F, D], ("deny", 1)),
    (TCP, [F, f"{D} disabled=yes"], ("permit", None)),
    (TCP, [F, "add chain=forward action=reject reject-with=tcp-reset"], ("deny", 1)),
    (TCP, [F, "add chain=forward action=tarpit protocol=tcp"], ("deny", 1)),
    # a rule without an action accepts, and the first match decides
    (TCP, [F, "add chain=forward", D], ("permit", 1)),
    # actions that do not end
    (TCP, [F, "add chain=forward action=log", D], ("deny", 2)),
    (
        TCP,
        [F, "add chain=forward action=passthrough", D],
        ("deny", 2),
    ),
    (
        TCP,
        [F, "add chain=forward action=add-src-to-address-list address-list=x", "add chain=forward"],
        ("permit", 2),
    ),
    # jumps come back at the end of a chain and at return
    (
        TCP,
        [
            F,
            "add chain=forward action=jump jump-target=conf",
            D,
            "add chain=conf action=return dst-port=443 protocol=tcp",
            "add chain=conf action=accept",
        ],
        ("deny", 2),
    ),
    (
        "a>b 10.0.0.1>10.1.0.1 udp 5060",
        [
            F,
            "add chain=forward action=jump jump-target=conf",
            D,
            "add chain=conf action=return dst-port=443 protocol=tcp",
            "add chain=conf action=accept",
        ],
        ("permit", 4),
    ),
    (
        TCP,
        [
            F,
            "add chain=forward action=jump jump-target=conf",
            "add chain=conf action=drop disabled=yes",
        ],
        ("permit", None),
    ),
    # the other way a jump to a chain of which nothing is shown is not known
    (TCP, [F, "add chain=forward action=jump jump-target=none"], ("unknown", 1)),
    # addresses, ranges, negation
    (TCP, [F, f"{D} src-address=10.0.0.0/24"], ("deny", 1)),
    (TCP, [F, f"{D} src-address=!10.0.0.0/24"], ("permit", None)),
    (TCP, [F, f"{D} src-address=10.0.0.2-10.0.0.9"], ("permit", None)),
    (TCP, [F, f"{D} dst-address=10.1.0.0-10.1.0.9"], ("deny", 1)),
    # ports: lists, ranges, either side, negation
    (TCP, [F, f"{D} protocol=tcp dst-port=80,440-450"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=tcp dst-port=!443"], ("permit", None)),
    (TCP, [F, f"{D} protocol=tcp port=443"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=tcp port=40000"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=udp port=443"], ("permit", None)),
    (TCP, [F, f"{D} protocol=!tcp"], ("permit", None)),
    (TCP, [F, f"{D} protocol=tcp tcp-flags=syn,!ack"], ("deny", 1)),
    (TCP, [F, f"{D} protocol=tcp tcp-flags=ack"], ("permit", None)),
    # ICMP type and code
    ("a>b 1.1.1.1>2.2.2.2 icmp 8", [F, f"{D} icmp-options=8:0 protocol=icmp"], ("deny", 1)),
    ("a>b 1.1.1.1>2.2.2.2 icmp 0", [F, f"{D} icmp-options=8:0-9 protocol=icmp"], ("permit", None)),
    # states are a set, `!` takes the others
    (TCP, [F, f"{D} connection-state=invalid,new"], ("deny", 1)),
    (TCP, [F, f"{D} connection-state=!established,related"], ("deny", 1)),
    (f"{TCP} established", [F, f"{D} connection-state=!established,related"], ("permit", None)),
    # replies are not let through by themselves
    (f"{TCP} established", [F, D], ("deny", 1)),
    # interfaces
    (TCP, [F, f"{D} in-interface=a"], ("deny", 1)),
    (TCP, [F, f"{D} in-interface=!a"], ("permit", None)),
    (TCP, [F, f"{D} out-interface=!a"], ("deny", 1)),
    # what is not understood can match and need not
    (TCP, [F, f"{D} time=8h-17h,mon"], ("unknown", 1)),
    (TCP, [F, f"{D} layer7-protocol=sip"], ("unknown", 1)),
    (TCP, [F, f"{D} src-address=$office"], ("unknown", 1)),
    (TCP, [F, f"{D} time=8h-17h,mon", D], ("deny", 2)),
    (TCP, [F, "add chain=forward action=somersault"], ("unknown", 1)),
    (TCP, [F, "# a not ready", f"{D} in-interface=a"], ("unknown", 2)),
    # verbose exports name what is not set
    (TCP, [F, f'{D} !connection-mark dst-address="" !src-port'], ("deny", 1)),
    # wrapped lines
    (
        TCP,
        [F, f'{D} comment="no \\', '    entry" dst-port=443 \\', "    protocol=tcp"],
        ("deny", 1),
    ),
    # both ways to write a menu
    (TCP, ["/ip/firewall/filter/add chain=forward action=drop"], ("deny", 0)),
    (TCP, ["/ip firewall filter add chain=forward action=drop"], ("deny", 0)),
]


@pytest.mark.parametrize(("words", "lines", "expected"), CASES)
def test_filter(words: str, lines: list[str], expected: tuple[str, int | None]) -> None:
    assert answer(words, *lines) == expected


LISTS = [
    (["/ip firewall address-list", "add address=10.0.0.0/24 list=l"], ("deny", 3)),
    (["/ip firewall address-list", "add address=10.9.0.0/24 list=l"], ("permit", None)),
    (["/ip firewall address-list", "add address=::/0 disabled=yes list=l"], ("permit", None)),
    (["/ip firewall address-list", "add address=conf.example.vn list=l"], ("unknown", 3)),
    (["/ip firewall address-list", "add address=10.9.0.1 list=l timeout=1h"], ("unknown", 3)),
    (["/ip dns", "set servers=1.1.1.1"], ("unknown", 3)),
]


@pytest.mark.parametrize(("lines", "expected"), LISTS)
def test_address_lists(lines: list[str], expected: tuple[str, int | None]) -> None:
    rules = [F, f"{D} src-address-list=l"]
    assert answer(TCP, *lines, *rules) == expected


def test_a_list_that_rules_fill_may_hold_more() -> None:
    lines = [
        "/ip firewall address-list",
        "add address=10.9.0.0/24 list=l",
        F,
        "add chain=input action=add-src-to-address-list address-list=l",
        f"{D} src-address-list=l",
    ]
    assert answer(TCP, *lines) == ("unknown", 4)
    assert answer("a>b 10.9.0.5>10.1.0.1 udp 1", *lines) == ("deny", 4)


def test_a_negated_list_and_the_line_of_its_member() -> None:
    found = policy(
        "/ip firewall address-list",
        "add address=10.0.0.0/24 list=l",
        F,
        f"{D} src-address-list=!l",
        f"{D} dst-address-list=l",
    )
    assert decide(found, packet(TCP)).answer == "permit"
    assert decide(found, packet("a>b 10.5.0.1>10.1.0.1 tcp 1")).answer == "deny"
    destination = found.chains["ip/filter/forward"].rules[-1].may[0].destination
    assert destination is not None
    (part,) = destination.parts
    assert part.line == FIRST + 1


INTERFACES = [
    (["add list=WAN interface=a"], "WAN", "deny"),
    (["add list=WAN interface=c"], "WAN", "permit"),
    (["add list=WAN interface=c"], "!WAN", "deny"),
    (["add list=INNER interface=a"], "OUTER", "deny"),
    (["add list=INNER interface=c"], "OUTER", "permit"),
    (["add list=WAN interface=a"], "NOTWAN", "permit"),
    (["add list=WAN interface=c"], "NOTWAN", "deny"),
    ([], "all", "deny"),
    ([], "!all", "permit"),
    ([], "dynamic", "unknown"),
    ([], "NOWHERE", "unknown"),
]


@pytest.mark.parametrize(("members", "name", "expected"), INTERFACES)
def test_interface_lists(members: list[str], name: str, expected: str) -> None:
    found = answer(
        TCP,
        "/interface list",
        "add name=WAN",
        "add name=INNER",
        "add include=INNER name=OUTER",
        "add include=all exclude=WAN name=NOTWAN",
        "/interface list member",
        *members,
        F,
        f"{D} in-interface-list={name}",
    )
    assert found[0] == expected
