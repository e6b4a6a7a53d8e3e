"""SIP OPTIONS over UDP, TCP and TLS against a small server, and against servers that are none."""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lab.devices.certificate import for_state
from scanner.collect.errors import CollectError, Silent, Unreachable
from scanner.collect.journal import FileJournal, NullJournal
from scanner.collect.sip import ask
from scanner.collect.sip_message import Options, Transport, parse
from scanner.evidence import Document
from scanner.recognise import agreed, banners_of

Answer = Callable[[bytes], list[bytes]]
TRANSPORTS: tuple[Transport, ...] = ("udp", "tcp", "tls")

SAYS = ("Server: TANDBERG/529 (ce9.15.0.1.aa) Cisco-RoomKit", "Allow: INVITE,ACK,OPTIONS")


def respond(request: bytes, *headers: str, status: str = "200 OK", **changed: str) -> bytes:
    """A response that repeats what RFC 3261 8.2.6 says, with the named headers changed."""
    lines = request.decode().split("\r\n")
    kept = {line.split(":")[0]: line for line in lines[1:] if ":" in line}
    repeated = [
        changed.get(name.replace("-", "_"), kept[name])
        for name in ("Via", "From", "To", "Call-ID", "CSeq")
    ]
    head = [f"SIP/2.0 {status}", *repeated, *headers, "Content-Length: 0"]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def throwaway(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate made for this test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(for_state(folder / "state.json", {}).file)
    return context


class Server:
    """Answers requests on one port; `requests` holds what came."""

    def __init__(self, transport: Transport, answer: Answer, folder: Path, pause_s: float) -> None:
        self.requests: list[bytes] = []
        self._answer, self._pause_s = answer, pause_s
        self._stop = threading.Event()
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]
        self._tls = throwaway(folder) if transport == "tls" else None
        if transport != "udp":
            self._socket.listen()
        self._thread = threading.Thread(
            target=self._datagrams if transport == "udp" else self._streams
        )
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _datagrams(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError, ConnectionError):
                request, sender = self._socket.recvfrom(65535)
                self.requests.append(request)
                for piece in self._answer(request):
                    self._socket.sendto(piece, sender)

    def _streams(self) -> None:
        while not self._stop.is_set():
            with suppress(OSError):
                plain, _ = self._socket.accept()
                plain.settimeout(2)
                with (
                    self._tls.wrap_socket(plain, server_side=True)
                    if self._tls
                    else plain as channel
                ):
                    request = channel.recv(65535)
                    self.requests.append(request)
                    for piece in self._answer(request):
                        channel.sendall(piece)
                        if self._stop.wait(self._pause_s):
                            break


@contextmanager
def serving(
    transport: Transport, answer: Answer, folder: Path, pause_s: float = 0.0
) -> Iterator[Server]:
    server = Server(transport, answer, folder, pause_s)
    try:
        yield server
    finally:
        server.close()


