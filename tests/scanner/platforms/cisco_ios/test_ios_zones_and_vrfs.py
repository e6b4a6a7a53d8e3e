"""Zones, VRFs, translations and VLAN filters of IOS."""

from __future__ import annotations

import pytest

from tests.scanner.platforms.cisco_ios.ios_packets import policy, said

A, B, C, D = (f"GigabitEthernet0/{n}" for n in range(4))
ZONES = """\
service timestamps log datetime msec
zone security TRONG
zone security NGOAI
class-map type inspect match-any WEB
 match protocol http
 match protocol https
class-map type inspect match-all MCU
 match access-group name MCU
 match protocol tcp
class-map type inspect match-any CHAN
 match access-group name XAU
policy-map type inspect RA
 class type inspect CHAN
  drop log
 class type inspect WEB
  inspect
 class type inspect MCU
  inspect
 class class-default
  drop
zone-pair security P source TRONG destination NGOAI
 service-policy type inspect RA
interface GigabitEthernet0/0
 ip address 10.0.0.1 255.255.255.0
 zone-member security TRONG
interface GigabitEthernet0/1
 ip address 192.0.2.1 255.255.255.0
 zone-member security NGOAI
interface GigabitEthernet0/2
 ip address 10.0.2.1 255.255.255.0
 zone-member security TRONG
interface GigabitEthernet0/3
 ip address 10.0.3.1 255.255.255.0
ip access-list extended MCU
 deny ip host 10.0.0.66 any
 permit ip 10.0.0.0 0.0.0.255 any
ip access-list extended XAU
 permit ip any host 192.0.2.66
"""


@pytest.mark.parametrize(
    ("words", "entering", "leaving", "answer", "line"),
    [
        ("tcp 10.0.0.9:1 > 192.0.2.9:80", A, B, "permit", "inspect"),
        ("tcp 10.0.0.9:1 > 192.0.2.66:80", A, B, "deny", "drop log"),
        ("tcp 10.0.0.9:1 > 192.0.2.9:22", A, B, "permit", "inspect"),
        ("udp 10.0.0.9:1 > 192.0.2.9:22", A, B, "deny", "end of policy-map type inspect RA"),
        # a `deny` in the list of a class only means: not of this class
        ("tcp 10.0.0.66:1 > 192.0.2.9:22", A, B, "deny", "end of policy-map type inspect RA"),
        ("tcp 10.0.0.66:1 > 192.0.2.9:443", A, B, "permit", "inspect"),
        # no pair of zones: dropped; replies to what is inspected pass
        ("tcp 192.0.2.9:80 > 10.0.0.9:1", B, A, "deny", "end of zones NGOAI to TRONG"),
        ("tcp 192.0.2.9:80 > 10.0.0.9:1 established", B, A, "permit", ""),
        # within a zone everything passes
        ("tcp 10.0.0.9:1 > 10.0.2.9:22", A, C, "permit", ""),
        # an interface without a zone cannot talk to one with
        ("tcp 10.0.3.9:1 > 10.0.0.9:22", D, A, "deny", "end of zones (no zone) to TRONG"),
        ("tcp 10.0.0.9:1 > 10.0.3.9:22", A, D, "deny", "end of zones TRONG to (no zone)"),
    ],
)
def test_zone_based_firewall(
    words: str, entering: str, leaving: str, answer: str, line: str
) -> None:
    assert said(ZONES, words, entering, leaving) == (answer, line)


def test_zones_are_told_with_their_interfaces() -> None:
    assert policy(ZONES).zones == {"TRONG": (A, C), "NGOAI": (B,), "(no zone)": (D,)}


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        (" service-policy type inspect RA\n", "", "deny"),
        ("service-policy type inspect RA\n", "service-policy type inspect KHONG-CO\n", "unknown"),
        ("  inspect\n class type", "  inspect\n  police rate 8000\n class type", "unknown"),
        ("match access-group name XAU", "match access-group name KHONG-CO", "unknown"),
        ("  drop log\n", "  pass\n", "permit"),
    ],
)  # fmt: skip
def test_variants_of_the_policy(old: str, new: str, answer: str) -> None:
    assert old in ZONES
    text = ZONES.replace(old, new)
    assert said(text, "tcp 10.0.0.9:1 > 192.0.2.9:80", A, B)[0] == answer


