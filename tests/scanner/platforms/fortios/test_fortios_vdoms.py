"""Virtual firewalls: each has its policies; a link joins two of them."""

from __future__ import annotations

import pytest

from rules.facts import Known
from tests.scanner.platforms.fortios.forti import asked, filters, policies, policy, reading

INTERFACES = """\
    edit "a1"
        set vdom "A"
        set ip 10.1.0.1 255.255.0.0
    next
    edit "a2"
        set vdom "A"
    next
    edit "b1"
        set vdom "B"
    next
    edit "c1"
        set vdom "C"
    next
"""
LINK = """\
    edit "ab0"
        set vdom "A"
        set type vdom-link
    next
    edit "ab1"
        set vdom "B"
        set type vdom-link
    next
"""


def config(a: str, b: str, c: str = "", *, linked: bool = True) -> str:
    links = 'config system vdom-link\n    edit "ab"\n    next\nend\n' if linked else ""
    bodies = "".join(
        f'config vdom\nedit {name}\nconfig firewall address\n    edit "all"\n    next\nend\n'
        f"{body}end\n\n"
        for name, body in (("A", a), ("B", b), ("C", c))
        if body
    )
    return (
        "config vdom\nedit A\nnext\nedit B\nnext\nedit C\nnext\nend\n\nconfig global\n"
        "config system global\n    set allow-traffic-redirect disable\n"
        "    set ipv6-allow-traffic-redirect disable\n    set vdom-mode multi-vdom\nend\n"
        f"{links}config system interface\n{INTERFACES}{LINK if linked else ''}end\nend\n\n{bodies}"
    )


A_OUT = policies(policy(1, srcintf='"a1"', dstintf='"ab0"'))
A_ANY = policies(policy(1, srcintf='"any"', dstintf='"any"', service='"HTTPS"'))
B_IN = policies(policy(2, srcintf='"ab1"', dstintf='"b1"', service='"HTTPS"'))
NOTHING = policies()
WEB = "a1>b1 10.1.0.5>10.2.0.5 tcp/443"


@pytest.mark.parametrize(
    ("a", "b", "linked", "question", "answer"),
    [
        (A_OUT, B_IN, True, WEB, "permit"),
        (A_ANY, B_IN, True, WEB, "permit"),
        (A_OUT, B_IN, True, WEB.replace("443", "80"), "deny"),
        (A_OUT, NOTHING, True, WEB, "deny"),
        (NOTHING, B_IN, True, WEB, "deny"),
        (A_OUT, B_IN, True, "b1>a1 10.2.0.5>10.1.0.5 tcp/443", "deny"),
        (A_OUT, B_IN, True, "a1>a2 10.1.0.5>10.1.1.5 tcp/443", "deny"),
        (A_ANY, B_IN, True, "a1>a2 10.1.0.5>10.1.1.5 tcp/443", "permit"),
        (A_ANY, B_IN, False, WEB, "deny"),
        (A_OUT, B_IN, True, "a1>c1 10.1.0.5>10.3.0.5 tcp/443", "deny"),
        (A_OUT, B_IN, True, "a1>elsewhere 10.1.0.5>10.3.0.5 tcp/443", "unknown"),
    ],
)
def test_packets_between_virtual_firewalls(
    a: str, b: str, linked: bool, question: str, answer: str
) -> None:
    decision = asked(config(a, b, NOTHING, linked=linked), question)
    assert decision.answer == answer, decision


def test_a_virtual_firewall_without_shown_policies_is_unknown() -> None:
    text = config(A_ANY, B_IN, "config system settings\nend\n")
    assert asked(text, "c1>c1 10.1.0.5>10.1.1.5 tcp/443").answer == "unknown"


def test_two_ways_between_two_virtual_firewalls_are_unknown() -> None:
    text = config(A_ANY, B_IN, NOTHING)
    second = '    edit "cd"\n    next\nend\nconfig system interface\n'
    second += LINK.replace("ab", "cd")
    text = text.replace("    next\nend\nconfig system interface\n", "    next\n" + second, 1)
    assert asked(text, WEB).answer == "unknown"


def test_policies_that_name_interfaces_of_another_virtual_firewall_prove_nothing() -> None:
    astray = policies(policy(1, srcintf='"a1"', dstintf='"b1"'))
    text = config(astray, NOTHING, NOTHING, linked=False)
    assert asked(text, WEB).answer == "unknown"
    assert asked(text, WEB.replace(">b1", ">c1")).answer == "deny"


def test_interfaces_carry_their_virtual_firewall() -> None:
    facts = reading(config(A_OUT, B_IN, NOTHING)).facts
    vrfs = facts["vrfs"]
    assert isinstance(vrfs, Known)
    assert vrfs.value == ("A", "B", "C")
    assert {s.chain for s in filters(config(A_OUT, B_IN, NOTHING)).stages} >= {
        "A: firewall policy",
        "B: firewall policy from ab1",
        "A: firewall policy to ab0",
    }
