"""What the vault holds for the device that is checked: who logs in, and what others handed in."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.text import Text
from scanner.cli.speech import give_up, say
from scanner.engine.one_device import DEVICE

if TYPE_CHECKING:
    from inventory.model import Inventory
    from inventory.vault.entries import Contents, Entry
    from scanner.engine.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class FromVault:
    """An open vault beside one device."""

    contents: Contents
    addresses: Collection[str]
    """By any of which entries name the device."""
    entry: Entry | None
    """Of the account to log in with."""

    def handed_in(self, inventory: Inventory, account: str | None) -> HandedIn:
        """What is known of the device's passwords, but for that account's.

        That one is judged once the device has let it in, and known to nobody before.
        """
        from scanner.engine.handed_in import from_vault  # noqa: PLC0415 - the engine loads slowly

        entries = {
            one.name: replace(one, device=DEVICE)
            for one in self.contents.entries.values()
            if one.device in self.addresses and one.account != account
        }
        return from_vault(replace(self.contents, entries=entries), inventory)


def from_vault_for(
    name: str | None,
    addresses: Collection[str],
    vault: Path | None,
    password_file: Path | None,
    *,
    asked_for: bool,
) -> FromVault | None:
    """The open vault with the entry of that name, else the one whose device is an address.

    Where no device is, the entry with such a name will do. The vault is opened for a name, and
    where somebody says where it is or what opens it; without either, the usual one is, as long as
    a person can be asked (and no account was given, which is what `asked_for` says). None where
    it stays shut.
    """
    from scanner.cli.vault_door import DEFAULT, opened, told  # noqa: PLC0415 - heavy parts

    path = vault or DEFAULT
    if name is None and not (asked_for and _is_offered(vault, password_file, path)):
        return None
    with told():
        contents = opened(path, password_file).contents
        entry = contents.entry(name) if name is not None else _of_device(contents, addresses)
    if entry is None:
        text = _NO_ENTRY.format(path=path)
        say(text.vi, text.en)
    return FromVault(contents, addresses, entry)


def _is_offered(vault: Path | None, password_file: Path | None, path: Path) -> bool:
    if vault is not None:
        return True
    return path.exists() and (password_file is not None or sys.stdin.isatty())


def _of_device(contents: Contents, addresses: Collection[str]) -> Entry | None:
    entries = contents.entries.values()
    fitting = [one for one in entries if one.device in addresses] or [
        one for one in entries if one.name in addresses
    ]
    if len(fitting) > 1:
        names = ", ".join(one.name for one in fitting)
        raise give_up(_SEVERAL_ENTRIES.format(names=names))
    return fitting[0] if fitting else None


_SEVERAL_ENTRIES = Text(
    vi="Kho mật khẩu có nhiều mục cho thiết bị này ({names}); hãy chọn một bằng --vault-entry TÊN.",
    en="The vault holds several entries for this device ({names}); choose one with --vault-entry "
    "NAME.",
)
_NO_ENTRY = Text(
    vi="Kho mật khẩu {path} không có mục nào cho địa chỉ này; không đăng nhập, chỉ kiểm tra cổng.",
    en="The vault {path} holds no entry for this address; there is no login, only the ports are "
    "checked.",
)
