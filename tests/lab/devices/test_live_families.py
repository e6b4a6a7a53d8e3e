"""Each family module reads its simulated device over real connections, and nothing else gets in."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

import pytest

from inventory.secrets import Secret
from lab.devices.certificate import for_state
from lab.devices.command_line import fingerprint, host_key
from lab.devices.state import Device, running
from rules.facts import DeviceAccount, Known, SyslogTarget, Unknown
from rules.network_facts import Interface
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, LoginRefused
from scanner.collect.login_probe import probe_login
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.platforms import find

PASSWORD = "planted-Lab-71"
USER = "kiemtra"


class Kept:
    """A journal that can be asked."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._lock = threading.Lock()

    def sent(self, device_id: str, transport: str, what: str) -> None:
        with self._lock:
            self.lines.append(what)


@contextmanager
def simulated(folder: Path, family: str, **state: Any) -> Iterator[Device]:
    path = folder / f"{family}.json"
    base = {
        "family": family,
        "address": "127.0.0.1",
        "ports": {"*": 0},
        "login": {"username": USER, "password": PASSWORD},
    }
    path.write_text(json.dumps({**base, **state}))
    with running(path) as device:
        yield device


def access(device: Device, family: str, journal: Kept, password: str = PASSWORD) -> DeviceAccess:
    state = device.runtime.state
    return DeviceAccess(
        device_id=family,
        ssh=SshEndpoint(
            host="127.0.0.1",
            port=device.ports.get("ssh", 22),
            username=USER,
            password=password,
            host_key=fingerprint(host_key(device.path, state)),
        ),
        web_address=lambda _: WebEndpoint(
            host="127.0.0.1",
            port=device.ports["https"],
            username=USER,
            certificate=for_state(device.path, state).fingerprint,
        ),
        allowed=find(family).allowed,
        journal=journal,
        vantage="test",
        stop=Stop(),
        password=Secret(password),
    )


OWN = IPv4Interface("10.67.104.20/24")
STUDIO = {
    "identity.vendor": "Poly",
    "identity.family": "poly-studio",
    "identity.model": "StudioX50",
    "identity.serial": "8L000000LAB50",
    "software.version": "4.1.0",
    "service.telnet.enabled": False,
    "service.ssh.enabled": True,
    "service.https.enabled": True,
    "service.http.enabled": False,
    "service.snmp.enabled": False,
    "service.sip.enabled": True,
    "service.h323.enabled": True,
    "password_policy.min_length": 12,
    "password_policy.digits": 1,
    "password_policy.lowercase": 1,
    "password_policy.uppercase": 1,
    "password_policy.special": 1,
    "password_policy.history": 12,
    "password_policy.max_age_days": 180,
    "snmp.versions": (),
    "snmp.default_community": False,
    "management.idle_timeout_s": 600,
    "management.lockout_attempts": 5,
    "accounts": (DeviceAccount("admin", "admin", True),),
    "call.encryption": "required",
    "call.auto_answer": False,
    "call.far_end_camera": False,
    "call.active": 0,
    "sip.encryption": "required",
    "serial_port.access": "login",
    "usb.enabled": True,
    "tls.min_version": "TLSv1.2",
    "ntp.servers": ("10.67.20.1",),
    "ntp.synchronised": True,
    "syslog.targets": (SyslogTarget("10.67.30.10", 514, "udp"),),
    "bandwidth.max_kbps": 4096,
    "interfaces": (Interface("wired", (OWN,)),),
}
EXPRESSWAY = {
    "identity.vendor": "Cisco",
    "identity.family": "cisco-expressway",
    "identity.model": "TANDBERG VCS",
    "identity.serial": "0A1B2C3D",
    "software.version": "X14.3.4",
    "call.active": 0,
}
TRIO = {
    "identity.vendor": "Polycom",
    "identity.family": "poly-trio",
    "identity.model": "Trio 8800",
    "software.version": "7.2.2.1094",
    "call.active": 0,
    "interfaces": (Interface("lan", (OWN,)),),
    "ntp.servers": ("10.67.20.1",),
    "syslog.targets": (SyslogTarget("10.67.30.10", None, "udp"),),
}

