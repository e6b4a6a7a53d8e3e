"""How IOS keeps its passwords is told by type; the passwords are gone before anybody reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.facts import Known, StoredSecret
from scanner.collect.redact import redact
from scanner.evidence import Document
from scanner.platforms import find

HEAD = "version 15.7\nhostname r1\nboot-start-marker\nboot-end-marker\n"
PLANTED = "0822455D0A16"


def stored(lines: str) -> tuple[StoredSecret, ...] | None:
    content = redact(f"{HEAD}{lines}end\n".encode(), ())
    now = datetime(2026, 11, 23, tzinfo=UTC)
    fact = (
        find("cisco-ios")
        .read([Document(content, "r1.cfg", "O", now)])
        .facts.get("credentials.storage")
    )
    assert PLANTED not in repr(fact)
    assert "redacted" not in repr(fact)
    return fact.value if isinstance(fact, Known) else None


ROWS = {
    f"enable secret 5 {PLANTED}": ("enable", "hash", "type 5 (MD5)"),
    f"enable secret 9 {PLANTED}": ("enable", "hash", "type 9 (scrypt)"),
    f"enable password {PLANTED}": ("enable", "plain", "no type"),
    f"enable password 7 {PLANTED}": ("enable", "reversible", "type 7 (Vigenère)"),
    f"enable secret level 5 4 {PLANTED}": ("enable", "hash", "type 4 (SHA-256 without salt)"),
    f"username admin password 0 {PLANTED}": ("admin", "plain", "type 0"),
    f"username admin password 6 {PLANTED}": ("admin", "reversible", "type 6 (AES)"),
    f"username admin privilege 15 password 7 {PLANTED}": (
        "admin",
        "reversible",
        "type 7 (Vigenère)",
    ),
    f"username admin privilege 15 secret 8 {PLANTED}": (
        "admin",
        "hash",
        "type 8 (PBKDF2-SHA-256)",
    ),
    f"line vty 0 4\n password 7 {PLANTED}\n login": (
        "line vty 0 4",
        "reversible",
        "type 7 (Vigenère)",
    ),
    f"snmp-server community {PLANTED} RO": ("snmp", "plain", "community"),
}


@pytest.mark.parametrize(("line", "expected"), ROWS.items(), ids=[*map(str, range(len(ROWS)))])
def test_the_form_is_told_by_the_type(line: str, expected: tuple[str, str, str]) -> None:
    (one,) = stored(line + "\n") or ()
    assert (one.account, one.form, one.algorithm) == expected


@pytest.mark.parametrize(
    "line",
    [
        "username admin nopassword",
        f"username admin password 3 {PLANTED}",
        "service password-encryption",
        "line vty 0 4\n login local",
        "enable",
    ],
)
def test_what_holds_no_password_or_an_unknown_type_tells_nothing(line: str) -> None:
    assert stored(line + "\n") is None


def test_a_configuration_that_is_cut_off_tells_nothing() -> None:
    begin = "Building configuration...\n\nCurrent configuration : 900 bytes\n!\n"
    content = redact(f"{begin}{HEAD}enable secret 5 {PLANTED}\n".encode(), ())
    now = datetime(2026, 11, 23, tzinfo=UTC)
    facts = find("cisco-ios").read([Document(content, "r1.cfg", "O", now)]).facts
    assert not isinstance(facts.get("credentials.storage"), Known)


def test_the_same_form_twice_is_told_once_and_each_is_cited() -> None:
    line = f"username admin secret 9 {PLANTED}\n"
    assert stored(line + line + f"enable secret 9 {PLANTED}\n") == (
        StoredSecret("admin", "hash", "type 9 (scrypt)"),
        StoredSecret("enable", "hash", "type 9 (scrypt)"),
    )


@pytest.mark.parametrize(
    "before",
    [
        *("enable password level 5 4", "enable password level 15", "enable password level 7 7"),
        *("enable password", "username a password", "username a privilege 15 password 0"),
        *("crypto isakmp key", "crypto isakmp key 6", " key-string"),
    ],
)
@pytest.mark.parametrize("secret", [PLANTED, "7secret", "9", "cipherword", "simple"])
def test_a_secret_that_begins_like_a_type_is_taken_out(before: str, secret: str) -> None:
    line = f"{before} {secret}\n".encode()
    assert redact(line, ()) == f"{before} <redacted>\n".encode()
