"""The configuration of a site's router, judged by D10.2: what proves it, and one mistake each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.facts import Facts
from rules.judge import judge_one
from rules.world import World
from scanner.evidence import Document
from scanner.platforms.cisco_ios import PLATFORM
from tests.rules.build import province
from tests.rules.compliant import with_zone

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

ROUTER = """\
version 15.7
hostname r-chau-phu
vrf definition HNTH
 rd 65000:10
 address-family ipv4
  route-target export 65000:10
  route-target import 65000:10
 exit-address-family
!
vrf definition VANPHONG
 rd 65000:20
 address-family ipv4
  route-target export 65000:20
  route-target import 65000:20
 exit-address-family
!
class-map match-all HNTH
 match access-group name HNTH
!
policy-map TSLCD
 class HNTH
  bandwidth 2000
 class class-default
  fair-queue
!
interface GigabitEthernet0/0
 description TSLCD
 bandwidth 10000
 vrf forwarding HNTH
 ip address 172.16.0.11 255.255.255.0
 service-policy output TSLCD
!
interface GigabitEthernet0/1
 description phong hop
 vrf forwarding HNTH
 ip address 10.67.101.1 255.255.255.0
!
interface GigabitEthernet0/2
 description van phong
 vrf forwarding VANPHONG
 ip address 10.67.201.1 255.255.255.0
!
interface GigabitEthernet0/3
 description Internet
 ip address 203.0.113.11 255.255.255.0
!
ip route vrf HNTH 0.0.0.0 0.0.0.0 172.16.0.1
ip route 0.0.0.0 0.0.0.0 203.0.113.1
!
ip access-list extended HNTH
 permit ip 10.67.101.0 0.0.0.255 10.67.10.0 0.0.0.255
