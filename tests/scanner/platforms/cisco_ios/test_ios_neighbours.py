"""The answer to `show ip arp`: who is a neighbour, and when the table proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms import find

TABLE = """\
Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  10.67.10.1              -   0200.5e10.0001  ARPA   Vlan10
Internet  10.67.10.2              -   0000.0c07.ac0a  ARPA   Vlan10
Internet  10.67.10.20             7   0200.5e10.0020  ARPA   Vlan10
Internet  10.67.10.21             0   Incomplete      ARPA
Internet  10.67.40.5             12   0200.5e10.4005  ARPA   GigabitEthernet0/1.40
"""
CONFIGURATION = """\
version 15.7
hostname gate
vrf definition Mgmt
interface Vlan10
 ip address 10.67.10.1 255.255.255.0
interface GigabitEthernet0
 vrf forwarding Mgmt
 {address}
line vty 0 4
end
"""


def neighbours(*texts: str) -> Any:
    documents = [
        Document(text.encode(), "saved.txt", "C", datetime(2026, 11, 24, tzinfo=UTC))
        for text in texts
    ]
    return find("cisco-ios").read(documents).facts.get("neighbours")


def test_hosts_that_answered_are_neighbours_and_virtual_addresses_are_not() -> None:
    fact = neighbours(TABLE)
    assert isinstance(fact, Known)
    assert [(str(n.address), n.interface, n.mac) for n in fact.value] == [
        ("10.67.10.1", "Vlan10", "02:00:5e:10:00:01"),
        ("10.67.10.20", "Vlan10", "02:00:5e:10:00:20"),
        ("10.67.40.5", "GigabitEthernet0/1.40", "02:00:5e:10:40:05"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Internet  10.67.10.300            7   0200.5e10.0020  ARPA   Vlan10",
        "Internet  10.67.10.30             7   0200.5e10.0020  ARPA",
        "Internet  10.67.10.30             7   0200.5e10       ARPA   Vlan10",
        "AppleTalk 4.5                     7   0200.5e10.0020  SNAP   Vlan10",
    ],
)
def test_a_line_that_is_not_understood_leaves_it_open(line: str) -> None:
    fact = neighbours(f"{TABLE}{line}\n")
    assert isinstance(fact, Unknown)
    assert fact.citations[0].text == line


def test_a_table_that_breaks_off_in_a_line_leaves_it_open() -> None:
    assert isinstance(neighbours(TABLE[:-3]), Unknown)


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("ip address 10.67.99.1 255.255.255.0", False),
        ("no ip address", True),
        ("ip address 10.67.99.1 255.255.255.0\n shutdown", True),
    ],
    ids=["used", "without address", "switched off"],
)
def test_beside_a_vrf_in_use_the_global_table_proves_nothing(address: str, is_told: bool) -> None:
    fact = neighbours(CONFIGURATION.format(address=address), TABLE)
    assert isinstance(fact, Known) is is_told
    assert is_told or "VRF" in fact.reason.en
