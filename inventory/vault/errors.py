"""What can be wrong with a vault, each told apart from the others. No text holds a secret."""

from __future__ import annotations

from inventory.text import Text


class VaultError(Exception):
    """The vault was not used or not changed. `reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class WrongPassword(VaultError):
    """The file is whole, and the master password is not its own."""


class Damaged(VaultError):
    """The file is not what was written: cut off, or changed since."""


class NoSuchEntry(VaultError):
    """Nothing is kept under this name."""
