"""Which entry of the vault a check takes of itself: the one of the device, and no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import typer

from inventory.secrets import Secret
from inventory.vault.box import Vault
from inventory.vault.entries import Entry, Judged, Password
from rules.facts import Known
from scanner.cli.check_vault import from_vault_for
from scanner.engine.one_device import DEVICE
from tests.inventory.vault.cheap import MASTER, make_cheap, new_vault
from tests.scanner.check.build_check import NOW, result

PLANTED = "Kq7#vRz2!mXw9T"
GOOD = Judged(date(2026, 11, 24), True, True, True, True, frozenset({"unicode"}), "none")
HERE = {"192.0.2.10", "codec.example"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_cheap(monkeypatch)
    monkeypatch.chdir(tmp_path)
    vault = new_vault(tmp_path)
    for name, device in (
        ("mcu", "mcu-tinh"),
        ("phong-hop", "192.0.2.10"),
        ("192.0.2.10", "khac"),
        ("codec.other", ""),
        ("a", "192.0.2.77"),
        ("b", "192.0.2.77"),
    ):
        entry = Entry(name, Password(Secret(PLANTED)), account="quantri", device=device)
        vault.change(lambda contents, entry=entry: contents.having(entry))
    master = tmp_path / "master"
    master.touch(0o600)
    master.write_text(MASTER.reveal() + "\n")
    return tmp_path


def found(
    folder: Path, addresses: set[str], name: str | None = None, asked_for: bool = True
) -> str | None:
    taken = from_vault_for(name, addresses, None, folder / "master", asked_for=asked_for)
    return taken.entry.name if taken and taken.entry else None


def test_the_entry_of_the_device_comes_before_one_of_that_name(folder: Path) -> None:
    assert found(folder, HERE) == "phong-hop"
    assert found(folder, {"codec.other"}) == "codec.other"


def test_an_entry_that_is_named_is_taken_whatever_it_belongs_to(folder: Path) -> None:
    assert found(folder, HERE, name="mcu", asked_for=False) == "mcu"


def test_a_device_without_an_entry_gets_none_and_that_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(folder, {"192.0.2.1"}) is None
    assert "vault.hnth" in capsys.readouterr().err


def test_nobody_chooses_between_two_entries(folder: Path) -> None:
    with pytest.raises(typer.Exit) as caught:
        found(folder, {"192.0.2.77"})
    assert caught.value.exit_code == 2


def test_the_vault_stays_shut_when_an_account_was_given_or_nobody_can_open_it(
    folder: Path,
) -> None:
    assert found(folder, HERE, asked_for=False) is None
    assert from_vault_for(None, HERE, None, None, asked_for=True) is None
    (folder / "vault.hnth").unlink()
    assert found(folder, HERE) is None


def test_what_others_handed_in_is_known_and_the_password_of_the_login_is_not(
    folder: Path,
) -> None:
    vault = Vault.open(folder / "vault.hnth", MASTER)
    for name, account, device in (
        ("doc", "kiemtra", "192.0.2.10"),
        ("chinh", "admin", "codec.example"),
        ("noi-khac", "truong", "192.0.2.9"),
    ):
        entry = Entry(name, Password(Secret(PLANTED), judged=GOOD), account=account, device=device)
        vault.change(lambda contents, entry=entry: contents.having(entry))
    taken = from_vault_for("doc", HERE, None, folder / "master", asked_for=False)
    assert taken is not None
    inventory = result().report.inventory
    tested = taken.handed_in(inventory, "kiemtra").facts(DEVICE, NOW)["tested_passwords"]
    assert isinstance(tested, Known)
    assert [one.account for one in tested.value] == ["admin"]
    assert PLANTED not in repr(tested)
