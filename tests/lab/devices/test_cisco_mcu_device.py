"""The simulated MCU: what its state opens, and how it refuses."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lab.devices.cisco_mcu import DEFAULTS, _Device
from lab.devices.cisco_mcu_calls import response
from lab.devices.state import Device, Runtime, merged, running
from lab.devices.web_server import Request
from scanner.collect.greeting import listen
from scanner.collect.journal import NullJournal
from scanner.recognise import Banner, recognise

Start = Callable[..., Device]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(**state: Any) -> Device:
            path = tmp_path / "mcu.json"
            base = {"family": "cisco-mcu", "address": "127.0.0.1", "ports": {"*": 0}}
            path.write_text(json.dumps({**base, **state}))
            return stack.enter_context(running(path))

        yield started


def test_the_compliant_state_opens_nothing_in_clear_text(start: Start) -> None:
    assert set(start().ports) == {"https", "h323", "sip", "sips", "sip-udp"}


def test_every_service_of_the_state_is_a_port(start: Start) -> None:
    assert start(http=True, ftp=True, sip=False).ports.keys() == {"https", "http", "ftp", "h323"}


def test_ftp_greets_with_model_and_version(start: Start) -> None:
    document = listen("127.0.0.1", start(ftp=True).ports["ftp"], NullJournal(), "mcu")
    found = recognise(Banner("greeting", document.lines[1]))
    assert found is not None
    assert (found.family, found.model, found.version) == ("cisco-mcu", "MCU 4510", "4.5(1.89)")


# --- calls -----------------------------------------------------------------------------------


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Any]:
    """Calls a device without a network; a fault is raised."""

    def asked(method: str, state: dict[str, Any] | None = None, **members: Any) -> Any:
        runtime = Runtime(tmp_path / "state.json")
        runtime.state = merged(DEFAULTS, state or {})
        login = {"authenticationUser": "hnth-audit", "authenticationPassword": "Kiem-toan.2026!"}
        body = xmlrpc.client.dumps(({**login, **members},), method).encode()
        request = Request("POST", "/RPC2", "", {}, body, "127.0.0.1")
        answer = _Device(runtime).answer(request)
        assert answer.status == 200
        ((value,), _) = xmlrpc.client.loads(answer.body)  # type: ignore[arg-type]
        return value

    return asked


def test_services_are_those_of_the_state(ask: Callable[..., Any]) -> None:
    ports = ask("services.query", {"ftp": True})["ports"]
    assert [port["protocol"] for port in ports] == ["IPv4", "IPv6"]
    on = {service["name"] for service in ports[0]["services"] if service["enabled"]}
    assert on == {"https", "ftp", "h225", "sip_tcp", "sips_tcp", "sip_udp"}
    assert not any(service["enabled"] or "port" in service for service in ports[1]["services"])


@pytest.mark.parametrize(
    ("state", "wanted", "names"),
    [
        ({"call_active": 1, "connecting": 1}, None, ["connected-0", "connecting-0"]),
        ({"call_active": 1, "connecting": 1}, "connecting", ["connecting-0"]),
        ({"revision": None}, "connected", []),
        ({"revision": 3}, "connected", None),
    ],
)
def test_participants_are_listed_by_their_state(
    ask: Callable[..., Any], state: dict[str, Any], wanted: str | None, names: list[str] | None
) -> None:
    members = {"operationScope": ["currentState"]}
    members |= {} if wanted is None else {"enumerateFilter": wanted}  # type: ignore[dict-item]
    listed = ask("participant.enumerate", state, **members).get("participants")
    assert (None if listed is None else [p["participantName"] for p in listed]) == names


@pytest.mark.parametrize(
    ("method", "members", "code"),
    [
        ("device.query", {"authenticationPassword": "wrong"}, 14),
        ("device.query", {"authenticationUser": ""}, 14),
        ("device.restart", {}, 1),
        ("flex.participant.enumerate", {}, 1),
    ],
)
def test_a_refusal_is_a_fault_with_its_number(
    ask: Callable[..., Any], method: str, members: dict[str, str], code: int
) -> None:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        ask(method, **members)
    assert caught.value.faultCode == code


@pytest.mark.parametrize("body", [b"", b"<x", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_call_is_a_fault(tmp_path: Path, body: bytes) -> None:
    runtime = Runtime(tmp_path / "state.json")
    runtime.state = DEFAULTS
    answer = _Device(runtime).answer(Request("POST", "/RPC2", "", {}, body, "127.0.0.1"))
    with pytest.raises(xmlrpc.client.Fault):
        xmlrpc.client.loads(answer.body)  # type: ignore[arg-type]


def test_answers_are_what_other_clients_read() -> None:
    value = {"a": [1, True, "x<&>", {"b": "đ"}], "c": []}
    assert xmlrpc.client.loads(response(value)) == ((value,), None)
