"""Routes of firewalls and routers: those of their own interfaces, then the static ones."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from rules.facts import Known
from rules.network_facts import Route
from scanner.platforms import find
from tests.scanner.platforms.juniper_packets import document

ASA = """ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.2 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.1.1 255.255.255.0
interface GigabitEthernet0/2
 shutdown
 no nameif
interface GigabitEthernet0/2.30
 vlan 30
 nameif old
 security-level 50
 ip address 10.20.3.1 255.255.255.0
interface Management0/0
 management-only
 nameif mgmt
 security-level 100
 ip address 10.20.9.1 255.255.255.0
route outside 0.0.0.0 0.0.0.0 198.51.100.1 1
"""
VRP = """sysname R
#
interface GigabitEthernet0/0/1
 ip address 198.51.100.2 255.255.255.0
#
interface Vlanif10
 ip address 10.20.1.1 255.255.255.0
 ip address 10.20.2.1 255.255.255.0 sub
#
interface GigabitEthernet0/0/2
 shutdown
#
interface GigabitEthernet0/0/2.30
 ip address 10.20.3.1 255.255.255.0
#
interface GigabitEthernet0/0/3
 ip binding vpn-instance hop
 ip address 10.20.4.1 255.255.255.0
#
ip route-static 0.0.0.0 0.0.0.0 198.51.100.1
#
return
"""
SRX = """set system host-name r
set interfaces ge-0/0/0 unit 0 family inet address 198.51.100.2/24
set interfaces ge-0/0/1 unit 0 family inet address 10.20.1.1/24
set interfaces ge-0/0/2 disable
set interfaces ge-0/0/2 unit 30 family inet address 10.20.3.1/24
set interfaces fxp0 unit 0 family inet address 10.20.9.1/24
set interfaces ge-0/0/3 unit 0 family inet address 10.20.4.1/24
set routing-instances hop instance-type virtual-router
set routing-instances hop interface ge-0/0/3.0
set routing-options static route 0.0.0.0/0 next-hop 198.51.100.1
"""
PAN = """set deviceconfig system hostname r
set network interface ethernet ethernet1/1 layer3 ip 198.51.100.2/24
set network interface ethernet ethernet1/2 layer3 ip 10.20.1.1/24
set network interface ethernet ethernet1/3 link-state down
set network interface ethernet ethernet1/3 layer3 units ethernet1/3.30 ip 10.20.3.1/24
set network interface ethernet ethernet1/3 layer3 ip 10.20.5.1/24
set network interface ethernet ethernet1/4 layer3 ip 10.20.4.1/24
set network virtual-router vr interface [ ethernet1/1 ethernet1/2 ethernet1/3 ethernet1/3.30 ]
set network virtual-router vr routing-table ip static-route d destination 0.0.0.0/0
set network virtual-router vr routing-table ip static-route d nexthop ip-address 198.51.100.1
"""
PFSENSE = """<?xml version="1.0"?>
<pfsense><version>21.7</version><system><hostname>r</hostname></system><interfaces>
<wan><enable></enable><if>em0</if><ipaddr>198.51.100.2</ipaddr><subnet>24</subnet>
<gateway>GW</gateway></wan>
<lan><enable></enable><if>em1</if><ipaddr>10.20.1.1</ipaddr><subnet>24</subnet></lan>
<opt1><if>em2</if><ipaddr>10.20.3.1</ipaddr><subnet>24</subnet></opt1></interfaces>
<virtualip><vip><mode>ipalias</mode><interface>lan</interface><subnet>10.20.2.1</subnet>
<subnet_bits>24</subnet_bits></vip><vip><mode>proxyarp</mode><interface>wan</interface>
<subnet>203.0.113.0</subnet><subnet_bits>28</subnet_bits></vip></virtualip>
<gateways><gateway_item><interface>wan</interface><gateway>198.51.100.1</gateway>
<name>GW</name></gateway_item><defaultgw4>GW</defaultgw4></gateways><filter></filter></pfsense>
"""
ROUTEROS = """# 2024-05-01 10:00:00 by RouterOS 7.15.3
/interface ethernet
set [ find default-name=ether3 ] disabled=yes
/interface vlan
add interface=ether2 name=vlan10 vlan-id=10
add interface=ether3 name=vlan30 vlan-id=30
/ip vrf
add interfaces=ether4 name=hop
/ip address
add address=198.51.100.2/24 interface=ether1
add address=10.20.1.1/24 interface=vlan10
add address=10.20.3.1/24 interface=vlan30
add address=10.20.5.1/24 disabled=yes interface=ether1
add address=10.20.4.1/24 interface=ether4
/ip route
add dst-address=0.0.0.0/0 gateway=198.51.100.1
"""
WAN = "198.51.100.0/24"
LAN, ALIAS, HOP, APART = "10.20.1.0/24", "10.20.2.0/24", "10.20.4.0/24", "10.20.9.0/24"
OUT = "0.0.0.0/0"


def told(family: str, text: str) -> list[tuple[str, str | None, str]] | str:
    """Destination, interface and table of each route; `unknown`, or nothing where it is absent."""
    fact = find(family).read([document(text)]).facts.get("routes")
    if not isinstance(fact, Known):
        return "absent" if fact is None else "unknown"
    return [(str(one.destination), one.interface, one.table) for one in fact.value]


@pytest.mark.parametrize(
    ("family", "text", "expected"),
    [
        (
            "cisco-asa",
            ASA,
            [
                (WAN, "outside", "main"),
                (LAN, "inside", "main"),
                (APART, "mgmt", "management-only"),
                (OUT, "outside", "main"),
            ],
        ),
        (
            "cisco-asa",
            ASA.replace("9.12(4)", "9.4(1)"),  # before there was a table for management
            [
                (WAN, "outside", "main"),
                (LAN, "inside", "main"),
                (APART, "mgmt", "main"),
                (OUT, "outside", "main"),
            ],
        ),
        (
            "huawei-vrp",
            VRP,
            [
                (WAN, "GigabitEthernet0/0/1", "main"),
                (LAN, "Vlanif10", "main"),
                (ALIAS, "Vlanif10", "main"),
                (HOP, "GigabitEthernet0/0/3", "hop"),
                (OUT, None, "main"),
            ],
        ),
        (
            "juniper-srx",
            SRX,
            [
                (WAN, "ge-0/0/0.0", "main"),
                (LAN, "ge-0/0/1.0", "main"),
                (APART, "fxp0.0", "main"),
                (HOP, "ge-0/0/3.0", "hop"),
                (OUT, None, "main"),
            ],
        ),
        (
            "juniper-srx",
            SRX.replace("set interfaces ge-0/0/3 unit 0 family inet address 10.20.4.1/24\n", "")
            + "set system management-instance\n"
            + "set routing-options static route 10.8.0.0/16 discard\n",
            [
                (WAN, "ge-0/0/0.0", "main"),
                (LAN, "ge-0/0/1.0", "main"),
                (APART, "fxp0.0", "mgmt_junos"),
                (OUT, None, "main"),
                ("10.8.0.0/16", "discard", "main"),
            ],
        ),
        # ethernet1/4 is in no virtual router
        (
            "paloalto",
            PAN,
            [(WAN, "ethernet1/1", "vr"), (LAN, "ethernet1/2", "vr"), (OUT, None, "vr")],
        ),
        (
            "pfsense",
            PFSENSE,
            [
                (WAN, "wan", "main"),
                (LAN, "lan", "main"),
                (ALIAS, "lan", "main"),
                (OUT, "wan", "main"),
            ],
        ),
        (
            "mikrotik-routeros",
            ROUTEROS,
            [
                (LAN, "vlan10", "main"),
                (WAN, "ether1", "main"),
                (HOP, "ether4", "hop"),
                (OUT, None, "main"),
            ],
        ),
    ],
)
def test_routes_begin_with_those_of_its_own_interfaces(
    family: str, text: str, expected: list[tuple[str, str | None, str]]
) -> None:
    assert told(family, text) == expected


@pytest.mark.parametrize(
    ("family", "text", "old", "new", "expected"),
    [
        # static routes may stand in a part that is missing
        ("cisco-asa", ASA, "route outside", "no route outside", "absent"),
        ("huawei-vrp", VRP, "ip route-static", "undo ip route-static", "absent"),
        ("juniper-srx", SRX, "set routing-options", "delete routing-options", "absent"),
        ("mikrotik-routeros", ROUTEROS, "add dst-address", "print dst-address", "absent"),
        # an address that is not understood is a network that is not known
        ("cisco-asa", ASA, "ip address 10.20.1.1 255", "ip address 10.20.1.x 255", "unknown"),
        ("huawei-vrp", VRP, "10.20.1.1 255.255.255.0", "10.20.1.1 255.0.255.0", "unknown"),
        ("juniper-srx", SRX, "10.20.1.1/24", "10.20.1.1/240", "unknown"),
        ("paloalto", PAN, "ip 10.20.1.1/24", "ip $branch", "unknown"),
        ("pfsense", PFSENSE, "<ipaddr>10.20.1.1<", "<ipaddr>10.20.1.x<", "unknown"),
        ("pfsense", PFSENSE, "<subnet>10.20.2.1<", "<subnet>10.20.2.x<", "unknown"),
        ("mikrotik-routeros", ROUTEROS, "address=10.20.1.1/24", "address=10.20.1.x", "unknown"),
        # and so is a route
        ("juniper-srx", SRX, "route 0.0.0.0/0", "route nowhere", "unknown"),
        ("paloalto", PAN, "destination 0.0.0.0/0", "destination $anywhere", "unknown"),
    ],
)
def test_what_is_not_understood_leaves_all_routes_open(
    family: str, text: str, old: str, new: str, expected: str
) -> None:
    assert old in text
    assert told(family, text.replace(old, new)) == expected


def test_a_connected_route_comes_before_every_static_one() -> None:
    fact = find("cisco-asa").read([document(ASA)]).facts["routes"]
    assert isinstance(fact, Known)
    assert fact.value[0] == Route(ip_network(WAN), None, "outside")
    assert fact.value[-1] == Route(ip_network(OUT), ip_address("198.51.100.1"), "outside", 1)


FORTI = """#config-version=FG100E-7.0.5-FW-build0304-220208:opmode=0:vdom=0:user=admin
config system interface
    edit "wan1"
        set ip 198.51.100.2 255.255.255.0
    next
