"""What a PAN-OS configuration tells besides its rules, and that only such files are read."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from rules.facts import SyslogTarget
from scanner.platforms import find
from scanner.saved_files import load
from tests.scanner.platforms.juniper_packets import document, facts

OWN = Path(__file__).parents[1] / "samples" / "paloalto" / "branch" / "running-config.xml"
COVERAGE_MIN = 0.98
"""Share of lines that are read or known to say nothing, of all files together."""


def test_a_branch_firewall() -> None:
    told = facts("paloalto", OWN.read_text())
    assert told["service.telnet.enabled"] is False
    assert "service.ssh.enabled" not in told
    assert told["management.allowlist"] == (ip_network("10.20.9.0/28"),)
    assert told["management.idle_timeout_s"] == 600
    assert told["password_policy.min_length"] == 10
    assert told["ntp.servers"] == ("10.20.9.6",)
    assert [(a.name, a.administrator) for a in told["accounts"]] == [("netadmin", True)]
    assert [(i.name, i.vrf) for i in told["interfaces"]] == [
        ("ethernet1/1", "chinh"),
        ("ethernet1/2", "chinh"),
    ]
    assert str(told["routes"][-1].via) == "10.20.0.254"
    (one,) = told["qos.classes"]
    assert (one.interface, one.reserved_kbps, len(one.matches)) == ("ethernet1/1", 2000, 1)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("set shared log-settings system match-list m send-syslog P\n", True),
        ("", False),
    ],
)
def test_a_syslog_server_counts_where_something_is_sent_to_it(sent: str, expected: bool) -> None:
    server = "set shared log-settings syslog P server S"
    told = facts(
        "paloalto",
        f"{server} server 10.0.0.9\n{server} transport SSL\n{server} port 6514\n{sent}"
        "set deviceconfig system hostname pa\n",
    )
    assert told.get("syslog.targets") == (
        (SyslogTarget("10.0.0.9", 6514, "tls"),) if expected else None
    )


def test_a_community_is_judged_and_never_shown() -> None:
    path = "deviceconfig system snmp-setting access-setting version v2c snmp-community-string"
    reading = find("paloalto").read([document(f"set {path} xyzzy\nset {path}\n")])
    assert "snmp.default_community" in reading.facts
    assert "xyzzy" not in repr(reading)
    assert facts("paloalto", f"set {path} public\n")["snmp.default_community"] is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "set x\n",
        "set system host-name a\nset interfaces ge-0/0/0 unit 0 family inet\n",
        "<html><body>config</body></html>",
        "<pfsense><filter/></pfsense>",
        '<!DOCTYPE c [<!ENTITY e "x">]><config version="10.1.0"><shared>&e;</shared></config>',
    ],
)
def test_files_of_others_tell_nothing(text: str) -> None:
    assert facts("paloalto", text) == {}


@pytest.mark.corpus
def test_every_file_of_the_family_is_read_and_no_other(shared: Path) -> None:
    platform = find("paloalto")
    understood = whole = recognised = files = 0
    for path in sorted((shared / "netconfigs").glob("*/*")):
        documents = load([path]).documents
        if not documents or path.name == "SOURCES.md":
            continue
        reading = platform.read(documents)
        if path.parent.name != "paloalto":
            assert dict(reading.facts) == {}, path
            continue
        files += 1
        recognised += bool(reading.facts)
        assert platform.coverage is not None
        told = platform.coverage(documents[0])
        understood += told.read + told.irrelevant
        whole += told.read + told.irrelevant + told.unread
    assert recognised >= 0.9 * files
    assert understood >= COVERAGE_MIN * whole
