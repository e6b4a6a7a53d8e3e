"""D11.1-c: everything open is needed, and everything was asked."""

from __future__ import annotations

import pytest

from rules.facts import NeededPort
from tests.rules.build import Case, finding, off, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, ports, scan

ALL = "all TCP ports and the named UDP ports asked; open and needed: 22/tcp; 445/tcp; 5061/tcp"
OFF_BUT_OPEN = "open although the settings show it off: "
GAP = "not every port is accounted for: "


def wrong(what: str) -> str:
    return f"open and not needed: {what}"


def tcp(*numbers: int, **rest: object) -> dict[tuple[str, str], object]:
    return {("vcs", "ports.tcp"): scan(*numbers, **rest)}


def udp(*numbers: int, **rest: object) -> dict[tuple[str, str], object]:
    named = ports(69, 123, 161, 1719, 1900)
    return {("vcs", "ports.udp"): scan(*numbers, protocol="udp", scanned=named, **rest)}


def approved(protocol: str, port: int) -> dict[str, object]:
    entry = {"protocol": protocol, "port": port, "purpose": "giám sát"}
    return with_device("vcs", approved_ports=[entry])


CASES = [
    Case("only needed ports", "PASS", ALL),
    Case(
        "silence towards another segment",
        "UND",
        f"{GAP}65000 TCP ports kept silent towards may-quet, which stands outside the device's "
        "segment; a filter on the way may hide them",
        tcp(22, 445, 5061, undecided=65000),
    ),
    Case(
        "silence towards the device's own segment",
        "PASS",
        ALL,
        tcp(22, 445, 5061, undecided=65000, zone="hnth-chau-phu"),
    ),
    Case("debugging", "FAIL", wrong("5555/tcp"), tcp(22, 445, 5061, 5555)),
    Case(
        "approved in the inventory",
        "PASS",
        f"{ALL}; 5555/tcp",
        tcp(22, 445, 5061, 5555),
        inventory=approved("tcp", 5555),
    ),
    Case(
        "approved for the other protocol",
        "FAIL",
        wrong("5555/tcp"),
        tcp(22, 445, 5061, 5555),
        inventory=approved("udp", 5555),
    ),
    Case("telnet", "FAIL", wrong("23/tcp (telnet)"), tcp(22, 23)),
    Case(
        "telnet even when approved",
        "FAIL",
        wrong("23/tcp (telnet)"),
        tcp(22, 23),
        inventory=approved("tcp", 23),
    ),
    Case(
        "telnet even when the family lists it",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {
            **tcp(23),
            ("vcs", "needed_ports"): (NeededPort("tcp", 1, 65535, UNKNOWN.reason),),
        },
    ),
    Case(
        "telnet proven, the rest unknown",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {**tcp(23), ("vcs", "needed_ports"): UNKNOWN},
    ),
    Case(
        "telnet in the settings though its port kept silent",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {("vcs", "service.telnet.enabled"): True},
    ),
    Case("tftp", "FAIL", wrong("69/udp (tftp)"), udp(69)),
    Case("snmp answers", "FAIL", wrong("161/udp (snmp)"), udp(161)),
    Case(
        "snmp approved",
        "PASS",
        f"{ALL}; 161/udp (snmp)",
        {**udp(161), ("vcs", "service.snmp.enabled"): UNKNOWN},
        inventory=approved("udp", 161),
    ),
    Case(
        "snmp approved and set to off",
        "FAIL",
        OFF_BUT_OPEN + "snmp is set to off but port 161/udp is open",
        udp(161),
        inventory=approved("udp", 161),
    ),
    Case("snmp keeps silent and is set to off", "PASS", ALL, udp(silent=(161,))),
    Case(
        "snmp keeps silent, settings unknown",
        "UND",
        GAP + "silent UDP ports may be open or closed: 161",
        {**udp(silent=(161,)), ("vcs", "service.snmp.enabled"): UNKNOWN},
    ),
    Case(
        "ports of no known service keep silent",
        "UND",
        GAP + "silent UDP ports may be open or closed: 123; 1719",
        udp(silent=(123, 161, 1719)),
    ),
    Case(
        "a silent port that is needed",
        "PASS",
        ALL,
        udp(silent=(1719,)),
        inventory=approved("udp", 1719),
    ),
    Case(
        "the last port was not asked",
        "UND",
        GAP + "the range of TCP ports was asked in part",
        tcp(22, scanned=ports((1, 65534))),
    ),
    Case(
        "the whole range in pieces",
        "PASS",
        "all TCP ports and the named UDP ports asked; open and needed: 22/tcp",
        tcp(22, scanned=ports((1025, 65535), (1, 1024))),
    ),
    Case(
        "a hole in the range",
        "UND",
        GAP + "the range of TCP ports was asked in part",
        tcp(22, scanned=ports((1, 1023), (1025, 65535))),
    ),
    Case(
        "a part of the range proves a violation all the same",
        "FAIL",
        wrong("5555/tcp"),
        tcp(5555, scanned=ports(5555)),
    ),
    Case(
        "no answer at all",
        "UND",
        GAP + "the device is switched off or cannot be reached",
        tcp(answered=False),
    ),
    Case(
        "nothing open",
        "PASS",
        "all TCP ports and the named UDP ports asked; open and needed: none",
        tcp(),
    ),
    Case("tcp unknown", "UND", GAP + UNKNOWN.reason.en, {("vcs", "ports.tcp"): UNKNOWN}),
    Case("udp unknown", "UND", GAP + UNKNOWN.reason.en, {("vcs", "ports.udp"): UNKNOWN}),
    Case("needed list unknown", "UND", GAP + UNKNOWN.reason.en, {("vcs", "needed_ports"): UNKNOWN}),
    Case(
        "switched off",
        "UND",
        GAP + "the device is switched off or cannot be reached",
        off("vcs"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_unneeded_ports(case: Case) -> None:
    assert result_of(case, "D11.1-c", "vcs") == (case.outcome, case.reason)


def test_the_mcu_weighs_more() -> None:
    world = province({(d, "ports.tcp"): scan(5555) for d in ("mcu", "vcs")})
    assert finding(world, "D11.1-c", "mcu").severity == "S1"
    assert finding(world, "D11.1-c", "vcs").severity == "S2"
