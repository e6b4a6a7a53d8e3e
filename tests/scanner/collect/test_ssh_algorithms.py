"""What an SSH server offers: real ones, compared with ssh-audit, and hostile ones."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.crypto_facts import SshOffer
from rules.crypto_profile import by_profile
from rules.facts import Known
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.ssh_algorithms import algorithm_facts, look
from scanner.evidence import Document
from scanner.platforms.linux import read

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PSEUDO = {"ext-info-s", "kex-strict-s-v00@openssh.com"}
"""Signals among the names of key exchanges."""

openssh = pytest.mark.skipif(
    SSHD is None or shutil.which("ssh-keygen") is None, reason="OpenSSH's server is not installed"
)

WEAK = """HostKeyAlgorithms +ssh-rsa
KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1
Ciphers aes256-ctr,3des-cbc,aes128-cbc
MACs hmac-md5,hmac-sha1,hmac-sha2-256
"""
STRONG = """KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com
MACs hmac-sha2-512-etm@openssh.com
Compression no
"""


def offer_of(document: Document) -> SshOffer:
    fact = algorithm_facts([document])["ssh.algorithms"]
    assert isinstance(fact, Known)
    (offer,) = fact.value
    return offer


@contextmanager
def sshd(folder: Path, settings: str, *keys: str) -> Iterator[tuple[int, Path]]:
    """A server of this machine; every key is `kind` or `kind:bits`."""
    folder.mkdir()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    files = []
    for key in keys:
        kind, _, bits = key.partition(":")
        file = folder / f"ssh_host_{kind}_key"
        size = ["-b", bits] if bits else []
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *size, "-N", "", "-f", file], check=True)
        files.append(f"HostKey {file}\n")
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    config = folder / "config"
    config.write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nPidFile none\nUsePAM no\n{''.join(files)}{settings}"
    )
    process = subprocess.Popen([str(SSHD), "-D", "-f", config], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, config
    finally:
        process.terminate()
        process.wait()


def failed_by_ssh_audit(port: int) -> set[str]:
    pytest.importorskip("ssh_audit")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ssh_audit.ssh_audit",
            "-jj",
            "--skip-rate-test",
            f"127.0.0.1:{port}",
        ],
        capture_output=True,
        check=False,
        timeout=60,
    )
    report = json.loads(done.stdout)
    return {
        one["algorithm"]
        for kind in ("kex", "key", "enc", "mac")
        for one in report[kind]
        if one.get("notes", {}).get("fail")
    }


@openssh
@pytest.mark.parametrize(
    ("settings", "keys", "met"),
    [(WEAK, ("rsa:2048", "ecdsa"), False), (STRONG, ("ed25519",), True)],
    ids=["weak", "strong"],
)
def test_a_real_server_is_as_weak_as_ssh_audit_says(
    tmp_path: Path, settings: str, keys: tuple[str, ...], met: bool
) -> None:
    with sshd(tmp_path / "sshd", settings, *keys) as (port, config):
        seen = look("127.0.0.1", port, NullJournal(), "x", vantage="may-quet")
        judgement = by_profile((offer_of(seen),))
        assert {one.name for one in judgement.weak} == failed_by_ssh_audit(port)
        assert judgement.met is met
        computed = subprocess.run(
            [str(SSHD), "-T", "-f", config], capture_output=True, check=True
        ).stdout
    saved = read([Document(computed, "sshd-T.txt", "O", datetime.now(UTC))]).facts
    fact = saved["ssh.algorithms"]
    assert isinstance(fact, Known)
    assert _names(fact.value[0]) == _names(offer_of(seen))


def _names(offer: SshOffer) -> tuple[object, ...]:
    """What a file tells too. The curve of an ECDSA key stands in no setting."""
    keys = {"ecdsa" if name.startswith("ecdsa") else name for name in offer.host_keys}
    exchange = set(offer.key_exchange) - PSEUDO
    return (
        *(offer.port, offer.protocol, exchange, keys),
        *(set(offer.ciphers), set(offer.macs), set(offer.compression)),
    )


@openssh
@pytest.mark.parametrize(
    "exchange", ["curve25519-sha256", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha1"]
)
def test_a_short_rsa_key_is_measured_without_a_login(tmp_path: Path, exchange: str) -> None:
    sent: list[str] = []

    class Recorder:
        def sent(self, _device: str, _transport: str, what: str) -> None:
            sent.append(what)

    with sshd(tmp_path / "sshd", f"KexAlgorithms {exchange}\n", "rsa:1024") as (port, _):
        offer = offer_of(look("127.0.0.1", port, Recorder(), "x"))
    assert offer.rsa_bits == 1024
    assert "RSA 1024 bit" in [one.name for one in by_profile((offer,)).graded("forbidden")]
    assert len(sent) == 1
    assert not any("login" in what for what in sent)


# --- servers that are none ---------------------------------------------------------------------


def served(answer: bytes | Callable[[socket.socket], None]) -> int:
    """A port that gives one answer to whoever connects."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as channel:
            if callable(answer):
                answer(channel)
            else:
                channel.sendall(answer)
                channel.settimeout(1)
                channel.recv(100)

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


