"""D11.1-d: services that are not needed are off, by the settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.facts import Citation, Known, OpenPort
from tests.rules.build import Case, finding, findings, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, ports, scan

OFF = "the settings show every unneeded service off"
NAMES = ("telnet", "http", "ftp", "tftp", "snmp", "upnp")


def running(what: str) -> str:
    return f"unneeded services run: {what}"


def unread(what: str, why: str = UNKNOWN.reason.en) -> str:
    return f"the settings of these services could not be read: {what} ({why})"


NOT_THERE = Known(
    False,
    (Citation("D", "acme.example", text="vendor documentation"), Citation("C", "settings", 7)),
)


def setting(name: str, value: object) -> dict[tuple[str, str], object]:
    return {("vcs", f"service.{name}.enabled"): value}


SNMP_ANSWERS = {
    **setting("snmp", UNKNOWN),
    ("vcs", "snmp.versions"): UNKNOWN,
    ("vcs", "ports.udp"): scan(161, protocol="udp"),
}
APPROVED = with_device("vcs", approved_ports=[{"protocol": "udp", "port": 161, "purpose": "x"}])

CASES = [
    Case("all off", "PASS", OFF),
    *(
        Case(f"{name} enabled", "FAIL", running(f"{name} is enabled"), setting(name, True))
        for name in NAMES
        if name != "snmp"
    ),
    *(Case(f"{name} unknown", "UND", unread(name), setting(name, UNKNOWN)) for name in NAMES),
    Case(
        "needed services may run",
        "PASS",
        OFF,
        {("vcs", f"service.{name}.enabled"): True for name in ("ssh", "https", "sip", "h323")},
    ),
    Case(
        "snmp v3",
        "PASS",
        OFF,
        {**setting("snmp", True), ("vcs", "snmp.versions"): ("3",)},
    ),
    Case(
        "snmp v2c",
        "FAIL",
        running("snmp is enabled"),
        {**setting("snmp", True), ("vcs", "snmp.versions"): ("2c",)},
    ),
    Case(
        "snmp of an unnamed version",
        "FAIL",
        running("snmp is enabled"),
        {**setting("snmp", True), ("vcs", "snmp.versions"): ()},
    ),
    Case(
        "snmp of unknown version",
        "UND",
        unread("snmp"),
        {**setting("snmp", True), ("vcs", "snmp.versions"): UNKNOWN},
    ),
    Case(
        "snmp of unknown version answers",
        "FAIL",
        running("port 161/udp (snmp) is open"),
        SNMP_ANSWERS,
    ),
    Case(
        "snmp of unknown version answers by an approved port",
        "UND",
        unread("snmp"),
        SNMP_ANSWERS,
        inventory=APPROVED,
    ),
    Case(
        "snmp v2c is not made good by an approved port",
        "FAIL",
        running("port 161/udp (snmp) is open"),
        {**SNMP_ANSWERS, ("vcs", "snmp.versions"): ("2c",)},
        inventory=APPROVED,
    ),
    Case(
        "set to off, but its port is open",
        "FAIL",
        running("http is set to off but port 80/tcp is open"),
        {("vcs", "ports.tcp"): scan(22, 80)},
    ),
    Case(
        "settings unknown, its port is open",
        "FAIL",
        running("port 21/tcp (ftp) is open"),
        {**setting("ftp", UNKNOWN), ("vcs", "ports.tcp"): scan(21)},
    ),
    Case(
        "settings unknown, its port is closed: proves nothing",
        "UND",
        unread("telnet"),
        {**setting("telnet", UNKNOWN), ("vcs", "ports.tcp"): scan(22)},
    ),
    Case(
        "open or filtered is no answer",
        "PASS",
        OFF,
        {("vcs", "ports.udp"): scan(protocol="udp", silent=(69, 161, 1900))},
    ),
    Case(
        "a violation outranks what is unknown",
        "FAIL",
        running("telnet is enabled"),
        {**setting("telnet", True), **setting("upnp", UNKNOWN)},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_unneeded_services(case: Case) -> None:
    assert result_of(case, "D11.1-d", "vcs") == (case.outcome, case.reason)


def test_what_was_seen_is_told_in_vietnamese_too() -> None:
    found = finding(province({("vcs", "ports.tcp"): scan(80)}), "D11.1-d", "vcs")
    assert found.reason.vi == (
        "dịch vụ không cần thiết còn hoạt động: http được cấu hình tắt nhưng cổng 80/tcp vẫn mở"
    )


def test_off_and_open_is_a_finding_of_its_own() -> None:
    changes = {("vcs", "ports.tcp"): scan(80), **setting("ftp", True)}
    found = findings(province(changes), "D11.1-d", "vcs")
    assert [f.outcome for f in found] == ["FAIL", "FAIL", "FAIL"]
    assert [f.reason.en for f in found[1:]] == [
        "set to off and open on the network: http is set to off but port 80/tcp is open",
        "set to on and silent on the network, the settings decide: "
        "ftp is set to on but port 21/tcp does not answer",
    ]


def test_on_and_silent_needs_a_port_that_was_asked() -> None:
    for unasked in (scan(22, scanned=ports(22)), scan(answered=False)):
        world = province({("vcs", "ports.tcp"): unasked, **setting("ftp", True)})
        (found,) = findings(world, "D11.1-d", "vcs")
        assert found.reason.en == running("ftp is enabled")


def test_snmp_version_3_that_keeps_silent_contradicts_nothing() -> None:
    changes = {**setting("snmp", True), ("vcs", "snmp.versions"): ("3",)}
    (found,) = findings(province(changes), "D11.1-d", "vcs")
    assert (found.outcome, found.reason.en) == ("PASS", OFF)


def test_telnet_runs_wherever_it_is_spoken() -> None:
    seen = scan(22, 2323)
    speaking = replace(seen, open=(seen.open[0], OpenPort(2323, "open", speaks="telnet")))
    changes = {("vcs", "ports.tcp"): speaking, **setting("telnet", UNKNOWN)}
    (found,) = findings(province(changes), "D11.1-d", "vcs")
    assert (found.outcome, found.reason.en) == (
        "FAIL",
        running("port 2323/tcp (telnet) is open"),
    )


def test_a_port_of_telnet_that_speaks_ssh_is_no_telnet() -> None:
    speaking = replace(scan(), open=(OpenPort(23, "open", speaks="ssh"),))
    (found,) = findings(province({("vcs", "ports.tcp"): speaking}), "D11.1-d", "vcs")
    assert (found.outcome, found.reason.en) == ("PASS", OFF)


def test_what_the_product_does_not_have_is_off_and_its_document_is_cited() -> None:
    changes = {**setting("ftp", NOT_THERE), **setting("tftp", NOT_THERE)}
    (found,) = findings(province(changes), "D11.1-d", "vcs")
    assert (found.outcome, found.attested) == ("PASS", False)
    assert found.reason.en == f"{OFF}, and by its vendor's documents the product has none of " + (
        "these: ftp; tftp"
    )
    assert {c.evidence_class for c in found.citations} >= {"D", "C"}


def test_an_open_port_convicts_what_the_product_does_not_have() -> None:
    changes = {**setting("ftp", NOT_THERE), ("vcs", "ports.tcp"): scan(21)}
    found = findings(province(changes), "D11.1-d", "vcs")
    assert {f.outcome for f in found} == {"FAIL"}
    said = "ftp is no service of the product by the vendor's documents but port 21/tcp is open"
    assert found[0].reason.en == running(said)
    assert said in found[1].reason.en


def test_a_document_makes_good_for_no_other_service() -> None:
    changes = {**setting("ftp", NOT_THERE), **setting("upnp", UNKNOWN)}
    (found,) = findings(province(changes), "D11.1-d", "vcs")
    assert (found.outcome, found.reason.en) == ("UND", unread("upnp"))
