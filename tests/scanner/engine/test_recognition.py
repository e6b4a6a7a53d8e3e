"""A device on an address of its own introduces itself on the ports that families use."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from scanner.collect.journal import NullJournal
from scanner.engine.recognition import Recogniser, contradiction, identity_facts, identity_of

ADDRESS = "127.66.24.56"
SAYS = {
    22: b"SSH-2.0-OpenSSH_8.4\r\n",
    23: b"PCS-XG80 Telnet Server\r\nlogin: ",
    80: b"HTTP/1.0 401 No\r\nWWW-Authenticate: Basic realm=PCS-1 Web Control\r\n\r\n".replace(
        b"PCS-1 Web Control", b'"PCS-1 Web Control"'
    ),
}


@pytest.fixture
def device() -> Iterator[dict[int, list[bytes]]]:
    """Port: what came. Every client gets the words of its port."""
    came: dict[int, list[bytes]] = {port: [] for port in SAYS}
    stop = threading.Event()

    def serve(server: socket.socket, port: int) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                client, _ = server.accept()
                client.settimeout(1)
                with client, suppress(OSError):
                    if port == 80:
                        came[port].append(client.recv(2000))
                    client.sendall(SAYS[port])
                    client.shutdown(socket.SHUT_WR)
                    came[port].append(client.recv(2000))

    threads = []
    for port in SAYS:
        server = socket.create_server((ADDRESS, port))
        server.settimeout(0.1)
        threads.append((threading.Thread(target=serve, args=(server, port)), server))
    for thread, _ in threads:
        thread.start()
    yield came
    stop.set()
    for thread, server in threads:
        thread.join(5)
        server.close()


def recogniser(stop: threading.Event | None = None) -> Recogniser:
    return Recogniser(
        NullJournal(), "vcs", ADDRESS, "may-quet", 1.0, stop or threading.Event(), https_port=8443
    )


def test_the_doors_are_heard_first_and_the_rest_later(device: dict[int, list[bytes]]) -> None:
    asking = recogniser()
    (door,) = asking.at_the_doors(SAYS)
    assert door.source == f"greeting {ADDRESS}:22"
    assert device[23] == []
    rest = list(asking.all_over(SAYS))
    assert [d.source for d in rest] == [f"greeting {ADDRESS}:23", f"http {ADDRESS}:80"]
    identity = identity_of([door, *rest])
    assert identity is not None
    assert identity.family == "sony-pcs"
    facts = identity_facts(identity)
    assert facts["identity.vendor"].value == "Sony"  # type: ignore[union-attr]
    assert {c.source for c in facts["identity.family"].citations} == {d.source for d in rest}
    against = contradiction("polycom-hdx", rest)
    assert against is not None
    assert f"greeting {ADDRESS}:23" in against.vi
    assert contradiction("sony-pcs", rest) is None


def test_nothing_secret_and_nothing_that_writes_is_sent(device: dict[int, list[bytes]]) -> None:
    asking = recogniser()
    list(asking.at_the_doors(SAYS))
    list(asking.all_over(SAYS))
    assert b"".join(device[22] + device[23]) == b""
    requests = b"".join(device[80])
    assert requests.startswith(b"GET / HTTP/1.1\r\n")
    assert b"Authorization" not in requests


def test_after_a_stop_nothing_is_asked(device: dict[int, list[bytes]]) -> None:
    stopped = threading.Event()
    stopped.set()
    asking = recogniser(stopped)
    assert [*asking.at_the_doors(SAYS), *asking.all_over(SAYS)] == []
    assert not any(device.values())


def test_the_declared_web_port_is_among_those_asked() -> None:
    assert {22, 23, 24, 80, 443, 445, 1720, 5060, 5061, 8443} <= set(recogniser().ports())
    assert (
        9443
        in Recogniser(
            NullJournal(), "v", ADDRESS, "q", 1.0, threading.Event(), https_port=9443
        ).ports()
    )
