"""Equal secrets have equal seals, whatever stands around them, and none can be read from a seal."""

from __future__ import annotations

import pytest

from inventory.secrets import Secret
from inventory.vault.entries import digest
from scanner.collect.redact import redact
from scanner.collect.seals import MOST, seals

KEY = b"k" * 32
PLAIN = "Tr0ng-kho9"
# two encodings of "cisco" by devices, from Cisco's documentation of type 7 and its reverse
TYPE_7 = ("0822455D0A16", "094F471A1A0A", "13061E010803", "02050D480809")


def sealed(text: str, key: bytes = KEY) -> dict[int, str]:
    content = text.encode()
    return seals(content, redact(content, ()), key)


def mark(secret: str, key: bytes = KEY) -> str:
    return digest(key, Secret(secret))


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"enable password {PLAIN}", PLAIN),
        (f"username kt password 0 {PLAIN}", PLAIN),
        (f"snmp-server community {PLAIN} RO 10", PLAIN),
        (f"username kt password {PLAIN} encrypted privilege 15", PLAIN),
        *((f"username kt password 7 {encoded}", "cisco") for encoded in TYPE_7),
        ("username kt password 7 zz", "zz"),
        ("username kt password 7 08", ""),
    ],
)
def test_the_seal_is_the_digest_of_what_was_taken_out(line: str, secret: str) -> None:
    assert sealed(f"version 15.7\n{line}\nend\n") == ({2: mark(secret)} if secret else {})


def test_another_key_gives_another_seal() -> None:
    other = b"o" * 32
    assert sealed(f"enable password {PLAIN}\n", other) == {1: mark(PLAIN, other)}
    assert mark(PLAIN) != mark(PLAIN, other)


@pytest.mark.parametrize(
    "line",
    [
        "enable password <redacted>",
        "snmp-server community public RO",
        f"snmp-server user kt nhom v3 auth sha {PLAIN} priv aes 128 {PLAIN}",
        "hostname r1",
    ],
)
def test_without_exactly_one_secret_there_is_none(line: str) -> None:
    assert sealed(line + "\n") == {}


def test_there_is_a_bound() -> None:
    assert len(sealed("enable password Abc12345\n" * (MOST + 5))) == MOST


def test_no_secret_is_in_a_seal() -> None:
    assert PLAIN not in repr(sealed(f"enable password {PLAIN}\n"))
