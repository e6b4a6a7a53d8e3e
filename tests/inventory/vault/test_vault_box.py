"""An open vault: nothing that anybody wrote is lost, and nothing of it shows itself."""

from __future__ import annotations

import json
import pickle
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from inventory.secrets import Secret, SecretError, with_vault
from inventory.text import Text
from inventory.vault.box import Vault
from inventory.vault.encoding import BLOCK, decode, encode
from inventory.vault.entries import (
    Contents,
    Entry,
    Judged,
    Password,
    checked_name,
    checked_password,
    digest,
    same,
)
from inventory.vault.errors import Damaged, NoSuchEntry, VaultError, WrongPassword
from tests.inventory.vault.cheap import MASTER, make_cheap, new_vault

PLANTED = "Pl@nted-9f2c"
JUDGED = Judged(
    on=date(2026, 11, 1),
    long_enough=True,
    digit=True,
    lowercase=True,
    uppercase=False,
    special=frozenset({"unicode"}),
    meaning="found",
    why=(Text(vi="chứa địa danh", en="holds the name of a place"),),
    vocabulary="2026.1",
)
FULL = Entry(
    "mcu-tinh/quản trị",
    Password(Secret(PLANTED), date(2026, 9, 1), date(2026, 9, 2), JUDGED),
    "admin",
    "mcu-tinh",
    next=Password(Secret("khác")),
)
BARE = Entry("b", Password(Secret(" x\\\"' ")))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    make_cheap(monkeypatch)


def revealed(contents: Contents) -> dict[str, tuple[object, ...]]:
    return {
        e.name: (e.account, e.device, *(p and (p.secret.reveal(), p.changed, p.since, p.judged)
                                        for p in (e.password, e.next)))
        for e in contents.entries.values()
    }  # fmt: skip


