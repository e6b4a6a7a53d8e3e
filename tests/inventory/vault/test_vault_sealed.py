"""The format: every changed bit is noticed, and a wrong password is told apart from damage."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from inventory.secrets import Secret
from inventory.vault import sealed
from inventory.vault.errors import Damaged, VaultError, WrongPassword
from inventory.vault.sealed import COST, HEADER_BYTES, Cost, key_for, new_key
from tests.inventory.vault.cheap import MASTER, make_cheap

CONTENT = b"mat khau cua thiet bi"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    make_cheap(monkeypatch)


def test_a_real_vault_costs_128_mib_a_guess() -> None:
    assert Cost() == COST == sealed.Cost(log2_n=17, r=8, p=1)
    assert 128 * COST.r * 2**COST.log2_n == 128 * 1024**2


def test_a_real_cost_opens_again() -> None:
    closed = new_key(MASTER, Cost()).seal(CONTENT)
    assert key_for(closed, MASTER).open(closed) == CONTENT


def test_nothing_of_the_content_can_be_read_and_no_two_files_are_alike() -> None:
    key = new_key(MASTER)
    one, two = key.seal(CONTENT), key.seal(CONTENT)
    assert CONTENT not in one
    assert one[HEADER_BYTES:] != two[HEADER_BYTES:]
    assert new_key(MASTER).salt != key.salt


def test_every_flipped_bit_is_damage_and_never_a_wrong_password() -> None:
    key = new_key(MASTER)
    closed = key.seal(CONTENT)
    for at in range(len(closed)):
        for bit in range(8):
            changed = bytearray(closed)
            changed[at] ^= 1 << bit
            with pytest.raises(Damaged):
                # below the header only the body differs, so its key is the same
                (key_for(bytes(changed), MASTER) if at < HEADER_BYTES else key).open(bytes(changed))


def test_every_file_that_is_cut_off_or_longer_is_damage() -> None:
    key = new_key(MASTER)
    closed = key.seal(CONTENT)
    for length in range(len(closed)):
        with pytest.raises(Damaged):
            key.open(closed[:length])
    with pytest.raises(Damaged):
        key.open(closed + b"\0")


@pytest.mark.parametrize("wrong", ["", "Ngua dung pin kep giay", "ngua dung pin kep giay "])
def test_a_wrong_password_is_called_that(wrong: str) -> None:
    closed = new_key(MASTER).seal(CONTENT)
    with pytest.raises(WrongPassword) as caught:
        key_for(closed, Secret(wrong)).open(closed)
    assert "the file itself is whole" in caught.value.reason.en


def test_with_the_right_password_a_damaged_body_is_called_damage() -> None:
    closed = new_key(MASTER).seal(CONTENT)
    changed = closed[:-1] + bytes([closed[-1] ^ 1])
    with pytest.raises(Damaged) as caught:
        key_for(changed, MASTER).open(changed)
    assert "the master password is right" in caught.value.reason.en


def test_the_body_of_one_file_does_not_fit_the_header_of_another() -> None:
    key = new_key(MASTER)
    one, two = key.seal(CONTENT), key.seal(CONTENT)
    with pytest.raises(Damaged):
        key.open(one[:HEADER_BYTES] + two[HEADER_BYTES:])


def test_letters_open_in_either_unicode_form() -> None:
    typed = "mật khẩu chủ của kho"
    closed = new_key(Secret(unicodedata.normalize("NFD", typed))).seal(CONTENT)
    nfc = Secret(unicodedata.normalize("NFC", typed))
    assert key_for(closed, nfc).open(closed) == CONTENT


def rewritten(closed: bytes, at: int, value: int) -> bytes:
    """A header changed by somebody who knows the format."""
    plain = bytearray(closed[: HEADER_BYTES - 32])
    plain[at] = value
    return bytes(plain) + hashlib.sha256(plain).digest() + closed[HEADER_BYTES:]


@pytest.mark.parametrize(
    ("at", "value"), [(8, 3), (8, 21), (8, 255), (9, 7), (9, 17), (10, 0), (10, 5)]
)
def test_costs_out_of_bounds_are_refused_before_any_work(at: int, value: int) -> None:
    closed = rewritten(new_key(MASTER).seal(CONTENT), at, value)
    with pytest.raises(VaultError, match="outside the safe bounds"):
        key_for(closed, MASTER)


def test_a_real_vault_of_less_cost_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = new_key(MASTER).seal(CONTENT)
    monkeypatch.setattr(sealed, "LEAST", Cost())
    with pytest.raises(VaultError, match="outside the safe bounds"):
        key_for(closed, MASTER)


def test_a_newer_format_is_called_newer() -> None:
    closed = rewritten(new_key(MASTER).seal(CONTENT), 7, ord("2"))
    with pytest.raises(VaultError, match="newer version"):
        key_for(closed, MASTER)


def test_keys_do_not_show_themselves() -> None:
    assert repr(new_key(MASTER)) == "Key(...)"