def packet(payload: bytes, padding: int = 4) -> bytes:
    body = bytes([padding]) + payload + bytes(padding)
    return len(body).to_bytes(4, "big") + body


def kexinit(*lists: str) -> bytes:
    names = b"".join(len(one).to_bytes(4, "big") + one.encode() for one in lists)
    return packet(b"\x14" + bytes(16) + names)


GREETING = b"SSH-2.0-fake\r\n"
LISTS = ("curve25519-sha256", "ssh-ed25519", "aes256-ctr", "3des-cbc", "hmac-md5", "", "none", "")


def test_what_differs_between_the_directions_counts_in_both() -> None:
    port = served(b"hello\r\nwelcome\r\n" + GREETING + kexinit(*LISTS))
    offer = offer_of(look("127.0.0.1", port, NullJournal(), "x", timeout_s=2))
    assert offer.ciphers == ("aes256-ctr", "3des-cbc")
    assert offer.macs == ("hmac-md5",)
    assert offer.rsa_bits is None
    assert offer.incomplete == ()


def test_version_one_is_told_without_a_key_exchange() -> None:
    offer = offer_of(look("127.0.0.1", served(b"SSH-1.5-old\n"), NullJournal(), "x", timeout_s=2))
    assert offer.protocol == "1.5"
    assert by_profile((offer,)).met is False


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"x" * 20_000,
        GREETING,
        GREETING + b"\x7f\xff\xff\xff" + b"x" * 100,
        GREETING + packet(b"\x01disconnect"),
        GREETING + packet(b"\x14" + bytes(16) + b"\xff\xff\xff\xff"),
        GREETING + kexinit(*LISTS[:5]),
        GREETING + kexinit(",".join(map(str, range(300))), *LISTS[1:]),
        GREETING + b"\x00\x00\x00\x05\xff\x14abc",
    ],
)
def test_a_port_that_speaks_otherwise_is_a_reason(answer: bytes) -> None:
    with pytest.raises(CollectError, match="SSH"):
        look("127.0.0.1", served(answer), NullJournal(), "x", timeout_s=0.5)


def test_a_dead_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable):
        look("127.0.0.1", port, NullJournal(), "x", timeout_s=0.5)


def test_names_of_a_hostile_server_stay_on_their_line() -> None:
    evil = ("curve25519-sha256\nend\ncipher aes256-ctr,\x1b[2J", *LISTS[1:])
    document = look("127.0.0.1", served(GREETING + kexinit(*evil)), NullJournal(), "x", timeout_s=2)
    assert document.text.count("\nend\n") == 1
    assert "\x1b" not in document.text
    assert by_profile((offer_of(document),)).met is not True


def test_cut_and_garbled_documents_never_raise_and_never_look_complete() -> None:
    document = look(
        "127.0.0.1", served(GREETING + kexinit(*LISTS)), NullJournal(), "x", timeout_s=2
    )
    chance = random.Random(5)
    for _ in range(100):
        content = document.content[: chance.randrange(len(document.content) - 4)]
        found = algorithm_facts([Document(content, document.source, "P", document.captured)])
        for fact in found.values():
            assert isinstance(fact, Known)
            assert by_profile(fact.value).met is not True
    assert algorithm_facts([Document(document.content, "x", "P", document.captured)]) == {}
