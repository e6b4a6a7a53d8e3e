"""Greetings over real sockets: SSH, telnet with options, and services that play tricks."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scanner.collect.errors import CollectError, Silent
from scanner.collect.greeting import LINES_MAX, listen
from scanner.collect.journal import FileJournal, NullJournal
from scanner.evidence import Document
from scanner.recognise import agreed, banners_of

Talk = Callable[[socket.socket], None]


@contextmanager
def serving(talk: Talk) -> Iterator[int]:
    """A port of this host on which one client is talked to."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def run() -> None:
        with suppress(OSError):
            client, _ = server.accept()
            client.settimeout(5)
            with client, suppress(OSError):
                talk(client)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join(10)


def heard(talk: Talk, **how: float) -> Document:
    with serving(talk) as port:
        return listen("127.0.0.1", port, NullJournal(), "vcs", vantage="may-quet", **how)


def test_an_ssh_server_introduces_itself(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["-o", f"ListenAddress=127.0.0.1:{port}", "-o", "PidFile=none", "-h", str(key)]
    Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", *options])
    journal = FileJournal(tmp_path / "journal")
    try:
        document = _when_up(port, journal)
    finally:
        server.terminate()
        server.wait(10)
    assert document.source == f"greeting 127.0.0.1:{port}"
    assert document.lines[1].startswith("SSH-2.0-OpenSSH_")
    assert document.evidence_class == "P"
    assert f"127.0.0.1:{port}" in (tmp_path / "journal").read_text()


def _when_up(port: int, journal: FileJournal) -> Document:
    for _ in range(50):
        try:
            return listen("127.0.0.1", port, journal, "vcs")
        except CollectError:
            time.sleep(0.1)
    raise AssertionError("sshd did not start")


def test_an_ssh_greeting_ends_with_its_line_and_packets_are_no_telnet_options() -> None:
    answers: list[bytes] = []

    def talk(client: socket.socket) -> None:
        client.sendall(
            b"Authorised use only\r\nSSH-2.0-Device_1\r\n\x00\x00\x04\xff\xfd\x01junk\r\n"
        )
        answers.append(client.recv(64))

    document = heard(talk)
    assert document.text.splitlines()[1:] == ["Authorised use only", "SSH-2.0-Device_1"]
    assert answers == [b""]


def test_telnet_options_are_refused_and_the_greeting_follows() -> None:
    answers: list[bytes] = []

    def talk(client: socket.socket) -> None:
        client.sendall(b"\xff\xfd\x18\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0")
        answers.append(client.recv(64))
        client.sendall(b"\r\nPCS-XG80 Telnet Server\r\nlogin: ")
        client.recv(1)

    document = heard(talk)
    assert answers == [b"\xff\xfc\x18\xff\xfe\x01"]
    assert document.lines[1:3] == ("PCS-XG80 Telnet Server", "login:")
    identity = agreed(banners_of([document]))
    assert identity is not None
    assert (identity.family, identity.model) == ("sony-pcs", "PCS-XG80")
    assert identity.evidence[0].banner.seen == document.cite(2)


def test_an_option_in_two_pieces_is_no_text() -> None:
    def talk(client: socket.socket) -> None:
        client.sendall(b"220 FTP \xff")
        time.sleep(0.2)
        client.sendall(b"\xfd")
        time.sleep(0.2)
        client.sendall(b"\x01server\r\n")

    assert heard(talk).lines[1] == "220 FTP server"


def test_a_greeting_of_several_lines_is_one_banner() -> None:
    said = b"Hi, my name is : Phong\r\nHere is what I know about myself:\r\nModel: HDX 7000\r\n"
    identity = agreed(banners_of([heard(lambda client: client.sendall(said))]))
    assert identity is not None
    assert identity.model == "HDX 7000"


def test_a_service_that_waits_is_silent() -> None:
    begun = time.monotonic()
    with pytest.raises(Silent):
        heard(lambda client: time.sleep(0.8), timeout_s=0.5)
    assert time.monotonic() - begun < 3


def test_a_service_that_drips_ends_at_the_time_allowed() -> None:
    def drip(client: socket.socket) -> None:
        for _ in range(40):
            client.sendall(b"x")
            time.sleep(0.1)

    begun = time.monotonic()
    document = heard(drip, timeout_s=1.0)
    assert time.monotonic() - begun < 6  # the server's own end included
    assert 3 <= len(document.lines[1]) <= 15


def test_a_flood_is_cut_and_control_characters_are_gone() -> None:
    def flood(client: socket.socket) -> None:
        client.sendall(b"\x1b]0;title\x07a\xe2\x80\xaeb\r\n" * 20_000)

    document = heard(flood)
    assert len(document.lines) <= LINES_MAX + 2
    assert document.lines[1] == "]0;titleab"
    assert b"\x1b" not in document.content


def test_a_closed_port_is_said_to_refuse() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(CollectError, match="refuses"):
        listen("127.0.0.1", port, NullJournal(), "vcs")
