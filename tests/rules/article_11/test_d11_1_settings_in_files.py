"""D11.1-c, -d: a service that only a saved file shows on, beside its port on the wire (CR-3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from rules.facts import Citation
from tests.rules.build import Case, Changes, findings, province, result_of
from tests.rules.values import NOW, cite, known, ports, scan

LONG_AGO = NOW - timedelta(days=31)


def wrong(what: str) -> str:
    return f"open and not needed: {what}"


FILE = cite("O", "vcs.conf", line=7)
WAITS = (
    "not every port is accounted for: telnet is on by the saved file while port 23/tcp is closed; "
    "a person has to settle it"
)


def by_file(name: str, by: Citation = FILE, captured: datetime = NOW, **seen: Any) -> Changes:
    """The service is on, says the file; the device refused the ports that are not open."""
    found = known(scan(22, 445, 5061, **seen), cite("P", "nmap", captured))
    return {("vcs", f"service.{name}.enabled"): known(True, by), ("vcs", "ports.tcp"): found}


BY_A_FILE = [
    Case("telnet on by a file, the port refuses", "UND", WAITS, by_file("telnet")),
    Case("by the device", "FAIL", wrong("23/tcp (telnet)"), by_file("telnet", cite("C"))),
    Case("seen long ago", "FAIL", wrong("23/tcp (telnet)"), by_file("telnet", captured=LONG_AGO)),
    Case("some kept silent", "FAIL", wrong("23/tcp (telnet)"), by_file("telnet", undecided=1)),
    Case("open|filtered", "FAIL", wrong("23/tcp (telnet)"), by_file("telnet", silent=(23,))),
    Case("not asked", "FAIL", wrong("23/tcp (telnet)"), by_file("telnet", scanned=ports((24, 99)))),
    Case("no answer", "FAIL", wrong("23/tcp (telnet)"), by_file("telnet", answered=False)),
    Case(
        "a port not needed is open besides",
        "FAIL",
        wrong("5555/tcp"),
        {**by_file("telnet"), ("vcs", "ports.tcp"): known(scan(5555), cite("P", "nmap"))},
    ),
]


@pytest.mark.parametrize("case", BY_A_FILE, ids=lambda case: case.name)
def test_a_file_and_a_closed_port(case: Case) -> None:
    assert result_of(case, "D11.1-c", "vcs") == (case.outcome, case.reason)


def test_what_waits_for_a_person_names_both_sources() -> None:
    (found,) = findings(province(by_file("telnet")), "D11.1-c", "vcs")
    assert {"O", "P"} <= {c.evidence_class for c in found.citations}
    assert "cần người phụ trách xác minh" in found.reason.vi


def test_a_closed_port_does_not_show_that_the_service_is_off() -> None:
    """D11.1-d: the file stands, and that the network differs is a finding of its own."""
    found = findings(province(by_file("telnet")), "D11.1-d", "vcs")
    assert [one.outcome for one in found] == ["FAIL", "FAIL"]
    assert "silent on the network" in found[1].reason.en
    assert {"O", "P"} <= {c.evidence_class for c in found[1].citations}
