"""Ports that wait for their client: real servers are known by their answers, silence by nothing."""

from __future__ import annotations

import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from lab.devices.sip import SipPort
from lab.devices.state import Runtime
from rules.facts import OpenPort, PortScan
from rules.network_facts import PortRange
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.port_questions import (
    NEVER,
    Pace,
    introduce,
    of_introduction,
    port_of,
    speaks_tls,
    telling_line,
)
from scanner.collect.port_speech import introduced, told_before
from scanner.evidence import Document
from tests.scanner.collect.authority import Made, made, plain_server, tls_server


class Journal(NullJournal):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        self.lines.append(f"{transport} {what}")


@pytest.fixture(scope="module")
def certificate() -> Made:
    return made("vcs")


def asked(port: int, journal: NullJournal | None = None, **how: object) -> Document:
    settings = {"pace": Pace(1_000_000, 50), "vantage": "may-quet", "timeout_s": 0.4, **how}
    return introduce("127.0.0.1", port, journal or NullJournal(), "vcs", **settings)  # type: ignore[arg-type]


@contextmanager
def web() -> Iterator[int]:
    class Page(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def answering(reply: bytes) -> Callable[[socket.socket], None]:
    def serve(client: socket.socket) -> None:
        client.settimeout(1)
        with client:
            try:
                if client.recv(4096)[:1] != b"\x16":
                    client.sendall(reply)
            except OSError:
                return

    return serve


def test_http_in_the_clear_is_known() -> None:
    journal = Journal()
    with web() as port:
        seen = asked(port, journal)
    assert of_introduction(seen) == "http"
    assert not speaks_tls(seen)
    assert seen.cite(telling_line(seen)).text == "asked http: HTTP/1.0 401 Unauthorized"
    assert (seen.evidence_class, seen.vantage, port_of(seen)) == ("P", "may-quet", port)
    assert journal.lines == [f"tls hello 127.0.0.1:{port}", f"http HEAD / HTTP/1.0 {port}/tcp"]


@pytest.mark.parametrize(
    ("reply", "speaks"),
    [
        (b"HTTP/1.1 302 Found\r\n\r\n", "https"),
        (b"RTSP/1.0 200 OK\r\n\r\n", "rtsps"),
        (b"hello\r\n", ""),
        (b"", ""),
    ],
)
def test_what_is_spoken_inside_tls_is_known(
    certificate: Made, tmp_path: Path, reply: bytes, speaks: str
) -> None:
    def inside(secured: ssl.SSLSocket) -> None:
        secured.recv(4096)
        secured.sendall(reply)

    with tls_server(tmp_path, certificate, inside=inside) as port:
        seen = asked(port)
    assert speaks_tls(seen)
    assert of_introduction(seen) == speaks


@pytest.mark.parametrize(
    ("reply", "speaks"),
    [
        (b"RTSP/1.0 501 Not Implemented\r\n\r\n", "rtsp"),
        (b"SIP/2.0 400 Bad Request\r\n\r\n", "sip"),
        (b"SSH-2.0-x\r\n", ""),
        (b"HTTP\r\n", ""),
        (b"\x00\xff\xfe" * 40, ""),
    ],
)
def test_an_answer_in_another_protocol_names_that_one(reply: bytes, speaks: str) -> None:
    with plain_server(answering(reply)) as port:
        seen = asked(port)
    assert not speaks_tls(seen)
    assert of_introduction(seen) == speaks


def test_sip_over_tcp_is_asked_for_its_options(tmp_path: Path) -> None:
    runtime = Runtime(tmp_path / "state.json")
    runtime.state = {"address": "127.0.0.1", "ports": {"*": 0}}
    server = SipPort(runtime, "sip-5060", 5060, "Codec/1.0")
    server.open()
    try:
        seen = asked(server.bound_port, timeout_s=1.0)
    finally:
        server.close()
    assert of_introduction(seen) == "sip"


def test_silence_identifies_nothing_and_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begin = time.monotonic()
        seen = asked(silent.getsockname()[1], timeout_s=0.1)
    assert of_introduction(seen) == ""
    assert seen.text.splitlines()[1:] == [
        *("tls: no", "asked http: no answer", "asked sip: no answer", "asked rtsp: no answer"),
    ]
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("port", sorted(NEVER))
def test_call_signalling_of_h323_is_never_asked(port: int) -> None:
    journal = Journal()
    with pytest.raises(CollectError):
        asked(port, journal)
    assert journal.lines == []


def test_a_closed_port_and_a_spent_budget_are_reasons() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(Unreachable):
        asked(port)
    journal = Journal()
    with pytest.raises(CollectError):
        asked(port, journal, pace=Pace(1000, 0))
    assert journal.lines == []


def test_questions_keep_to_the_rate_and_to_a_stop() -> None:
    waits: list[float] = []
    pace = Pace(8, 3, lambda seconds: bool(waits.append(seconds)))  # type: ignore[func-returns-value]
    assert [pace.allows(1000) for _ in range(4)] == [True, True, True, False]
    assert waits[0] == 0
    assert 0.9 < waits[1] < 1.1
    assert 1.9 < waits[2] < 2.1
    assert Pace(8, 3, lambda _: True).allows(1) is False


def test_hostile_documents_tell_nothing() -> None:
    chance = random.Random(5)
    for _ in range(200):
        noise = bytes(chance.choices(b"asked http: HTTP/1. 20\n\xff\x00tls:yes", k=60))
        document = Document(noise, "introduce 10.0.0.1:99999", "P", datetime.now(UTC))
        of_introduction(document)
    other = Document(b"x\ntls: yes\nasked http: HTTP/1.1 200", "greeting", "P", datetime.now(UTC))
    assert (of_introduction(other), speaks_tls(other), port_of(other)) == ("", False, None)


def scan_of(*ports: OpenPort, protocol: str = "tcp") -> PortScan:
    return PortScan("may-quet", "", protocol, (PortRange(1, 65535),), True, ports)  # type: ignore[arg-type]


def test_a_scan_is_filled_with_what_its_ports_answer() -> None:
    with web() as port, socket.create_server(("127.0.0.1", 0)) as silent:
        mute = silent.getsockname()[1]
        scan = scan_of(
            OpenPort(port, "open"), OpenPort(mute, "open"), OpenPort(9, "open", speaks="ssh")
        )
        found, documents = introduced(
            *("127.0.0.1", scan, NullJournal(), "vcs"), pace=Pace(10**6, 50), timeout_s=0.1
        )
    assert [p.speaks for p in found.open] == ["http", "", "ssh"]
    assert [port_of(d) for d in documents] == [port, mute]


@pytest.mark.parametrize(
    ("source", "answer", "protocol", "expected"),
    [
        ("sip OPTIONS tls 10.0.0.1:5061", "SIP/2.0 200 OK", "tcp", ("open", "sips")),
        ("sip OPTIONS tcp 10.0.0.1:5061", "SIP/2.0 405 No", "tcp", ("open", "sip")),
        ("sip OPTIONS udp 10.0.0.1:5061", "SIP/2.0 200 OK", "udp", ("open", "sip")),
        ("sip OPTIONS udp 10.0.0.1:5061", "SIP/2.0 200 OK", "tcp", ("open|filtered", "")),
        ("h225 STATUS ENQUIRY 10.0.0.1:5061", "answered in Q.931: STATUS", "tcp", ("open", "h323")),
        ("h225 STATUS ENQUIRY 10.0.0.1:5061", "connected", "tcp", ("open|filtered", "")),
        ("h225 STATUS ENQUIRY 10.0.0.1:5061", "answered, not in Q.931", "tcp",
         ("open|filtered", "")),
    ],
)  # fmt: skip
def test_what_was_said_when_the_device_was_recognised_counts(
    source: str, answer: str, protocol: str, expected: tuple[str, str]
) -> None:
    document = Document(f"{source}\n{answer}\n".encode(), source, "P", datetime.now(UTC))
    scan = scan_of(OpenPort(5061, "open|filtered"), protocol=protocol)
    (port,) = told_before(scan, [document]).open
    assert (port.state, port.speaks) == expected
