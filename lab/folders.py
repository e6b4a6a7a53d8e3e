"""Where the files of one lab are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lab.keys import write_private

SEED_BYTES = 32

MAX_MESSAGE = 192 * 1024
"""Of a request to the supervisor, mostly its environment; below the kernel's limit."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The folder given to `start`: the inventory on top, the lab's own things below `lab`."""

    top: Path

    @property
    def inner(self) -> Path:
        return self.top / "lab"

    @property
    def secrets(self) -> Path:
        """Passwords and the audit key, referred to by the inventory."""
        return self.top / "secrets"

    @property
    def logs(self) -> Path:
        """What the log server holds under /var/log/hnth."""
        return self.inner / "logs"

    @property
    def journal(self) -> Path:
        """What the supervisor and its programs say."""
        return self.inner / "supervisor.log"

    @property
    def control(self) -> Path:
        return self.inner / "control"

    @property
    def audit_key(self) -> Path:
        return self.secrets / "audit-key"

    def host_key(self, host_id: str) -> Path:
        return self.inner / "keys" / host_id

    def state(self, device_id: str) -> Path:
        return self.inner / "state" / f"{device_id}.json"

    def password_file(self, device_id: str) -> Path:
        return self.secrets / f"{device_id}.password"

    def seed(self) -> bytes:
        """From which every password of this lab is derived; made on first use."""
        path = self.inner / "seed"
        if not path.exists():
            write_private(path, os.urandom(SEED_BYTES))
        return path.read_bytes()

    def make(self) -> None:
        """The folders exist; those with secrets are their owner's alone."""
        for folder in (self.top, self.inner, self.logs, self.inner / "state"):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.secrets, self.inner / "keys"):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
