"""Which versions and suites a TLS port accepts: real servers, compared with sslscan, and others."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lab.devices.certificate import for_state
from rules.crypto_facts import TlsOffer
from rules.crypto_profile import by_profile, current_profile
from rules.facts import Known
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.tls_ciphers import HELLOS_MAX, UNFINISHED, cipher_facts, look
from scanner.collect.tls_hello import (
    SSL2_HELLO,
    TLS13,
    VERSIONS,
    Chosen,
    client_hello,
    understood_tls,
)
from scanner.collect.tls_suites import BROKEN, SUITES, by_kind, is_broken
from scanner.collect.tls_suites import TLS13 as TLS13_SUITES
from scanner.evidence import Document

OPENSSL, SSLSCAN = shutil.which("openssl"), shutil.which("sslscan")
FAST = 1_000_000
EVERYTHING = ("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-min_protocol", "TLSv1")
USUAL = ("-cipher", "ECDHE+AESGCM", "-min_protocol", "TLSv1.2")
WEAK_IN_SSLSCAN = {"null", "anonymous", "weak", "medium"}


def offer_of(document: Document) -> TlsOffer:
    fact = cipher_facts([document])["tls.algorithms"]
    assert isinstance(fact, Known)
    (offer,) = fact.value
    return offer


def looked(port: int, **how: object) -> Document:
    settings = {"rate_kbps": FAST, "vantage": "may-quet", "timeout_s": 2.0, **how}
    return look("127.0.0.1", port, NullJournal(), "x", **settings)  # type: ignore[arg-type]


# --- real servers ------------------------------------------------------------------------------


@contextmanager
def s_server(folder: Path, *settings: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    certificate = for_state(folder / "state.json", {}).file
    process = subprocess.Popen(
        [
            *(str(OPENSSL), "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate),
            *("-key", certificate, "-quiet", *settings),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def by_sslscan(port: int) -> tuple[set[str], set[int]]:
    """Versions and weak suites."""
    done = subprocess.run(
        [str(SSLSCAN), "--xml=-", "--no-heartbleed", "--no-groups", f"127.0.0.1:{port}"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    report = ElementTree.fromstring(done.stdout)
    versions = {
        f"{'SSLv' if one.get('type') == 'ssl' else 'TLSv'}{one.get('version')}"
        for one in report.iter("protocol")
        if one.get("enabled") == "1"
    }
    weak = {
        int(str(one.get("id")), 16)
        for one in report.iter("cipher")
        if one.get("strength") in WEAK_IN_SSLSCAN
    }
    return versions, weak


@pytest.mark.skipif(not (OPENSSL and SSLSCAN), reason="openssl or sslscan is not installed")
@pytest.mark.parametrize(
    ("settings", "met"), [(EVERYTHING, False), (USUAL, True)], ids=["everything", "usual"]
)
def test_a_real_server_is_as_weak_as_sslscan_says(
    tmp_path: Path, settings: tuple[str, ...], met: bool
) -> None:
    with s_server(tmp_path, *settings) as port:
        offer = offer_of(looked(port))
        versions, weak = by_sslscan(port)
    assert set(offer.protocols) == versions
    judgement = by_profile((offer,))
    named = {one.name for one in judgement.weak if one.of == "suite"}
    assert named == {SUITES[number] for number in weak}
    assert judgement.met is met


def test_what_the_profile_forbids_is_asked_for_one_by_one() -> None:
    """A suite of which only one of its kind is looked for would be overlooked."""
    forbidden = {n for n, name in SUITES.items() if _grade(name) == "forbidden"}
    assert forbidden <= set(BROKEN)
    assert all(_grade(name) is not None for name in SUITES.values())
    kinds = [number for numbers in by_kind().values() for number in numbers]
    assert sorted([*kinds, *BROKEN, *TLS13_SUITES]) == sorted(SUITES)


def _grade(suite: str) -> str | None:
    return current_profile().grade("suite", suite)


# --- a server that is told what to accept ------------------------------------------------------


def hello_of(version: int, suite: int) -> bytes:
    legacy = min(version, 0x0303)
    extensions = b"\x00\x2b\x00\x02\x03\x04" if version == TLS13 else b""
    body = legacy.to_bytes(2, "big") + bytes(33) + suite.to_bytes(2, "big") + b"\x00"
    body += len(extensions).to_bytes(2, "big") + extensions if extensions else b""
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message


def offered(hello: bytes) -> tuple[int, list[int]]:
    version = int.from_bytes(hello[9:11], "big")
    size = int.from_bytes(hello[44:46], "big")
    suites = [int.from_bytes(hello[at : at + 2], "big") for at in range(46, 46 + size, 2)]
    return (TLS13 if b"\x00\x2b\x00\x03\x02\x03\x04" in hello else version), suites


ALERT = b"\x15\x03\x01\x00\x02\x02\x28"
SSL2_SERVER = b"\x80\x0b\x04\x00\x01\x00\x02\x00\x00\x00\x00\x00\x10"


class Fake:
    """Accepts the given suites in the given versions, and SSL 2 when told so."""

    def __init__(self, accepted: dict[int, tuple[int, ...]], ssl2: bool = False) -> None:
        self.accepted, self.ssl2 = accepted, ssl2
        self.asked = 0
        self.misbehave: Callable[[socket.socket, int], bool] = lambda _channel, _asked: False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                channel, _ = self._listener.accept()
            except OSError:
                return
            with channel:
                self.asked += 1
                hello = channel.recv(4096)
                if not self.misbehave(channel, self.asked):
                    channel.sendall(self._answer(hello))

    def _answer(self, hello: bytes) -> bytes:
        if hello == SSL2_HELLO:
            return SSL2_SERVER if self.ssl2 else ALERT
        version, suites = offered(hello)
        chosen = next((s for s in self.accepted.get(version, ()) if s in suites), None)
        return ALERT if chosen is None else hello_of(version, chosen)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def fake() -> Iterator[Callable[..., Fake]]:
    made: list[Fake] = []

    def make(accepted: dict[int, tuple[int, ...]], ssl2: bool = False) -> Fake:
        made.append(Fake(accepted, ssl2))
        return made[-1]

    yield make
    for one in made:
        one.close()


RC4, DES3, AES, ECDHE = 0x0005, 0x000A, 0x002F, 0xC02F


def test_old_versions_and_suites_that_no_library_speaks_are_found(
    fake: Callable[..., Fake],
) -> None:
    server = fake({VERSIONS["SSLv3"]: (AES,), VERSIONS["TLSv1.0"]: (AES, RC4, DES3)}, ssl2=True)
    offer = offer_of(looked(server.port))
    assert offer.protocols == ("SSLv2", "SSLv3", "TLSv1.0")
    assert set(offer.suites) == {SUITES[RC4], SUITES[DES3], SUITES[AES]}
    assert offer.incomplete == ()


def test_a_sound_server_is_asked_about_a_dozen_times(fake: Callable[..., Fake]) -> None:
    server = fake({VERSIONS["TLSv1.2"]: (ECDHE,), TLS13: (0x1301,)})
    document = looked(server.port)
    assert offer_of(document).suites == (SUITES[0x1301], SUITES[ECDHE])
    assert server.asked <= 12
    assert by_profile((offer_of(document),)).met is True


def test_the_rate_is_kept_and_a_stop_ends_it(fake: Callable[..., Fake]) -> None:
    server = fake({VERSIONS["TLSv1.2"]: (ECDHE,)})
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) == 4

    document = looked(server.port, rate_kbps=64, pause=pause)
    assert server.asked == 4
    assert sum(pauses) * 64_000 >= 8 * (4 * 200 + 3_500)
    assert "end" in document.lines
    assert offer_of(document).incomplete == ("protocols", "suites")
    assert by_profile((offer_of(document),)).met is None


def test_a_server_that_accepts_what_it_does_not_choose_is_asked_no_further_than_the_limit(
    fake: Callable[..., Fake],
) -> None:
    server = fake({number: tuple(SUITES) for number in VERSIONS.values()})
    offer = offer_of(looked(server.port))
    assert server.asked <= HELLOS_MAX
    assert by_profile((offer,)).met is False
    assert {name for name in SUITES.values() if is_broken(name)} <= set(offer.suites)


def test_a_device_that_falls_silent_is_left_alone(fake: Callable[..., Fake]) -> None:
    server = fake({VERSIONS["TLSv1.2"]: (ECDHE,)})

    def hang(channel: socket.socket, asked: int) -> bool:
        if asked > 6:
            channel.settimeout(2)
            channel.recv(1)
        return asked > 6

    server.misbehave = hang
    document = looked(server.port, timeout_s=0.1)
    assert server.asked <= 9
    assert UNFINISHED in document.lines
    assert by_profile((offer_of(document),)).met is None


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad\r\n\r\n", b"SSH-2.0-x\r\n", b"\x16" * 400])
def test_a_port_that_speaks_otherwise_is_a_reason(fake: Callable[..., Fake], answer: bytes) -> None:
    server = fake({})

    def speak(channel: socket.socket, _asked: int) -> bool:
        channel.sendall(answer)
        return True

    server.misbehave = speak
    with pytest.raises(CollectError, match="TLS"):
        looked(server.port, timeout_s=0.2)
    assert server.asked <= 4


def test_a_dead_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable):
        looked(port)


# --- reading -----------------------------------------------------------------------------------


def test_answers_in_pieces_and_damaged_ones_are_understood_or_not_but_never_raise() -> None:
    whole = hello_of(VERSIONS["TLSv1.2"], ECDHE)
    assert understood_tls(whole) == Chosen(VERSIONS["TLSv1.2"], ECDHE)
    assert all(understood_tls(whole[:size]) is None for size in range(len(whole)))
    assert understood_tls(hello_of(TLS13, 0x1302)) == Chosen(TLS13, 0x1302)
    assert understood_tls(ALERT) == "refused"
    chance = random.Random(3)
    for _ in range(500):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        understood_tls(bytes(content))


@pytest.mark.parametrize("version", [*VERSIONS.values(), TLS13])
def test_a_hello_says_what_it_offers(version: int) -> None:
    hello = client_hello(version, (AES, RC4))
    assert offered(hello)[0] == version
    assert offered(hello)[1][:2] == [AES, RC4]
    assert len(hello) == 5 + int.from_bytes(hello[3:5], "big")


def test_a_cut_document_never_looks_complete(fake: Callable[..., Fake]) -> None:
    document = looked(fake({VERSIONS["TLSv1.2"]: (ECDHE,)}).port)
    assert by_profile((offer_of(document),)).met is True
    for size in range(0, len(document.content) - 4):
        cut = Document(document.content[:size], document.source, "P", document.captured)
        for fact in cipher_facts([cut]).values():
            assert isinstance(fact, Known)
            assert by_profile(fact.value).met is not True
    assert cipher_facts([Document(document.content, "tls x", "P", document.captured)]) == {}
