"""Security policies of Junos. Expected answers after Juniper TechLibrary, "Security Policies User
Guide", "Address Books and Address Sets", "Network Address Translation User Guide" and "Routing
Policies, Firewall Filters, and Traffic Policers User Guide"."""

from __future__ import annotations

import pytest

from tests.scanner.platforms.juniper_packets import answer, facts, policy

SRX = "juniper-srx"
ZONES = """set security zones security-zone t interfaces ge-0/0/0.0
set security zones security-zone u interfaces ge-0/0/1.0
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
set interfaces ge-0/0/1 unit 0 family inet address 10.1.0.1/24
"""
PAIR = "set security policies from-zone t to-zone u policy"


def rule(name: str, then: str, match: str = "", where: str = PAIR) -> str:
    """Every condition is any, except those that are given."""
    wanted = {"source-address": "any", "destination-address": "any", "application": "any"}
    words = match.split()
    lines = [f"{where} {name} match {words[n]} {words[n + 1]}" for n in range(0, len(words), 2)]
    lines += [f"{where} {name} match {k} {v}" for k, v in wanted.items() if k not in words]
    return "\n".join([*lines, f"{where} {name} then {then}"]) + "\n"


GLOBAL = "set security policies global policy"
TO_U = "t>u 10.0.0.5>10.1.0.5 tcp/80"

CASES = [
    ("no policy: deny-all is the default", "", TO_U, "deny -"),
    ("a policy of the pair", rule("p", "permit"), TO_U, "permit 5"),
    ("the other way has none", rule("p", "permit"), "u>t 10.1.0.5>10.0.0.5 tcp/80", "deny -"),
    ("first match", rule("p", "deny") + rule("q", "permit"), TO_U, "deny 5"),
    ("inside one zone a policy is needed too", rule("p", "permit"), "t>t 10.0.0.5>10.0.0.6 tcp/1",
     "deny -"),
    ("the pair comes before global", rule("g", "deny", where=GLOBAL) + rule("p", "permit"), TO_U,
     "permit 9"),
    ("global comes after the pair", rule("p", "permit", "application junos-ssh")
     + rule("g", "deny", where=GLOBAL) + "set security policies default-policy permit-all\n",
     TO_U, "deny 9"),
    ("the default policy", "set security policies default-policy permit-all\n", TO_U, "permit 5"),
    ("a global policy between zones", rule("g", "permit", "from-zone t to-zone u", GLOBAL), TO_U,
     "permit 5"),
    ("a global policy between other zones", rule("g", "permit", "from-zone u to-zone t", GLOBAL),
     TO_U, "deny -"),
    ("switched off", rule("p", "deny") + rule("q", "permit") + f"deactivate {PAIR[4:]} p\n", TO_U,
     "permit 9"),
    ("deleted", rule("p", "deny") + rule("q", "permit") + f"delete {PAIR[4:]} p\n", TO_U,
     "permit 9"),
    ("moved by insert", rule("p", "deny") + rule("q", "permit")
     + f"insert {PAIR[4:]} q before policy p\n", TO_U, "permit 9"),
    ("renamed", rule("p", "permit") + f"rename {PAIR[4:]} p to policy r\n", TO_U, "permit 5"),
    ("a predefined application", rule("p", "permit", "application junos-http"), TO_U, "permit 5"),
    ("another one", rule("p", "permit", "application junos-https"), TO_U, "deny -"),
    ("H.323 has several ports", rule("p", "permit", "application junos-h323"),
     "t>u 10.0.0.5>10.1.0.5 udp/1719", "permit 5"),
    ("one whose ports are not known", rule("p", "permit", "application junos-ms-rpc-any"), TO_U,
     "unknown 5"),
    ("a schedule", rule("p", "permit") + f"{PAIR} p scheduler-name s\n", TO_U, "unknown 5"),
    ("a user", rule("p", "permit", "source-identity staff"), TO_U, "unknown 5"),
    ("any user", rule("p", "permit", "source-identity any"), TO_U, "permit 5"),
    ("an address that is not defined", rule("p", "permit", "source-address nobody"), TO_U,
     "unknown 5"),
    ("no action", f"{PAIR} p match source-address any\n", TO_U, "unknown 5"),
    ("a line that is cut", rule("p", "permit") + "set\n", TO_U, "permit 5"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "asked", "expected"), CASES, ids=lambda v: str(v)[:40])
