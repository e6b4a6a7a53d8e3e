"""A simulated device follows its state file: ports, certificate, answers."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.devices.certificate import for_state
from lab.devices.listeners import answers_sip_options
from lab.devices.state import BadState, Device, merged, running

ROOT = Path(__file__).resolve().parents[3]
BASE = {"family": "polycom-group", "address": "127.0.0.1", "ports": {"*": 0}}


def write(path: Path, **state: Any) -> str:
    text = json.dumps({**BASE, **state})
    path.write_text(text)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "vcs.json")
    return tmp_path / "vcs.json"


@pytest.fixture
def device(path: Path) -> Iterator[Device]:
    with running(path) as device:
        yield device


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def shown_certificate(port: int) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), 2) as plain,
        context.wrap_socket(plain) as secured,
    ):
        return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()


def test_the_compliant_state_opens_no_clear_text_management(device: Device) -> None:
    assert set(device.ports) == {"https", "ssh", "h323", "sip", "sips", "sip-udp"}


def test_a_change_opens_and_closes_ports_and_leaves_the_others_alone(
    device: Device, path: Path
) -> None:
    before = device.ports
    held = socket.create_connection(("127.0.0.1", before["h323"]), 2)
    digest = write(path, telnet=True, http=True, sip=False, extra_tcp=[0])
    assert device.refresh()
    assert device.ports.keys() - before.keys() == {"telnet", "telnet-api", "http", "extra-0"}
    assert device.ports["https"] == before["https"]
    assert not connects(before["sip"])
    assert (path.parent / "vcs.json.applied").read_text().strip() == digest
    assert json.loads((path.parent / "vcs.json.ports").read_text()) == device.ports
    held.settimeout(0.1)
    with pytest.raises(TimeoutError):
        held.recv(1)
    held.close()
    telnet = socket.create_connection(("127.0.0.1", device.ports["telnet"]), 2)
    greeting = b""
    while not greeting.endswith(b"login: "):
        greeting += telnet.recv(100)
    write(path)
    assert device.refresh()
    assert telnet.recv(100) == b""
    telnet.close()
    assert set(device.ports) == set(before)


def test_an_unchanged_file_is_not_applied_again(device: Device) -> None:
    assert not device.refresh()


def test_a_certificate_comes_and_goes_with_the_state_and_can_be_known_before(
    device: Device, path: Path
) -> None:
    usual = shown_certificate(device.ports["https"])
    expired = {"not_after": "2025-06-30T00:00:00+00:00"}
    expected = for_state(path, {**BASE, "certificate": expired}).fingerprint
    write(path, certificate=expired)
    device.refresh()
    assert shown_certificate(device.ports["https"]) == expected != usual
    write(path)
    device.refresh()
    assert shown_certificate(device.ports["https"]) == usual


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"family": "no-such"}', '{"family": "../x"}', '{"family": 3}']
)
def test_a_bad_file_changes_nothing(device: Device, path: Path, content: str) -> None:
    before = device.ports
    path.write_text(content)
    with pytest.raises(BadState):
        device.refresh()
    assert device.ports == before
    assert connects(before["https"])


def test_a_bad_value_in_the_state_is_told(device: Device, path: Path) -> None:
    write(path, tls_min="SSLv2")
    with pytest.raises(BadState, match="SSLv2"):
        device.refresh()


def test_dictionaries_of_the_state_are_merged_with_the_defaults() -> None:
    defaults = {"snmp": {"enabled": False, "versions": ["3"]}, "telnet": False}
    assert merged(defaults, {"snmp": {"enabled": True}}) == {
        "snmp": {"enabled": True, "versions": ["3"]},
        "telnet": False,
    }


def test_sip_options_are_answered_and_nothing_else() -> None:
    answer = answers_sip_options("HUAWEI TE40")
    question = b"OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nCSeq: 1 OPTIONS\r\nX: y\r\n\r\n"
    assert answer(question) == (
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nCSeq: 1 OPTIONS\r\n"
        b"User-Agent: HUAWEI TE40\r\nContent-Length: 0\r\n\r\n"
    )
    assert answer(b"INVITE sip:x SIP/2.0\r\n\r\n") is None
    assert answer(b"\x00\xff") is None


def test_the_process_follows_its_file_and_ends_on_a_signal(path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "lab.devices", str(path)], cwd=ROOT)
    applied = path.parent / "vcs.json.applied"

    def wait_for(digest: str) -> None:
        deadline = time.monotonic() + 20
        while not (applied.exists() and applied.read_text().strip() == digest):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)

    try:
        wait_for(hashlib.sha256(path.read_bytes()).hexdigest())
        path.write_text("{")
        time.sleep(0.5)
        wait_for_digest = write(path, telnet=True)
        wait_for(wait_for_digest)
        ports = json.loads((path.parent / "vcs.json.ports").read_text())
        assert connects(ports["telnet"])
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not connects(ports["telnet"])


@pytest.mark.parametrize("arguments", [[], ["absent.json"], ["a", "b"]])
def test_a_device_that_cannot_start_says_so(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lab.devices", *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr
    assert b"Traceback" not in done.stderr
