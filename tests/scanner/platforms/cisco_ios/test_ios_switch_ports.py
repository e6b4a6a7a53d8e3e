"""The VLAN of a switch port.

Expected after Cisco, "Catalyst 9300 VLAN Configuration Guide", Configuring VLAN Trunks: `switchport
access vlan` works while the port is an access port; a trunk carries the VLANs of its own list, and
with `dynamic` the other end decides which of the two it is.
"""

from __future__ import annotations

import pytest

from tests.scanner.platforms.cisco_ios.ios_packets import known, reading

HEAD = "service timestamps log datetime msec\nhostname s1\n!\nvlan 10\n!\n"
PORT = "interface GigabitEthernet0/1\n switchport access vlan 10\n"


@pytest.mark.parametrize(
    ("lines", "vlan"),
    [
        (PORT, 10),
        (PORT + " switchport mode access\n", 10),
        (PORT + " switchport mode trunk\n", None),
        (PORT + " switchport mode trunk\n switchport mode access\n", 10),
        (PORT + " switchport mode dynamic auto\n", None),
        (PORT + " switchport voice vlan 20\n", 10),
        ("interface GigabitEthernet0/1.10\n encapsulation dot1Q 10\n shutdown\n", 10),
        (
            PORT + " switchport mode trunk\n no switchport\n ip address 10.1.0.1 255.255.255.0\n",
            None,
        ),
    ],
)
def test_the_vlan_of_a_port(lines: str, vlan: int | None) -> None:
    (port,) = known(HEAD + lines)["interfaces"]
    assert port.vlan == vlan


@pytest.mark.parametrize(
    "listed",
    ["10,20-29", "add 40", "remove 1", "except 2-9", "all", "none"],
)
def test_the_list_of_a_trunk_says_nothing_about_a_fact_and_is_left_quiet(listed: str) -> None:
    lines = f" switchport mode trunk\n switchport trunk allowed vlan {listed}\n"
    native = " switchport trunk native vlan 99\n"
    found = reading(f"{HEAD}interface GigabitEthernet0/1\n{lines}{native}")
    assert not found.unread
    assert known(f"{HEAD}interface GigabitEthernet0/1\n{lines}")["vlans"] == (10,)