def test_a_protocol_whose_ports_are_not_known_may_be_any() -> None:
    text = ZONES.replace(" match protocol http\n", " match protocol skype\n")
    # whether it is skype or not: one class lets it pass, then the next one does
    assert said(text, "tcp 10.0.0.9:1 > 192.0.2.9:80", A, B)[0] == "permit"
    assert said(text, "tcp 10.0.0.66:1 > 192.0.2.9:80", A, B)[0] == "unknown"
    mapped = ZONES + "ip port-map http port tcp 8080\n"
    assert said(mapped, "tcp 10.0.0.66:1 > 192.0.2.9:8080", A, B)[0] == "unknown"


def test_pass_remembers_nothing() -> None:
    text = ZONES.replace("  inspect\n", "  pass\n")
    assert said(text, "tcp 192.0.2.9:80 > 10.0.0.9:1 established", B, A)[0] == "deny"
    mixed = ZONES.replace("  inspect\n", "  pass\n", 1)
    assert said(mixed, "tcp 192.0.2.9:80 > 10.0.0.9:1 established", B, A)[0] == "unknown"


VRFS = """\
service timestamps log datetime msec
vrf definition HNTH
 rd 65000:1
 address-family ipv4
  route-target export 65000:1
 exit-address-family
vrf definition VAN-PHONG
 rd 65000:2
 address-family ipv4
  route-target import 65000:2
 exit-address-family
interface GigabitEthernet0/0
 vrf forwarding HNTH
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/1
 ip vrf forwarding VAN-PHONG
 ip address 10.0.1.1 255.255.255.0
interface GigabitEthernet0/2
 ip address 10.0.2.1 255.255.255.0
interface GigabitEthernet0/3
 vrf forwarding HNTH
 ip address 10.0.3.1 255.255.255.0
"""
INTO_HNTH = "tcp 10.0.1.9:1 > 10.0.0.9:22"


@pytest.mark.parametrize(
    ("old", "new", "answer", "line"),
    [
        ("", "", "deny", "vrf definition VAN-PHONG"),
        # an import of what another VRF exports
        ("import 65000:2", "import 65000:1", "unknown", "route-target import 65000:1"),
        ("  route-target import 65000:2", "  import map X", "unknown", "import map X"),
        (
            " ip address 10.0.1.1 255.255.255.0",
            " ip address 10.0.1.1 255.255.255.0\n ip policy route-map PBR\n"
            "route-map PBR permit 10\n set vrf HNTH",
            "unknown",
            "set vrf HNTH",
        ),
        (
            "interface GigabitEthernet0/2",
            "ip route vrf VAN-PHONG 10.0.0.0 255.255.255.0 GigabitEthernet0/0\n"
            "interface GigabitEthernet0/2",
            "unknown",
            "ip route vrf VAN-PHONG 10.0.0.0 255.255.255.0 GigabitEthernet0/0",
        ),
        (
            "interface GigabitEthernet0/2",
            "ip route vrf VAN-PHONG 10.9.0.0 255.255.255.0 GigabitEthernet0/0\n"
            "interface GigabitEthernet0/2",
            "deny",
            "vrf definition VAN-PHONG",
        ),
    ],
)
def test_between_vrfs_nothing_passes_but_where_a_line_may_join_them(
    old: str, new: str, answer: str, line: str
) -> None:
    text = VRFS.replace(old, new, 1) if old else VRFS
    assert said(text, INTO_HNTH, B, A) == (answer, line)


def test_a_route_into_the_global_table() -> None:
    leak = "ip route vrf VAN-PHONG 0.0.0.0 0.0.0.0 10.0.2.254 global\n"
    words = "tcp 10.0.1.9:1 > 10.0.2.9:22"
    assert said(VRFS, words, B, C)[0] == "deny"
    assert said(VRFS + leak, words, B, C) == ("unknown", leak.strip())
    assert said(VRFS + leak, INTO_HNTH, B, A)[0] == "deny"


def test_inside_one_vrf_everything_passes() -> None:
    assert said(VRFS, "tcp 10.0.0.9:1 > 10.0.3.9:22", A, D) == ("permit", "")


NAT = """\
service timestamps log datetime msec
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip access-group VAO in
 ip nat outside
interface GigabitEthernet0/1
 ip address 10.0.0.1 255.255.255.0
 ip nat inside
ip nat inside source static tcp 10.0.0.9 443 192.0.2.9 443
ip access-list extended VAO
 permit tcp any host 192.0.2.9 eq 443
"""


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("tcp 198.51.100.1:1 > 10.0.0.9:443", "deny"),
        ("tcp 198.51.100.1:1 > 10.0.0.9:22", "deny"),
        ("tcp 198.51.100.1:1 > 192.0.2.9:443", "permit"),
        ("tcp 198.51.100.1:1 > 192.0.2.9:80", "deny"),
    ],
)
def test_static_translation(words: str, answer: str) -> None:
    assert said(NAT, words, A, B)[0] == answer


