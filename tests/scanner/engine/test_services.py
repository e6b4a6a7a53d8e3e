"""What open ports are: by their own words first, by nmap last, and never during a meeting."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.model import Inventory
from rules.facts import OpenPort, PortScan
from rules.network_facts import PortRange
from scanner.collect.journal import NullJournal
from scanner.collect.ports import PortScanner
from scanner.collect.stopping import Stop
from scanner.engine.services import Identified, Services
from tests.rules.compliant import declared
from tests.scanner.collect.authority import plain_server

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


class Journal(NullJournal):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        self.lines.append(f"{transport} {what}")


def inventory(meeting: datetime | None = None, **scan: Any) -> Inventory:
    plain = declared()
    plain["scan"] = {**plain.get("scan", {}), "rate_kbps": 10_000, **scan}
    for device in plain["devices"]:
        if device["id"] == "vcs":
            device["address"], site = "127.0.0.1", device["site"]
    if meeting is not None:
        times = {"start": meeting.isoformat(), "end": meeting.replace(hour=23).isoformat()}
        plain["calendar"] = {"meetings": [{"title": "họp", "sites": [site], **times}]}
    return Inventory.model_validate(plain)


def identified(
    plan: Inventory, journal: Journal, *ports: OpenPort, udp: bool = False
) -> Identified:
    here = PortScanner("may-quet", "", 10_000, journal.sent)
    services = Services(plan, journal, here, lambda: NOON, Stop())
    protocol: Any = "udp" if udp else "tcp"
    scan = PortScan("may-quet", "", protocol, (PortRange(1, 65535),), True, ports)
    ask = services.over_udp if udp else services.over_tcp
    return ask(plan.device("vcs"), scan)


def after_hello(reply: bytes, to: bytes) -> Callable[[socket.socket], None]:
    """A server that waits for its client and answers one kind of question."""

    def serve(client: socket.socket) -> None:
        client.settimeout(2)
        with client, suppress(OSError):
            if client.recv(4096).startswith(to):
                client.sendall(reply)

    return serve


def test_a_port_that_waits_for_its_client_is_identified_by_its_answer() -> None:
    journal = Journal()
    with plain_server(
        after_hello(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", b"OPTIONS * RTSP")
    ) as port:
        scan, documents, cited = identified(inventory(), journal, OpenPort(port, "open"))
    assert [p.speaks for p in scan.open] == ["rtsp"]
    assert [document.source for document in documents] == [f"introduce 127.0.0.1:{port}"]
    assert [citation.text for citation in cited] == ["asked rtsp: RTSP/1.0 200 OK"]
    assert not any("nmap" in line for line in journal.lines)


@pytest.mark.skipif(not shutil.which("nmap"), reason="nmap is not installed")
def test_nmap_is_asked_about_what_stays_unidentified_and_quoted() -> None:
    journal = Journal()
    reply = b"-ERR unknown command 'x'\r\n"
    with plain_server(after_hello(reply, b"*1\r\n$4\r\ninfo")) as port:
        scan, documents, cited = identified(inventory(), journal, OpenPort(port, "open"))
    asked = [line for line in journal.lines if line.startswith("nmap")]
    assert len(asked) == 1
    assert f"-p {port} 127.0.0.1" in asked[0]
    assert documents[-1].source in asked[0]
    assert cited[-1].text.startswith(f"nmap: {port} ")
    assert [p.speaks for p in scan.open] == [""]


@pytest.mark.parametrize(
    ("plan", "asks", "nmap"),
    [
        (inventory(identify_services=False), False, False),
        (inventory(nmap_versions=False), True, False),
        (inventory(meeting=NOON), False, False),
        (inventory(meeting=NOON.replace(hour=6, second=10)), True, False),
    ],
    ids=["switched off", "without nmap", "in a meeting", "too long for what is left"],
)
def test_what_is_switched_off_or_in_the_way_of_a_meeting_is_not_asked(
    plan: Inventory, asks: bool, nmap: bool
) -> None:
    journal = Journal()
    with plain_server(after_hello(b"", b"nothing")) as port:
        scan, _, _ = identified(plan, journal, OpenPort(port, "open"))
    assert any(line.startswith("tls hello") for line in journal.lines) is asks
    assert any(line.startswith("nmap") for line in journal.lines) is nmap
    assert [p.speaks for p in scan.open] == [""]


@pytest.mark.parametrize("port", [1719, 1720])
def test_call_signalling_of_h323_is_neither_asked_nor_given_to_nmap(port: int) -> None:
    journal = Journal()
    identified(inventory(), journal, OpenPort(port, "open"))
    assert not any(line.startswith(("tls", "http", "sip", "nmap")) for line in journal.lines)


def test_sip_over_udp_answers_for_its_silent_port(monkeypatch: pytest.MonkeyPatch) -> None:
    from scanner.engine import services

    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(3)
        port = server.getsockname()[1]
        monkeypatch.setattr(services, "SIP_PORT", port)

        def answer() -> None:
            with suppress(OSError):
                asked, client = server.recvfrom(4096)
                kept = [
                    line
                    for line in asked.split(b"\r\n")
                    if line.startswith((b"Via", b"From", b"To", b"Call-ID", b"CSeq"))
                ]
                server.sendto(b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"", b""]), client)

        threading.Thread(target=answer, daemon=True).start()
        scan, documents, cited = identified(
            inventory(), Journal(), OpenPort(port, "open|filtered"), udp=True
        )
    assert [(p.state, p.speaks) for p in scan.open] == [("open", "sip")]
    assert [citation.text for citation in cited] == ["SIP/2.0 200 OK"]
    assert len(documents) == 1
