"""The vault as the scanner's source of credentials, and of what is known of passwords."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.secrets import Secret, in_vault, resolve, with_vault
from scanner.cli.vault_door import DEFAULT, opened

if TYPE_CHECKING:
    from inventory.load import Loaded
    from inventory.model import Inventory
    from inventory.vault.entries import Contents
    from scanner.engine.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class Source:
    """Where the secrets of a scan come from."""

    secret_behind: Callable[[str, Path], Secret] = resolve
    handed_in: HandedIn | None = None


def source_for(loaded: Loaded, vault: Path | None, password_file: Path | None) -> Source:
    """The vault, opened once, where the inventory refers to it or somebody names it.

    Asks for the master password before anything is sent; ends the command when it is wrong.
    """
    path = vault or loaded.base / DEFAULT
    offered = vault is not None or (password_file is not None and path.exists())
    if not offered and not _refers_to_it(loaded.inventory):
        return Source()
    return from_contents(opened(path, password_file).contents, loaded.inventory)


def from_contents(contents: Contents, inventory: Inventory) -> Source:
    """An open vault as the source."""
    from scanner.engine.handed_in import from_vault  # noqa: PLC0415 - the engine loads slowly

    def entry(name: str) -> Secret:
        return contents.entry(name).password.secret

    return Source(with_vault(entry), from_vault(contents, inventory))


def _refers_to_it(inventory: Inventory) -> bool:
    accounts = (
        *(device.credential for device in inventory.devices),
        *(point.credential for point in inventory.vantage_points),
    )
    return any(
        in_vault(reference) is not None
        for account in accounts
        if account is not None
        for reference in (
            account.password,
            account.private_key,
            account.snmp_community,
            account.snmp_authentication_key,
            account.snmp_privacy_key,
        )
    )
