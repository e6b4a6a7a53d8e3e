"""The tables that gateways show while they run: neighbours and routes of five families."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from inventory.model import Inventory
from rules.facts import Facts, Known, Unknown
from rules.neighbours import foreign_hosts
from rules.network_facts import Neighbour, Route
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.netconfig.live_tables import hardware_address
from tests.scanner.gate.configurations import FIREWALL, INVENTORY
from tests.scanner.platforms import damage

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def document(text: str, source: str = "saved.txt") -> Document:
    return Document(text.encode(), source, "C", NOW)


def facts(family: str, *texts: str, source: str = "saved.txt") -> Any:
    return find(family).read([document(text, source) for text in texts]).facts


def host(address: str, interface: str, mac: str) -> Neighbour:
    return Neighbour(ip_address(address), interface, mac)


def way(to: str, via: str | None, out: str | None, metric: int = 0, table: str = "main") -> Route:
    return Route(ip_network(to), ip_address(via) if via else None, out, metric, table)


@dataclass(frozen=True)
class Case:
    family: str
    arp: str
    hosts: tuple[Neighbour, ...]
    routes: str
    ways: tuple[Route, ...]
    bad_host: str
    """A line that is put after the last entry, and is not understood."""
    bad_route: str


FORTIOS = Case(
    "fortios",
    """\
Address           Age(min)   Hardware Addr      Interface
10.67.10.20       0          02:00:5E:10:00:20 hnth
10.67.10.21       12         02:00:5e:10:00:21 hnth
10.67.40.5        -          02:00:5e:10:40:05 van phong
""",
    (
        host("10.67.10.20", "hnth", "02:00:5e:10:00:20"),
        host("10.67.10.21", "hnth", "02:00:5e:10:00:21"),
        host("10.67.40.5", "van phong", "02:00:5e:10:40:05"),
    ),
    """\
Codes: K - kernel, C - connected, S - static, R - RIP, B - BGP
       O - OSPF, IA - OSPF inter area
       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area
       * - candidate default

Routing table for VRF=0
S*      0.0.0.0/0 [10/0] via 203.0.113.1, wan1, [1/0]
                  [10/0] via 203.0.113.9, wan2, [20/0]
O*E2    10.0.0.0/8 [110/10] via 10.67.1.1, tslcd, 03w2d20h
C       10.67.10.0/24 is directly connected, hnth
C       10.9.0.0/16 is directly connected, vpn-a
                    is directly connected, vpn-b
B       10.70.0.0/16 [200/0] via 10.67.1.9 (recursive via 10.67.1.1, tslcd), 22:00:53
S       10.71.0.0/16 [10/0] via vpn-a tunnel 198.51.100.7, [1/0]
S       10.99.0.0/16 [254/0] is a summary, Null

Routing table for VRF=7
C       10.80.0.0/24 is directly connected, port7
""",
    (
        way("0.0.0.0/0", "203.0.113.1", "wan1", 1),
        way("0.0.0.0/0", "203.0.113.9", "wan2", 20),
        way("10.0.0.0/8", "10.67.1.1", "tslcd"),
        way("10.67.10.0/24", None, "hnth"),
        way("10.9.0.0/16", None, "vpn-a"),
        way("10.9.0.0/16", None, "vpn-b"),
        way("10.70.0.0/16", "10.67.1.9", "tslcd"),
        way("10.71.0.0/16", "198.51.100.7", "vpn-a", 1),
        way("10.99.0.0/16", None, "Null"),
        way("10.80.0.0/24", None, "port7", table="7"),
    ),
    "10.67.10.300      0          02:00:5e:10:00:20 hnth\n",
    "S       10.1.0.0/16 [10/0] through 10.67.1.1, wan1\n",
)
ASA = Case(
    "cisco-asa",
    """\
\thnth 10.67.10.20 0200.5e10.0020 15
\thnth 10.67.10.21 0200.5e10.0021 -
\tvan-phong 10.67.40.5 0200.5e10.4005 5054
""",
    (
        host("10.67.10.20", "hnth", "02:00:5e:10:00:20"),
        host("10.67.10.21", "hnth", "02:00:5e:10:00:21"),
        host("10.67.40.5", "van-phong", "02:00:5e:10:40:05"),
    ),
    """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       o - ODR, P - periodic downloaded static route, + - replicated route
Gateway of last resort is 203.0.113.1 to network 0.0.0.0

S*       0.0.0.0 0.0.0.0 [1/0] via 203.0.113.1, outside
S        0.0.0.0 0.0.0.0 [255/0] via 10.67.1.9, tslcd tunneled
O E1     10.70.0.0 255.255.0.0
           [110/50] via 10.67.1.1, 3w1d, tslcd
           [110/50] via 10.67.1.2, 2:10:11, tslcd