READ = [
    ("cisco-expressway", {}, EXPRESSWAY),
    ("cisco-expressway", {"rest_api": True, "edge": True}, EXPRESSWAY),
    ("cisco-expressway", {"software": "X8.11.4"}, {**EXPRESSWAY, "software.version": "X8.11.4"}),
    ("poly-studio", {"own_address": str(OWN)}, STUDIO),
    (
        "poly-studio",
        {
            "own_address": str(OWN),
            "telnet": True,
            "http": True,
            "encryption": "best-effort",
            "auto_answer": True,
            "lockout_attempts": 0,
            "idle_timeout_min": 0,
            "password_policy": {"min_length": 6, "max_age_days": 0},
            "snmp": {"enabled": True, "versions": ["2c"], "community": "public"},
            "syslog": False,
            "tls_min": "TLSv1.1",
        },
        {
            **STUDIO,
            "service.telnet.enabled": True,
            "service.http.enabled": True,
            "call.encryption": "best-effort",
            "call.auto_answer": True,
            "management.lockout_attempts": 0,
            "management.idle_timeout_s": 0,
            "password_policy.min_length": 6,
            "password_policy.max_age_days": 0,
            "service.snmp.enabled": True,
            "snmp.versions": ("2c",),
            "snmp.default_community": True,
            "syslog.targets": (),
            "tls.min_version": "TLSv1.1",
        },
    ),
    ("poly-trio", {"own_address": str(OWN)}, TRIO),
    ("poly-trio", {"own_address": str(OWN), "syslog": False}, {**TRIO, "syslog.targets": ()}),
]


@pytest.mark.parametrize(("family", "state", "expected"), READ)
def test_the_family_module_reads_what_the_state_says(
    tmp_path: Path, family: str, state: dict[str, Any], expected: dict[str, Any]
) -> None:
    platform, journal = find(family), Kept()
    with simulated(tmp_path, family, **state) as device:
        documents = list(platform.collect(access(device, family, journal)))
        asked = [what for kind, what in device.runtime.seen if kind == "http"]
    facts = platform.read(documents).facts
    assert {n: f.value for n, f in facts.items() if isinstance(f, Known)} == expected
    assert asked
    assert [a for a in asked if not any(re.fullmatch(p, a) for p in platform.allowed)] == []
    assert PASSWORD not in "".join(d.text for d in documents) + "".join(journal.lines)


FAMILIES = ("cisco-expressway", "poly-studio", "poly-trio")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_call_ends_the_visit_after_the_call_state(tmp_path: Path, family: str) -> None:
    with simulated(tmp_path, family, call_active=2) as device:
        with pytest.raises(Busy):
            list(find(family).collect(access(device, family, Kept())))
        asked = [what for kind, what in device.runtime.seen if kind == "http"]
    assert not any(re.search("SystemUnit|/rest/system|/info", what) for what in asked)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_wrong_password_is_tried_once_and_refused(tmp_path: Path, family: str) -> None:
    platform, journal = find(family), Kept()
    with simulated(tmp_path, family) as device:
        with pytest.raises(LoginRefused) as refused:
            list(platform.collect(access(device, family, journal, "wrong-Secret-9")))
        attempts = [what for kind, what in device.runtime.seen if kind == "login"]
    assert attempts == [USER]
    assert "wrong-Secret-9" not in str(refused.value) + "".join(journal.lines)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_told_without_a_login(tmp_path: Path, family: str) -> None:
    platform = find(family)
    with simulated(tmp_path, family) as device:
        port = device.ports["https"]
        probed = probe_login("127.0.0.1", port, Kept(), family, questions=platform.guarded)
    assert probed.interface.requires_login is True


def test_an_open_interface_of_a_studio_is_found(tmp_path: Path) -> None:
    with simulated(tmp_path, "poly-studio", api_open=True) as device:
        port, guarded = device.ports["https"], find("poly-studio").guarded
        probed = probe_login("127.0.0.1", port, Kept(), "poly-studio", questions=guarded)
    assert probed.interface.requires_login is False


def test_what_an_expressway_cannot_be_asked_stays_unknown(tmp_path: Path) -> None:
    platform = find("cisco-expressway")
    with simulated(tmp_path, "cisco-expressway") as device:
        documents = list(platform.collect(access(device, "cisco-expressway", Kept())))
    facts = platform.read(documents).facts
    assert isinstance(facts["service.telnet.enabled"], Unknown)
    assert isinstance(facts["accounts"], Unknown)
