"""Routes of a FortiGate: those of its own interfaces, then the static ones."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from rules.facts import Known
from rules.network_facts import Route
from tests.scanner.platforms.fortios.forti import SHARED, reading


def section(path: str, *lines: str) -> str:
    return f"config {path}\n" + "".join(f"    {line}\n" for line in lines) + "end\n"


PORTS = section(
    "system interface",
    "edit lan",
    "    set ip 10.20.1.1 255.255.255.0",
    "next",
    "edit dmz",
    "    set ip 10.20.2.1 255.255.255.0",
    "    set vrf 3",
    "next",
    "edit old",
    "    set ip 10.20.3.1 255.255.255.0",
    "    set status down",
    "next",
)
STATIC = section(
    "router static",
    *("edit 1", "    set gateway 10.20.1.254", "    set device lan", "next"),
    *("edit 2", "    set dst 10.9.0.0/16", "    set device dmz", "next"),
)
LAN = Route(IPv4Network("10.20.1.0/24"), None, "lan")
DMZ = Route(IPv4Network("10.20.2.0/24"), None, "dmz", table="3")
OUT = Route(IPv4Network("0.0.0.0/0"), IPv4Address("10.20.1.254"), "lan", 10)
OTHER = Route(IPv4Network("10.9.0.0/16"), None, "dmz", 10, "3")
HEADER = "#config-version=FG100F-7.2.5-FW-build1517-230606:opmode=0:vdom=0:user=admin\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PORTS + STATIC, (LAN, DMZ, OUT, OTHER)),
        (HEADER + PORTS, None),  # static routes may stand in a part that is missing
        (PORTS + SHARED, None),
        (PORTS.replace("10.20.2.1", "10.20.2.x") + STATIC, "unknown"),
        (PORTS.replace("10.20.2.1 255.255.255.0", '"10.20.2.1') + STATIC, "unknown"),
    ],
)
def test_routes_begin_with_those_of_its_own_interfaces(text: str, expected: Any) -> None:
    fact = reading(text).facts.get("routes")
    found = fact.value if isinstance(fact, Known) else None if fact is None else "unknown"
    assert found == expected
