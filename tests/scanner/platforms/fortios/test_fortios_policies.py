"""What FortiGate policies do with packets, sentence by sentence of the vendor's documents."""

from __future__ import annotations

import pytest

from rules.facts import Unknown
from tests.scanner.platforms.fortios.forti import (
    SHARED,
    asked,
    filters,
    line_of,
    policies,
    policy,
    reading,
)

IN = "lan>dmz 10.1.0.5>10.2.0.10 tcp/443"

OBJECTS = """\
config firewall address
    edit "r"
        set type iprange
        set start-ip 10.2.0.20
        set end-ip 10.2.0.29
    next
    edit "w"
        set type wildcard
        set wildcard 10.2.0.10 255.255.0.255
    next
    edit "f"
        set type fqdn
        set fqdn "meet.example.vn"
    next
    edit "g"
        set type geography
        set country "VN"
    next
    edit "i"
        set type interface-subnet
        set interface "dmz"
    next
    edit "say \\"hi\\" there"
        set subnet 10.2.0.77 255.255.255.255
    next
end
config firewall addrgrp
    edit "inner"
        set member "mcu" "r"
    next
    edit "outer"
        set member "inner" "w"
        set exclude enable
        set exclude-member "r"
    next
    edit "half"
        set member "mcu" "f"
    next
    edit "ring"
        set member "ring2"
    next
    edit "ring2"
        set member "ring" "mcu"
    next
end
config firewall service custom
    edit "web-from-high"
        set tcp-portrange 80:1024-65535 8000-8010
    next
    edit "any-ip"
        set protocol IP
    next
    edit "gre"
        set protocol IP
        set protocol-number 47
    next
    edit "echo"
        set protocol ICMP
        set icmptype 8
        unset icmpcode
    next
end
config firewall service group
    edit "grp"
        set member "gre" "web-from-high"
    next
end
config firewall schedule recurring
    edit "always"
        set day sunday monday tuesday wednesday thursday friday saturday
    next
    edit "office"
        set start 07:00
        set end 17:00
        set day monday tuesday
    next
    edit "none"
    next
end
"""


