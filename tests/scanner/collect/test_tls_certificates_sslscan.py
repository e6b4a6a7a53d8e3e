"""Certificates of real servers are told as sslscan tells them: key, signature, issuer, dates."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rules.certificates import in_validity
from rules.crypto_profile import by_profile
from rules.facts import Known
from scanner.collect.journal import NullJournal
from scanner.collect.tls import look, tls_facts
from tests.scanner.collect.authority import made

OPENSSL, SSLSCAN = shutil.which("openssl"), shutil.which("sslscan")
KINDS = {"RSA": "rsa", "EC": "ec"}

pytestmark = pytest.mark.skipif(
    not (OPENSSL and SSLSCAN), reason="openssl or sslscan is not installed"
)


def self_made(folder: Path, *how: str) -> Path:
    file, key = folder / "server.pem", folder / "key.pem"
    subprocess.run(
        [
            *(str(OPENSSL), "req", "-x509", "-nodes", "-days", "9", "-subj", "/CN=vcs"),
            *("-keyout", str(key), "-out", str(file), *how),
        ],
        capture_output=True,
        check=True,
    )
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


@contextmanager
def server(file: Path) -> Iterator[int]:
    process = subprocess.Popen(
        [
            *(str(OPENSSL), "s_server", "-accept", "127.0.0.1:0", "-cert", str(file)),
            *("-key", str(file), "-cipher", "DEFAULT:@SECLEVEL=0"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        # it says which port it was given
        said = next(line for line in process.stdout if line.startswith("ACCEPT"))
        yield int(said.rsplit(":", 1)[1])
    finally:
        process.kill()
        process.communicate()


def by_sslscan(port: int) -> dict[str, object]:
    done = subprocess.run(
        [
            *(str(SSLSCAN), "--xml=-", "--no-heartbleed", "--no-groups", "--no-ciphersuites"),
            f"127.0.0.1:{port}",
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )
    told = next(ElementTree.fromstring(done.stdout).iter("certificate"))
    key = told.find("pk")
    assert key is not None
    return {
        "key": (KINDS[key.get("type", "")], int(key.get("bits", "0"))),
        "signature": (told.findtext("signature-algorithm") or "").lower(),
        "self-signed": told.findtext("self-signed") == "true",
        "expired": told.findtext("expired") == "true",
    }


@pytest.mark.parametrize(
    ("how", "strong", "in_time"),
    [
        (("-newkey", "rsa:1024", "-sha1"), False, True),
        (("-newkey", "rsa:2048", "-sha256"), True, True),
        (("-newkey", "rsa:2048", "-sha1"), False, True),
        (("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"), True, True),
        ((), True, False),
    ],
    ids=["rsa 1024 sha1", "rsa 2048", "sha1", "ec 384", "expired, of an authority"],
)
def test_a_certificate_is_told_as_sslscan_tells_it(
    tmp_path: Path, how: tuple[str, ...], strong: bool, in_time: bool
) -> None:
    if how:
        file = self_made(tmp_path, *how)
    else:
        late = made("vcs", made("CA", ca=True), until=datetime.now(UTC) - timedelta(days=1))
        file = tmp_path / "server.pem"
        file.write_bytes(late.pem + late.key_pem)
    with server(file) as port:
        seen = look("127.0.0.1", port, NullJournal(), "vcs", timeout_s=2)
        told = by_sslscan(port)
    fact = tls_facts([seen])["tls.certificates"]
    assert isinstance(fact, Known)
    (certificate,) = fact.value
    now = datetime.now(UTC)
    validity = in_validity((certificate,), now).met
    # of an elliptic curve sslscan tells the strength, which is half the length
    bits = certificate.key_bits // (2 if certificate.key_kind == "ec" else 1)
    assert (certificate.key_kind, bits) == told["key"]
    assert certificate.signature_hash in str(told["signature"])
    assert certificate.self_signed is told["self-signed"]
    assert (validity is False) is told["expired"]
    assert (by_profile((certificate,)).met, validity) == (strong, in_time)
