"""The lines for a configuration file of Poly set what is then read as right."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.text import Text
from reports.remediation import Step
from rules.facts import Known, SyslogTarget
from rules.model import Finding, Outcome, Subject
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.poly_studio_remedies import LINES
from scanner.remedies import _Values

SAMPLES = Path(__file__).parent / "samples"
PLACE: Any = SimpleNamespace(
    allowlist=SimpleNamespace(
        management=(ip_network("10.9.9.0/28"),),
        services=(SimpleNamespace(ports=("123",), destinations=("10.9.9.2/32",)),),
    ),
    devices=(SimpleNamespace(id="logs", address=ip_address("10.9.9.3"), log_server=True),),
    zones=(),
)
DEVICE: Any = SimpleNamespace(id="d", kind="mcu", address=ip_address("10.1.1.1"), platform=None)
SAID = Text(vi="x", en="x")


def step(family: str, fact: str) -> Step:
    remedies = find(family).remedies
    assert remedies is not None
    account = Subject("account", "d/quantri")
    one = Finding("D11.2-g", account, Outcome.FAIL, "S2", SAID, None, (), "f", device="d")
    return _Values(one.subject, DEVICE, PLACE).filled(remedies.by_fact[fact])


def value(family: str, documents: Mapping[str, str], fact: str) -> Any:
    """What the family reads in the documents; None when it is unknown."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    read = [Document(text.encode(), name, "O", day) for name, text in documents.items()]
    told = find(family).read(read).facts.get(fact)
    return told.value if isinstance(told, Known) else None


def sample(path: str) -> str:
    return (SAMPLES / path).read_text(encoding="utf-8")


STUDIO_RIGHT = {
    "service.telnet.enabled": False,
    "service.http.enabled": False,
    "service.snmp.enabled": False,
    "snmp.versions": ("3",),
    "snmp.default_community": False,
    "call.encryption": "required",
    "sip.encryption": "required",
    "serial_port.access": "login",
    "usb.enabled": False,
    "call.auto_answer": False,
    "call.far_end_camera": False,
    "management.idle_timeout_s": 600,
    "management.lockout_attempts": 5,
    "tls.min_version": "TLSv1.2",
    "ntp.servers": ("10.9.9.2",),
    "syslog.targets": (SyslogTarget("10.9.9.3", None, "tls"),),
    **{f"password_policy.{name}": 1 for name in ("digits", "lowercase", "uppercase", "special")},
    "password_policy.min_length": 8,
    "password_policy.history": 12,
    "password_policy.max_age_days": 180,
}
WRONG = {
    "call.autoAnswer.answerP2PCall": "Yes",
    "call.encryption.requireAES": "Off",
    "voIpProt.SIP.transport": "UDP",
    "sec.serialPort.login.mode": "None",
    "sec.usb.disableAll": "false",
    "device.local.ntpServer.mode": "Off",
    "device.syslog.enable": "false",
    "sec.auth.accountLockout.admin.lockoutAttempts": "Off",
    "sec.auth.remote.password.minLength": "Off",
    "sec.auth.admin.room.password.minLength": "Off",
    "sec.auth.remote.password.maxAge": "Off",
    "sec.web.httpsOnly": "false",
    "sec.web.idleSessionTimeout": "0",
}


def studio(settings: Mapping[str, str]) -> dict[str, str]:
    lines = sample("poly-studio/x50-4.2/exportConfiguration.cfg").splitlines()
    lines = [line for line in lines if line.strip().partition("=")[0] not in settings]
    lines[3:3] = [f'     {key}="{said}"' for key, said in settings.items()]
    return {"exportConfiguration.cfg": "\n".join(lines) + "\n"}


@pytest.mark.parametrize("fact", sorted(LINES))
def test_the_lines_for_a_studio_are_those_that_are_read(fact: str) -> None:
    assert value("poly-studio", studio(WRONG), fact) != STUDIO_RIGHT[fact]
    put_right = step("poly-studio", fact)
    assert put_right.ready
    right = dict(line[:-1].split('="', 1) for line in put_right.commands)
    assert value("poly-studio", studio(WRONG | right), fact) == STUDIO_RIGHT[fact]


@pytest.mark.parametrize("family", ["poly-studio", "poly-trio"])
def test_the_lines_of_a_sheet_are_a_file_to_load(family: str) -> None:
    """No parameter is set by two facts: XML does not take an attribute twice."""
    remedies = find(family).remedies
    assert remedies is not None
    lines = [line for entry in remedies.entries for line in step(family, entry.fact).commands]
    text = "\n".join([*remedies.enter, *lines, *remedies.leave])
    assert len(ET.fromstring(text)[0].attrib) == len(lines)


TOLD_BY_THE_PHONE = {
    "tcpIpApp.sntp.address": ("SNTP", "Server"),
    "device.syslog.serverName": ("Syslog", "Server"),
    "device.syslog.transport": ("Syslog", "Transport"),
}
"""Parameters and the place in the answer where the phone tells them."""


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("ntp.servers", ("10.9.9.2",)),
        ("syslog.targets", (SyslogTarget("10.9.9.3", None, "tls"),)),
    ],
)
def test_what_a_phone_tells_of_its_parameters_is_right_afterwards(fact: str, right: Any) -> None:
    told = {"SNTP": {"Server": "0.0.0.0"}, "Syslog": {"Server": "", "Transport": "UDP"}}
    assert value("poly-trio", _running(told), fact) != right
    for line in step("poly-trio", fact).commands:
        key, said = line[:-1].split('="', 1)
        if key in TOLD_BY_THE_PHONE:
            section, name = TOLD_BY_THE_PHONE[key]
            told[section][name] = said
    assert value("poly-trio", _running(told), fact) == right


def _running(told: Mapping[str, Any]) -> dict[str, str]:
    return {"runningConfig.json": json.dumps({"data": told, "Status": "2000"}, indent=1)}