C        10.67.10.0 255.255.255.0 is directly connected, hnth
L        10.67.10.1 255.255.255.255 is directly connected, hnth
V        10.90.2.4 255.255.255.255
           connected by VPN (advertised), outside
""",
    (
        way("0.0.0.0/0", "203.0.113.1", "outside", 1),
        way("10.70.0.0/16", "10.67.1.1", "tslcd", 110),
        way("10.70.0.0/16", "10.67.1.2", "tslcd", 110),
        way("10.67.10.0/24", None, "hnth"),
        way("10.67.10.1/32", None, "hnth"),
        way("10.90.2.4/32", None, "outside"),
    ),
    "\thnth 10.67.10.22 0200.5e10.0022 many\n",
    "S        may-chu 255.255.255.255 [1/0] via 10.67.1.1, tslcd\n",
)
VRP = Case(
    "huawei-vrp",
    """\
IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE
                                          VLAN/CEVLAN PVC
------------------------------------------------------------------------------
10.67.10.1      0200-5e10-0001            I -         Vlanif10
10.67.10.20     0200-5e10-0020  20        D-0         GE0/0/2
                                           10/-
10.67.10.21     0200-5e10-0021            S--         GE0/0/3.10  HNTH
                                           10/-
10.67.40.5      0200-5e10-4005  7         DF0         XGE1/0/1
10.67.40.6      Incomplete      1         D-0         GE0/0/4
------------------------------------------------------------------------------
Total:5         Dynamic:3       Static:1    Interface:1
""",
    (
        host("10.67.10.20", "Vlanif10", "02:00:5e:10:00:20"),
        host("10.67.10.21", "GigabitEthernet0/0/3.10", "02:00:5e:10:00:21"),
        host("10.67.40.5", "XGigabitEthernet1/0/1", "02:00:5e:10:40:05"),
    ),
    """\
Route Flags: R - relay, D - download to fib, T - to vpn-instance, B - black hole route
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 6        Routes : 7

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  60   0          RD   203.0.113.1     GigabitEthernet1/0/0
                    Static  60   0          RD   203.0.113.9     GE1/0/1
       10.0.0.0/8   OSPF    10   3           D   10.67.1.1       GigabitEthernet1/0/2
       10.1.0.0/16  OSPF    10   3               10.67.1.1       GigabitEthernet1/0/2
      10.67.10.0/24 Direct  0    0           D   10.67.10.1      Vlanif10
      10.67.10.1/32 Direct  0    0           D   127.0.0.1       InLoopBack0
      10.99.0.0/16  Static  60   0          DB   0.0.0.0         NULL0
""",
    (
        way("0.0.0.0/0", "203.0.113.1", "GigabitEthernet1/0/0"),
        way("0.0.0.0/0", "203.0.113.9", "GigabitEthernet1/0/1"),
        way("10.0.0.0/8", "10.67.1.1", "GigabitEthernet1/0/2"),
        way("10.1.0.0/16", "10.67.1.1", "GigabitEthernet1/0/2"),
        way("10.67.10.0/24", None, "Vlanif10"),
        way("10.99.0.0/16", None, "NULL0"),
    ),
    "10.67.40.7      0200-5e10-4007  7         ???         GE0/0/5\n",
    "      10.98.0.0/16  Static  sixty 0           D   10.67.1.1  Vlanif10\n",
)
ROUTEROS = Case(
    "mikrotik-routeros",
    """\
 0 DC address=10.67.10.20 mac-address=02:00:5E:10:00:20 interface=hnth published=no
 1    address=10.67.10.21 mac-address=02:00:5E:10:00:21 interface=van phong published=no
 2 D  address=10.67.10.22 interface=hnth published=no
 3 X  address=10.67.10.23 mac-address=02:00:5E:10:00:23 interface=hnth published=no
 4 DC address=10.67.10.24 mac-address=02:00:5E:10:00:24 interface=hnth published=no status=failed
 5 DC address=10.67.10.25 mac-address=02:00:5E:10:00:25 interface=hnth published=no \
status=stale vrf=main
""",
    (
        host("10.67.10.20", "hnth", "02:00:5e:10:00:20"),
        host("10.67.10.21", "van phong", "02:00:5e:10:00:21"),
        host("10.67.10.25", "hnth", "02:00:5e:10:00:25"),
    ),
    """\
 0 ADS  dst-address=0.0.0.0/0 gateway=203.0.113.1 \
