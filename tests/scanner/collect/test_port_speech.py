"""What a port speaks is told by its own words, never by its number."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, suppress
from datetime import UTC, datetime

import pytest

from rules.facts import OpenPort, PortScan
from rules.network_facts import PortRange
from scanner.collect.journal import NullJournal
from scanner.collect.port_speech import MOST_PORTS, heard, of_greeting, of_nmap
from scanner.evidence import Document

GREETINGS = {
    "SSH-2.0-OpenSSH_9.2": "ssh",
    "Welcome to the codec\nlogin:": "telnet",
    "User Name : ": "telnet",
    "PCS-XG80 Telnet Server": "telnet",
    "220 ProFTPD FTP Server ready": "ftp",
    "RFB 003.008": "vnc",
    "220 mail.example ESMTP": "",
    "SSH login disabled": "",
    "last login: yesterday": "",
    "SIP/2.0 400 Bad Request": "",
    "RFB": "",
    "": "",
}


def greeted(text: str) -> Document:
    return Document(text.encode(), "greeting", "P", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("said", "name"), GREETINGS.items(), ids=str)
def test_a_greeting_tells_the_protocol_or_nothing(said: str, name: str) -> None:
    assert of_greeting(greeted(f"greeting 127.0.0.1:5060\n{said}\n")) == name


def test_the_question_itself_is_no_answer() -> None:
    assert of_greeting(greeted("greeting telnet login:\n")) == ""


@pytest.mark.parametrize(
    ("name", "method", "tunnel", "speaks"),
    [
        ("telnet", "probed", "", "telnet"),
        ("telnet", "table", "", ""),
        ("sip", "table", "", ""),
        ("sip", "probed", "", "sip"),
        ("sip", "probed", "ssl", "sips"),
        ("http", "probed", "ssl", "https"),
        ("http", "probed", "", "http"),
        ("telnet", "probed", "ssl", ""),
        ("tcpwrapped", "probed", "", ""),
        ("unknown", "probed", "ssl", ""),
    ],
)
def test_nmap_counts_when_it_talked(name: str, method: str, tunnel: str, speaks: str) -> None:
    assert of_nmap(name, method, tunnel) == speaks


def scan_of(*ports: OpenPort) -> PortScan:
    return PortScan("may-quet", "quantri", "tcp", (PortRange(1, 65535),), True, ports)


def test_open_ports_are_heard_and_silent_ones_stay_unidentified() -> None:
    with ExitStack() as servers:
        talking = servers.enter_context(socket.create_server(("127.0.0.1", 0)))
        silent = servers.enter_context(socket.create_server(("127.0.0.1", 0)))

        def greet() -> None:
            with suppress(OSError):
                client, _ = talking.accept()
                with client:
                    client.sendall(b"\xff\xfb\x01Codec\r\nlogin: ")

        thread = threading.Thread(target=greet)
        thread.start()
        numbers = talking.getsockname()[1], silent.getsockname()[1]
        scan = scan_of(*(OpenPort(number, "open") for number in numbers))
        found, documents = heard("127.0.0.1", scan, NullJournal(), "vcs", timeout_s=0.8)
        thread.join(5)
    assert [port.speaks for port in found.open] == ["telnet", ""]
    assert [document.source for document in documents] == [f"greeting 127.0.0.1:{numbers[0]}"]
    assert documents[0].vantage == "may-quet"


def test_what_is_left_out_identified_or_filtered_is_not_asked() -> None:
    scan = scan_of(OpenPort(1, "open", speaks="ssh"), OpenPort(2, "open|filtered"))
    asked: list[str] = []

    class Journal(NullJournal):
        def sent(self, device_id: str, transport: str, what: str) -> None:
            asked.append(what)

    assert heard("127.0.0.1", scan, Journal(), "vcs") == (scan, ())
    left = scan_of(OpenPort(3, "open"))
    assert heard("127.0.0.1", left, Journal(), "vcs", leave_out=(3,)) == (left, ())
    assert heard("127.0.0.1", left, Journal(), "vcs", stopped=lambda: True) == (left, ())
    assert asked == []
    many = scan_of(*(OpenPort(port, "open") for port in range(1, 60)))
    heard("127.0.0.1", many, Journal(), "vcs", timeout_s=0.2)
    assert len(asked) == MOST_PORTS