end
config router static
    edit 1
        set gateway 198.51.100.1
        set device "wan1"
    next
end
"""
PACKAGE = "</filter><installedpackages><frr><config><enable>{on}</enable></config></frr>"

RUNS = {
    ("cisco-asa", ASA): ("router ospf 1\n network 10.20.0.0 255.255.0.0 area 0\n", "router bgp\n"),
    ("huawei-vrp", VRP): ("ospf 1\n area 0.0.0.0\n#\n", "bgp 65001\n#\n"),
    ("juniper-srx", SRX): (
        "set protocols ospf area 0 interface ge-0/0/1.0\n",
        "set routing-instances hop protocols bgp group a neighbor 10.20.4.2\n",
    ),
    ("paloalto", PAN): ("set network virtual-router vr protocol ospf enable yes\n",),
    ("mikrotik-routeros", ROUTEROS): (
        "/routing ospf area\nadd name=a area-id=0.0.0.0\n",
        "/routing bgp connection\nadd name=up remote.address=198.51.100.9\n",
    ),
    ("fortios", FORTI): (
        "config router ospf\n    config area\n        edit 0.0.0.0\n        next\n    end\nend\n",
        "config router bgp\n config neighbor\n  edit 10.1.1.1\n  next\n end\nend\n",
    ),
}
STANDS_STILL = {
    ("cisco-asa", ASA): "router-id 1\n",
    ("juniper-srx", SRX): "set protocols lldp interface all\n",
    ("paloalto", PAN): "set network virtual-router vr protocol ospf enable no\n",
    ("mikrotik-routeros", ROUTEROS): "/routing ospf area\nadd disabled=yes name=a\n",
    ("fortios", FORTI): "config router ospf\n    config redistribute static\n    end\nend\n",
}


@pytest.mark.parametrize(
    ("family", "text", "more"),
    [(family, text, more) for (family, text), several in RUNS.items() for more in several],
)
def test_a_routing_protocol_leaves_all_routes_open(family: str, text: str, more: str) -> None:
    """What it learns may go another way than every route that the file holds."""
    end = "return\n" if family == "huawei-vrp" else ""
    assert isinstance(told(family, text), list)
    assert told(family, text.removesuffix(end) + more + end) == "unknown"


@pytest.mark.parametrize(
    ("family", "text", "more"), [(*of, more) for of, more in STANDS_STILL.items()]
)
def test_one_that_is_off_changes_nothing(family: str, text: str, more: str) -> None:
    assert told(family, text + more) == told(family, text)


def test_a_routing_daemon_of_pfsense_counts_when_it_is_on() -> None:
    def with_package(on: str) -> str:
        return PFSENSE.replace("</filter>", PACKAGE.format(on=on) + "</installedpackages>")

    assert told("pfsense", with_package("on")) == "unknown"
    assert told("pfsense", with_package("")) == told("pfsense", PFSENSE)
