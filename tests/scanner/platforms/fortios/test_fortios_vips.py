"""Virtual IPs: translation before the policies, `match-vip`, mapped ports, central NAT.

Expected answers: Fortinet Community, "DENY policy for Virtual IP firewall policy" (a deny policy to
`all` does not stop packets to a VIP unless `match-vip` is enabled; the default changed in 7.2.3 or
7.2.4, on which Fortinet's texts differ); "FortiOS CLI Reference", `config firewall vip`.
"""

from __future__ import annotations

import pytest

from tests.scanner.platforms.fortios.forti import SHARED, asked, line_of, policies, policy

VIP = """\
config firewall vip
    edit "web"
        set extip 203.0.113.10
        set mappedip "10.2.0.10"
        set extintf "wan"
        set portforward enable
        set extport 8443
        set mappedport 443
    next
    edit "whole"
        set extip 203.0.113.20-203.0.113.21
        set mappedip "10.2.0.20-10.2.0.21"
        set extintf "any"
    next
    edit "some"
        set extip 203.0.113.30
        set mappedip "10.2.0.30"
        set extintf "any"
        set src-filter "198.51.100.0/24"
    next
    edit "off"
        set extip 203.0.113.40
        set mappedip "10.2.0.40"
        set extintf "any"
        set status disable
    next
    edit "servers"
        set type server-load-balance
        set extip 203.0.113.50
        set extintf "any"
        config realservers
            edit 1
                set ip 10.2.0.50
            next
        end
    next
end
config firewall vipgrp
    edit "vips"
        set interface "wan"
        set member "web" "whole"
    next
end
"""
WAN = {"srcintf": '"wan"'}
SENT = "wan>dmz 198.51.100.7>203.0.113.10 tcp/8443"
MAPPED = "wan>dmz 198.51.100.7>10.2.0.10 tcp/443"


def header(version: str) -> str:
    return f"#config-version=FGT60F-{version}-FW-build1-240101:opmode=0\n" if version else ""


def config(*several: str, version: str = "7.0.5", settings: str = "") -> str:
    return header(version) + SHARED + settings + VIP + policies(*several)


@pytest.mark.parametrize(
    ("destination", "service", "question", "answer"),
    [
        ('"web"', '"HTTPS"', SENT, "permit"),  # to the external port
        ('"web"', '"HTTPS"', MAPPED, "permit"),  # as the filter sees it
        ('"web"', '"HTTPS"', SENT.replace("8443", "443"), "deny"),
        ('"web"', '"HTTPS"', MAPPED.replace("443", "8443"), "deny"),
        ('"web"', '"HTTPS"', SENT.replace("wan>", "lan>"), "deny"),
        # the service is compared with the mapped port
        ('"web"', '"HTTP"', SENT, "deny"),
        ('"web"', '"ALL"', SENT, "permit"),
        ('"web"', '"ALL"', SENT.replace("tcp", "udp"), "deny"),
        ('"vips"', '"ALL"', SENT, "permit"),
        ('"whole"', '"SSH"', "wan>dmz 198.51.100.7>203.0.113.21 tcp/22", "permit"),
        ('"whole"', '"SSH"', "wan>dmz 198.51.100.7>203.0.113.22 tcp/22", "deny"),
        ('"whole"', '"SSH"', "wan>dmz 198.51.100.7>10.2.0.20 tcp/22", "permit"),
        ('"some"', '"ALL"', "wan>dmz 198.51.100.7>203.0.113.30 tcp/22", "permit"),
        ('"some"', '"ALL"', "wan>dmz 192.0.2.7>203.0.113.30 tcp/22", "deny"),
        ('"servers"', '"ALL"', "wan>dmz 198.51.100.7>203.0.113.50 tcp/22", "unknown"),
        ('"servers"', '"ALL"', "wan>dmz 198.51.100.7>10.2.0.50 tcp/22", "unknown"),
        # nothing is translated for a VIP that no policy names, or that is switched off
        ('"mcu"', '"ALL"', SENT, "deny"),
        ('"off"', '"ALL"', "wan>dmz 198.51.100.7>203.0.113.40 tcp/22", "unknown"),
        # a VIP beside an address
        ('"web" "mcu"', '"ALL"', "wan>dmz 198.51.100.7>10.2.0.10 tcp/22", "permit"),
    ],
)
def test_a_policy_with_virtual_ips(
    destination: str, service: str, question: str, answer: str
) -> None:
    text = config(policy(5, **WAN, dstaddr=destination, service=service))
    decision = asked(text, question)
    assert decision.answer == answer, decision
    if answer == "permit":
        assert decision.rule is not None
        assert decision.rule.line == line_of_policy(text, 5)


