"""The file on disk: read only when nobody else may, replaced so that old or new is there, always.

A new content goes into a file beside the old one, is forced to disk, and takes the old one's name
in one step. Whoever is killed meanwhile leaves the old file, and a remnant that the next writer
removes. Writers wait for each other by a lock on a file of its own; readers need none.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inventory.problems import shown
from inventory.system_errors import reason_of
from inventory.text import Text
from inventory.vault.errors import VaultError
from inventory.vault.sealed import MAX_BYTES

PATIENCE_S = 10.0
"""How long a writer waits for another one."""


def read(path: Path) -> bytes:
    """The content. Raises `VaultError` when it cannot be read, or others than the owner may."""
    where = shown(str(path), 200)
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
            _guarded(os.fstat(stream.fileno()), path, where)
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise VaultError(_ABSENT.format(where=where)) from None
    except OSError as error:
        raise VaultError(_failed(_UNREADABLE, where, error)) from None
    if len(content) > MAX_BYTES:
        raise VaultError(_TOO_LARGE.format(where=where))
    return content


def create(path: Path, content: bytes) -> None:
    """The file is there with this content. Raises `VaultError` when something already is."""
    with locked(path):
        if os.path.lexists(path):
            raise VaultError(_EXISTS.format(where=shown(str(path), 200)))
        replace(path, content)


def replace(path: Path, content: bytes) -> None:
    """The file holds this content and is on disk; to be called under the lock.

    Raises `VaultError` with the old content untouched.
    """
    target = Path(os.path.realpath(path))
    new = target.with_name(f".{target.name}.new")
    try:
        with suppress(FileNotFoundError):
            os.unlink(new)
        _write(new, content, _owner(target))
        os.rename(new, target)
        _force_folder(target.parent)
    except OSError as error:
        raise VaultError(_failed(_UNWRITABLE, shown(str(path), 200), error)) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """No other writer of this vault is at work inside. Raises `VaultError` after `PATIENCE_S`."""
    target = Path(os.path.realpath(path))
    where = shown(str(path), 200)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        handle = os.open(target.with_name(f".{target.name}.lock"), flags, 0o600)
    except OSError as error:
        raise VaultError(_failed(_UNWRITABLE, where, error)) from None
    try:
        _wait_for(handle, where)
        yield
    finally:
        os.close(handle)  # gives the lock back, as the end of the process would


def _wait_for(handle: int, where: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise VaultError(_IN_USE.format(where=where)) from None
            time.sleep(0.05)
        else:
            return


def _guarded(status: os.stat_result, path: Path, where: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise VaultError(_NO_FILE.format(where=where))
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise VaultError(_OPEN_TO_OTHERS.format(where=where, path=shown(str(path), 200)))


def _owner(target: Path) -> int | None:
    """Whom the file belongs to, where that is another than who writes (root, then)."""
    try:
        owner = os.stat(target).st_uid
    except FileNotFoundError:
        return None
    return owner if owner != os.geteuid() else None


def _write(new: Path, content: bytes, owner: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(new, flags, 0o600)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        os.fchmod(handle, 0o600)
        if owner is not None:
            os.fchown(handle, owner, -1)
        os.fsync(handle)
    finally:
        os.close(handle)


def _force_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failed(text: Text, where: str, error: OSError) -> Text:
    reason = reason_of(error)
    return Text(
        vi=text.vi.format(where=where, why=reason.vi), en=text.en.format(where=where, why=reason.en)
    )


_ABSENT = Text(
    vi="chưa có kho mật khẩu {where}; hãy tạo bằng: hnth vault init",
    en="there is no vault {where}; make one with: hnth vault init",
)
_EXISTS = Text(
    vi="{where} đã có; hnth không bao giờ ghi đè kho mật khẩu",
    en="{where} is already there; hnth never overwrites a vault",
)
_UNREADABLE = Text(
    vi="không đọc được kho mật khẩu {where} ({why})",
    en="the vault {where} cannot be read ({why})",
)
_UNWRITABLE = Text(
    vi="không ghi được kho mật khẩu {where} ({why}); nội dung cũ còn nguyên",
    en="the vault {where} cannot be written ({why}); the old content is untouched",
)
_TOO_LARGE = Text(
    vi="tệp {where} lớn hơn 64 MB; đây không phải là kho mật khẩu",
    en="the file {where} is larger than 64 MB; it is no vault",
)
_NO_FILE = Text(vi="{where} không phải là tệp thường", en="{where} is not a plain file")
_OPEN_TO_OTHERS = Text(
    vi="người khác truy nhập được kho mật khẩu {where}; hãy chạy: chmod 600 {path}",
    en="others may touch the vault {where}; run: chmod 600 {path}",
)
_IN_USE = Text(
    vi="một lệnh hnth khác đang ghi kho mật khẩu {where}; hãy chờ lệnh đó xong rồi chạy lại",
    en="another hnth is writing the vault {where}; wait for it to end and run again",
)