!
end
"""

TSLCD = " service-policy output TSLCD\n"


def changed(*pairs: tuple[str, str]) -> str:
    text = ROUTER
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def verdicts(text: str) -> dict[str, tuple[str, str, int | None]]:
    """Verdict, reason and line of each requirement for the site."""
    document = Document(text.encode(), "show running-config", "C", NOW)
    facts = Facts(PLATFORM.read([document]).facts)
    names = {"hnth-chau-phu": "GigabitEthernet0/1", "vanphong-chau-phu": "GigabitEthernet0/2"}
    plan = with_zone("hnth-chau-phu", interface=names["hnth-chau-phu"])
    plan["zones"] = [{**z, "interface": names.get(z["id"], z["interface"])} for z in plan["zones"]]
    usual = province(inventory=plan)
    world = World(usual.inventory, {**usual.facts, "router": facts}, usual.now)
    found = {}
    for requirement in ("D10.2-a", "D10.2-b", "D10.2-c", "D10.2-d", "D10.2c-d"):
        (one,) = [f for f in judge_one(requirement, world) if f.subject.id == "chau-phu"]
        line = one.citations[0].line if one.citations else None
        found[requirement] = (one.outcome.value, one.reason.en, line)
    return found


def test_the_configuration_proves_it() -> None:
    assert {id: outcome for id, (outcome, _, _) in verdicts(ROUTER).items()} == {
        "D10.2-a": "PASS",
        "D10.2-b": "PASS",
        "D10.2-c": "PASS",
        "D10.2-d": "PASS",
        "D10.2c-d": "PASS",
    }


MISTAKES = {
    "bandwidth too low": (
        [("  bandwidth 2000\n", "  bandwidth 1999\n")],
        "D10.2-d", "FAIL", "keeps 1999 kbit/s", "  bandwidth 1999",
    ),
    "share too low": (
        [("  bandwidth 2000\n", "  bandwidth percent 19\n")],
        "D10.2-d", "FAIL", "keeps 1900 kbit/s", "  bandwidth percent 19",
    ),
    "share of what is not shown": (
        [("  bandwidth 2000\n", "  bandwidth percent 20\n"), (" bandwidth 10000\n", "")],
        "D10.2-d", "UND", "the bandwidth of the interface is not shown", None,
    ),
    "share of the rest": (
        [("  bandwidth 2000\n", "  bandwidth remaining percent 90\n")],
        "D10.2-d", "FAIL", "guarantees nothing", None,
    ),
    "police": (
        [("  bandwidth 2000\n", "  police 4000000\n")],
        "D10.2-d", "FAIL", "guarantees nothing", "  police 4000000",
    ),
    "police below 2 Mbps": (
        [("  bandwidth 2000\n", "  police 1000000\n")],
        "D10.2-c", "FAIL", "is held to 1000 kbit/s", "  police 1000000",
    ),
    "shape": (
        [("  bandwidth 2000\n", "  shape average 4000000\n")],
        "D10.2-d", "FAIL", "guarantees nothing", "  shape average 4000000",
    ),
    "the wrong interface": (
        [(TSLCD, ""), (" ip address 203.0.113.11 255.255.255.0\n",
                       " ip address 203.0.113.11 255.255.255.0\n" + TSLCD)],
        "D10.2-d", "FAIL", "keeps bandwidth on GigabitEthernet0/3, not on GigabitEthernet0/0", None,
    ),
    "inbound only": (
        [(TSLCD, TSLCD.replace("output", "input"))],
        "D10.2-d", "FAIL", "for incoming traffic only", None,
    ),
    "bound nowhere": (
        [(TSLCD, "")],
        "D10.2-d", "FAIL", "keeps no bandwidth for any class", "policy-map TSLCD",
    ),
    "an access list for others": (
        [(" permit ip 10.67.101.0", " permit ip 10.67.201.0")],
        "D10.2-d", "FAIL", "takes the traffic to mcu", None,
    ),
    "by the mark": (
        [(" match access-group name HNTH", " match dscp af41")],
        "D10.2-d", "UND", "match dscp af41", None,
    ),
    "the Internet first": (
        [("HNTH 0.0.0.0 0.0.0.0 172.16.0.1", "HNTH 0.0.0.0 0.0.0.0 203.0.113.1 global")],
        "D10.2-a", "FAIL", "not through TSLCD",
        "ip route vrf HNTH 0.0.0.0 0.0.0.0 203.0.113.1 global",
    ),
    "the Internet first, so no VPN": (
        [("HNTH 0.0.0.0 0.0.0.0 172.16.0.1", "HNTH 0.0.0.0 0.0.0.0 203.0.113.1 global")],
        "D10.2-b", "FAIL", "outside any VPN", None,
    ),
    "the office in the same VRF": (
        [(" vrf forwarding VANPHONG\n", " vrf forwarding HNTH\n")],
        "D10.2-b", "FAIL", "holds a route to 10.67.201.0/24", None,
    ),
    "routes of the other VPN imported": (
        [("  route-target import 65000:10\n",
          "  route-target import 65000:10\n  route-target import 65000:20\n"),
         ("  route-target import 65000:20\n exit-address-family\n!\nclass",
          "  route-target import 65000:20\n  route-target import 65000:10\n"
          " exit-address-family\n!\nclass")],
        "D10.2-b", "UND", "may go out by GigabitEthernet0/0", None,
    ),
    "no VRF at all": (
        [(" description TSLCD\n bandwidth 10000\n vrf forwarding HNTH\n", " bandwidth 10000\n"),
         (" description phong hop\n vrf forwarding HNTH\n", ""),
         (" description van phong\n vrf forwarding VANPHONG\n", ""),
         ("ip route vrf HNTH ", "ip route "),
         ("ip route 0.0.0.0 0.0.0.0 203.0.113.1\n", "")],
        "D10.2-b", "FAIL", "goes out by GigabitEthernet0/0", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_each(mistake: str) -> None:
    changes, requirement, outcome, reason, line = MISTAKES[mistake]
    text = changed(*changes)
    found, said, cited = verdicts(text)[requirement]
    assert (found, reason in said) == (outcome, True), said
    if line is not None:
        assert cited is not None
        assert text.split("\n")[cited - 1] == line
