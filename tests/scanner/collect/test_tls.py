"""What a TLS port shows: certificate and accepted versions, read back from the document."""

from __future__ import annotations

import random
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.devices.certificate import for_state
from lab.devices.state import Runtime
from lab.devices.web_server import Response, WebServer
from rules.facts import Known, Unknown
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.tls import accepts, fetch_certificate, fingerprint, look, tls_facts
from scanner.evidence import Document

NOT_AFTER = "2025-06-30T00:00:00+00:00"


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    path: Path = tmp_path_factory.mktemp("tls") / "state.json"
    runtime = Runtime(path)
    runtime.state = {"address": "127.0.0.1", "ports": {"*": 0}}
    tls = for_state(path, {"certificate": {"common_name": "mcu", "not_after": NOT_AFTER}})
    server = WebServer(runtime, "https", 443, lambda _: Response(), tls=tls)
    server.open()
    yield server
    server.close()


@pytest.fixture(scope="module")
def seen(listener: WebServer) -> Document:
    return look("127.0.0.1", listener.bound_port, NullJournal(), "mcu", vantage="may-quet")


def test_the_certificate_and_the_lowest_version_are_read_with_their_lines(
    seen: Document, listener: WebServer
) -> None:
    facts = tls_facts([seen])
    certificates = facts["tls.certificates"]
    assert isinstance(certificates, Known)
    (certificate,) = certificates.value
    assert certificate.not_after == datetime(2025, 6, 30, tzinfo=UTC)
    assert (certificate.subject, certificate.key_bits) == ("CN=mcu", 2048)
    assert (certificate.signature_hash, certificate.self_signed) == ("sha256", True)
    assert certificate.port == listener.bound_port
    assert certificates.citations[0].text == f"valid until {NOT_AFTER}"
    minimum = facts["tls.min_version"]
    assert isinstance(minimum, Known)
    assert minimum.value == "TLSv1.2"
    assert minimum.citations[0].text == "accepts TLSv1.2: yes"
    assert (seen.evidence_class, seen.vantage) == ("P", "may-quet")


def test_the_fingerprint_is_that_of_the_certificate(listener: WebServer) -> None:
    der, version = fetch_certificate("127.0.0.1", listener.bound_port)
    assert listener.tls is not None
    assert (fingerprint(der), version) == (listener.tls.fingerprint, "TLSv1.3")


@pytest.mark.skipif(not ssl.HAS_TLSv1, reason="this OpenSSL has no TLS 1.0")
def test_an_old_version_is_found_where_it_is_accepted(tmp_path: Path) -> None:
    runtime = Runtime(tmp_path / "state.json")
    runtime.state = {"address": "127.0.0.1", "ports": {"*": 0}}
    tls = for_state(runtime.path, {})
    server = WebServer(runtime, "https", 443, lambda _: Response(), tls=tls, tls_min="TLSv1.0")
    server.open()
    facts = tls_facts([look("127.0.0.1", server.bound_port, NullJournal(), "x")])
    server.close()
    assert isinstance(facts["tls.min_version"], Known)
    assert facts["tls.min_version"].value == "TLSv1.0"


def test_a_dead_port_and_a_port_without_tls(listener: WebServer) -> None:
    plain = WebServer(listener.runtime, "http", 80, lambda _: Response())
    plain.open()
    with pytest.raises(CollectError, match="TLS"):
        fetch_certificate("127.0.0.1", plain.bound_port)
    plain.close()
    with pytest.raises(Unreachable):
        fetch_certificate("127.0.0.1", plain.bound_port)
    assert accepts("127.0.0.1", plain.bound_port, "TLSv1.2") is None


def _changed(document: Document, old: str, new: str) -> Document:
    content = document.text.replace(old, new).encode()
    return Document(content, document.source, "P", document.captured)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("accepts TLSv1.0: no", "accepts TLSv1.0: not known"),
        ("accepts TLSv1.2: yes\naccepts TLSv1.3: yes", "accepts TLSv1.2: no\naccepts TLSv1.3: no"),
    ],
)
def test_the_lowest_version_is_unknown_when_an_older_one_could_not_be_tried(
    seen: Document, old: str, new: str
) -> None:
    facts = tls_facts([_changed(seen, old, new)])
    assert isinstance(facts["tls.min_version"], Unknown)
    assert isinstance(facts["tls.certificates"], Known)


def test_one_unreadable_certificate_leaves_them_unknown(seen: Document) -> None:
    broken = _changed(seen, "MII", "MIX")
    assert isinstance(tls_facts([seen, broken])["tls.certificates"], Unknown)


def test_other_documents_give_nothing() -> None:
    now = datetime.now(UTC)
    assert tls_facts([Document(b"hello\nport 443\n", "x", "P", now)]) == {}
    assert tls_facts([]) == {}


def test_cut_and_garbled_documents_never_raise(seen: Document) -> None:
    chance = random.Random(7)
    for _ in range(200):
        content = bytearray(seen.content[: chance.randrange(len(seen.content))])
        for _ in range(chance.randrange(4)):
            if content:
                content[chance.randrange(len(content))] = chance.randrange(256)
        tls_facts([Document(bytes(content), "tls", "P", seen.captured)])