@pytest.mark.parametrize(
    ("settings", "question", "answer"),
    [
        ({}, IN, "permit"),
        ({"action": ""}, IN, "deny"),  # deny is the default, and `show` leaves defaults out
        ({"action": "deny"}, IN, "deny"),
        ({"status": "disable"}, IN, "deny"),
        ({"status": "enable"}, IN, "permit"),
        ({}, "dmz>lan 10.1.0.5>10.2.0.10 tcp/443", "deny"),  # implicit deny
        ({"srcintf": '"any"'}, "wan>dmz 10.1.0.5>10.2.0.10 tcp/443", "permit"),
        ({"dstintf": '"dmz" "wan"'}, "lan>wan 10.1.0.5>10.2.0.10 tcp/443", "permit"),
        ({}, "dmz>lan 10.2.0.10>10.1.0.5 tcp/443 established", "permit"),  # stateful
        ({}, "lan>dmz 2001:db8::1>2001:db8::2 tcp/443", "deny"),  # srcaddr is about IPv4 only
        (
            {"srcaddr6": '"all"', "dstaddr6": '"all"'},
            "lan>dmz 2001:db8::1>2001:db8::2 tcp/443",
            "permit",
        ),
        # addresses
        ({"dstaddr": '"mcu"'}, IN, "permit"),
        ({"dstaddr": '"mcu"'}, "lan>dmz 10.1.0.5>10.2.0.11 tcp/443", "deny"),
        ({"dstaddr": '"r"'}, "lan>dmz 10.1.0.5>10.2.0.29 tcp/443", "permit"),
        ({"dstaddr": '"r"'}, "lan>dmz 10.1.0.5>10.2.0.30 tcp/443", "deny"),
        ({"dstaddr": '"w"'}, "lan>dmz 10.1.0.5>10.2.9.10 tcp/443", "permit"),
        ({"dstaddr": '"w"'}, "lan>dmz 10.1.0.5>10.2.9.11 tcp/443", "deny"),
        ({"dstaddr": '"i"'}, "lan>dmz 10.1.0.5>10.2.9.11 tcp/443", "permit"),
        ({"dstaddr": '"i"'}, "lan>dmz 10.1.0.5>10.3.9.11 tcp/443", "deny"),
        ({"dstaddr": '"f"'}, IN, "unknown"),
        ({"dstaddr": '"g"'}, IN, "unknown"),
        ({"dstaddr": '"f"'}, "lan>dmz 10.1.0.5>10.2.0.10 tcp/80", "unknown"),
        ({"dstaddr": '"f"', "srcaddr": '"mcu"'}, IN, "deny"),  # another condition fails for sure
        ({"dstaddr": '"half"'}, IN, "permit"),
        ({"dstaddr": '"half"'}, "lan>dmz 10.1.0.5>10.2.0.11 tcp/443", "unknown"),
        ({"dstaddr": '"nowhere defined"'}, IN, "unknown"),
        ({"dstaddr": '"ring"'}, "lan>dmz 10.1.0.5>10.9.0.1 tcp/443", "unknown"),
        ({"dstaddr": '"say \\"hi\\" there"'}, "lan>dmz 10.1.0.5>10.2.0.77 tcp/1", "permit"),
        ({"dstaddr": '"say \\"hi\\" there"'}, IN, "deny"),
        # groups, nested, with members taken out
        ({"dstaddr": '"inner"'}, "lan>dmz 10.1.0.5>10.2.0.25 tcp/443", "permit"),
        ({"dstaddr": '"outer"'}, "lan>dmz 10.1.0.5>10.2.0.25 tcp/443", "deny"),
        ({"dstaddr": '"outer"'}, IN, "permit"),
        # negation
        ({"dstaddr": '"mcu"', "dstaddr-negate": "enable"}, IN, "deny"),
        ({"dstaddr": '"mcu"', "dstaddr-negate": "disable"}, IN, "permit"),
        (
            {"dstaddr": '"mcu"', "dstaddr-negate": "enable"},
            "lan>dmz 10.1.0.5>10.2.0.11 tcp/443",
            "permit",
        ),
        (
            {"dstaddr": '"mcu"', "dstaddr-negate": "enable"},
            "lan>dmz 2001:db8::1>2001:db8::2 tcp/443",
            "deny",
        ),
        ({"dstaddr": '"half"', "dstaddr-negate": "enable"}, IN, "deny"),
        ({"srcaddr": '"net1"', "srcaddr-negate": "enable"}, IN, "deny"),
        ({"service": '"HTTPS"', "service-negate": "enable"}, IN, "deny"),
        (
            {"service": '"HTTPS"', "service-negate": "enable"},
            "lan>dmz 10.1.0.5>10.2.0.10 tcp/80",
            "permit",
        ),
        (
            {"service": '"HTTPS"', "service-negate": "enable"},
            "lan>dmz 10.1.0.5>10.2.0.10 udp/443",
            "permit",
        ),
        ({"service": '"ALL"', "service-negate": "enable"}, IN, "deny"),
        # services: destination first, then source; several ranges in a line
        ({"service": '"web-from-high"'}, "lan>dmz 10.1.0.5>10.2.0.10 tcp/80 from 1024", "permit"),
        ({"service": '"web-from-high"'}, "lan>dmz 10.1.0.5>10.2.0.10 tcp/80 from 1023", "deny"),
        ({"service": '"web-from-high"'}, "lan>dmz 10.1.0.5>10.2.0.10 tcp/8010 from 5", "permit"),
        ({"service": '"web-from-high"'}, "lan>dmz 10.1.0.5>10.2.0.10 udp/80 from 1024", "deny"),
        ({"service": '"any-ip"'}, "lan>dmz 10.1.0.5>10.2.0.10 ospf", "permit"),
        ({"service": '"gre"'}, "lan>dmz 10.1.0.5>10.2.0.10 gre", "permit"),
        ({"service": '"gre"'}, "lan>dmz 10.1.0.5>10.2.0.10 esp", "deny"),
        ({"service": '"echo"'}, "lan>dmz 10.1.0.5>10.2.0.10 icmp/8", "permit"),
        ({"service": '"echo"'}, "lan>dmz 10.1.0.5>10.2.0.10 icmp/13", "deny"),
        ({"service": '"grp"'}, "lan>dmz 10.1.0.5>10.2.0.10 gre", "permit"),
        ({"service": '"grp" "SSH"'}, "lan>dmz 10.1.0.5>10.2.0.10 tcp/22", "permit"),
        ({"service": '"H323"'}, "lan>dmz 10.1.0.5>10.2.0.10 udp/1719", "permit"),  # predefined
        ({"service": '"H323"'}, "lan>dmz 10.1.0.5>10.2.0.10 tcp/1719", "deny"),
        ({"service": '"no-such"'}, IN, "unknown"),
        # schedules
        ({"schedule": '"office"'}, IN, "unknown"),
        ({"schedule": '"none"'}, IN, "deny"),
        ({"schedule": '"no-such"'}, IN, "unknown"),
        # what no packet shows
        ({"groups": '"staff"'}, IN, "unknown"),
        ({"users": '"somebody"'}, IN, "unknown"),
        (
            {
                "internet-service": "enable",
                "internet-service-name": '"X"',
                "dstaddr": "",
                "service": "",
            },
            IN,
            "unknown",
        ),
        ({"internet-service": "disable"}, IN, "permit"),
        ({"internet-service-src": "enable", "srcaddr": ""}, IN, "unknown"),
        ({"action": "ipsec"}, IN, "unknown"),
        ({"action": "ipsec"}, "dmz>lan 10.2.0.10>10.1.0.5 tcp/443", "unknown"),
        ({"action": "learn"}, IN, "unknown"),
        ({"service": ""}, IN, "unknown"),
        ({"srcaddr": ""}, IN, "unknown"),
        ({"service": '""HTTPS" "HTTP"'}, IN, "unknown"),  # as it was seen in a saved file
        ({"tos": "0x00", "vlan-filter": "''", "reputation-minimum": "0"}, IN, "permit"),
        ({"reputation-minimum": "3"}, IN, "unknown"),
    ],
)
def test_a_policy_decides_as_the_vendor_says(
    settings: dict[str, str], question: str, answer: str
) -> None:
    text = SHARED + OBJECTS + policies(policy(7, **settings))
    decision = asked(text, question)
    assert decision.answer == answer, decision
    if answer == "permit" and "established" not in question:
        assert decision.rule is not None
        assert decision.rule.line == line_of(text, "edit 7")


