"""SSH and TLS of a device in a scan: asked where a port answers, told without asking elsewhere."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime

import pytest

from inventory.text import Text
from rules.facts import Citation, Fact, Known, OpenPort, PortScan, Unknown
from rules.network_facts import PortRange
from scanner.collect.journal import NullJournal
from scanner.engine.cryptography import Cryptography, without_asking
from scanner.engine.observation import Notes

OFF = Known(False, (Citation("C", "config", 7),))
ON = Known(True, (Citation("C", "config", 7),))
REASON = Unknown(Text(vi="không rõ", en="not known"))


def scanned(*open_ports: OpenPort, undecided: int = 0, upto: int = 65535) -> Known[PortScan]:
    ports = (PortRange(1, upto),)
    scan = PortScan("may-quet", "quantri", "tcp", ports, True, open_ports, undecided)
    return Known(scan, (Citation("P", "nmap", vantage="may-quet"),))


SSH_OPEN = OpenPort(22, "open")
HALF_OPEN = OpenPort(22, "open|filtered")


@pytest.mark.parametrize(
    ("scan", "setting", "expected"),
    [
        (scanned(SSH_OPEN), None, "ask"),
        (scanned(SSH_OPEN), OFF, "ask"),
        (scanned(), None, "nothing offered"),
        (scanned(), ON, "nothing offered"),
        (scanned(), OFF, "nothing offered"),
        (scanned(undecided=3), None, "not known"),
        (scanned(undecided=3), ON, "not known"),
        (scanned(undecided=3), REASON, "not known"),
        (scanned(undecided=3), OFF, "nothing offered"),
        (scanned(HALF_OPEN), OFF, "not known"),
        (scanned(upto=21), None, "not known"),
    ],
)
def test_a_closed_port_offers_nothing_and_a_filtered_one_is_not_known(
    scan: Known[PortScan], setting: Fact[bool] | None, expected: str
) -> None:
    told = without_asking(scan, 22, setting)
    if expected == "ask":
        assert told is None
    elif expected == "not known":
        assert isinstance(told, Unknown)
        assert told.citations
    else:
        assert isinstance(told, Known)
        assert told.value == ()
        assert told.citations


def asked(stop: threading.Event, ssh: int, tls: int, *open_ports: OpenPort) -> Notes:
    notes = Notes("x")
    Cryptography("127.0.0.1", NullJournal(), "x", 10_000, 0.5, stop).ask(
        scanned(*open_ports), ssh, tls, notes
    )
    return notes


def test_answers_are_kept_as_evidence_and_failures_as_reasons() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            channel, _ = listener.accept()
            with channel:
                channel.sendall(b"SSH-1.5-old\n")

        threading.Thread(target=serve, daemon=True).start()
        with socket.create_server(("127.0.0.1", 0)) as closed:
            dead = closed.getsockname()[1]
        notes = asked(threading.Event(), port, dead, OpenPort(port, "open"), OpenPort(dead, "open"))
    ssh, tls = notes.facts["ssh.algorithms"], notes.facts["tls.algorithms"]
    assert isinstance(ssh, Known)
    assert ssh.value[0].protocol == "1.5"
    assert [document.source for document in notes.documents] == [f"ssh-algorithms 127.0.0.1:{port}"]
    assert notes.documents[0].captured <= datetime.now(UTC)
    assert isinstance(tls, Unknown)
    assert "cannot be reached" in tls.reason.en


def test_a_stop_leaves_both_unasked() -> None:
    stop = threading.Event()
    stop.set()
    assert asked(stop, 22, 443, SSH_OPEN).facts == {}
