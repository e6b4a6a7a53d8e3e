"""A Pexip platform is read over HTTPS: call state first, every node, every page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inventory.secrets import Secret
from lab.devices.certificate import for_state
from lab.devices.state import Device, running
from rules.facts import Known, SyslogTarget, Unknown
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, LoginRefused
from scanner.collect.login_probe import probe_login
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.platforms import find

PEXIP = find("pexip")
PASSWORD, USER = "planted-Lab-72", "kiemtra"


class Kept:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        self.lines.append(what)


@contextmanager
def simulated(folder: Path, **state: Any) -> Iterator[Device]:
    path = folder / "mcu.json"
    login = {"username": USER, "password": PASSWORD}
    base = {"family": "pexip", "address": "127.0.0.1", "ports": {"*": 0}, "login": login}
    path.write_text(json.dumps({**base, **state}))
    with running(path) as device:
        yield device


def access(device: Device, journal: Kept, password: str = PASSWORD) -> DeviceAccess:
    certificate = for_state(device.path, device.runtime.state).fingerprint
    port = device.ports["https"]
    return DeviceAccess(
        device_id="mcu",
        ssh=SshEndpoint(host="127.0.0.1", port=22, username=USER),
        web_address=lambda _: WebEndpoint("127.0.0.1", port, USER, certificate=certificate),
        allowed=PEXIP.allowed,
        journal=journal,
        vantage="test",
        stop=Stop(),
        password=Secret(password),
    )


def asked_of(device: Device) -> list[str]:
    return [what for kind, what in device.runtime.seen if kind == "http"]


GOOD = {
    "identity.vendor": "Pexip",
    "identity.family": "pexip",
    "software.version": "35 (82080.0.0)",
    "call.active": 0,
    "call.encryption": "required",
    "management.idle_timeout_s": 900,
    "service.h323.enabled": True,
    "sip.encryption": "best-effort",
    "service.sip.enabled": True,
    "service.snmp.enabled": True,
    "service.ssh.enabled": False,
    "snmp.default_community": False,
    "snmp.versions": ("3",),
    "syslog.targets": (SyslogTarget("10.67.30.10", 6514, "tls"),),
}
NODE = {"enable_ssh": "OFF", "snmp_mode": "DISABLED", "snmp_community": "public"}
MANY = [{"name": f"node-{n}", **NODE} for n in range(45)]
READ = [
    ({}, GOOD),
    (
        {"management": [{"name": "m", **NODE, "snmp_mode": "STANDARD"}]},
        {**GOOD, "snmp.versions": ("2c", "3"), "snmp.default_community": True},
    ),
    (
        {"nodes": [*MANY, {"name": "last", **NODE, "enable_ssh": "ON"}]},
        {**GOOD, "service.ssh.enabled": True, "service.snmp.enabled": False, "snmp.versions": ()},
    ),
    (
        {"conferences": [{"crypto_mode": ""}] * 30 + [{"crypto_mode": "off"}], "syslog": []},
        {n: v for n, v in GOOD.items() if n != "call.encryption"} | {"syslog.targets": ()},
    ),
]


@pytest.mark.parametrize(("state", "expected"), READ)
def test_the_platform_is_read_to_the_last_page(
    tmp_path: Path, state: dict[str, Any], expected: dict[str, Any]
) -> None:
    journal = Kept()
    with simulated(tmp_path, **state) as device:
        documents = list(PEXIP.collect(access(device, journal)))
        asked = asked_of(device)
    facts = PEXIP.read(documents).facts
    assert {n: f.value for n, f in facts.items() if isinstance(f, Known)} == expected
    assert asked == journal.lines
    assert all(any(re.fullmatch(p, what) for p in PEXIP.allowed) for what in asked)
    assert "/status/" in asked[0]
    assert "/status/" in asked[1]


def test_secrets_of_account_and_nodes_are_nowhere(tmp_path: Path) -> None:
    journal = Kept()
    node = {**NODE, "snmp_mode": "STANDARD", "snmp_community": "planted-cong-dong"}
    node["snmp_privacy_password"] = "planted-ma-hoa"
    with simulated(tmp_path, nodes=[node | {"name": f"x {PASSWORD} y"}]) as device:
        documents = list(PEXIP.collect(access(device, journal)))
    shown = "".join([*(d.text + repr(d) for d in documents), *journal.lines])
    assert "planted" not in shown
    facts = PEXIP.read(documents).facts
    assert facts["snmp.default_community"] == Known(
        False, facts["snmp.default_community"].citations
    )


def test_a_conference_ends_the_visit_after_the_first_question(tmp_path: Path) -> None:
    with simulated(tmp_path, call_active=3) as device:
        with pytest.raises(Busy):
            list(PEXIP.collect(access(device, Kept())))
        assert asked_of(device) == ["GET /api/admin/status/v1/conference/"]


@pytest.mark.parametrize(
    ("state", "password"), [({}, "wrong-1"), ({"basic_auth": False}, PASSWORD)]
)
def test_a_refused_account_is_tried_once(
    tmp_path: Path, state: dict[str, Any], password: str
) -> None:
    with simulated(tmp_path, **state) as device:
        with pytest.raises(LoginRefused, match="api_oauth2_disable_basic") as refused:
            list(PEXIP.collect(access(device, Kept(), password)))
        assert len(asked_of(device)) == 1
    assert password not in f"{refused.value!r} {refused.value.reason}"


@pytest.mark.parametrize("is_open", [True, False])
def test_an_open_interface_is_found(tmp_path: Path, is_open: bool) -> None:
    with simulated(tmp_path, api_open=is_open) as device:
        port = device.ports["https"]
        probed = probe_login("127.0.0.1", port, Kept(), "mcu", questions=PEXIP.guarded)
    assert probed.interface.requires_login is not is_open


def test_what_a_platform_does_not_tell_is_no_fact(tmp_path: Path) -> None:
    with simulated(tmp_path, nodes=[{"name": "a"}], settings={"crypto_mode": "x"}) as device:
        documents = list(PEXIP.collect(access(device, Kept())))
        assert set(device.ports) == {"https"}
    facts = PEXIP.read(documents).facts
    for name in ("service.ssh.enabled", "snmp.versions", "call.encryption"):
        assert isinstance(facts[name], Unknown)
    assert not {"accounts", "password_policy.min_length", "management.allowlist"} & set(facts)


def test_a_node_that_follows_a_setting_that_is_not_shown_is_in_doubt(tmp_path: Path) -> None:
    nodes = [{"name": "a", "enable_ssh": "GLOBAL", "snmp_mode": "DISABLED"}]
    settings = {"enable_ssh": None}
    with simulated(tmp_path, nodes=nodes, settings=settings) as device:
        documents = list(PEXIP.collect(access(device, Kept())))
    assert isinstance(PEXIP.read(documents).facts["service.ssh.enabled"], Unknown)
