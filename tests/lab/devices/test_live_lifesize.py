"""The family module reads the simulated device over real SSH; the device is recognised as one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inventory.secrets import Secret
from lab.devices.command_line import fingerprint, host_key
from lab.devices.state import Device, running
from rules.facts import Known, Unknown
from scanner.collect import sip, tls
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.lifesize_cli import COMMANDS
from scanner.recognise import agreed, banners_of

PASSWORD = "planted-Lab-72"
FAMILY = find("lifesize")
EXPECTED = {
    "identity.vendor": "Lifesize",
    "identity.family": "lifesize",
    "identity.model": "Room 220",
    "identity.serial": "SYS00LAB0220",
    "software.version": "LS_RM1_4.7.18 (4)",
    "call.active": 0,
    "call.auto_answer": False,
}


class Kept:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        self.lines.append(what)


@contextmanager
def simulated(folder: Path, **state: Any) -> Iterator[Device]:
    path = folder / "lifesize.json"
    base = {
        "family": "lifesize",
        "address": "127.0.0.1",
        "ports": {"*": 0},
        "login": {"username": "auto", "password": PASSWORD},
    }
    path.write_text(json.dumps({**base, **state}))
    with running(path) as device:
        yield device


def access(device: Device, journal: Kept, password: str = PASSWORD) -> DeviceAccess:
    return DeviceAccess(
        device_id="lifesize",
        ssh=SshEndpoint(
            host="127.0.0.1",
            port=device.ports["ssh"],
            username="auto",
            password=password,
            host_key=fingerprint(host_key(device.path, device.runtime.state)),
            command_timeout_s=3.0,
        ),
        web_address=lambda _: WebEndpoint(host="127.0.0.1", port=device.ports["https"]),
        allowed=FAMILY.allowed,
        journal=journal,
        vantage="test",
        stop=Stop(),
        password=Secret(password),
    )


def visit(device: Device) -> tuple[list[Document], CollectError | None]:
    """What came, and what ended the visit early."""
    documents = []
    try:
        for document in FAMILY.collect(access(device, Kept())):
            documents.append(document)
    except CollectError as why:
        return documents, why
    return documents, None


def asked(device: Device) -> list[str]:
    return [what for kind, what in device.runtime.seen if kind == "ssh-shell"]


def test_the_family_module_reads_what_the_state_says(tmp_path: Path) -> None:
    journal = Kept()
    with simulated(tmp_path) as device:
        documents = list(FAMILY.collect(access(device, journal)))
        assert asked(device) == list(COMMANDS)
    facts = FAMILY.read(documents).facts
    assert {n: f.value for n, f in facts.items() if isinstance(f, Known)} == EXPECTED
    (serial,) = facts["identity.serial"].citations
    assert (serial.source, serial.text) == ("get system serial-number", "CPU00LAB0220,SYS00LAB0220")
    sent = [what for what in journal.lines if not re.match(r"(connect|login) ", what)]
    assert sent == list(COMMANDS)
    assert PASSWORD not in "".join(d.text for d in documents) + "".join(journal.lines)


def test_other_models_and_releases(tmp_path: Path) -> None:
    state = {
        "auto_answer": True,
        "model": "Express 220",
        "software": "LS_EX2_4.11.3 (12)",
        "serial": ["C-1234", "S-5678"],
    }
    with simulated(tmp_path, **state) as device:
        facts = FAMILY.read(list(FAMILY.collect(access(device, Kept())))).facts
    names = ("identity.model", "software.version", "identity.serial", "call.auto_answer")
    told = [facts[name] for name in names]
    assert [f.value for f in told if isinstance(f, Known)] == [
        "Express 220",
        "LS_EX2_4.11.3 (12)",
        "S-5678",
        True,
    ]


@pytest.mark.parametrize("calls", [1, 3])
def test_a_call_ends_the_visit_after_the_call_state(tmp_path: Path, calls: int) -> None:
    with simulated(tmp_path, call_active=calls) as device:
        documents, why = visit(device)
        assert isinstance(why, Busy)
        assert "in a call" in why.reason.en
        assert asked(device) == ["status call active"]
    found = FAMILY.read(documents).facts["call.active"]
    assert isinstance(found, Known)
    assert found.value == calls


def test_a_message_inside_the_call_state_puts_the_visit_off(tmp_path: Path) -> None:
    with simulated(tmp_path, message="CS,2,1,Dialing,Video,,10.67.101.9") as device:
        with pytest.raises(Busy, match="message"):
            list(FAMILY.collect(access(device, Kept())))
        assert asked(device) == ["status call active"]


def test_a_device_that_does_not_answer_is_told_as_such(tmp_path: Path) -> None:
    with simulated(tmp_path, hang_on=["get system model"]) as device:
        documents, why = visit(device)
    assert why is not None
    assert "did not finish answering" in why.reason.en
    facts = FAMILY.read(documents).facts
    assert isinstance(facts["software.version"], Known)
    assert "identity.model" not in facts
    assert isinstance(facts["identity.serial"], Unknown)


def test_a_wrong_password_is_tried_once_and_refused(tmp_path: Path) -> None:
    journal = Kept()
    with simulated(tmp_path) as device:
        with pytest.raises(LoginRefused) as refused:
            list(FAMILY.collect(access(device, journal, "wrong-Secret-9")))
        attempts = [what for kind, what in device.runtime.seen if kind == "ssh-auth"]
    assert attempts == ["password auto"]
    assert "wrong-Secret-9" not in str(refused.value) + "".join(journal.lines)


def test_the_ports_follow_the_state(tmp_path: Path) -> None:
    usual = {"ssh", "https", "h323", "sip", "sips", "sip-udp"}
    with simulated(tmp_path) as device:
        assert set(device.ports) == usual
    with simulated(tmp_path, telnet=True, http=True, h323=False, sip=False) as device:
        assert set(device.ports) == {"ssh", "https", "http", "telnet"}


def test_the_certificate_and_the_user_agent_name_the_family(tmp_path: Path) -> None:
    with simulated(tmp_path) as device:
        ports = device.ports
        seen = [
            tls.show("127.0.0.1", ports["https"], Kept(), "x"),
            sip.ask("127.0.0.1", Kept(), "x", port=ports["sip-udp"]),
        ]
    identity = agreed(banners_of(seen))
    assert identity is not None
    assert (identity.family, identity.model, identity.version) == ("lifesize", "Room_220", "4.7.18")
    assert {one.banner.kind for one in identity.evidence} == {"certificate", "sip"}
