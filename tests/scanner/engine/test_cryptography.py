"""SSH and TLS of a device in a scan: asked where a port answers, told without asking elsewhere."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.text import Text
from rules.certificates import in_validity
from rules.crypto_profile import by_profile
from rules.facts import Citation, Fact, Known, OpenPort, PortScan, Unknown
from rules.network_facts import PortRange
from scanner.collect.errors import CollectError
from scanner.collect.journal import NullJournal
from scanner.collect.tls_trust import Trusted
from scanner.engine import cryptography
from scanner.engine.cryptography import Cryptography, without_asking
from scanner.engine.observation import Notes
from scanner.evidence import Document
from tests.scanner.collect.authority import Made, made, tls_server

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


# --- TLS at several ports ----------------------------------------------------------------------


def introduced(*ports: int) -> list[Document]:
    return [
        Document(f"{name}\ntls: yes\n".encode(), name, "P", datetime.now(UTC))
        for name in (f"introduce 127.0.0.1:{port}" for port in ports)
    ]


def asked_tls(main: int, others: list[int], *closed: int, **how: Any) -> Notes:
    notes = Notes("x", documents=introduced(*others))
    ports = [port for port in (main, *others) if port not in closed]
    Cryptography(*("127.0.0.1", NullJournal(), "x", 10_000, 1.5, threading.Event()), **how).ask(
        scanned(*(OpenPort(port, "open") for port in ports)), 22, main, notes
    )
    return notes


@pytest.fixture(scope="module")
def device() -> Made:
    return made("vcs", names=("127.0.0.1",))


def test_every_port_that_speaks_tls_is_asked_and_the_worst_one_decides(
    device: Made, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    old = made("cu", until=datetime.now(UTC) - timedelta(days=1))
    trusted = Trusted((device.certificate,), ("127.0.0.1",))
    with tls_server(tmp_path, device) as good, tls_server(tmp_path / "old", old) as bad:
        notes = asked_tls(good, [bad], trusted=trusted)
    certificates, offers = notes.facts["tls.certificates"], notes.facts["tls.algorithms"]
    assert isinstance(certificates, Known)
    assert [(c.port, c.named) for c in certificates.value] == [(good, True), (bad, False)]
    assert {c.source for c in certificates.citations} == {
        f"tls 127.0.0.1:{port}" for port in (good, bad)
    }
    judged = in_validity(certificates.value, datetime.now(UTC))
    assert judged.met is False
    assert {c.source for c in judged.decisive(certificates.citations)} == {f"tls 127.0.0.1:{bad}"}
    assert isinstance(offers, Known)
    assert [offer.port for offer in offers.value] == [good, bad]
    assert by_profile(offers.value).met is True


def test_a_port_of_tls_that_was_not_asked_keeps_the_facts_open(
    device: Made, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        dead = gone.getsockname()[1]
    with tls_server(tmp_path, device) as good:
        notes = asked_tls(good, [dead])
    certificates, offers = notes.facts["tls.certificates"], notes.facts["tls.algorithms"]
    assert isinstance(certificates, Known)
    assert [c.seen for c in certificates.value] == [True, False]
    assert in_validity(certificates.value, datetime.now(UTC)).met is None
    assert isinstance(offers, Known)
    assert by_profile(offers.value).met is None


def test_more_ports_than_are_asked_are_named_as_not_seen(
    monkeypatch: pytest.MonkeyPatch, device: Made, tmp_path: Path
) -> None:
    monkeypatch.setattr(cryptography, "TLS_PORTS_MAX", 1)
    with tls_server(tmp_path, device) as good:
        notes = asked_tls(good, [5061, 8443])
    offers = notes.facts["tls.algorithms"]
    assert isinstance(offers, Known)
    assert [(offer.port, bool(offer.incomplete)) for offer in offers.value] == [
        (good, False),
        (5061, True),
        (8443, True),
    ]


def test_a_closed_management_port_hides_no_other(device: Made, tmp_path: Path) -> None:
    with tls_server(tmp_path, device) as good:
        notes = asked_tls(443, [good], 443)
    offers = notes.facts["tls.algorithms"]
    assert isinstance(offers, Known)
    assert [offer.port for offer in offers.value] == [good]


def test_nothing_is_asked_when_a_meeting_begins(device: Made, tmp_path: Path) -> None:
    def refuse() -> None:
        raise CollectError(Text(vi="có cuộc họp", en="a meeting"))

    with tls_server(tmp_path, device) as good:
        notes = asked_tls(good, [], permitted=refuse)
    assert [document.source for document in notes.documents] == []
    for name in ("tls.certificates", "tls.algorithms"):
        fact = notes.facts[name]
        assert isinstance(fact, Unknown)
        assert fact.reason.en == "a meeting"
