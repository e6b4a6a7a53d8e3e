"""D11.1-b and D10.1-f: SSH and TLS by the profile of cryptography."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.crypto_facts import TlsOffer
from tests.rules.build import finding, province
from tests.rules.compliant import STRONG_SSH, STRONG_SUITE
from tests.rules.values import UNKNOWN, certificate

SOUND_TLS = TlsOffer(443, ("TLSv1.2",), (STRONG_SUITE,))
OLD_TLS = replace(SOUND_TLS, protocols=("TLSv1.0", "TLSv1.2"))
WEAK_SSH = replace(STRONG_SSH, macs=("hmac-md5",))
WITH_CURVE = replace(STRONG_SSH, key_exchange=("ecdh-sha2-nistp256",))
STRANGE = replace(STRONG_SSH, ciphers=("rot13@example.org",))
UNSEEN = replace(SOUND_TLS, incomplete=("suites",))


@pytest.mark.parametrize(
    ("name", "value", "outcome", "said"),
    [
        ("ssh.algorithms", (), "PASS", ""),
        ("ssh.algorithms", (WITH_CURVE,), "PASS", "SSH 22: ecdh-sha2-nistp256"),
        ("ssh.algorithms", (WEAK_SSH,), "FAIL", "SSH 22: hmac-md5; by hnth-crypto 2026.2"),
        ("ssh.algorithms", (STRONG_SSH, WEAK_SSH), "FAIL", "hmac-md5"),
        ("ssh.algorithms", (STRANGE,), "UND", "rot13@example.org"),
        ("ssh.algorithms", UNKNOWN, "UND", "only safe SSH algorithms"),
        ("tls.algorithms", (SOUND_TLS,), "PASS", ""),
        ("tls.algorithms", (OLD_TLS,), "FAIL", "TLS 443: TLSv1.0"),
        ("tls.algorithms", (UNSEEN,), "UND", "TLS 443 suites"),
        ("tls.algorithms", UNKNOWN, "UND", "only safe TLS versions"),
        ("tls.certificates", (replace(certificate(), key_bits=1024),), "FAIL", "RSA 1024 bit"),
        ("tls.certificates", (replace(certificate(), signature_hash="sha1"),), "FAIL", "sha1"),
    ],
)
def test_hardening_by_the_profile(name: str, value: object, outcome: str, said: str) -> None:
    found = finding(province({("vcs", name): value}), "D11.1-b", "vcs")
    assert found.outcome == outcome
    assert said in found.reason.en


@pytest.mark.parametrize(
    ("name", "value", "outcome", "said"),
    [
        ("ssh.algorithms", (WEAK_SSH,), "FAIL", "weak SSH encryption: SSH 22: hmac-md5"),
        ("tls.algorithms", (OLD_TLS,), "FAIL", "weak TLS encryption: TLS 443: TLSv1.0"),
        ("tls.algorithms", (UNSEEN,), "UND", "TLS encryption"),
        ("ssh.algorithms", (STRANGE,), "UND", "rot13@example.org"),
        ("ssh.algorithms", UNKNOWN, "UND", "SSH encryption"),
        ("ssh.algorithms", (), "PASS", ""),
    ],
)
def test_the_way_in_to_the_mcu(name: str, value: object, outcome: str, said: str) -> None:
    found = finding(province({("mcu", name): value}), "D10.1-f", "mcu")
    assert found.outcome == outcome
    assert said in found.reason.en
