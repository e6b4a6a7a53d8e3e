"""An operating system under the vault that dies at a chosen step, as a machine without power does.

What was written and not forced to disk may be lost in any part, a rename that the folder does not
yet know may be undone. Every call of the writer is a step; after death none does anything more.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any


class Death(BaseException):
    """The process is gone; nothing may catch this."""


class DyingSystem:
    """Stands in for the module `os` inside `inventory.vault.disk`."""

    STEPS = frozenset(
        {"open", "write", "fchmod", "fchown", "fsync", "rename", "unlink", "close", "stat"}
    )

    def __init__(self, dies_at: int, chance: random.Random) -> None:
        self.left, self._chance = dies_at, chance
        self.steps = 0
        self._paths: dict[int, Path] = {}
        self._loose: set[Path] = set()
        self._renamed: tuple[Path, bytes | None] | None = None

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in self.STEPS:
            return real

        def step(*arguments: Any, **named: Any) -> Any:
            self._step(name, arguments)
            return getattr(self, f"_{name}", real)(*arguments, **named)

        return step

    def _step(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self.left < 0:
            if name == "close":
                os.close(*arguments)  # as the end of the process would
            raise Death
        self.steps += 1
        if self.left == 0:
            self.left = -1
            if name == "write" and self._chance.random() < 0.8:
                part = bytes(arguments[1])
                os.write(arguments[0], part[: self._chance.randrange(len(part) + 1)])
            if name == "close":
                os.close(*arguments)
            self._lose_power()
            raise Death
        self.left -= 1

    def _open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        handle = os.open(path, flags, mode)
        self._paths[handle] = Path(path)
        return handle

    def _write(self, handle: int, content: Any) -> int:
        self._loose.add(self._paths[handle])
        # an operating system may take less than it is given
        return os.write(handle, content[: self._chance.randrange(1, len(content) + 1)])

    def _fsync(self, handle: int) -> None:
        path = self._paths[handle]
        if path.is_dir():
            self._renamed = None
        else:
            self._loose.discard(path)

    def _rename(self, old: Path, new: Path) -> None:
        self._renamed = (new, new.read_bytes() if new.exists() else None)
        if old in self._loose:
            self._loose.add(new)
        os.rename(old, new)

    def _lose_power(self) -> None:
        if self._renamed is not None and self._chance.random() < 0.5:
            path, content = self._renamed
            self._loose.discard(path)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        for path in self._loose:
            if path.exists():
                os.truncate(path, self._chance.randrange(path.stat().st_size + 1))
