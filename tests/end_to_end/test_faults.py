"""The failures that a scan finds are exactly those that were put in: none missing, none extra."""

from __future__ import annotations

import pytest

import lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]

PAIRS = [
    ("telnet-open", "log-retention-90d"),
    ("firewall-permit-any", "foreign-host"),
    ("single-role", "old-firmware"),
]

TOGETHER = ("bandwidth-too-low", "bandwidth-wrong-interface")
"""Faults of different sites that are read from two lines of configuration: one scan shows both."""

MIXTURES = [
    pytest.param((), id="none"),
    pytest.param(tuple(lab.DEFAULT_MIXTURE), id="default-mixture"),
    *(pytest.param((name,), id=name) for name in lab.FAULTS if name not in TOGETHER),
    pytest.param(TOGETHER, id="+".join(TOGETHER)),
    *(pytest.param(pair, id="+".join(pair)) for pair in PAIRS),
]


@pytest.mark.parametrize("faults", MIXTURES)
def test_exactly_the_failures_that_were_put_in(scanner, faults: tuple[str, ...]) -> None:
    scanner.province.become(faults)
    single = len(faults) == 1 or faults == TOGETHER
    outcome = scanner.scan(inventory=scanner.with_fewer_ports() if single else None)
    expected = lab.expectations(faults)
    wanted = {(e.requirement, e.kind, e.subject) for e in expected if e.outcome == "FAIL"}
    assert outcome.status == (1 if wanted else 3), outcome.said
    assert outcome.verdicts("FAIL") == wanted
    undetermined = {(e.requirement, e.kind, e.subject) for e in expected if e.outcome == "UND"}
    assert undetermined <= outcome.verdicts("UND")