def test_policies(name: str, text: str, asked: str, expected: str) -> None:
    assert answer(policy(SRX, ZONES + text), asked) == expected


def test_replies_pass_without_being_asked() -> None:
    given = policy(SRX, ZONES + rule("p", "permit"))
    assert answer(given, "u>t 10.1.0.5>10.0.0.5 tcp/49152", "established").startswith("permit")


BOOK = "set security address-book"
ADDRESSES = [
    ("global", f"{BOOK} global address a 10.0.0.5/32", "10.0.0.5", "permit"),
    ("global, another", f"{BOOK} global address a 10.0.0.5/32", "10.0.0.6", "deny"),
    ("attached to the zone, before global",
     f"{BOOK} global address a 10.9.9.9\n{BOOK} b address a 10.0.0.5\n{BOOK} b attach zone t",
     "10.0.0.5", "permit"),
    ("attached to another zone", f"{BOOK} b address a 10.0.0.5\n{BOOK} b attach zone u",
     "10.0.0.5", "unknown"),
    ("in the zone", "set security zones security-zone t address-book address a 10.0.0.5/32",
     "10.0.0.5", "permit"),
    ("a set in a set", f"{BOOK} global address x 10.0.0.5\n{BOOK} global address-set s address x\n"
     f"{BOOK} global address-set a address-set s", "10.0.0.5", "permit"),
    ("a set that holds itself", f"{BOOK} global address-set a address-set a", "10.0.0.5",
     "unknown"),
    ("a range", f"{BOOK} global address a range-address 10.0.0.4 to 10.0.0.6", "10.0.0.5",
     "permit"),
    ("a range, behind it", f"{BOOK} global address a range-address 10.0.0.4 to 10.0.0.6",
     "10.0.0.7", "deny"),
    ("a wildcard", f"{BOOK} global address a wildcard-address 10.0.7.5/255.255.0.255", "10.0.0.5",
     "permit"),
    ("a wildcard, beside it", f"{BOOK} global address a wildcard-address 10.0.7.6/255.255.0.255",
     "10.0.0.5", "deny"),
    ("a name of the DNS", f"{BOOK} global address a dns-name mcu.example", "10.0.0.5", "unknown"),
    ("a known member beside a name of the DNS", f"{BOOK} global address x 10.0.0.5\n"
     f"{BOOK} global address y dns-name mcu.example\n{BOOK} global address-set a address x\n"
     f"{BOOK} global address-set a address y", "10.0.0.5", "permit"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "book", "source", "expected"), ADDRESSES)
def test_address_books(name: str, book: str, source: str, expected: str) -> None:
    given = policy(SRX, ZONES + rule("p", "permit", "source-address a") + book + "\n")
    assert answer(given, f"t>u {source}>10.1.0.5 tcp/80").split()[0] == expected


def test_an_excluded_address_is_everything_else() -> None:
    text = rule("p", "permit", "source-address a") + f"{BOOK} global address a 10.0.0.5/32\n"
    given = policy(SRX, ZONES + text + f"{PAIR} p match source-address-excluded\n")
    assert answer(given, "t>u 10.0.0.5>10.1.0.5 tcp/80") == "deny -"
    assert answer(given, "t>u 10.0.0.6>10.1.0.5 tcp/80") == "permit 5"


APPLICATIONS = """set applications application a term 1 protocol tcp destination-port 5061
set applications application a term 2 protocol udp source-port 5060 destination-port 5000-5010
set applications application b protocol icmp icmp-type 8
set applications application-set s application a
set applications application-set s application-set s2
set applications application-set s2 application b
"""


@pytest.mark.parametrize(
    ("service", "expected"),
    [("tcp/5061", "permit"), ("tcp/5062", "deny"), ("udp/5005", "deny"), ("icmp/8", "permit"),
     ("icmp/0", "deny")],
)  # fmt: skip
def test_terms_and_sets_of_applications(service: str, expected: str) -> None:
    given = policy(SRX, ZONES + rule("p", "permit", "application s") + APPLICATIONS)
    assert answer(given, f"t>u 10.0.0.5>10.1.0.5 {service}").split()[0] == expected


CURLY = """security {
    policies {
        from-zone t to-zone u {
            inactive: policy p {
                match {
                    source-address any;
                    destination-address any;
                    application any;
                }
                then {
                    permit;
                }
            }
            /* said
            twice */
            policy q {
                match {
                    source-address [ a b ];
                    destination-address any; application any;
                }
                then {
                    permit;
                }
            }
        }
    }
    address-book {
        global {
            address a 10.0.0.5/32;
            address b {
                10.0.0.6/32;
            }
        }
    }
    zones {
        security-zone t;
        security-zone u;
    }
}
"""


