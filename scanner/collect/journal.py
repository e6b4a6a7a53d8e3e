"""The record of everything that was sent: when, to whom, over what, which words.

Commands and request lines are recorded as they are on a family's allowlist, so none of them carries
a secret; logins are recorded as `login NAME`, never with what was typed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from inventory.text import Text


class JournalError(Exception):
    """The journal cannot be kept. Ends the run: what is not written down is not sent."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


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
    that is killed still tells what it had sent. A line that cannot be written leaves nothing of
    itself behind. The folder of the file is made when it is not there.

    Raises `JournalError` when the file cannot be opened or written.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: a disk that was full must not be told again when the file is closed.
            self._file = os.fdopen(os.open(path, flags, 0o600), "ab", buffering=0)
        except OSError as error:
            raise _failed(path, error) from None

    def sent(self, device_id: str, transport: str, what: str) -> None:
        entry = {
            "time": self._clock().astimezone(UTC).isoformat(timespec="milliseconds"),
            "device": device_id,
            "transport": transport,
            "sent": what,
        }
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        with self._lock:
            before = os.fstat(self._file.fileno()).st_size
            try:
                _write_all(self._file.fileno(), line)
            except OSError as error:
                with suppress(OSError):
                    self._file.truncate(before)
                raise _failed(self._path, error) from None

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


def _write_all(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]


def _failed(path: Path, error: OSError) -> JournalError:
    if error.errno in (ENOSPC, EDQUOT, EFBIG):
        return JournalError(_FULL.format(where=path))
    reason = error.strerror or type(error).__name__
    return JournalError(_NOT_WRITTEN.format(where=path, reason=reason))


_FULL = Text(
    vi="Không ghi được nhật ký quét {where}: đĩa đã đầy, nên hnth không gửi gì thêm. Những thiết "
    "bị đã ghi xong vẫn còn nguyên; hãy giải phóng dung lượng rồi chạy lại (đợt quét: --resume).",
    en="Cannot write the journal {where}: the disk is full, so nothing more is sent. Devices saved "
    "so far are kept; free some space and run again (a scan: with --resume).",
)
_NOT_WRITTEN = Text(
    vi="Không ghi được nhật ký quét {where} ({reason}), nên hnth không gửi gì thêm. Hãy kiểm tra "
    "quyền ghi của thư mục đó rồi chạy lại.",
    en="Cannot write the journal {where} ({reason}), so nothing more is sent. Check that its "
    "folder may be written and run again.",
)