def test_everything_comes_back(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    vault.change(lambda contents: contents.having(FULL).having(BARE))
    again = Vault.open(vault.path, MASTER)
    assert revealed(again.contents) == revealed(Contents({FULL.name: FULL, BARE.name: BARE}))
    assert again.contents.digest_key == vault.contents.digest_key


def test_two_writers_lose_nothing_of_each_other(tmp_path: Path) -> None:
    one = new_vault(tmp_path)
    two = Vault.open(one.path, MASTER)
    one.change(lambda contents: contents.having(FULL))
    two.change(lambda contents: contents.having(BARE))
    assert set(Vault.open(one.path, MASTER).contents.entries) == {FULL.name, BARE.name}


def test_a_change_that_raises_changes_nothing(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    before = vault.path.read_bytes()
    with pytest.raises(NoSuchEntry):
        vault.change(lambda contents: contents.without("absent"))
    assert vault.path.read_bytes() == before


def test_after_a_new_master_password_only_that_opens(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    other = Vault.open(vault.path, MASTER)
    vault.change(lambda contents: contents.having(FULL))
    vault.change_master(Secret("mot mat khau chu khac"))
    with pytest.raises(WrongPassword):
        Vault.open(vault.path, MASTER)
    with pytest.raises(WrongPassword, match="changed while the vault was open"):
        other.change(lambda contents: contents.having(BARE))
    again = Vault.open(vault.path, Secret("mot mat khau chu khac"))
    assert set(again.contents.entries) == {FULL.name}
    vault.change(lambda contents: contents.having(BARE))


def test_a_short_master_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="12 characters"):
        Vault.create(tmp_path / "v", Secret("elevenchars"))
    assert not (tmp_path / "v").exists()


def test_the_size_of_the_file_tells_no_length(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    sizes = set()
    for length in (1, 20, 200):
        vault.change(lambda c, n=length: c.having(Entry("a", Password(Secret("x" * n)))))
        sizes.add(vault.path.stat().st_size)
    assert len(sizes) == 1
    assert len(encode(vault.contents)) % BLOCK == 0


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    vault.change(lambda contents: contents.having(FULL))
    shown = [repr(vault), repr(vault.contents), str(FULL)]
    assert PLANTED not in "".join(shown)
    assert vault.contents.digest_key.hex() not in repr(vault.contents)
    assert PLANTED.encode() not in vault.path.read_bytes()
    with pytest.raises(TypeError):
        pickle.dumps(FULL)


def plain(**changes: object) -> bytes:
    data = json.loads(encode(Contents({FULL.name: FULL})))
    return json.dumps({**data, **changes}).encode()


def broken(**changes: object) -> bytes:
    data = json.loads(encode(Contents({FULL.name: FULL})))
    data["entries"][0].update(changes)
    return json.dumps(data).encode()


NONSENSE = {
    "no JSON": b"\xff",
    "a list": b"[]",
    "no key": plain(digest_key="00"),
    "a name twice": plain(entries=json.loads(plain())["entries"] * 2),
    "no entries": plain(entries=None),
    "a number for a name": broken(name=3),
    "no password": broken(password=None),
    "a wrong day": broken(password={"secret": PLANTED, "changed": "x", "since": 0, "judged": 0}),
    "format of words": plain(format="two"),
}


@pytest.mark.parametrize("content", NONSENSE.values(), ids=NONSENSE.keys())
def test_contents_that_make_no_sense_are_damage_and_stay_unshown(content: bytes) -> None:
    with pytest.raises(Damaged) as caught:
        decode(content)
    assert PLANTED not in repr(caught.value)
    assert caught.value.__context__ is None


def test_contents_of_a_newer_version_are_called_that() -> None:
    with pytest.raises(VaultError, match="newer version"):
        decode(plain(format=2))


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x1b[2J", "x" * 101])
def test_names_that_cannot_be_written_are_refused(name: str) -> None:
    with pytest.raises(VaultError, match="cannot be the name"):
        checked_name(name)


def test_names_are_compared_in_one_unicode_form() -> None:
    assert checked_name(unicodedata.normalize("NFD", FULL.name)) == FULL.name
    contents = Contents({FULL.name: FULL})
    assert contents.entry(unicodedata.normalize("NFD", FULL.name)) is FULL


@pytest.mark.parametrize("value", ["", "a\nb", "a\0b", "x" * 1025])
def test_passwords_that_no_device_takes_are_refused(value: str) -> None:
    with pytest.raises(VaultError, match="nothing is kept"):
        checked_password(Secret(value))


def test_digests_tell_equal_from_different_under_one_key() -> None:
    one, two = b"1" * 32, b"2" * 32
    assert digest(one, Secret("mật")) == digest(one, Secret(unicodedata.normalize("NFD", "mật")))
    assert digest(one, Secret("a")) != digest(one, Secret("A"))
    assert digest(one, Secret("a")).split(":")[0] == digest(one, Secret("b")).split(":")[0]
    assert digest(one, Secret("a")).split(":")[0] != digest(two, Secret("a")).split(":")[0]
    assert same(Secret("a"), Secret("a"))
    assert not same(Secret("a"), Secret("a "))


def test_the_scanner_finds_entries_by_reference(tmp_path: Path) -> None:
    contents = Contents({"mcu": replace(FULL, name="mcu")})
    behind = with_vault(lambda name: contents.entry(name).password.secret)
    assert behind("vault:mcu", tmp_path).reveal() == PLANTED
    with pytest.raises(SecretError, match="no entry"):
        behind("vault:other", tmp_path)
    with pytest.raises(SecretError, match="not set or empty"):
        behind("env:HNTH_NOT_SET", tmp_path)


def test_a_vault_with_a_wide_mode_is_not_opened(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    vault.path.chmod(0o640)
    with pytest.raises(VaultError, match="chmod 600"):
        Vault.open(vault.path, MASTER)
    with pytest.raises(VaultError, match="chmod 600"):
        vault.change(lambda contents: contents)