def test_the_order_of_the_file_counts_and_not_the_number() -> None:
    text = SHARED + policies(policy(20, action="deny"), policy(1))
    decision = asked(text, IN)
    assert (decision.answer, decision.rule and decision.rule.line) == (
        "deny",
        line_of(text, "edit 20"),
    )


def test_a_doubtful_policy_before_a_clear_one_leaves_what_both_do() -> None:
    clear = policies(policy(1, schedule='"office"'), policy(2))
    assert asked(SHARED + OBJECTS + clear, IN).answer == "permit"
    other = policies(policy(1, schedule='"office"', action="deny"), policy(2))
    decision = asked(SHARED + OBJECTS + other, IN)
    assert decision.answer == "unknown"
    assert "office" in decision.why


def test_a_group_is_one_object_for_all_policies_and_its_members_have_lines() -> None:
    text = SHARED + OBJECTS + policies(*(policy(n, dstaddr='"inner"') for n in range(1, 9)))
    rules = filters(text).chains["firewall policy"].rules
    sets = {id(rule.may[0].destination) for rule in rules}
    assert len(rules) == 8
    assert len(sets) == 1
    destination = rules[0].may[0].destination
    assert destination is not None
    part = destination.part_with(destination.intervals[0][0])
    assert part is not None
    assert part.line == line_of(text, "set subnet 10.2.0.10 255.255.255.255")


ZONES = """\
config system zone
    edit "vlans"
        {intrazone}
        set interface "v10" "v20"
    next
end
"""


@pytest.mark.parametrize(
    ("intrazone", "question", "answer"),
    [
        ("set intrazone allow", "v10>v20 10.3.0.1>10.4.0.1 tcp/80", "permit"),
        ("set intrazone allow", "vlans>vlans 10.3.0.1>10.4.0.1 tcp/80", "permit"),
        ("set intrazone deny", "v10>v20 10.3.0.1>10.4.0.1 tcp/80", "deny"),
        ("", "v10>v20 10.3.0.1>10.4.0.1 tcp/80", "deny"),  # deny is the default
        ("", "v10>dmz 10.3.0.1>10.2.0.10 tcp/80", "permit"),  # a policy of the zone
        ("", "vlans>dmz 10.3.0.1>10.2.0.10 tcp/80", "permit"),
        ("", "lan>dmz 10.3.0.1>10.2.0.10 tcp/80", "deny"),
        # a policy is asked before the setting of the zone (Fortinet Community, article 264457)
        ("set intrazone allow", "v10>v20 10.3.0.1>10.4.0.1 tcp/23", "deny"),
    ],
)
def test_zones(intrazone: str, question: str, answer: str) -> None:
    text = SHARED + ZONES.format(intrazone=intrazone)
    text += policies(
        policy(1, srcintf='"any"', dstintf='"any"', service='"TELNET"', action="deny"),
        policy(2, srcintf='"vlans"'),
    )
    assert asked(text, question).answer == answer
    assert filters(text).zones == {"vlans": ("v10", "v20")}


