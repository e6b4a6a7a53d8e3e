"""An open vault: read at once, changed one whole content at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inventory.secrets import Secret
from inventory.text import Text
from inventory.vault import disk
from inventory.vault.encoding import decode, encode
from inventory.vault.entries import Contents
from inventory.vault.errors import VaultError
from inventory.vault.sealed import Key, key_for, new_key

MASTER_MIN = 12
"""Characters of a master password: it guards all the others."""


class Vault:
    """A vault that the master password has opened. `contents` is what was read or written last."""

    def __init__(self, path: Path, key: Key, contents: Contents) -> None:
        self.path = path
        self.contents = contents
        self._key = key

    @classmethod
    def create(cls, path: Path, master: Secret) -> Vault:
        """A new, empty vault, on disk. Raises `VaultError` when something is there already."""
        key = new_key(checked_master(master))
        contents = Contents()
        disk.create(path, key.seal(encode(contents)))
        return cls(path, key, contents)

    @classmethod
    def open(cls, path: Path, master: Secret) -> Vault:
        """Raises `WrongPassword`, `Damaged`, or `VaultError` for a file that cannot be used."""
        sealed = disk.read(path)
        key = key_for(sealed, master)
        return cls(path, key, decode(key.open(sealed)))

    def change(self, how: Callable[[Contents], Contents]) -> Contents:
        """What `how` makes of the newest contents is on disk, and nothing else has been lost.

        What others wrote since this vault was opened is read first; `how` may raise to change
        nothing. Raises what `open` raises, and when the master password was changed meanwhile.
        """
        with disk.locked(self.path):
            newest = decode(self._key.open(disk.read(self.path)))
            changed = how(newest)
            disk.replace(self.path, self._key.seal(encode(changed)))
        self.contents = changed
        return changed

    def change_master(self, master: Secret) -> None:
        """Only the new master password opens the vault; with a new salt, all written anew."""
        key = new_key(checked_master(master))
        with disk.locked(self.path):
            contents = decode(self._key.open(disk.read(self.path)))
            disk.replace(self.path, key.seal(encode(contents)))
        self._key, self.contents = key, contents

    def __repr__(self) -> str:
        return f"Vault({str(self.path)!r})"


def checked_master(master: Secret) -> Secret:
    """Raises `VaultError` for a master password that is too short."""
    if len(master.reveal()) < MASTER_MIN:
        raise VaultError(_SHORT_MASTER)
    return master


_SHORT_MASTER = Text(
    vi=f"mật khẩu chủ cần ít nhất {MASTER_MIN} ký tự vì nó bảo vệ mọi mật khẩu khác; nên dùng "
    "nhiều từ không liên quan",
    en=f"a master password needs {MASTER_MIN} characters or more, since it guards all the others; "
    "several unrelated words do well",
)