DENY_ALL = {**WAN, "action": "deny", "dstintf": '"any"'}


@pytest.mark.parametrize("question", [SENT, MAPPED])
@pytest.mark.parametrize(
    ("version", "setting", "answer"),
    [
        ("7.0.5", "", "permit"),
        ("7.2.2", "", "permit"),
        ("7.2.3", "", "unknown"),  # the two sources differ by this release
        ("7.2.4", "", "deny"),
        ("7.4.1", "", "deny"),
        ("", "", "unknown"),
        ("7.0.5", "enable", "deny"),
        ("7.2.3", "enable", "deny"),
        ("7.4.1", "disable", "permit"),
        ("", "disable", "permit"),
    ],
)
def test_a_deny_before_a_virtual_ip(version: str, setting: str, answer: str, question: str) -> None:
    text = config(
        policy(1, **DENY_ALL, match_vip=setting),
        policy(2, **WAN, dstaddr='"web"', service='"HTTPS"'),
        version=version,
    )
    decision = asked(text, question)
    assert decision.answer == answer, decision
    number = {"permit": 2, "deny": 1}.get(answer)
    if number is not None:
        assert decision.rule is not None
        assert decision.rule.line == line_of_policy(text, number)


def line_of_policy(text: str, number: int) -> int:
    return line_of(text[text.index("config firewall policy") :], f"edit {number}") + text[
        : text.index("config firewall policy")
    ].count("\n")


def test_a_deny_that_names_the_virtual_ip_stops_it_in_every_release() -> None:
    text = config(
        policy(1, **{**DENY_ALL, "dstaddr": '"web"'}),
        policy(2, **WAN, dstaddr='"web"', service='"HTTPS"'),
    )
    assert asked(text, SENT).answer == "deny"


def test_a_deny_with_another_destination_could_be_compared_before_or_after_translation() -> None:
    text = config(
        policy(1, **{**DENY_ALL, "dstaddr": '"mcu"', "match_vip": "enable"}),
        policy(2, **WAN, dstaddr='"web"', service='"HTTPS"'),
    )
    assert asked(text, SENT).answer == "unknown"
    assert asked(text, SENT.replace("wan>", "lan>")).answer == "deny"


def test_other_packets_meet_the_deny_all_the_same() -> None:
    text = config(policy(1, **DENY_ALL), policy(2, **WAN, dstaddr='"web"', service='"HTTPS"'))
    decision = asked(text, MAPPED.replace("443", "22"))
    assert decision.answer == "deny"
    assert decision.rule is not None


CENTRAL = "config system settings\n    set central-nat enable\nend\n"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SENT, "permit"),
        (MAPPED, "permit"),
        (SENT.replace("8443", "443"), "deny"),  # another port is not sent on
        (SENT.replace("tcp", "udp"), "deny"),
        ("wan>dmz 198.51.100.7>203.0.113.21 tcp/443", "deny"),  # sent on to another address
        ("wan>dmz 198.51.100.7>203.0.113.20 tcp/443", "permit"),
        ("wan>dmz 192.0.2.7>203.0.113.30 tcp/443", "deny"),  # for another source
        ("wan>dmz 198.51.100.7>203.0.113.30 tcp/443", "permit"),
        ("wan>dmz 198.51.100.7>203.0.113.50 tcp/443", "unknown"),
    ],
)
def test_with_central_nat_policies_are_about_mapped_addresses(question: str, answer: str) -> None:
    """Virtual IPs work without a policy (FortiOS Administration Guide, Central DNAT)."""
    objects = "".join(
        f'config firewall address\n    edit "{name}"\n        set subnet {address} '
        "255.255.255.255\n    next\nend\n"
        for name, address in (("mcu", "10.2.0.10"), ("a", "10.2.0.20"), ("b", "10.2.0.30"))
    )
    rule = policy(1, **WAN, dstaddr='"mcu" "a" "b"', service='"HTTPS"')
    decision = asked(config(rule, settings=CENTRAL + objects), question)
    assert decision.answer == answer, decision


def test_with_central_nat_the_virtual_ip_stands_on_the_path() -> None:
    text = config(policy(1, **WAN, dstaddr='"mcu"', service='"HTTPS"'), settings=CENTRAL)
    assert [rule.line for rule in asked(text, SENT).path] == [line_of(text, 'edit "web"')]


def test_two_virtual_ips_for_the_same_packets_are_left_open() -> None:
    text = config(policy(1, **WAN, dstaddr='"mcu"', service='"HTTPS"'), settings=CENTRAL)
    text = text.replace("set extip 203.0.113.20-203.0.113.21", "set extip 203.0.113.9-203.0.113.10")
    decision = asked(text, SENT)
    assert decision.answer == "unknown"
    assert "mapped address" in decision.why
