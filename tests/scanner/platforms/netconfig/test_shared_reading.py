"""What readers of network configurations share: wildcards, services, indented blocks."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from rules.packets.fields import place
from rules.packets.policy import Region
from rules.packets.sets import Numbers, numbers
from scanner.platforms.netconfig.addresses import between, host, masked, prefix, wildcard
from scanner.platforms.netconfig.indented import blocks
from scanner.platforms.netconfig.services import (
    ANY_SERVICE,
    ONLY_TCP,
    ONLY_UDP,
    Service,
    merged,
    ports,
    regions,
)


def spans(*texts: str) -> Numbers:
    ends = [text.split("-") for text in texts]
    return numbers(
        (place(IPv4Address(first)), place(IPv4Address(last or first)))
        for first, last in ((e[0], e[1] if len(e) > 1 else "") for e in ends)
    )


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (host("10.0.0.1"), spans("10.0.0.1")),
        (host("10.0.0.256"), None),
        (prefix("10.0.0.7/24"), spans("10.0.0.0-10.0.0.255")),
        (prefix("any"), None),
        (masked("10.1.2.3", "255.255.0.0"), spans("10.1.0.0-10.1.255.255")),
        (masked("10.1.2.3", "255.0.255.0"), None),
        (between("10.0.0.9", "10.0.0.2"), None),
        (between("10.0.0.2", "::1"), None),
        (wildcard("10.0.0.0", "0.0.0.255"), spans("10.0.0.0-10.0.0.255")),
        (wildcard("10.0.0.7", "0.0.0.0"), spans("10.0.0.7")),
        (wildcard("10.0.0.1", "0.0.0.2"), spans("10.0.0.1", "10.0.0.3")),
        (
            wildcard("10.0.0.1", "0.0.3.0"),
            spans("10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1"),
        ),
        (
            wildcard("10.0.0.0", "0.0.1.255"),
            spans("10.0.0.0-10.0.1.255"),
        ),
        (wildcard("1.2.3.4", "255.255.255.255"), spans("0.0.0.0-255.255.255.255")),
        (wildcard("1.2.3.4", "255.255.255.0.0"), None),
    ],
)
def test_addresses(read: Numbers | None, expected: Numbers | None) -> None:
    assert read == expected


def test_a_wildcard_with_a_gap_is_many_hosts_and_no_more() -> None:
    read = wildcard("10.0.0.1", "0.255.255.0")
    assert read is not None
    assert (read.size, len(read.intervals)) == (65536, 65536)
    assert place(IPv4Address("10.77.3.1")) in read
    assert place(IPv4Address("10.77.3.2")) not in read
    assert wildcard("0.0.0.1", "255.255.255.254") is None  # more than 2^16 intervals


def test_services_of_one_protocol_are_one() -> None:
    web, more = numbers([(80, 80)]), numbers([(443, 443)])
    one = merged([Service(ONLY_TCP, None, web), Service(ONLY_UDP), Service(ONLY_TCP, None, more)])
    assert one == (Service(ONLY_TCP, None, numbers([(80, 80), (443, 443)])), Service(ONLY_UDP))
    assert merged([Service(ONLY_UDP), ANY_SERVICE]) == (ANY_SERVICE,)
    assert regions(Region(), [Service(ONLY_TCP, None, web)]) == (
        Region(protocol=ONLY_TCP, destination_port=web),
    )
    assert merged([Service(ONLY_TCP), Service(ONLY_TCP, None, web)]) == (
        Service(ONLY_TCP),
        Service(ONLY_TCP, None, web),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", numbers([(80, 80)])),
        ("80,443, 8000-8080", numbers([(80, 80), (443, 443), (8000, 8080)])),
        ("88-80", None),
        ("65536", None),
        ("www", None),
        ("", None),
        ("٨٠", None),
    ],
)
def test_ports(text: str, expected: Numbers | None) -> None:
    assert ports(text) == expected


def test_blocks_keep_their_line_numbers_and_pass_over_banners() -> None:
    text = (
        "! comment\nbanner motd ^C\ninterface fake\n  ip address x\n^C\n"
        "interface Gi0/1\n ip address 10.0.0.1 255.0.0.0\n\n service-policy output Q\n"
        "ip access-list extended A\n 10 permit ip any any\n"
    )
    top = blocks(text.split("\n"), verbatim=("banner motd",))
    assert [(line.number, line.text, len(line.below)) for line in top] == [
        (2, "banner motd ^C", 0),
        (6, "interface Gi0/1", 2),
        (10, "ip access-list extended A", 1),
    ]
    assert [line.number for line in top[1].all()] == [6, 7, 9]
    assert blocks(["a", " b", "  c", " d"])[0].below[0].below[0].words == ["c"]