def options(server: Server, transport: Transport, timeout_s: float = 2.0) -> Document:
    return ask(
        "127.0.0.1",
        NullJournal(),
        "vcs",
        transport=transport,
        port=server.port,
        vantage="may-quet",
        timeout_s=timeout_s,
    )


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_answer_tells_status_software_and_methods(transport: Transport, tmp_path: Path) -> None:
    with serving(transport, lambda r: [respond(r, *SAYS)], tmp_path) as server:
        seen = options(server, transport)
    assert seen.lines == (
        f"sip OPTIONS {transport} 127.0.0.1:{server.port}",
        "SIP/2.0 200 OK",
        *SAYS,
        "",
    )
    assert (seen.evidence_class, seen.vantage) == ("P", "may-quet")
    identity = agreed(banners_of([seen]))
    assert identity is not None
    assert (identity.family, identity.version) == ("cisco-roomos", "ce9.15.0.1.aa")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_is_sent_is_one_whole_options_request(transport: Transport, tmp_path: Path) -> None:
    with serving(transport, lambda r: [respond(r)], tmp_path) as server:
        options(server, transport)
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert body == b""
    first, *lines = head.decode("ascii").split("\r\n")
    assert re.fullmatch(r"OPTIONS sip:127\.0\.0\.1:\d+(;transport=(tcp|tls))? SIP/2\.0", first)
    headers = dict(line.split(": ", 1) for line in lines)
    assert set(headers) >= {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact"}
    assert headers["Via"].startswith(f"SIP/2.0/{transport.upper()} 127.0.0.1:")
    assert ";branch=z9hG4bK" in headers["Via"]
    assert ";tag=" in headers["From"]
    assert ";tag=" not in headers["To"]
    assert headers["CSeq"] == "1 OPTIONS"
    assert headers["Content-Length"] == "0"
    assert b"INVITE" not in request


def test_an_ipv6_address_stands_in_brackets() -> None:
    sent = Options.new("2001:db8::1", 5060, "udp", ("2001:db8::2", 4000)).encoded().decode()
    assert sent.startswith(
        "OPTIONS sip:[2001:db8::1]:5060 SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8::2]:4000"
    )


def test_a_host_that_is_no_address_is_not_put_into_a_message() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        ask("127.0.0.1\r\nX: y", NullJournal(), "vcs")


@pytest.mark.parametrize("status", ["401 Unauthorized", "405 Method Not Allowed", "603 Decline"])
def test_a_refusal_is_an_answer_too(status: str, tmp_path: Path) -> None:
    with serving("udp", lambda r: [respond(r, status=status)], tmp_path) as server:
        assert options(server, "udp").lines[1] == f"SIP/2.0 {status}"


def provisional_first(request: bytes) -> list[bytes]:
    """A keep-alive, a provisional response with a body, then the final one."""
    trying = respond(request, "Server: no", status="100 Trying")
    trying = trying.replace(b"Content-Length: 0\r\n\r\n", b"l: 9\r\n\r\nSIP/2.0 9")
    return [b"\r\n\r\n" + trying, respond(request, "User-Agent: Yealink VC800 63.345.0.40")]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_provisional_response_is_waited_through(transport: Transport, tmp_path: Path) -> None:
    with serving(transport, provisional_first, tmp_path) as server:
        seen = options(server, transport)
    assert seen.lines[1:3] == ("SIP/2.0 200 OK", "User-Agent: Yealink VC800 63.345.0.40")


def test_a_response_in_pieces_with_folded_and_compact_headers_is_whole(tmp_path: Path) -> None:
    def answer(request: bytes) -> list[bytes]:
        whole = respond(request, "SERVER :  Polycom", "  HDX 9006\t(Release - 3.0.6-37004)")
        whole = whole.replace(b"Via: ", b"v: ").replace(b"Call-ID: ", b"i:")
        return [bytes((byte,)) for byte in whole]

    with serving("tcp", answer, tmp_path) as server:
        seen = options(server, "tcp", timeout_s=4)
    assert seen.lines[2] == "Server: Polycom HDX 9006 (Release - 3.0.6-37004)"


# --- answers that do not count -------------------------------------------------------------------

OTHERS: dict[str, Answer] = {
    "another branch": lambda r: [respond(r, Via="Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx")],
    "another call": lambda r: [respond(r, Call_ID="Call-ID: another")],
    "another method": lambda r: [respond(r, CSeq="CSeq: 1 INVITE")],
    "another version": lambda r: [respond(r).replace(b"SIP/2.0 2", b"SIP/3.0 2")],
    "the request itself": lambda r: [r],
    "garbage": lambda r: [os.urandom(500)],
    "garbage without end": lambda r: [os.urandom(1400)] * 500,
    "a head without end": lambda r: [b"SIP/2.0 200 OK\r\n" + b"X: y\r\n" * 5000] * 5,
    "a body that never comes": lambda r: [
        respond(r, status="100 Trying").replace(b"Length: 0", b"Length: 999999")
    ],
    "HTTP": lambda r: [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
    "an empty header name": lambda r: [respond(r, ": x")],
}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("answer", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_answer_to_this_request_is_said_and_ends_in_time(
    transport: Transport, answer: Answer, tmp_path: Path
) -> None:
    started = time.monotonic()
    with serving(transport, answer, tmp_path) as server:
        with pytest.raises(CollectError, match="no SIP answer") as caught:
            options(server, transport, timeout_s=0.6)
        assert time.monotonic() - started < 3
    assert not isinstance(caught.value, (Silent, Unreachable))


def test_dripping_ends_in_time(tmp_path: Path) -> None:
    started = time.monotonic()
    with serving("tcp", lambda r: [b"S"] * 100, tmp_path, pause_s=0.1) as server:
        with pytest.raises(CollectError, match="no SIP answer"):
            options(server, "tcp", timeout_s=0.7)
        assert time.monotonic() - started < 2


def test_hostile_values_forge_no_line_and_stay_short(tmp_path: Path) -> None:
    evil = "Server: a\x1b]0;x\x07\u202e\x0bSIP/2.0 200 OK\u2028User-Agent: CE_E" + "A" * 5000
    with serving("udp", lambda r: [respond(r, evil, *["Allow: X"] * 200)], tmp_path) as server:
        seen = options(server, "udp")
    assert len(seen.lines) <= 9
    assert max(map(len, seen.lines)) < 600
    assert all(line.isprintable() for line in seen.lines)


# --- no answer at all ----------------------------------------------------------------------------


def test_udp_silence_is_silence_and_the_request_is_repeated_once(tmp_path: Path) -> None:
    with serving("udp", lambda r: [], tmp_path) as server, pytest.raises(Silent, match="is silent"):
        options(server, "udp", timeout_s=0.6)
    assert len(server.requests) == 2
    assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_closed_port_is_said(transport: Transport) -> None:
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(CollectError, match="nothing listens on this SIP port") as caught:
        ask("127.0.0.1", NullJournal(), "vcs", transport=transport, port=port, timeout_s=1)
    assert not isinstance(caught.value, (Silent, Unreachable))


def test_no_way_to_the_host_is_unreachable() -> None:
    # the kernel refuses a broadcast address before anything is sent
    with pytest.raises(Unreachable, match="cannot be reached"):
        ask("255.255.255.255", NullJournal(), "vcs", timeout_s=0.5)


def test_a_port_without_tls_is_said(tmp_path: Path) -> None:
    says = b"SIP/2.0 400 Bad Request\r\n\r\n"
    with (
        serving("tcp", lambda r: [says], tmp_path) as server,
        pytest.raises(CollectError, match="TLS handshake failed"),
    ):
        options(server, "tls", timeout_s=1)


def test_a_handshake_that_drips_ends_in_time(tmp_path: Path) -> None:
    started = time.monotonic()
    record = b"\x16\x03\x03\x40\x00" + b"\x02" * 200
    with serving("tcp", lambda r: [bytes((b,)) for b in record], tmp_path, pause_s=0.1) as server:
        with pytest.raises(CollectError, match="TLS handshake failed"):
            options(server, "tls", timeout_s=0.6)
        assert time.monotonic() - started < 2


def test_the_journal_says_what_was_asked_before_it_is_asked(tmp_path: Path) -> None:
    with FileJournal(tmp_path / "journal") as journal, pytest.raises(CollectError):
        ask("127.0.0.1", journal, "vcs", transport="tcp", port=1, timeout_s=0.5)
    assert "sip OPTIONS tcp 127.0.0.1:1" in (tmp_path / "journal").read_text()


def test_a_response_cut_short_anywhere_is_none() -> None:
    sent = Options.new("127.0.0.1", 5060, "udp", ("127.0.0.1", 4000))
    whole = respond(sent.encoded(), *SAYS)
    response = parse(whole)
    assert response is not None
    assert sent.answered_by(response)
    for end in range(len(whole)):
        assert parse(whole[:end]) is None
