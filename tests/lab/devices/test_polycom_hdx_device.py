"""The simulated HDX: what its state opens, and what it says on telnet."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lab.devices.digest_auth import MOST_NONCES, DigestLogin
from lab.devices.polycom_hdx import DEFAULTS
from lab.devices.state import Device, Runtime, running
from lab.devices.web_server import Request
from scanner.collect.greeting import listen
from scanner.collect.journal import NullJournal
from scanner.collect.sip import ask
from scanner.platforms.polycom_hdx import PLATFORM
from scanner.recognise import Banner, recognise

Start = Callable[..., Device]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(**state: Any) -> Device:
            path = tmp_path / "hdx.json"
            base = {"family": "polycom-hdx", "address": "127.0.0.1", "ports": {"*": 0}}
            path.write_text(json.dumps({**base, **state}))
            return stack.enter_context(running(path))

        yield started


def change(device: Device, **state: Any) -> None:
    before = json.loads(device.path.read_text())
    device.path.write_text(json.dumps({**before, **state}))
    assert device.refresh()


def test_the_compliant_state_opens_nothing_in_clear_text(start: Start) -> None:
    assert set(start().ports) == {"https", "h323", "sip", "sips", "sip-udp"}


def test_telnet_opens_the_shell_and_the_interface_and_closes_them(start: Start) -> None:
    device = start()
    before = device.ports
    change(device, telnet=True, http=True)
    assert device.ports.keys() - before.keys() == {"telnet", "telnet-api", "http"}
    assert device.ports["https"] == before["https"]
    change(device, telnet=False, http=False, sip=False, h323=False)
    assert set(device.ports) == {"https"}


def test_the_interface_on_telnet_says_which_system_it_is(start: Start) -> None:
    device = start(telnet=True)
    document = listen("127.0.0.1", device.ports["telnet-api"], NullJournal(), "vcs")
    assert document.lines[1].startswith("Hi, my name is :")
    found = recognise(Banner("greeting", document.text.partition("\n")[2]))
    assert found is not None
    assert (found.family, found.model, found.version) == (
        "polycom-hdx",
        DEFAULTS["model"],
        f"{DEFAULTS['software']}-{DEFAULTS['build']}",
    )
    facts = PLATFORM.read([document]).facts
    assert facts["identity.model"].value == DEFAULTS["model"]  # type: ignore[union-attr]


def test_the_interface_on_telnet_answers_questions_and_nothing_else(start: Start) -> None:
    device = start(telnet=True, call_active=1)
    with socket.create_connection(("127.0.0.1", device.ports["telnet-api"]), 2) as conn:
        conn.settimeout(2)
        conn.sendall(b"callinfo all\r\nhangup all\r\n")
        heard = b""
        while b"error" not in heard:
            heard += conn.recv(4096)
    text = heard.decode()
    assert "callinfo:41:" in text
    assert text.rstrip().endswith("error: command not found")


def test_sip_names_the_system(start: Start) -> None:
    device = start()
    document = ask("127.0.0.1", NullJournal(), "vcs", port=device.ports["sip-udp"])
    agents = [line for line in document.lines if line.startswith("User-Agent:")]
    found = recognise(Banner("sip", agents[0].partition(": ")[2]))
    assert found is not None
    assert (found.family, found.model, found.version) == ("polycom-hdx", "HDX 8000 HD", "3.1.14")


def test_a_change_of_the_login_scheme_is_in_force_at_once(start: Start) -> None:
    device = start()
    change(device, login_scheme="open")
    assert set(device.ports) >= {"https"}


# --- the challenge ---------------------------------------------------------------------------


def asked(authorization: str | None = None, path: str = "/x") -> Request:
    headers = {} if authorization is None else {"authorization": authorization}
    return Request("GET", path, "", headers, b"", "127.0.0.1")


@pytest.fixture
def login(tmp_path: Path) -> DigestLogin:
    runtime = Runtime(tmp_path / "state.json")
    runtime.state = {"login": {"username": "admin", "password": "lab-only"}}
    return DigestLogin(runtime, "system")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic YWRtaW46bGFiLW9ubHk=",
        "Digest",
        'Digest username="admin"',
        'Digest username="admin", realm="system", nonce="n", uri="/x", qop=auth, nc=zz',
        'Digest username="admin", realm="system", uri="/x", qop=auth, nc=00000001, cnonce="c"',
        'Digest username="admin", realm="other", nonce="n", uri="/x", qop=auth, nc=00000001',
        'Digest username="admin", realm="system", nonce="n", uri="/y", qop=auth, nc=00000001',
    ],
)
def test_what_proves_nothing_gets_a_challenge(
    login: DigestLogin, authorization: str | None
) -> None:
    refusal = login.refusal(asked(authorization))
    assert refusal is not None
    assert refusal.status == 401
    ((name, value),) = refusal.headers
    assert name == "WWW-Authenticate"
    assert value.startswith('Digest realm="system", nonce="')
    assert "stale" not in value


def test_challenges_do_not_pile_up(login: DigestLogin) -> None:
    for _ in range(MOST_NONCES + 5):
        login.refusal(asked())
    assert len(login._nonces) == MOST_NONCES
