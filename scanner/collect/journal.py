"""The record of everything that was sent: when, to whom, over what, which words.

Commands and request lines are recorded as they are on a family's allowlist, so none of them carries
a secret; logins are recorded as `login NAME`, never with what was typed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self


class Journal(Protocol):
    """Where probes and logins report what they are about to send."""

    def sent(self, device_id: str, transport: str, what: str) -> None:
        """The journal holds one more line before the bytes leave this host."""


class NullJournal:
    """Forgets everything; for tests and for reading that involves no device."""

    def sent(self, device_id: str, transport: str, what: str) -> None:
        """Nothing is kept."""


class FileJournal:
    """JSON lines appended to a file that only its owner can read; safe to share between threads.

    A line is on disk (as far as the operating system is concerned) when `sent` returns, so a run
    that is killed still tells what it had sent.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self._clock = clock
        self._lock = threading.Lock()
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")

    def sent(self, device_id: str, transport: str, what: str) -> None:
        entry = {
            "time": self._clock().astimezone(UTC).isoformat(timespec="milliseconds"),
            "device": device_id,
            "transport": transport,
            "sent": what,
        }
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
