"""Security rules of PAN-OS. Expected answers after "PAN-OS Administrator's Guide", chapters Policy,
NAT and Objects, and "Panorama Administrator's Guide", Device Groups."""

from __future__ import annotations

import pytest

from rules.packets.admission import admitted
from rules.packets.policy import Region
from rules.packets.sets import names
from scanner.platforms.netconfig.addresses import host
from tests.scanner.platforms.juniper_packets import answer, policy

PAN = "paloalto"
ZONES = """set zone t network layer3 ethernet1/1
set zone u network layer3 [ ethernet1/2 ethernet1/3 ]
set deviceconfig system hostname pa
"""
RULES = "set rulebase security rules"
TO_U = "t>u 10.0.0.5>10.1.0.5 tcp/80"


def rule(name: str, action: str, *more: str, where: str = RULES) -> str:
    """Every condition is any, except those that are given."""
    wanted = dict.fromkeys(("from", "to", "source", "destination", "application", "service"), "any")
    given = {one.split(None, 1)[0] for one in more}
    lines = [f"{where} {name} {one}" for one in more]
    lines += [f"{where} {name} {key} {value}" for key, value in wanted.items() if key not in given]
    return "\n".join([*lines, f"{where} {name} action {action}"]) + "\n"


CASES = [
    ("between zones nothing passes", "", TO_U, "deny -"),
    ("within a zone everything passes", "", "t>t 10.0.0.5>10.0.0.6 tcp/80", "permit -"),
    ("the default within a zone, overridden",
     "set rulebase default-security-rules rules intrazone-default action drop\n",
     "t>t 10.0.0.5>10.0.0.6 tcp/80", "deny 4"),
    ("the default between zones, overridden",
     "set rulebase default-security-rules rules interzone-default action allow\n", TO_U,
     "permit 4"),
    ("first match", rule("a", "deny") + rule("b", "allow"), TO_U, "deny 4"),
    ("switched off", rule("a", "deny", "disabled yes") + rule("b", "allow"), TO_U, "permit 12"),
    ("drop", rule("a", "drop"), TO_U, "deny 4"),
    ("reset", rule("a", "reset-both"), TO_U, "deny 4"),
    ("moved to the top", rule("a", "deny") + rule("b", "allow")
     + "move rulebase security rules b top\n", TO_U, "permit 11"),
    ("deleted", rule("a", "deny") + rule("b", "allow") + "delete rulebase security rules a\n",
     TO_U, "permit 11"),
    ("several keys in one line", f"{RULES} a from t to u source any destination 10.1.0.0/24\n"
     f"{RULES} a application any service service-http action allow\n", TO_U, "permit 4"),
    ("several keys in one line, to another zone", f"{RULES} a from t to x source any service any\n"
     f"{RULES} a action allow destination any\n", TO_U, "deny -"),
    ("keys behind a list", f"{RULES} a from [ x t ] to u service any action allow\n", TO_U,
     "permit 4"),
    ("a key twice", f"{RULES} a from t\n{RULES} a to x from u action allow\n", TO_U, "deny -"),
    ("other zones", rule("a", "allow", "from u"), TO_U, "deny -"),
    ("a universal rule within a zone", rule("a", "deny", "from t", "to t"),
     "t>t 10.0.0.5>10.0.0.6 tcp/80", "deny 4"),
    ("a rule between zones, within one", rule("a", "deny", "rule-type interzone"),
     "t>t 10.0.0.5>10.0.0.6 tcp/80", "permit -"),
    ("a rule between zones", rule("a", "allow", "rule-type interzone"), TO_U, "permit 4"),
    ("a rule within zones, between them", rule("a", "allow", "rule-type intrazone"), TO_U,
     "deny -"),
    ("a rule within zones", rule("a", "deny", "rule-type intrazone"),
     "t>t 10.0.0.5>10.0.0.6 tcp/80", "deny 4"),
    ("an application", rule("a", "allow", "application ssh"), TO_U, "unknown 4"),
    ("usual ports", rule("a", "allow", "service application-default"), TO_U, "unknown 4"),
    ("usual ports of an own application",
     rule("a", "allow", "application x", "service application-default")
     + "set application x default port tcp/8000\n", TO_U, "deny -"),
    ("a user", rule("a", "allow", "source-user staff"), TO_U, "unknown 4"),
    ("any user", rule("a", "allow", "source-user any"), TO_U, "permit 4"),
    ("a schedule", rule("a", "allow", "schedule night"), TO_U, "unknown 4"),
    ("profiles only look inside", rule("a", "allow", "profile-setting group g"), TO_U, "permit 4"),
    ("service-http", rule("a", "allow", "service service-http"), TO_U, "permit 4"),
    ("service-https", rule("a", "allow", "service service-https"), TO_U, "deny -"),
    ("service-http is overridden", rule("a", "allow", "service service-http")
     + "set service service-http protocol tcp port 81\n", TO_U, "deny -"),
    ("a group of services", rule("a", "allow", "service g")
     + "set service-group g members [ service-https s ]\nset service s protocol tcp port 80-88\n",
     TO_U, "permit 4"),
    ("a source port", rule("a", "allow", "service s")
     + "set service s protocol tcp port 80 source-port 1-9\n", TO_U, "deny -"),
    ("a service that is not defined", rule("a", "allow", "service s"), TO_U, "unknown 4"),
    ("negated", rule("a", "allow", "source 10.0.0.5", "negate-source yes"), TO_U, "deny -"),
    ("negated, another", rule("a", "allow", "source 10.0.0.6", "negate-source yes"), TO_U,
     "permit 4"),
    ("without an action", f"{RULES} a from any\n", TO_U, "unknown 4"),
    ("a cut line", rule("a", "allow") + "delete\n", TO_U, "permit 4"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "asked", "expected"), CASES, ids=lambda v: str(v)[:40])
