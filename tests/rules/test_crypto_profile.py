"""The profile of cryptography: its weak set is that of ssh-audit, and what it misses stays open."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.crypto_facts import Certificate, SshOffer, TlsOffer
from rules.crypto_profile import (
    GRADES,
    by_profile,
    current_profile,
    read_profile,
)
from rules.facts import Citation
from tests.rules.compliant import STRONG_SSH, STRONG_SUITE
from tests.rules.values import certificate

STRONG_TLS = TlsOffer(443, ("TLSv1.2", "TLSv1.3"), (STRONG_SUITE,))
LISTS = {"kex": "key exchange", "key": "host key", "enc": "cipher", "mac": "mac"}


def test_the_profile_is_dated_and_names_its_sources() -> None:
    profile = current_profile()
    assert profile.label == "hnth-crypto 2026.2"
    assert profile.issued == date(2026, 11, 24)
    assert {"RFC 9142", "RFC 8996", "NIST SP 800-52", "BSI TR-02102"} <= {
        wanted
        for wanted in ("RFC 9142", "RFC 8996", "NIST SP 800-52", "BSI TR-02102")
        if any(wanted in source for source in profile.sources)
    }
    assert all(group.source and group.grade in GRADES for group in profile.groups)


def test_weak_algorithms_of_ssh_are_those_that_ssh_audit_fails() -> None:
    database = pytest.importorskip("ssh_audit.ssh2_kexdb").SSH2_KexDB.get_db()
    profile, differing, unknown = current_profile(), [], []
    for kind, of in LISTS.items():
        for name, (_versions, *notes) in database[kind].items():
            grade = profile.grade(of, name)
            if grade is None:
                unknown.append(name)
            elif (grade in {"forbidden", "questioned"}) != bool(notes and notes[0]):
                differing.append((name, grade, notes))
    assert differing == []
    assert unknown == ["spi-sign-rsa"]


def test_what_breaks_nothing_though_ssh_audit_fails_it_is_named_here() -> None:
    """Curves of NIST are recommended by RFC 9142; an appliance is not failed for them."""
    grade = current_profile().grade
    assert grade("key exchange", "ecdh-sha2-nistp256") == "questioned"
    assert grade("host key", "ecdsa-sha2-nistp256") == "questioned"
    assert grade("key exchange", "ecdh-sha2-nistp192") == "forbidden"


@pytest.mark.parametrize(
    ("changes", "met", "named"),
    [
        ({}, True, None),
        ({"ciphers": ("aes256-ctr", "3des-cbc")}, False, "SSH 22: 3des-cbc"),
        ({"macs": ("hmac-sha1", "hmac-md5")}, False, "SSH 22: hmac-sha1, hmac-md5"),
        ({"key_exchange": ("diffie-hellman-group1-sha1",)}, False, "group1-sha1"),
        ({"key_exchange": ("diffie-hellman-group14-sha256",)}, True, None),
        ({"key_exchange": ("ecdh-sha2-nistp256",)}, True, None),
        ({"host_keys": ("ssh-rsa",)}, False, "SSH 22: ssh-rsa"),
        ({"host_keys": ("rsa-sha2-512",), "rsa_bits": 2048}, True, None),
        ({"host_keys": ("rsa-sha2-512",), "rsa_bits": 2047}, False, "RSA 2047 bit"),
        ({"protocol": "1.99"}, False, "SSH 22: 1.99"),
        ({"protocol": "2.0"}, True, None),
        ({"ciphers": ("aes128-cbc",)}, True, None),
        ({"ciphers": ("rot13@example",)}, None, "not in the profile: SSH 22: rot13@example"),
        ({"incomplete": ("macs",)}, None, "not seen to the end: SSH 22 macs"),
        ({"incomplete": ("macs",), "ciphers": ("none",)}, False, "SSH 22: none"),
    ],
)
def test_ssh(changes: dict[str, Any], met: bool | None, named: str | None) -> None:
    judgement = by_profile((replace(STRONG_SSH, **changes),))
    assert judgement.met is met
    assert (judgement.shown is None) == (named is None)
    assert judgement.shown is None or (named or "") in judgement.shown.en


@pytest.mark.parametrize(
    ("changes", "met"),
    [
        ({}, True),
        ({"protocols": ("TLSv1.1", "TLSv1.2")}, False),
        ({"protocols": ("TLSv1.2",)}, True),
        ({"protocols": ("SSLv3", "TLSv1.2")}, False),
        ({"suites": ("TLS_RSA_WITH_RC4_128_SHA",)}, False),
        ({"suites": ("TLS_RSA_WITH_3DES_EDE_CBC_SHA",)}, False),
        ({"suites": ("TLS_DH_anon_WITH_AES_256_GCM_SHA384",)}, False),
        ({"suites": ("TLS_RSA_WITH_AES_128_CBC_SHA",)}, True),
        ({"suites": ("TLS_WITH_SOMETHING_NEW",)}, None),
        ({"incomplete": ("suites",)}, None),
    ],
)
def test_tls(changes: dict[str, Any], met: bool | None) -> None:
    assert by_profile((replace(STRONG_TLS, **changes),)).met is met


@pytest.mark.parametrize(
    ("changes", "met"),
    [
        ({}, True),
        ({"key_bits": 1024}, False),
        ({"key_bits": 256, "key_kind": "ec"}, True),
        ({"key_bits": 192, "key_kind": "ec"}, False),
        ({"key_bits": 256}, True),
        ({"key_bits": 256, "key_kind": "ed25519", "signature_hash": "ed25519"}, True),
        ({"signature_hash": "sha1"}, False),
        ({"signature_hash": "md5"}, False),
        ({"signature_hash": "sm3"}, None),
        ({"key_kind": "dsa", "key_bits": 3072}, False),
    ],
)
def test_certificates(changes: dict[str, Any], met: bool | None) -> None:
    shown: Certificate = replace(certificate(), **changes)
    assert by_profile((shown,)).met is met


def test_nothing_offered_is_nothing_weak() -> None:
    assert by_profile(()).met is True


def test_the_lines_that_decide_are_the_proof() -> None:
    said = ("protocol 2.0", "cipher aes256-ctr", "cipher 3des-cbc")
    lines = tuple(Citation("P", "x", n, text, "h") for n, text in enumerate(said, start=2))
    weak = by_profile((replace(STRONG_SSH, ciphers=("3des-cbc",)),))
    assert [citation.line for citation in weak.decisive(lines)] == [4]
    assert [citation.line for citation in by_profile((STRONG_SSH,)).decisive(lines)] == [2]


def test_the_profile_is_named_beside_what_decides_and_what_is_advised() -> None:
    weak = by_profile((replace(STRONG_SSH, ciphers=("3des-cbc",)),)).shown
    assert weak is not None
    assert weak.en == "SSH 22: 3des-cbc; by hnth-crypto 2026.2"
    better = by_profile((replace(STRONG_SSH, key_exchange=("ecdh-sha2-nistp256",)),)).advice
    assert better is not None
    assert better.en == "better replaced: SSH 22: ecdh-sha2-nistp256; by hnth-crypto 2026.2"
    assert by_profile((STRONG_SSH,)).advice is None


def test_long_lists_are_cut_and_counted() -> None:
    many = tuple(f"arcfour{number}" for number in range(20))
    shown = by_profile((replace(STRONG_SSH, ciphers=many),)).shown
    assert shown is not None
    assert "arcfour11, … (+8);" in shown.en


@pytest.mark.parametrize(
    ("change", "error"),
    [({"grade": "awful"}, KeyError), ({"names": ["("]}, re.error)],
)
def test_a_broken_profile_is_refused(change: dict[str, Any], error: type[Exception]) -> None:
    group = {"of": "mac", "grade": "sound", "source": "x", "names": ["a"], **change}
    table = {"name": "x", "version": "1", "date": date(2026, 1, 1), "sources": [], "key": []}
    with pytest.raises(error):
        read_profile({**table, "group": [group]})


def test_an_offer_of_a_server_that_was_not_understood_stays_open() -> None:
    empty = SshOffer(22, "2.0", incomplete=("ciphers", "host_keys", "key_exchange", "macs"))
    assert by_profile((empty,)).met is None
