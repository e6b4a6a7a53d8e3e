"""Tables of neighbours and routes of five families, written by us, and what they tell."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from rules.network_facts import Neighbour, Route


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
