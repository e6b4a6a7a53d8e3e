"""A VP bridge is asked over real SNMP who it is, by GET and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.secrets import Secret
from lab.devices.state import Device, running
from lab.namespaces import tool
from rules.facts import Known, Unknown
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import CollectError, LoginRefused
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import probe_login
from scanner.collect.snmp import SnmpAgent, UsmUser
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.evidence import Document
from scanner.platforms import find
from scanner.recognise import agreed, banners_of

pytestmark = pytest.mark.skipif(not Path(tool("snmpd")).is_absolute(), reason="no snmpd here")

VP = find("huawei-vp")
KEYS = {"authentication_key": "planted-xac-thuc", "privacy_key": "planted-ma-hoa"}


class Journal:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        assert (device_id, transport) == ("mcu", "snmp")
        self.lines.append(what)


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    path = tmp_path_factory.mktemp("vp") / "mcu.json"
    base = {"family": "huawei-vp", "address": "127.0.0.1", "ports": {"*": 0}, "snmp": KEYS}
    path.write_text(json.dumps(base))
    with running(path) as device:
        yield device


def visit(device: Device, journal: Any, **changes: Any) -> list[Document]:
    keys = {name: Secret(changes.pop(name, key)) for name, key in KEYS.items()}
    user = UsmUser(**{"user": "giam-sat", "authentication": "SHA-256", **keys, **changes})
    agent = SnmpAgent("127.0.0.1", user, device.ports["snmp"], 0.5)
    return list(VP.collect(access(journal, agent)))


def access(journal: Any, agent: SnmpAgent | None) -> DeviceAccess:
    return DeviceAccess(
        device_id="mcu",
        ssh=SshEndpoint(host="127.0.0.1", port=22, username=""),
        web_address=lambda _: WebEndpoint(host="127.0.0.1", port=8443),
        allowed=VP.allowed,
        journal=journal,
        vantage="test",
        stop=Stop(),
        snmp_agent=lambda: agent,
    )


def test_the_bridge_says_who_it_is(bridge: Device) -> None:
    journal = Journal()
    documents = visit(bridge, journal)
    facts = VP.read(documents).facts
    assert {n: f.value for n, f in facts.items() if isinstance(f, Known)} == {
        "identity.vendor": "Huawei",
        "identity.family": "huawei-vp",
        "identity.model": "VP9660",
        "software.version": "V600R006C10",
        "service.snmp.enabled": True,
    }
    assert {c.line for f in facts.values() if isinstance(f, Known) for c in f.citations} == {2}
    assert {d.evidence_class for d in documents} == {"C"}
    assert journal.lines == [f"SNMP GET 1.3.6.1.2.1.1.{number}.0" for number in (1, 2, 5)]
    identity = agreed(banners_of(documents))
    assert identity is not None
    assert (identity.family, identity.model) == ("huawei-vp", "VP9660")
    shown = "".join(document.text for document in documents)
    assert not [key for key in KEYS.values() if key in shown]


def test_without_an_account_and_with_a_wrong_one_nothing_is_told(bridge: Device) -> None:
    with pytest.raises(CollectError):
        list(VP.collect(access(NullJournal(), None)))
    with pytest.raises(LoginRefused):
        visit(bridge, Journal(), user="nobody")


def test_it_is_seen_that_reading_needs_a_login(bridge: Device) -> None:
    port = bridge.ports["https"]
    probe = probe_login("127.0.0.1", port, NullJournal(), "mcu", questions=VP.guarded)
    assert probe.interface.requires_login is True


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("call.active", "declare the meetings in the calendar"),
        ("ntp.servers", "SNMP tells only model and release"),
        ("accounts", "none is tried"),
        ("management.lockout_attempts", "5 wrong passwords in a row lock the IP address"),
        ("password_policy.max_age_days", "90 days"),
        ("password_policy.min_length", "EDOC1100059054"),
    ],
)
def test_what_it_does_not_tell_has_its_reason(fact: str, reason: str) -> None:
    walk = b"SNMPv2-MIB::sysDescr.0 = STRING: HUAWEI VP9650 V600R006C10 x\n"
    for documents in ([], [Document(walk, "walk", "O", datetime(2026, 1, 1, tzinfo=UTC))]):
        told = VP.read(documents).facts[fact]
        assert isinstance(told, Unknown)
        assert reason in told.reason.en
