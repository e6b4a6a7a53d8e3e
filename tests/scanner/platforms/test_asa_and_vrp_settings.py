"""Settings of ASA and VRP devices, from the samples of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from rules.facts import Fact, Known, SyslogTarget
from scanner.evidence import Document
from scanner.platforms import find

SAMPLES = Path(__file__).parent / "samples"
ASA = ("cisco-asa", "edge/running-config.txt")
USG = ("huawei-vrp", "usg/current-configuration.txt")
SWITCH = ("huawei-vrp", "switch/current-configuration.txt")


def facts(family: str, file: str, without: str = "") -> dict[str, Fact[object]]:
    text = (SAMPLES / family / file).read_text(encoding="utf-8")
    content = "".join(line for line in text.splitlines(True) if not without or without not in line)
    document = Document(content.encode(), file, "O", datetime(2026, 1, 1, tzinfo=UTC))
    return dict(find(family).read([document]).facts)


@pytest.mark.parametrize(
    ("of", "name", "value", "line"),
    [
        (ASA, "software.version", "9.12(4)18", "ASA Version"),
        (ASA, "management.allowlist", (ip_network("10.20.30.0/24"),), "ssh 10"),
        (ASA, "management.lockout_attempts", 5, "max-fail"),
        (ASA, "management.idle_timeout_s", 1200, "console timeout"),
        (ASA, "password_policy.min_length", 12, "minimum-length"),
        (ASA, "password_policy.max_age_days", 90, "lifetime"),
        (ASA, "service.https.enabled", True, "http server enable"),
        (ASA, "snmp.versions", ("v3",), "snmp-server host"),
        (ASA, "syslog.targets", (SyslogTarget("10.20.30.9", 1514, "udp"),), "logging trap"),
        (ASA, "ntp.servers", ("10.20.30.8",), "ntp server"),
        (ASA, "vlans", (40,), "GigabitEthernet1/3.40"),
        (USG, "software.version", "V500R005C20SPC500", "Software Version"),
        (USG, "management.allowlist", (ip_network("10.30.1.0/24"),), "acl 2001 inbound"),
        (USG, "management.lockout_attempts", 3, "retry-time"),
        (USG, "service.telnet.enabled", False, "undo telnet"),
        (USG, "service.ssh.enabled", True, "stelnet"),
        (USG, "vrfs", ("hoinghi",), "ip vpn-instance"),
        (USG, "syslog.targets", (SyslogTarget("10.30.1.9", 1514, "udp"),), "loghost"),
        (SWITCH, "vlans", (10, 40, 41), "vlan batch"),
        (SWITCH, "management.allowlist", (), "user-interface vty"),
        (SWITCH, "management.idle_timeout_s", 0, "idle-timeout 0 0"),
        (SWITCH, "service.telnet.enabled", True, "telnet server enable"),
        (SWITCH, "snmp.versions", ("v3",), "sys-info version"),
    ],
)
def test_a_setting_is_told_by_its_line(
    of: tuple[str, str], name: str, value: object, line: str
) -> None:
    found = facts(*of)[name]
    assert isinstance(found, Known)
    assert found.value == value
    assert any(line in citation.text for citation in found.citations)


@pytest.mark.parametrize("of", [ASA, USG])
def test_a_setting_without_its_line_is_not_told(of: tuple[str, str]) -> None:
    gone = {"ntp": "ntp.servers", "console timeout": "", "max-fail": "management.lockout_attempts"}
    for without, name in gone.items():
        if name:
            family = of[0]
            wanted = without if family == "cisco-asa" or without == "ntp" else "retry-time"
            assert not isinstance(facts(*of, without=wanted).get(name), Known)


def test_a_saved_file_that_breaks_off_is_noticed() -> None:
    for of, end in ((ASA, ": end"), (USG, "return")):
        found = facts(*of, without=end)["filters"]
        assert isinstance(found, Known)
        assert [one.why for one in found.value.unread] == ["the file breaks off here"]  # type: ignore[attr-defined]
        whole = facts(*of)["filters"]
        assert isinstance(whole, Known)
        assert whole.value.unread == ()  # type: ignore[attr-defined]