def test_braces_say_the_same_and_keep_their_lines() -> None:
    given = policy(SRX, CURLY)
    assert answer(given, "t>u 10.0.0.5>10.1.0.5 tcp/80") == "permit 16"
    assert answer(given, "t>u 10.0.0.6>10.1.0.5 tcp/80") == "permit 16"
    assert answer(given, "t>u 10.0.0.7>10.1.0.5 tcp/80") == "deny -"
    rules = given.chains["from-zone t to-zone u"].rules
    parts = rules[0].may[0].source.parts  # type: ignore[union-attr]
    lines = CURLY.split("\n")
    assert [lines[part.line - 1].strip()[:9] for part in parts] == ["address a", "address b"]


def test_a_configuration_that_breaks_off_decides_nothing() -> None:
    assert "filters" not in facts(SRX, CURLY[:-4])


GROUPS = """set groups g security policies from-zone <*> to-zone <*> policy last then deny
set groups g security policies from-zone <*> to-zone <*> policy last match source-address any
set groups h system services ssh
set apply-groups h
"""


def test_groups_are_applied_where_they_say() -> None:
    text = ZONES + rule("p", "permit", "application junos-ssh") + GROUPS
    assert facts(SRX, text)["service.ssh.enabled"] is True
    applied = text + "set security policies from-zone t to-zone u apply-groups g\n"
    denied = "set groups g2 security policies default-policy permit-all\nset apply-groups g2\n"
    given = policy(SRX, ZONES + denied)
    assert answer(given, TO_U) == "permit 5"
    doubtful = policy(SRX, applied)
    assert any("inherited" in line.why for line in doubtful.unread)


NAT = f"""set security nat destination pool web address 10.1.0.9/32 port 8080
set security nat destination rule-set r from zone t
set security nat destination rule-set r rule 1 match destination-address 198.51.100.1/32
set security nat destination rule-set r rule 1 match destination-port 80
set security nat destination rule-set r rule 1 then destination-nat pool web
set security nat static rule-set s from zone t
set security nat static rule-set s rule 1 match destination-address 198.51.100.16/28
set security nat static rule-set s rule 1 then static-nat prefix 10.1.0.16/28
{BOOK} global address web 10.1.0.9/32
{BOOK} global address mcu 10.1.0.18/32
set applications application w protocol tcp destination-port 8080
"""
NATTED = (
    rule("web", "permit", "destination-address web application w")
    + rule("mcu", "permit", "destination-address mcu")
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("t>u 10.0.0.5>198.51.100.1 tcp/80", "permit 5"),
        ("t>u 10.0.0.5>198.51.100.1 tcp/443", "deny -"),
        ("t>u 10.0.0.5>198.51.100.18 tcp/443", "permit 9"),
        ("t>u 10.0.0.5>198.51.100.19 tcp/443", "deny -"),
        ("t>u 10.0.0.5>10.1.0.9 tcp/8080", "permit 5"),
        ("t>u 10.0.0.5>10.1.0.9 tcp/80", "deny -"),
    ],
)
def test_a_policy_sees_the_translated_destination(asked: str, expected: str) -> None:
    assert answer(policy(SRX, ZONES + NATTED + NAT), asked) == expected


FILTERS = """set interfaces ge-0/0/0 unit 0 family inet filter input f
set policy-options prefix-list pl 10.2.0.0/16
set firewall family inet filter f term 1 from source-prefix-list pl
set firewall family inet filter f term 1 then discard
set firewall family inet filter f term 2 from source-address 10.0.0.0/8
set firewall family inet filter f term 2 from source-address 10.3.0.0/16 except
set firewall family inet filter f term 2 from protocol tcp
set firewall family inet filter f term 2 from destination-port [ 80 https ]
set firewall family inet filter f term 2 then count c
set firewall family inet filter f term 3 from protocol tcp
set firewall family inet filter f term 3 from tcp-established
set firewall family inet filter f term 3 then accept
set firewall family inet filter f term 4 from protocol udp
set firewall family inet filter f term 4 then next term
set firewall family inet filter f term 5 from destination-port 53
set firewall family inet filter f term 5 then accept
set routing-options router-id 10.0.0.1
"""
IN = "ge-0/0/0.0>ge-0/0/1.0"


