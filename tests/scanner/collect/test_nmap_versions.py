"""What nmap takes a service for: quoted, counted against a device, and never in its favour."""

from __future__ import annotations

import shutil
import socket
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from rules.facts import OpenPort
from scanner.collect.errors import CollectError
from scanner.collect.nmap_versions import MOST_PORTS, ask, asked, command, longest, named
from scanner.evidence import Document
from tests.scanner.collect.authority import plain_server

HERE = ip_address("127.0.0.1")
FINISHED = '<runstats><finished exit="success"/></runstats>'


def xml(*services: tuple[int, str], finished: str = FINISHED) -> Document:
    ports = "".join(
        f'<port protocol="tcp" portid="{port}"><state state="open"/><service {words}/></port>'
        for port, words in services
    )
    content = f"<nmaprun><host><ports>{ports}</ports></host>{finished}</nmaprun>"
    return Document(content.encode(), "nmap", "P", datetime.now(UTC))


def test_call_signalling_is_left_out_and_the_rest_is_bounded() -> None:
    assert asked([7000, 1719, 1720, 5060, 5061, 5065, 8000]) == (7000, 8000)
    assert len(asked(range(10_000, 10_100))) == MOST_PORTS


def test_what_is_run_is_told_word_for_word() -> None:
    assert command(HERE, [7000, 7001]) == (
        "nmap -sT -sV --version-light -Pn -n --max-retries 1 --max-parallelism 1 "
        "--host-timeout 40s -p 7000,7001 127.0.0.1"
    )
    assert " -6 " in command(ip_address("::1"), [1])
    assert longest([7000, 7001]).total_seconds() == 40


@pytest.mark.parametrize(
    ("port", "words", "speaks", "service"),
    [
        (7000, 'name="http" method="probed" product="x" version="1"', "http", "http x 1"),
        (7000, 'name="http" method="probed" tunnel="ssl"', "https", "http"),
        (7000, 'name="telnet" method="probed"', "telnet", "telnet"),
        (7000, 'name="telnet" method="table"', "", ""),
        (7000, 'name="frobnicate" method="probed"', "", "frobnicate"),
        # the number says telnet: hearsay does not make it anything better
        (23, 'name="ssh" method="probed"', "", "ssh"),
        (23, 'name="http" method="probed" tunnel="ssl"', "", "http"),
        (80, 'name="http" method="probed" tunnel="ssl"', "", "http"),
        (80, 'name="http" method="probed"', "http", "http"),
        (1720, 'name="http" method="probed"', "", "http"),
        (23, 'name="vnc" method="probed"', "vnc", "vnc"),
        (7000, 'name="x&#10;&#x202e;y" method="probed"', "", "x y"),
    ],
)  # fmt: skip
def test_hearsay_burdens_and_never_clears(port: int, words: str, speaks: str, service: str) -> None:
    (found,) = named([OpenPort(port, "open")], xml((port, words)))
    assert found.speaks == speaks
    assert found.service == service


def test_the_words_of_the_device_come_first() -> None:
    before = OpenPort(7000, "open", speaks="rtsp")
    (found,) = named([before], xml((7000, 'name="telnet" method="probed"')))
    assert found.speaks == "rtsp"


@pytest.mark.parametrize(
    "document",
    [
        xml(finished='<runstats><finished exit="error" errormsg="no"/></runstats>'),
        xml(finished=""),
        Document(b"<nmaprun", "nmap", "P", datetime.now(UTC)),
        Document(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "nmap", "P", datetime.now(UTC)),
    ],
)
def test_an_unfinished_or_hostile_answer_is_an_error(document: Document) -> None:
    with pytest.raises(CollectError):
        named([OpenPort(1, "open")], document)


@pytest.mark.skipif(not shutil.which("nmap"), reason="nmap is not installed")
def test_nmap_itself_names_a_service() -> None:
    def serve(client: socket.socket) -> None:
        client.settimeout(2)
        with client, suppress(OSError):
            client.sendall(b"220 (vsFTPd 3.0.3)\r\n")
            client.recv(100)

    sent: list[str] = []
    with plain_server(serve) as port:
        document = ask(
            HERE, [port], lambda *words: sent.append(" ".join(words)), "vcs", vantage="may-quet"
        )
    (found,) = named([OpenPort(port, "open")], document)
    assert found.speaks == "ftp"
    assert "vsftpd" in found.service
    assert (document.evidence_class, document.vantage) == ("P", "may-quet")
    assert sent == [f"vcs nmap from may-quet {document.source}"]