@pytest.mark.parametrize(
    ("version", "setting", "answer"),
    [
        ("7.2.8", "", "unknown"),
        ("7.2.8", "set allow-traffic-redirect enable", "unknown"),
        ("7.2.8", "set allow-traffic-redirect disable", "deny"),
        ("7.4.10", "", "deny"),
        ("7.6.4", "", "unknown"),
        ("7.6.5", "", "deny"),
        ("", "", "unknown"),
    ],
)
def test_packets_that_leave_where_they_came_in(version: str, setting: str, answer: str) -> None:
    """Fortinet Community, article 196651: they may need no policy, by setting and release."""
    header = f"#config-version=FGT60F-{version}-FW-build1-240101:opmode=0\n" if version else ""
    text = SHARED.replace("set allow-traffic-redirect disable", setting)
    text = header + text + policies(policy(1))
    assert asked(text, "lan>lan 10.1.0.5>10.1.9.9 tcp/80").answer == answer
    assert asked(text, "wan>lan 10.1.0.5>10.1.9.9 tcp/80").answer == "deny"


def test_ngfw_policy_mode_asks_the_security_policies() -> None:
    text = (
        SHARED
        + "config system settings\n    set ngfw-mode policy-based\nend\n"
        + policies(policy(1, action=""))
        + "config firewall security-policy\n"
        + policy(1, service='"HTTPS"')
        + policy(2, application="15832", service='"HTTP"')
        + "end\n"
    )
    assert asked(text, IN).answer == "permit"
    assert asked(text, IN.replace("443", "80")).answer == "unknown"
    assert asked(text, IN.replace("443", "22")).answer == "deny"


def test_policies_of_older_releases_stand_in_a_table_for_each_ip_version() -> None:
    text = SHARED + policies(policy(1)) + "config firewall policy6\n" + policy(1) + "end\n"
    assert asked(text, IN).answer == "permit"
    assert asked(text, "lan>dmz 2001:db8::1>2001:db8::2 tcp/443").answer == "permit"
    without = text.replace("set srcaddr", "set nothing", 1)
    assert asked(without, IN).answer == "unknown"


def test_multicast_is_ruled_by_its_own_policies() -> None:
    rules = policies(policy(1))
    own = 'config firewall multicast-policy\n    edit 1\n        set srcintf "lan"\n'
    own += '        set dstintf "dmz"\n        set dstaddr "grp"\n    next\nend\n'
    question = "lan>dmz 10.1.0.5>239.1.1.1 udp/5000"
    assert asked(SHARED + rules + own, question).answer == "unknown"
    assert asked(SHARED + rules + own, question.replace("lan>dmz", "lan>wan")).answer == "deny"
    assert asked(SHARED + rules + own, IN).answer == "permit"


def test_an_access_control_list_drops_before_the_policies() -> None:
    acl = 'config firewall acl\n    edit 1\n        set interface "lan"\n'
    acl += '        set srcaddr "net1"\n        set dstaddr "mcu"\n        set service "HTTPS"\n'
    text = SHARED + policies(policy(1)) + acl + "    next\nend\n"
    assert asked(text, IN).answer == "deny"
    assert asked(text, IN.replace("443", "80")).answer == "permit"


def test_asymmetric_routing_lets_packets_of_unseen_connections_through() -> None:
    text = SHARED + "config system settings\n    set asymroute enable\nend\n" + policies()
    assert asked(text, IN).answer == "deny"
    assert asked(text, IN + " invalid").answer == "unknown"


def test_a_policy_section_that_is_cut_off_is_no_policy() -> None:
    text = SHARED + policies(policy(1, action="deny"), policy(2))
    facts = reading(text[: text.index("edit 2")]).facts
    assert isinstance(facts["filters"], Unknown)