def test_rules(name: str, text: str, asked: str, expected: str) -> None:
    assert answer(policy(PAN, ZONES + text), asked) == expected


ADDRESSES = [
    ("a literal", "", "10.0.0.5", "permit"),
    ("an object", "set address a ip-netmask 10.0.0.5/32", "a", "permit"),
    ("an object named like an address", "set address 10.0.0.5 ip-netmask 10.7.7.7", "10.0.0.5",
     "deny"),
    ("a range", "set address a ip-range 10.0.0.4-10.0.0.6", "a", "permit"),
    ("a wildcard", "set address a ip-wildcard 10.0.7.5/0.0.255.0", "a", "permit"),
    ("a name of the DNS", "set address a fqdn mcu.example", "a", "unknown"),
    ("a group", "set address a ip-netmask 10.0.0.5\nset address-group g static [ a b ]", "g",
     "permit"),
    ("a group that holds itself", "set address-group g static g", "g", "unknown"),
    ("a dynamic group", "set address-group g dynamic filter tag1", "g", "unknown"),
    ("a shared object", "set shared address a ip-netmask 10.0.0.5", "a", "permit"),
    ("the nearer object", "set address a ip-netmask 10.9.0.5\nset shared address a ip-netmask "
     "10.0.0.5", "a", "deny"),
    ("an external list", "set external-list e type ip url x", "e", "unknown"),
    ("a country", "", "VN", "unknown"),
    ("nobody", "", "nobody", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "objects", "source", "expected"), ADDRESSES)
def test_addresses(name: str, objects: str, source: str, expected: str) -> None:
    text = ZONES + rule("a", "allow", f"source {source}") + objects + "\n"
    assert answer(policy(PAN, text), TO_U).split()[0] == expected


def test_panorama_comes_before_and_after_the_local_rules() -> None:
    pre, post = (f"set policy panorama {when}-rulebase security rules" for when in ("pre", "post"))
    service = "set shared service {0} protocol tcp port {0}\n"
    text = (
        ZONES
        + "".join(service.format(port) for port in (1001, 1002, 1003))
        + rule("local", "deny", "service [ 1001 1002 ]")
        + rule("first", "allow", "service 1001", where=pre)
        + rule("last", "allow", "service [ 1002 1003 ]", where=post)
    )
    given = policy(PAN, text)
    asked = [answer(given, f"t>u 10.0.0.5>10.1.0.5 tcp/{port}") for port in (1001, 1002, 1003)]
    assert [one.split()[0] for one in asked] == ["permit", "deny", "permit"]


NAT = """set rulebase nat rules n from u
set rulebase nat rules n to u
set rulebase nat rules n source any
set rulebase nat rules n destination 198.51.100.1
set rulebase nat rules n destination-translation translated-address 10.0.0.9
"""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # the address before and the zone after the translation
        ("u>t 203.0.113.7>198.51.100.1 tcp/80", "permit 9"),
        ("u>t 203.0.113.7>10.0.0.9 tcp/80", "deny -"),
        # said to leave where its untranslated address would
        ("u>u 203.0.113.7>198.51.100.1 tcp/80", "unknown 4"),
        ("u>u 203.0.113.7>198.51.100.2 tcp/80", "permit -"),
    ],
)
def test_rules_see_the_address_before_and_the_zone_after_nat(asked: str, expected: str) -> None:
    text = NAT + rule("a", "allow", "destination 198.51.100.1")
    assert answer(policy(PAN, ZONES + text), asked) == expected


MCU = Region(destination=host("10.0.0.9"), leaving=names("t"))
OPEN = rule("a", "allow", "destination 198.51.100.1", "service service-http")


