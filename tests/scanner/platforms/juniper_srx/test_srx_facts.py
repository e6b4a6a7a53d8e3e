"""What a Junos configuration tells besides its filters, and that only such files are read."""

from __future__ import annotations

from ipaddress import IPv4Interface
from pathlib import Path

import pytest

from rules.facts import SyslogTarget
from scanner.platforms import find
from scanner.saved_files import load
from tests.scanner.platforms.juniper_packets import document, facts

OWN = Path(__file__).parents[1] / "samples" / "juniper-srx" / "branch" / "show-configuration.txt"
COVERAGE_MIN = 0.98
"""Share of lines that are read or known to say nothing, of all files together."""


def test_a_branch_firewall() -> None:
    told = facts("juniper-srx", OWN.read_text())
    assert told["software.version"] == "21.4R3.15"
    assert told["service.ssh.enabled"] is True
    assert told["service.telnet.enabled"] is False
    assert told["ssh.root_login"] == "no"
    assert told["management.idle_timeout_s"] == 600
    assert told["management.lockout_attempts"] == 5
    assert told["password_policy.min_length"] == 10
    assert told["ntp.servers"] == ("10.20.9.6",)
    assert told["syslog.targets"] == (SyslogTarget("10.20.9.5", 1514, "udp"),)
    assert [(a.name, a.administrator) for a in told["accounts"]] == [("netadmin", True)]
    assert told["interfaces"][0].addresses == (IPv4Interface("10.20.1.1/24"),)
    assert str(told["routes"][-1].via) == "10.20.0.254"
    assert [(c.interface, c.reserved_kbps) for c in told["qos.classes"]] == [("ge-0/0/1.0", 2000)]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("2m", 2000), ("2500k", 2500), ("3000000", 3000), ("percent 20", None), ("remainder", None)],
)
def test_transmit_rates_are_in_bits(rate: str, expected: int | None) -> None:
    told = facts(
        "juniper-srx",
        f"""set class-of-service interfaces ge-0/0/0 scheduler-map m
set class-of-service scheduler-maps m forwarding-class ef scheduler s
set class-of-service schedulers s transmit-rate {rate}
set interfaces ge-0/0/0 unit 0 family inet
""",
    )
    assert [one.reserved_kbps for one in told["qos.classes"]] == [expected]


def test_a_share_of_a_shaped_interface() -> None:
    told = facts(
        "juniper-srx",
        """set class-of-service interfaces ge-0/0/0 unit 0 scheduler-map m
set class-of-service interfaces ge-0/0/0 unit 0 shaping-rate 10m
set class-of-service scheduler-maps m forwarding-class ef scheduler s
set class-of-service schedulers s transmit-rate percent 20
set firewall family inet filter f term 1 from source-address 10.0.0.0/24
set firewall family inet filter f term 1 then forwarding-class ef
set interfaces ge-0/0/0 unit 0 family inet
""",
    )
    one, whole = told["qos.classes"]
    assert (whole.name, whole.keeps, whole.limit_kbps) == ("shaping-rate", False, 10_000)
    assert (one.interface, one.reserved_kbps, len(one.matches)) == ("ge-0/0/0.0", 2000, 1)


def test_the_name_of_a_community_is_never_shown() -> None:
    text = "set snmp community xyzzy authorization read-only\nset system host-name a\n"
    text += "set system services ssh\nset policy-options prefix-list p 10.0.0.0/8\n"
    reading = find("juniper-srx").read([document(text)])
    assert "snmp.default_community" in reading.facts
    assert "xyzzy" not in repr(reading.facts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "set x\n",
        "set interfaces ethernet eth0 address 10.0.0.1/24\nset firewall name A rule 1 log\n",
        "set deviceconfig system hostname pa\nset network interface ethernet e\n",
        "table inet filter {\n chain forward {\n  type filter hook forward priority 0;\n }\n}\n",
        "config firewall policy\n edit 1\n  set srcintf any\n next\nend\n",
        '{"security": {"policies": {}}}',
    ],
)
def test_files_of_others_tell_nothing(text: str) -> None:
    assert facts("juniper-srx", text) == {}


@pytest.mark.corpus
def test_every_file_of_the_family_is_read_and_no_other(shared: Path) -> None:
    platform = find("juniper-srx")
    understood = whole = recognised = files = 0
    for path in sorted((shared / "netconfigs").glob("*/*")):
        documents = load([path]).documents
        if not documents or path.name == "SOURCES.md":
            continue
        reading = platform.read(documents)
        if path.parent.name != "juniper_srx":
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
