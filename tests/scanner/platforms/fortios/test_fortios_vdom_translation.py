"""Translation with several virtual firewalls (VDOMs).

Expected answers after Fortinet, "FortiOS Administration Guide": Central DNAT (a virtual IP works
without a policy, policies name the mapped address), Inter-VDOM routing (each VDOM asks its own
policies and translates for itself) and "FortiOS CLI Reference", `config firewall vip`, `config
firewall policy` (`nat`), `config firewall central-snat-map`.
"""

from __future__ import annotations

import pytest

from tests.scanner.platforms.fortios.forti import asked, line_of, policies, policy
from tests.scanner.platforms.fortios.test_fortios_vdoms import config

CENTRAL = "config system settings\n    set central-nat enable\nend\n"
VIP = (
    'config firewall vip\n    edit "web"\n        set extip 203.0.113.9\n'
    '        set mappedip "10.2.0.10"\n        set extintf "{}"\n        set portforward enable\n'
    "        set extport 8443\n        set mappedport 443\n    next\nend\n"
)
MCU = (
    'config firewall address\n    edit "mcu"\n        set subnet 10.2.0.10 255.255.255.255\n'
    '    next\n    edit "one"\n        set subnet 10.1.0.5 255.255.255.255\n    next\nend\n'
)
NOTHING = policies()
SENT = "a1>a2 10.1.0.5>203.0.113.9 tcp/8443"
ACROSS = "a1>b1 10.1.0.5>203.0.113.9 tcp/8443"


def rule(begin: str, end: str, **more: str) -> str:
    return policies(policy(1, srcintf=f'"{begin}"', dstintf=f'"{end}"', **more))


TO_MCU = {"dstaddr": '"mcu"', "service": '"HTTPS"'}
INSIDE = VIP.format("a1") + MCU + rule("a1", "a2", **TO_MCU)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SENT, "permit"),
        (SENT.replace("8443", "443"), "deny"),
        (SENT.replace("113.9", "113.8"), "deny"),
        (SENT.replace("a1>a2", "a2>a1"), "deny"),
        ("a1>a2 10.1.0.5>10.2.0.10 tcp/443", "permit"),
    ],
)
def test_central_nat_of_one_virtual_firewall_is_exact(question: str, answer: str) -> None:
    decision = asked(config(CENTRAL + INSIDE, NOTHING, NOTHING), question)
    assert decision.answer == answer, decision


def test_a_virtual_ip_of_another_virtual_firewall_translates_nothing() -> None:
    inside = rule("a1", "a2", **TO_MCU)
    text = config(MCU + inside, CENTRAL + VIP.format("any") + NOTHING, NOTHING)
    assert asked(text, SENT).answer == "deny"


B_MCU = MCU + rule("ab1", "b1", **TO_MCU)
B_PUBLIC = MCU.replace("10.2.0.10 255", "203.0.113.9 255") + rule("ab1", "b1", dstaddr='"mcu"')
A_VIP = VIP.format("a1") + rule("a1", "ab0", dstaddr='"web"')


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        # the second one sees what the first one made of the destination
        (A_VIP, B_MCU, "permit"),
        (A_VIP, B_PUBLIC, "deny"),
        (CENTRAL + VIP.format("a1") + MCU + rule("a1", "ab0", **TO_MCU), B_MCU, "permit"),
        (CENTRAL + VIP.format("a1") + MCU + rule("a1", "ab0", **TO_MCU), B_PUBLIC, "deny"),
        (CENTRAL + VIP.format("a2") + MCU + rule("a1", "ab0", **TO_MCU), B_MCU, "deny"),
        # or translates itself what comes through the link
        (rule("a1", "ab0"), CENTRAL + VIP.format("ab1") + B_MCU, "permit"),
        (rule("a1", "ab0"), CENTRAL + VIP.format("b1") + B_MCU, "deny"),
        (rule("a1", "ab0"), VIP.format("ab1") + rule("ab1", "b1", dstaddr='"web"'), "permit"),
        # one of several mapped addresses
        (A_VIP.replace('"10.2.0.10"', '"10.2.0.10-10.2.0.11"'), B_MCU, "unknown"),
        # a virtual IP that no policy names
        (VIP.format("a1") + rule("a1", "ab0"), B_MCU, "deny"),
    ],
)
def test_the_second_one_sees_the_destination_that_the_first_one_made(
    a: str, b: str, answer: str
) -> None:
    decision = asked(config(a, b, NOTHING), ACROSS)
    assert decision.answer == answer, decision


STRAIGHT = "a1>b1 10.1.0.5>10.2.0.10 tcp/443"
B_ONE = MCU + rule("ab1", "b1", srcaddr='"one"')
SNAT = (
    'config firewall central-snat-map\n    edit 1\n        set srcintf "a1"\n'
    '        set dstintf "ab0"\n    next\nend\n'
)


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (rule("a1", "ab0", nat="enable"), B_ONE, "unknown"),
        (rule("a1", "ab0", nat="disable"), B_ONE, "permit"),
        # nobody asks for the source
        (rule("a1", "ab0", nat="enable"), B_MCU, "permit"),
        (rule("a1", "ab0", nat="enable"), MCU + rule("ab1", "b1", dstaddr='"one"'), "deny"),
        # a policy for another direction
        (
            policies(
                policy(1, srcintf='"a1"', dstintf='"a2"', nat="enable"),
                policy(2, srcintf='"a1"', dstintf='"ab0"'),
            ),
            B_ONE,
            "permit",
        ),
        # with central NAT the table translates and not the policy
        (CENTRAL + rule("a1", "ab0", nat="enable"), B_ONE, "permit"),
        (CENTRAL + SNAT + rule("a1", "ab0"), B_ONE, "unknown"),
        (SNAT + rule("a1", "ab0"), B_ONE, "permit"),
    ],
)
def test_a_source_that_the_first_one_changes_is_unknown_to_the_second(
    a: str, b: str, answer: str
) -> None:
    decision = asked(config(a, b, NOTHING), STRAIGHT)
    assert decision.answer == answer, decision
    if answer == "unknown":
        assert "translates the source" in decision.why


def test_the_virtual_ip_stands_on_the_path() -> None:
    text = config(A_VIP, B_MCU, NOTHING)
    assert line_of(text, 'edit "web"') in {one.line for one in asked(text, ACROSS).path}