OVERLOAD = NAT.replace(
    "ip nat inside source static tcp 10.0.0.9 443 192.0.2.9 443",
    "ip nat inside source list 1 interface GigabitEthernet0/0 overload\n"
    "access-list 1 permit 10.0.0.0 0.0.0.255",
)


@pytest.mark.parametrize(
    ("words", "entering", "leaving", "answer"),
    [
        ("tcp 198.51.100.1:443 > 10.0.0.9:1", A, B, "deny"),
        ("tcp 198.51.100.1:443 > 10.0.0.9:1 established", A, B, "unknown"),
        ("tcp 198.51.100.1:443 > 10.7.0.9:1 established", A, B, "deny"),
        ("tcp 10.0.0.9:1 > 198.51.100.1:443", B, A, "permit"),
    ],
)
def test_many_behind_one_address(words: str, entering: str, leaving: str, answer: str) -> None:
    assert said(OVERLOAD, words, entering, leaving)[0] == answer


def test_a_filter_on_the_way_out_sees_the_translated_source() -> None:
    text = OVERLOAD.replace("VAO in", "RA out") + "ip access-list extended RA\n deny ip any any\n"
    assert said(text, "tcp 10.0.0.9:1 > 198.51.100.1:443", B, A)[0] == "unknown"
    assert said(text, "tcp 10.7.0.9:1 > 198.51.100.1:443", B, A)[0] == "deny"


VLANS = """\
service timestamps log datetime msec
interface Vlan10
 ip address 10.0.10.1 255.255.255.0
interface Vlan20
 ip address 10.0.20.1 255.255.255.0
interface GigabitEthernet1/0/1
 switchport access vlan 20
 switchport mode access
ip access-list extended CAM
 permit tcp any any eq telnet
ip access-list extended TAT-CA
 permit ip any any
vlan access-map LOC 10
 match ip address CAM
 action drop
vlan access-map LOC 20
 match ip address TAT-CA
 action forward
vlan filter LOC vlan-list 10-12
"""


@pytest.mark.parametrize(
    ("words", "entering", "leaving", "answer"),
    [
        ("tcp 10.0.10.9:1 > 10.0.20.9:23", "Vlan10", "Vlan20", "deny"),
        ("tcp 10.0.10.9:1 > 10.0.20.9:22", "Vlan10", "Vlan20", "permit"),
        ("tcp 10.0.20.9:1 > 10.0.10.9:23", "Vlan20", "Vlan10", "deny"),
        ("tcp 10.0.20.9:1 > 10.0.30.9:23", "Vlan20", "Vlan30", "permit"),
    ],
)
def test_a_filter_of_a_vlan_is_for_both_directions(
    words: str, entering: str, leaving: str, answer: str
) -> None:
    assert said(VLANS, words, entering, leaving)[0] == answer


def test_a_packet_that_no_entry_of_a_vlan_filter_matches_is_dropped() -> None:
    text = VLANS.replace(" permit ip any any", " permit ip host 10.0.10.1 any")
    assert said(text, "tcp 10.0.10.9:1 > 10.0.20.9:22", "Vlan10", "Vlan20")[0] == "deny"


def test_a_list_on_a_switch_port_leaves_its_vlan_open() -> None:
    text = VLANS.replace(
        " switchport mode access", " switchport mode access\n ip access-group CAM in"
    )
    words = "tcp 10.0.20.9:1 > 10.0.10.9:22"
    assert said(VLANS, words, "Vlan20", "Vlan30")[0] == "permit"
    assert said(text, words, "Vlan20", "Vlan30")[0] == "unknown"
    assert said(text, words, "GigabitEthernet1/0/1", "Vlan30")[0] == "deny"


IPSEC = """\
service timestamps log datetime msec
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.1
 match address HAM
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip access-group VAO in
 crypto map VPN
interface GigabitEthernet0/1
 ip address 10.0.0.1 255.255.255.0
ip access-list extended HAM
 permit ip 10.0.0.0 0.0.0.255 10.5.0.0 0.0.0.255
ip access-list extended VAO
 permit esp any any
"""


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("tcp 10.5.0.9:1 > 10.0.0.9:443", "unknown"),
        ("tcp 10.6.0.9:1 > 10.0.0.9:443", "deny"),
        ("esp 198.51.100.1 > 192.0.2.1", "permit"),
    ],
)
def test_what_a_tunnel_brings_is_not_what_the_filter_sees(words: str, answer: str) -> None:
    assert said(IPSEC, words, A, B)[0] == answer
