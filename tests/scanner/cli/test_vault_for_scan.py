"""The vault as the source of credentials: opened once, and only where it is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from inventory.load import Loaded, loads
from inventory.secrets import Secret, SecretError, resolve
from inventory.vault.entries import Entry, Password
from scanner.cli.check_login import Given, login_of
from scanner.cli.check_vault import from_vault_for
from scanner.cli.vault_for_scan import source_for
from scanner.engine.one_device import Pins
from tests.inventory.vault.cheap import MASTER, make_cheap, new_vault

PLANTED = "Kq7#vRz2!mXw9T"


def declared(folder: Path, reference: str) -> Loaded:
    text = f"""
organisation: {{name: Đơn vị thử, province: An Giang}}
sites: [{{id: trung-tam, name: Trung tâm, level: province}}]
devices:
  - id: mcu-tinh
    kind: mcu
    site: trung-tam
    address: 10.67.10.10
    credential: {{username: quantri, password: "{reference}"}}
"""
    return loads(text, folder / "inventory.yaml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_cheap(monkeypatch)
    monkeypatch.chdir(tmp_path)
    entry = Entry("mcu", Password(Secret(PLANTED)), account="quantri")
    new_vault(tmp_path).change(lambda contents: contents.having(entry))
    for name, secret in (("master", MASTER.reveal()), ("wrong", "sai mat khau chu")):
        path = tmp_path / name
        path.touch(0o600)
        path.write_text(secret + "\n")
    return tmp_path


def test_a_reference_opens_the_vault_beside_the_inventory(folder: Path) -> None:
    source = source_for(declared(folder, "vault:mcu"), None, folder / "master")
    assert source.secret_behind("vault:mcu", folder).reveal() == PLANTED
    assert source.handed_in is not None
    with pytest.raises(SecretError, match="no entry"):
        source.secret_behind("vault:other", folder)


def test_without_a_reference_nobody_is_asked(folder: Path) -> None:
    source = source_for(declared(folder, "env:X"), None, None)
    assert (source.secret_behind, source.handed_in) == (resolve, None)


@pytest.mark.parametrize("vault", [None, Path("vault.hnth")])
def test_a_vault_that_is_offered_is_opened_for_what_it_knows(
    folder: Path, vault: Path | None
) -> None:
    assert source_for(declared(folder, "env:X"), vault, folder / "master").handed_in is not None


def test_a_wrong_master_password_ends_the_scan_before_anything_is_sent(folder: Path) -> None:
    with pytest.raises(typer.Exit) as caught:
        source_for(declared(folder, "vault:mcu"), None, folder / "wrong")
    assert caught.value.exit_code == 2


def test_a_damaged_vault_ends_the_scan_with_4(folder: Path) -> None:
    path = folder / "vault.hnth"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(typer.Exit) as caught:
        source_for(declared(folder, "vault:mcu"), None, folder / "master")
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(("user", "expected"), [(None, "quantri"), ("khac", "khac")])
def test_a_device_is_checked_with_an_entry(folder: Path, user: str | None, expected: str) -> None:
    vault, master = folder / "vault.hnth", folder / "master"
    taken = from_vault_for("mcu", (), vault, master, asked_for=False)
    entry = taken.entry if taken else None
    login, behind = login_of(Given(user, None, Pins(None, None), False, entry))
    assert login is not None
    assert login.username == expected
    assert behind(login.password, folder).reveal() == PLANTED
