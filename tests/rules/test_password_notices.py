"""Observations on passwords: what is observed, on which device, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from inventory.readings import Readings
from rules.facts import Citation, Known, StoredSecret
from rules.judge import judge
from rules.notice import Notice
from rules.password_notices import NAMED, password_notices
from tests.rules.build import ABSENT, province
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, account, handed_in

PLAIN = StoredSecret("kt", "plain", "type 0")
TURNED = StoredSecret("nv", "reversible", "type 7 (Vigenère)")
MD5 = StoredSecret("enable", "hash", "type 5 (MD5)")
SCRYPT = StoredSecret("ld", "hash", "type 9 (scrypt)")
UNTESTED = {("vcs", "tested_passwords"): ABSENT}
WEAK = {**UNTESTED, ("vcs", "password_policy.min_length"): 6}


def observed(
    changes: dict[tuple[str, str], Any] | None = None,
    *,
    readings: Readings | None = None,
    inventory: dict[str, Any] | None = None,
) -> list[Notice]:
    return [*password_notices(province(changes, readings=readings, inventory=inventory))]


def kinds(notices: Sequence[Notice]) -> list[tuple[str, str, str]]:
    return [(notice.kind, notice.subject.id, notice.severity) for notice in notices]


def stored(*secrets: StoredSecret, device: str = "fw") -> dict[tuple[str, str], Any]:
    lines = tuple(
        Citation("O", "fw.cfg", number, text=f"line {number}") for number, _ in enumerate(secrets)
    )
    return {(device, "credentials.storage"): Known(secrets, lines)}


def test_a_compliant_province_has_none() -> None:
    assert observed() == []


@pytest.mark.parametrize(
    ("secrets", "expected"),
    [
        ((PLAIN,), [("stored-readable", "fw", "S3")]),
        ((TURNED,), [("stored-readable", "fw", "S3")]),
        ((MD5,), [("stored-weak-hash", "fw", "S4")]),
        ((SCRYPT,), []),
        ((PLAIN, MD5), [("stored-readable", "fw", "S3"), ("stored-weak-hash", "fw", "S4")]),
        ((), []),
    ],
)
def test_how_passwords_are_kept(
    secrets: tuple[StoredSecret, ...], expected: list[tuple[str, str, str]]
) -> None:
    assert kinds(observed(stored(*secrets))) == expected


def test_each_names_its_accounts_and_cites_its_lines() -> None:
    readable, weak = observed(stored(SCRYPT, PLAIN, MD5, TURNED))
    assert readable.text.en == (
        "the configuration keeps passwords so that they can be read again: kt (type 0);"
        " nv (type 7 (Vigenère))"
    )
    assert [citation.line for citation in readable.citations] == [1, 3]
    assert [citation.line for citation in weak.citations] == [2]
    assert readable.fact == "credentials.storage"
    assert readable.requirement == "D11.2-a"


def test_many_accounts_are_counted() -> None:
    many = [StoredSecret(f"u{n}", "plain", "type 0") for n in range(NAMED + 3)]
    (notice,) = observed(stored(*many))
    assert f"u{NAMED - 1} " in notice.text.vi
    assert f"u{NAMED} " not in notice.text.vi
    assert "và 3 mục khác" in notice.text.vi


@pytest.mark.parametrize("device", ["mcu", "vcs", "router", "log"])
def test_every_kind_of_device_is_looked_at(device: str) -> None:
    found = observed(stored(PLAIN, device=device))
    assert kinds(found) == [("stored-readable", device, "S3")]
    assert found[0].site is not None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (WEAK, True),
        ({**UNTESTED, ("vcs", "password_policy.min_length"): 8}, False),
        ({**UNTESTED, ("vcs", "password_policy.special"): 0}, True),
        ({**UNTESTED, ("vcs", "password_policy.special"): UNKNOWN}, False),
        ({("vcs", "password_policy.min_length"): 6}, False),
        ({**WEAK, ("vcs", "accounts"): UNKNOWN}, True),
        ({**WEAK, ("vcs", "accounts"): (account("cu", enabled=False),)}, False),
        (
            {
                ("vcs", "password_policy.min_length"): 6,
                ("vcs", "tested_passwords"): (handed_in("quantri"),),
            },
            True,
        ),
        ({("fw", "password_policy.min_length"): 6, ("fw", "tested_passwords"): ABSENT}, False),
    ],
    ids=[
        *("weak", "sufficient", "no special characters", "unknown", "tested", "accounts unknown"),
        *("nobody can log in", "one of two tested", "a firewall is not bound"),
    ],
)
def test_a_weak_policy_is_observed_while_a_password_is_untested(
    changes: dict[tuple[str, str], Any], expected: bool
) -> None:
    wanted = [("weak-policy", "vcs", "S3")] if expected else []
    assert kinds(observed(changes)) == wanted


def test_the_items_of_a_weak_policy_are_named() -> None:
    (notice,) = observed({**WEAK, ("vcs", "password_policy.digits"): 0})
    assert notice.text.en.endswith("tested: least length 6 (needed: 8); digits 0 (needed: 1)")
    assert "số ký tự tối thiểu 6 (cần 8); chữ số 0 (cần 1)" in notice.text.vi
    assert notice.settings == ("password_policy.min_length", "password_policy.digits")


def test_the_reading_makes_a_weak_policy_a_failure_instead() -> None:
    for reading, outcome, number in (("und", "UND", 1), ("fail", "FAIL", 0)):
        readings = Readings(weak_policy=reading)
        findings = judge(province(WEAK, readings=readings))
        mine = [f for f in findings if f.requirement == "D11.2-b" and f.device == "vcs"]
        assert {f.outcome.value for f in mine} == {outcome}
        assert len(observed(WEAK, readings=readings)) == number


@pytest.mark.parametrize(
    ("device", "reading", "expected"),
    [
        ("vcs", "observe", [("shared-account", "vcs", "S3")]),
        ("vcs", "fail", []),
        ("fw", "observe", [("shared-account", "fw", "S3")]),
        ("fw", "fail", [("shared-account", "fw", "S3")]),
    ],
)
def test_a_shared_account_is_observed_unless_it_is_judged(
    device: str, reading: str, expected: list[tuple[str, str, str]]
) -> None:
    plan = with_device(device, shared_accounts=["quantri"])
    found = observed(inventory=plan, readings=Readings(shared_person=reading))
    assert kinds(found) == expected


def test_a_fingerprint_stays_when_values_change() -> None:
    (one,), (other,) = observed(stored(PLAIN)), observed(stored(TURNED))
    (elsewhere,) = observed(stored(PLAIN, device="router"))
    assert one.fingerprint == other.fingerprint != elsewhere.fingerprint


def test_no_digest_reaches_an_observation() -> None:
    marked = StoredSecret("kt", "plain", "type 0", digest="key:0123456789")
    assert "0123456789" not in repr(observed(stored(marked)))
