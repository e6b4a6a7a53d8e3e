"""D10.1-g: named addresses on the MCU or the firewall, and a probe that agrees."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from rules.network_facts import UnreadLine
from tests.rules.build import Case, result_of
from tests.rules.compliant import CENTRAL_RULES, with_device
from tests.rules.values import UNKNOWN, filters, from_office, from_outside, ports, rule, seen_from

ON_MCU = "addresses are restricted on mcu; management is closed to ben-ngoai; pc-van-phong"
ON_BOTH = (
    "addresses are restricted on mcu; the firewall; management is closed to ben-ngoai; pc-van-phong"
)
ON_FIREWALL = (
    "addresses are restricted on the firewall; management is closed to ben-ngoai; pc-van-phong"
)
NOWHERE = "neither the MCU nor the firewall names the addresses that may manage it"
ANY = {("mcu", "management.allowlist"): ()}
MCU_ADDRESS = ("10.67.10.10/32",)
NAMED = filters(
    *CENTRAL_RULES[:2],
    rule(
        line=3, sources=("10.67.20.10/32",), destinations=MCU_ADDRESS, protocol="tcp", ports=(445,)
    ),
    *CENTRAL_RULES[3:],
)
NOT_SCANNED = {("mcu", "ports.tcp"): UNKNOWN}
"""The scanner, too, stands behind a firewall that does not let it in."""
NAMED_BY_FIREWALL = {("fw", "filters"): NAMED}

CASES = [
    Case("on the MCU; the firewall names only an interface", "PASS", ON_MCU),
    Case("on both", "PASS", ON_BOTH, NAMED_BY_FIREWALL),
    Case(
        "the web interface was not among the ports that were tried",
        "UND",
        "addresses are restricted on mcu; no place off the list has tried it",
        {("mcu", "exposure"): (replace(from_office(), scanned=ports((21, 24), 80, 443)),)},
    ),
    Case("on the firewall", "PASS", ON_FIREWALL, {**ANY, **NAMED_BY_FIREWALL}),
    Case(
        "on the firewall, the MCU's own list unknown",
        "PASS",
        ON_FIREWALL,
        {("mcu", "management.allowlist"): UNKNOWN, **NAMED_BY_FIREWALL},
    ),
    Case("nowhere: an interface is no address", "FAIL", NOWHERE, ANY),
    Case(
        "a list that holds everybody",
        "FAIL",
        NOWHERE,
        {("mcu", "management.allowlist"): (ip_network("10.67.20.5/32"), ip_network("0.0.0.0/0"))},
    ),
    Case(
        "a source that holds everybody",
        "FAIL",
        NOWHERE,
        {
            **ANY,
            ("fw", "filters"): filters(
                rule(sources=("0.0.0.0/0",), destinations=MCU_ADDRESS, protocol="tcp", ports=(22,))
            ),
        },
    ),
    Case(
        "a line to other ports is no line to management",
        "PASS",
        ON_FIREWALL,
        {
            **ANY,
            **NOT_SCANNED,
            ("fw", "filters"): filters(
                rule(destinations=MCU_ADDRESS, protocol="tcp", ports=(5061,))
            ),
        },
    ),
    Case(
        "a firewall that lets nobody in",
        "PASS",
        ON_FIREWALL,
        {**ANY, **NOT_SCANNED, ("fw", "filters"): filters()},
    ),
    Case(
        "reached from the office",
        "FAIL",
        "management answers places that are not on the list: "
        "port 445/tcp of mcu answers to pc-van-phong",
        {("mcu", "exposure"): (from_office(445), from_outside())},
    ),
    Case(
        "telnet reached from outside, everything else unknown",
        "FAIL",
        "management answers places that are not on the list: "
        "port 23/tcp of mcu answers to ben-ngoai",
        {
            ("mcu", "exposure"): (from_outside(23),),
            ("mcu", "management.allowlist"): UNKNOWN,
            ("fw", "filters"): UNKNOWN,
        },
    ),
    Case(
        "signalling reached from the office is no management",
        "PASS",
        ON_MCU,
        {("mcu", "exposure"): (from_office(5061), from_outside())},
    ),
    Case(
        "tried from a listed address only",
        "UND",
        "addresses are restricted on mcu; no place off the list has tried it",
        {("mcu", "exposure"): (seen_from("may-quet", "quantri", 445),)},
        inventory=None,
    ),
    Case(
        "never tried",
        "UND",
        "addresses are restricted on mcu; no place off the list has tried it",
        {("mcu", "exposure"): UNKNOWN},
    ),
    Case(
        "any address on the MCU, firewall unknown",
        "UND",
        f"no restriction of addresses could be shown: {UNKNOWN.reason.en}",
        {**ANY, ("fw", "filters"): UNKNOWN},
    ),
    Case(
        "the MCU unknown, an interface only on the firewall",
        "UND",
        f"no restriction of addresses could be shown: {UNKNOWN.reason.en}",
        {("mcu", "management.allowlist"): UNKNOWN},
    ),
    Case(
        "a line of the firewall not understood",
        "UND",
        "no restriction of addresses could be shown: "
        "lines of the filter that were not understood: 1",
        {**ANY, ("fw", "filters"): filters(unread=(UnreadLine(1, "?", "?"),))},
    ),
    Case(
        "in no zone, and any address on the MCU",
        "UND",
        "no restriction of addresses could be shown: 192.0.2.9 lies in no zone of the inventory",
        ANY,
        inventory=with_device("mcu", address="192.0.2.9"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mcu_address_control(case: Case) -> None:
    assert result_of(case, "D10.1-g", "mcu") == (case.outcome, case.reason)