gateway-status=203.0.113.1 reachable via  ether1 distance=1
 1 ADC  dst-address=10.67.10.0/24 pref-src=10.67.10.1 gateway=hnth \
gateway-status=hnth reachable distance=0
 2 As   dst-address=10.70.0.0/16 gateway=10.67.1.1%ether3,10.67.1.2 \
immediate-gw=10.67.1.1%ether3 distance=110 routing-table=tslcd
 3   S  dst-address=10.71.0.0/16 gateway=10.67.1.9 distance=5
 4 A SB dst-address=10.99.0.0/16 type=blackhole distance=1
""",
    (
        way("0.0.0.0/0", "203.0.113.1", None, 1),
        way("10.67.10.0/24", None, "hnth"),
        way("10.70.0.0/16", "10.67.1.1", "ether3", 110, "tslcd"),
        way("10.70.0.0/16", "10.67.1.2", None, 110, "tslcd"),
        way("10.99.0.0/16", None, "blackhole", 1),
    ),
    " 6 DC address=10.67.10.26 mac-address=02:00:5E interface=hnth published=no\n",
    " 5 A S  dst-address=10.72.0.0/33 gateway=10.67.1.1 distance=1\n",
)
SRX = Case(
    "juniper-srx",
    """\
MAC Address       Address         Interface                Flags
02:00:5e:10:00:20 10.67.10.20     irb.10 [ge-0/0/3.0]      none
02:00:5e:10:00:21 10.67.10.21     reth1.10                 permanent
02:00:5e:10:40:05 10.67.40.5      ge-0/0/4.0               none
Total entries: 3
""",
    (
        host("10.67.10.20", "irb.10", "02:00:5e:10:00:20"),
        host("10.67.10.21", "reth1.10", "02:00:5e:10:00:21"),
        host("10.67.40.5", "ge-0/0/4.0", "02:00:5e:10:40:05"),
    ),
    """\

inet.0: 6 destinations, 7 routes (5 active, 0 holddown, 1 hidden)
+ = Active Route, - = Last Active, * = Both

0.0.0.0/0          *[Static/5] 5w0d 19:43:14
                    >  to 203.0.113.1 via ge-0/0/0.0
                       to 203.0.113.9 via ge-0/0/1.0
10.0.0.0/8         *[OSPF/10] 1d 02:00:00, metric 3
                    >  to 10.67.1.1 via ge-0/0/2.0
                    [Static/200] 5w0d 19:43:14
                    >  to 203.0.113.1 via ge-0/0/0.0
10.67.10.0/24      *[Direct/0] 5w0d 19:43:14
                    >  via irb.10
10.67.10.1/32      *[Local/0] 5w0d 19:43:14
                       Local via irb.10
10.99.0.0/16       *[Static/5] 5w0d 19:43:14
                       Discard

mpls.0: 1 destinations, 1 routes (1 active, 0 holddown, 0 hidden)

299776             *[LDP/9] 1w0d, metric 1
                    > to 10.67.1.1 via ge-0/0/2.0, Pop

tslcd.inet.0: 1 destinations, 1 routes (1 active, 0 holddown, 0 hidden)
+ = Active Route, - = Last Active, * = Both

10.70.0.0/16       *[BGP/170] 1d 02:00:00, localpref 100
                      AS path: 65001 I, validation-state: unverified
                    >  to 10.67.1.1 via ge-0/0/2.0

inet6.0: 1 destinations, 1 routes (1 active, 0 holddown, 0 hidden)

2001:db8:0:10::/64
                   *[Direct/0] 5w0d 19:43:14
                    >  via irb.10