@pytest.mark.parametrize(
    ("asked", "state", "expected"),
    [
        (f"{IN} 10.2.0.5>10.1.0.5 tcp/80", "new", "deny 3"),
        (f"{IN} 10.0.0.5>10.1.0.5 tcp/80", "new", "permit 5"),
        (f"{IN} 10.0.0.5>10.1.0.5 tcp/443", "new", "permit 5"),
        (f"{IN} 10.3.0.5>10.1.0.5 tcp/80", "new", "deny -"),
        (f"{IN} 10.3.0.5>10.1.0.5 tcp/80", "established", "permit 10"),
        (f"{IN} 10.0.0.5>10.1.0.5 udp/53", "new", "permit 15"),
        (f"{IN} 10.0.0.5>10.1.0.5 udp/54", "new", "deny -"),
        (f"{IN} 10.0.0.5>10.1.0.5 gre/0", "new", "unknown 15"),
        ("ge-0/0/1.0>ge-0/0/0.0 10.2.0.5>10.1.0.5 tcp/80", "new", "permit -"),
    ],
)
def test_filters_of_interfaces(asked: str, state: str, expected: str) -> None:
    assert answer(policy(SRX, FILTERS), asked, state) == expected


def test_a_list_of_filters_and_one_that_is_not_defined() -> None:
    text = """set routing-options router-id 1.1.1.1
set interfaces ge-0/0/0 unit 0 family inet filter input-list [ f g ]
set interfaces ge-0/0/1 unit 0 family inet filter input h
set firewall filter f term 1 from protocol udp
set firewall filter f term 1 then reject
set firewall filter g term 1 then accept
"""
    given = policy(SRX, text)
    assert answer(given, "ge-0/0/0.0>x 10.0.0.1>10.0.0.2 udp/5") == "deny 4"
    assert answer(given, "ge-0/0/0.0>x 10.0.0.1>10.0.0.2 tcp/5") == "permit 6"
    assert answer(given, "ge-0/0/1.0>x 10.0.0.1>10.0.0.2 tcp/5") == "unknown -"


def test_a_filter_for_frames_and_a_group_left_out_leave_packets_open() -> None:
    text = ZONES + rule("p", "permit") + "set security zones security-zone t address-book\n"
    frames = "set interfaces ge-0/0/0 unit 0 family ethernet-switching filter input f\n"
    given = policy(SRX, text + frames)
    assert answer(given, f"{IN} 10.0.0.5>10.1.0.5 tcp/80").startswith("unknown")
    left_out = "set security policies apply-groups-except g\nset groups g security screen x\n"
    assert any(line.matters for line in policy(SRX, text + left_out).unread)


def test_an_interface_with_a_filter_makes_zones_speak_of_interfaces() -> None:
    given = policy(SRX, ZONES + rule("p", "permit") + FILTERS)
    assert answer(given, f"{IN} 10.0.0.5>10.1.0.5 tcp/80") == "permit 5"
    assert answer(given, "ge-0/0/1.0>ge-0/0/0.0 10.0.0.5>10.1.0.5 tcp/80") == "deny -"


HOST = """set security zones security-zone t host-inbound-traffic system-services ping
set security zones security-zone t interfaces ge-0/0/2.0 host-inbound-traffic system-services ssh
"""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ge-0/0/0.0>junos-host 10.0.0.5>10.0.0.1 icmp/8", "permit"),
        ("ge-0/0/0.0>junos-host 10.0.0.5>10.0.0.1 tcp/22", "deny"),
        ("ge-0/0/2.0>junos-host 10.0.0.5>10.0.0.1 tcp/22", "permit"),
        ("ge-0/0/2.0>junos-host 10.0.0.5>10.0.0.1 icmp/8", "deny"),
    ],
)
def test_what_an_interface_lets_in_replaces_what_its_zone_does(asked: str, expected: str) -> None:
    assert answer(policy(SRX, ZONES + HOST), asked).split()[0] == expected


def test_ten_thousand_policies_are_read() -> None:
    text = ZONES + "".join(
        rule(f"p{n}", "permit", f"destination-address h{n} application junos-http")
        + f"{BOOK} global address h{n} 10.{n >> 8 & 255}.{n & 255}.1/32\n"
        for n in range(10_000)
    )
    given = policy(SRX, text)
    assert len(given.chains["from-zone t to-zone u"].rules) == 10_000