@pytest.mark.parametrize(
    ("name", "nat", "reached"),
    [
        ("the host behind", NAT, "by a"),
        ("another host", NAT.replace("10.0.0.9", "10.0.0.8"), ""),
        ("another address", NAT.replace("198.51.100.1", "198.51.100.2"), ""),
        ("switched off", NAT + "set rulebase nat rules n disabled yes\n", ""),
        ("one of two hosts", NAT.replace("10.0.0.9", "10.0.0.8-10.0.0.9"), "perhaps by n"),
        ("a port that is not let in", NAT + "set rulebase nat rules n service service-https\n", ""),
        ("behind an earlier line for the same packets",
         NAT.replace("rules n ", "rules m ").replace("10.0.0.9", "10.0.0.8") + NAT, "perhaps by n"),
    ],
)  # fmt: skip
def test_who_reaches_a_host_behind_nat(name: str, nat: str, reached: str) -> None:
    lines = admitted(policy(PAN, ZONES + nat + OPEN), MCU)
    rules = [one.rule for one in lines if one.rule and one.rule.target is None]
    said = {f"{'' if r.understood else 'perhaps '}by {r.text.split()[4]}" for r in rules}
    assert said == ({reached} if reached else set())


def test_without_zones_the_default_is_not_known() -> None:
    given = policy(
        PAN, "set deviceconfig system hostname pa\n" + rule("a", "allow", "source 10.9.9.9")
    )
    assert answer(given, TO_U).startswith("unknown")
    named = policy(
        PAN, "set deviceconfig system hostname pa\n" + rule("a", "allow", "from t", "to u")
    )
    assert answer(named, "t>t 10.0.0.5>10.0.0.6 tcp/80").startswith("permit")
    assert answer(named, "u>t 10.0.0.5>10.0.0.6 tcp/80").startswith("deny")


def test_virtual_systems_keep_apart() -> None:
    text = "".join(
        f"set vsys {name} zone {zone} network layer3 ethernet1/{at}\n"
        + rule("a", "allow", where=f"set vsys {name} rulebase security rules")
        for at, (name, zone) in enumerate((("vsys1", "t"), ("vsys2", "u")), 1)
    )
    given = policy(PAN, text + "set deviceconfig system hostname pa\n")
    assert answer(given, "t>t 10.0.0.5>10.0.0.6 tcp/80").startswith("permit")
    assert answer(given, TO_U).startswith("unknown")


XML = """<?xml version="1.0"?>
<config version="10.1.0"><devices><entry name="localhost.localdomain">
 <vsys><entry name="vsys1">
  <zone><entry name="t"><network><layer3><member>ethernet1/1</member></layer3></network></entry>
   <entry name="u"><network><layer3/></network></entry></zone>
  <rulebase><security><rules>
   <entry name="a">
    <from><member>t</member></from><to><member>u</member></to>
    <source><member>any</member></source>
    <destination><member>10.1.0.5</member></destination>
    <application><member>any</member></application><service><member>any</member></service>
    <action>allow</action>
   </entry>
  </rules></security></rulebase>
 </entry></vsys>
</entry></devices></config>
"""
BRACES = """config {
  devices {
    localhost.localdomain {
      vsys {
        vsys1 {
          zone {
            t { network { layer3 ethernet1/1; } }
            u { network { layer3 [ ethernet1/2 ]; } }
          }
          rulebase {
            security {
              rules {
                "rule a" {
                  from t;
                  to [ u ];
                  source any;
                  destination 10.1.0.5;
                  application any;
                  service any;
                  action allow;
                }
              }
            }
          }
        }
      }
    }
  }
}
"""


@pytest.mark.parametrize(("text", "line"), [(XML, 7), (BRACES, 13)])
def test_the_other_forms_say_the_same_and_keep_their_lines(text: str, line: int) -> None:
    given = policy(PAN, text)
    assert answer(given, TO_U) == f"permit {line}"
    assert answer(given, "t>u 10.0.0.5>10.1.0.6 tcp/80") == "deny -"


def test_ten_thousand_rules_are_read() -> None:
    entry = (
        '<entry name="r{0}"><from><member>t</member></from><to><member>u</member></to>'
        "<source><member>10.{1}.{2}.0/24</member></source><destination><member>any</member>"
        "</destination><application><member>any</member></application><service>"
        "<member>service-http</member></service><action>allow</action></entry>\n"
    )
    rules = "".join(entry.format(n, n >> 8, n & 255) for n in range(10_000))
    text = XML.replace('   <entry name="a">', rules + '   <entry name="a">')
    given = policy(PAN, text)
    assert answer(given, "t>u 10.39.15.1>10.1.0.9 tcp/80") == f"permit {7 + 39 * 256 + 15}"