""",
    (
        way("0.0.0.0/0", "203.0.113.1", "ge-0/0/0.0"),
        way("0.0.0.0/0", "203.0.113.9", "ge-0/0/1.0"),
        way("10.0.0.0/8", "10.67.1.1", "ge-0/0/2.0"),
        way("10.67.10.0/24", None, "irb.10"),
        way("10.99.0.0/16", None, "Discard"),
        way("10.70.0.0/16", "10.67.1.1", "ge-0/0/2.0", table="tslcd"),
        way("2001:db8:0:10::/64", None, "irb.10"),
    ),
    "02:00:5e:10:40 10.67.40.6      ge-0/0/4.0               none\n",
    "                    >  toward 10.67.1.1\n",
)
CASES = (FORTIOS, ASA, VRP, ROUTEROS, SRX)
COUNTED = {
    ("huawei-vrp", "neighbours"),
    ("huawei-vrp", "routes"),
    ("juniper-srx", "neighbours"),
}
"""Tables that say how many lines they have."""
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.family)


@EVERY
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_hosts_with_a_hardware_address_are_neighbours(case: Case, end: str) -> None:
    fact = facts(case.family, case.arp.replace("\n", end))["neighbours"]
    assert isinstance(fact, Known), fact
    assert fact.value == case.hosts
    for one in case.hosts:
        assert any(str(one.address) in citation.text for citation in fact.citations)


@EVERY
def test_the_routes_in_use_are_told(case: Case) -> None:
    fact = facts(case.family, case.routes)["routes"]
    assert isinstance(fact, Known), fact
    assert fact.value == case.ways


@EVERY
def test_a_line_that_is_not_understood_leaves_it_open_and_is_shown(case: Case) -> None:
    for name, text, bad in (
        ("neighbours", case.arp, case.bad_host),
        ("routes", case.routes, case.bad_route),
    ):
        *lines, last = text.splitlines(keepends=True)
        spoiled = "".join([*lines, bad, last])
        fact = facts(case.family, spoiled)[name]
        assert isinstance(fact, Unknown), (name, fact)
        assert fact.citations[0].text == bad.strip()


@EVERY
def test_a_table_that_breaks_off_within_a_line_tells_nothing(case: Case) -> None:
    """Nothing that a cut table tells is anything but a beginning of the whole one."""
    for name, text, whole in (
        ("neighbours", case.arp, case.hosts),
        ("routes", case.routes, case.ways),
    ):
        for where, content in damage.cut(text.encode(), random.Random(1), 120):
            fact = facts(case.family, content.decode(errors="replace")).get(name)
            ends = content.rstrip(b" \t").endswith(b"\n")
            if isinstance(fact, Known) and fact.value != whole:
                assert ends, (name, where, fact.value)
                assert (case.family, name) not in COUNTED, where
                assert fact.value == whole[: len(fact.value)], (name, where)


@EVERY
def test_hostile_tables_do_not_stop_the_reading(case: Case) -> None:
    for spoil in (damage.garbled, damage.scrambled, damage.hostile):
        for text in (case.arp, case.routes):
            for _, content in spoil(text.encode(), random.Random(2), 12):
                if len(content) < 100_000:
                    find(case.family).read([Document(content, "saved.txt", "C", NOW)])


@EVERY
def test_two_tables_that_differ_leave_it_open(case: Case) -> None:
    line = next(line for line in case.arp.splitlines() if "10.67.10.20" in line)
    other = case.arp.replace(line, line.replace("10.67.10.20", "10.67.10.99"))
    assert isinstance(facts(case.family, case.arp, other)["neighbours"], Unknown)
    assert isinstance(facts(case.family, case.arp, case.arp)["neighbours"], Known)


@EVERY
def test_other_answers_are_no_table(case: Case) -> None:
    for text in ("", "\n", "Unknown action 0\n", "% Invalid input\n", "bad command name ip\n"):
        told = facts(case.family, text, source="show arp")
        assert not isinstance(told.get("neighbours"), Known)
        assert not isinstance(told.get("routes"), Known)


@EVERY
def test_a_pasted_prompt_ends_the_table(case: Case) -> None:
    for prompt in ("fw-tinh # ", "fw-tinh (root) $ ", "tinh-fw/pri/act> ", "<TINH-FW>"):
        assert isinstance(facts(case.family, f"{case.arp}{prompt}\n")["neighbours"], Known), prompt


INTERFACES = """\
config system interface
    edit "hnth"
        set ip 10.67.10.1 255.255.255.0
    next
    edit "tslcd"
        set ip 10.67.1.3 255.255.255.0
    next
end
config router static
    edit 1
        set gateway 203.0.113.1
        set device "wan1"
    next
end
"""
LEARNS = """\
config router ospf
    config area
        edit 0.0.0.0
        next
    end
end
"""
SPEAKS_IPV6 = INTERFACES.replace(
    "10.67.10.1 255.255.255.0\n",
    "10.67.10.1 255.255.255.0\n        config ipv6\n"
    "            set ip6-address 2001:db8::1/64\n        end\n",
)


def test_the_table_in_use_counts_before_the_configuration() -> None:
    assert facts("fortios", INTERFACES)["routes"].value != FORTIOS.ways
    for configuration in (INTERFACES, INTERFACES + LEARNS):
        for texts in ((configuration, FORTIOS.routes), (FORTIOS.routes, configuration)):
            assert facts("fortios", *texts)["routes"].value == FORTIOS.ways
    assert isinstance(facts("fortios", INTERFACES + LEARNS)["routes"], Unknown)


def test_configured_routes_of_ipv6_stay_beside_a_table_of_ipv4() -> None:
    six = "config router static6\n    edit 1\n        set dst 2001:db8:7::/48\n"
    six += '        set gateway 2001:db8::9\n        set device "wan1"\n    next\nend\n'
    told = facts("fortios", SPEAKS_IPV6 + six, FORTIOS.routes)["routes"].value
    assert told[: len(FORTIOS.ways)] == FORTIOS.ways
    assert {str(route.destination) for route in told[len(FORTIOS.ways) :]} == {
        "2001:db8::/64",
        "2001:db8:7::/48",
    }
    learnt = facts("fortios", SPEAKS_IPV6 + LEARNS, FORTIOS.routes)["routes"]
    assert isinstance(learnt, Unknown), "what is learnt of IPv6 was not shown"


def test_beside_ipv6_a_table_of_arp_proves_nothing() -> None:
    assert isinstance(facts("fortios", INTERFACES, FORTIOS.arp)["neighbours"], Known)
    fact = facts("fortios", SPEAKS_IPV6, FORTIOS.arp)["neighbours"]
    assert isinstance(fact, Unknown)
    assert "IPv6" in fact.reason.en


def test_of_several_vdoms_the_tables_of_one_prove_nothing() -> None:
    vdoms = f"config vdom\nedit root\n{INTERFACES}end\nconfig vdom\nedit hop\nend\n"
    told = facts("fortios", vdoms, FORTIOS.arp, FORTIOS.routes)
    assert isinstance(told["neighbours"], Unknown)
    assert "VDOM" in told["neighbours"].reason.en
    assert told["routes"] == facts("fortios", vdoms)["routes"]


def test_a_configured_vpn_instance_stays_beside_the_public_table() -> None:
    configuration = """\
sysname gate
ip vpn-instance tslcd
interface Vlanif10
 ip address 10.67.10.1 255.255.255.0
interface Vlanif20
 ip binding vpn-instance tslcd
 ip address 10.67.20.1 255.255.255.0
ip route-static vpn-instance tslcd 10.70.0.0 255.255.0.0 10.67.20.9
ip route-static 10.71.0.0 255.255.0.0 10.67.10.9
return
"""
    told = facts("huawei-vrp", configuration, VRP.routes)["routes"].value
    assert told[: len(VRP.ways)] == VRP.ways
    assert {(str(one.destination), one.table) for one in told[len(VRP.ways) :]} == {
        ("10.67.20.0/24", "tslcd"),
        ("10.70.0.0/16", "tslcd"),
    }


def test_a_route_that_is_not_in_the_forwarding_table_is_none() -> None:
    line = "       10.1.0.0/16  OSPF    10   3               10.67.1.1       GigabitEthernet1/0/2\n"
    assert line in VRP.routes
    inactive = VRP.routes.replace(line, line.replace("3     ", "3    R"))
    told = facts("huawei-vrp", inactive)["routes"].value
    assert ip_network("10.1.0.0/16") not in {one.destination for one in told}


def test_the_nodes_of_a_cluster_each_have_their_table() -> None:
    heading = "-" * 74 + "\n"
    cluster = f"node0:\n{heading}{SRX.arp}\nnode1:\n{heading}{SRX.arp}\n{{primary:node0}}\n"
    assert facts("juniper-srx", cluster)["neighbours"].value == SRX.hosts
    first = cluster[: cluster.index("Total entries: 3\n\n{")]
    assert isinstance(facts("juniper-srx", first)["neighbours"], Unknown)


def test_a_host_that_nobody_declared_is_seen_behind_a_gateway_of_any_family() -> None:
    inventory = Inventory.model_validate(yaml.safe_load(INVENTORY))
    zone = next(zone for zone in inventory.zones if zone.id == "hnth")
    told = find("fortios").read([document(FIREWALL), document(FORTIOS.arp)])
    foreign = foreign_hosts(zone, inventory, {"fw": Facts(told.facts)})
    assert isinstance(foreign, Known)
    assert [str(one.address) for one in foreign.value] == ["10.67.10.21"]
    without = find("fortios").read([document(FIREWALL)])
    assert isinstance(foreign_hosts(zone, inventory, {"fw": Facts(without.facts)}), Unknown)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0200.5E10.0020", "02:00:5e:10:00:20"),
        ("0200-5e10-0020", "02:00:5e:10:00:20"),
        ("2:0:5e:10:0:20", "02:00:5e:10:00:20"),
        ("0200-5e10.0020", None),
        ("0200.5e10", None),
        ("incomplete", None),
        ("02:00:5e:10:00", None),
        ("02:00:5e:10:00:2g", None),
    ],
)
def test_a_hardware_address_is_written_in_one_way(text: str, told: str | None) -> None:
    assert hardware_address(text) == told
