"""Opens what feeds come in: files, .gz, .zip (also one inside another), folders."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from inventory.system_errors import reason_of
from inventory.text import Text
from scanner.feeds.digests import Digests
from scanner.feeds.errors import BadFeed, FeedError
from scanner.feeds.json_parts import CHUNK_BYTES, Source
from scanner.feeds.signatures import UNVERIFIED, Signatures, Signed, Verifier, summed

LARGEST_UNPACKED = 64 << 30
"""Bytes of everything that one file or folder unpacks to."""
LARGEST_NESTED = 8 << 30
"""Bytes of an archive inside an archive, which is unpacked to a temporary file."""
ENDINGS = (".json", ".yaml", ".yml")

_PACKED_WRONG = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, lzma.LZMAError, EOFError)
"""What the standard library raises for archives that are damaged."""


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a feed: its name for people, and its bytes."""

    name: str
    content: Source


@dataclass(frozen=True, slots=True)
class Seal:
    """What identifies a file for good."""

    sha256: str
    size: int
    signatures: Signatures | None = None
    """None where no signature lies beside any of the files."""


def seal(path: Path, verifier: Verifier = UNVERIFIED) -> Seal:
    """Digest and size of a file; of a folder those of the list of its files with theirs.

    Raises FeedError where a digest or a signature beside a file is not good for it.
    """
    try:
        if not path.is_dir():
            sha256, size = _seal_file(path)
            signed = verifier.check(path)
            return Seal(sha256, size, summed(1, () if signed is None else (signed,)))
        digest, total = hashlib.sha256(), 0
        found: list[Signed | None] = []
        for file in _files(path):
            sha256, size = _seal_file(file)
            digest.update(f"{sha256}  {file.relative_to(path).as_posix()}\n".encode())
            total += size
            found.append(verifier.check(file))
        signatures = summed(len(found), (one for one in found if one is not None))
        return Seal(digest.hexdigest(), total, signatures)
    except OSError as error:
        raise _unreadable(path, error) from None


def _seal_file(path: Path) -> tuple[str, int]:
    if path.exists() and not path.is_file():
        raise FeedError(_NO_FILE.format(file=path))
    digests, size = Digests(path), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digests.add(chunk)
            size += len(chunk)
    digests.compare()
    return digests.sha256, size


def members(path: Path) -> Iterator[Member]:
    """Every document in a file, an archive or a folder, in a fixed order.

    A document is to be read before the next is asked for. Raises FeedError for what cannot be
    opened or is damaged.
    """
    allowance = _Allowance(LARGEST_UNPACKED)
    files = [path]
    try:
        if path.is_dir():
            files = list(_files(path))
            if not files:
                raise FeedError(_EMPTY.format(file=path))
        for file in files:
            with file.open("rb") as opened:
                yield from _of_file(opened, str(file), allowance)
    except OSError as error:
        raise _unreadable(path, error) from None


def _files(folder: Path) -> Iterator[Path]:
    """Files of a folder that may be feeds; links are not followed."""
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(base, name)
            if name.lower().endswith((*ENDINGS, ".gz", ".zip")) and not file.is_symlink():
                yield file


def _of_file(opened: IO[bytes], name: str, allowance: _Allowance) -> Iterator[Member]:
    magic = opened.read(4)
    opened.seek(0)
    if magic[:2] == b"\x1f\x8b":
        with _named(name), gzip.GzipFile(fileobj=opened) as unpacked:
            yield Member(name, _Counted(unpacked, allowance))
    elif magic == b"PK\x03\x04":
        yield from _of_archive(opened, name, allowance, nested=False)
    else:
        yield Member(name, _Counted(opened, allowance))


def _of_archive(
    opened: IO[bytes], name: str, allowance: _Allowance, *, nested: bool
) -> Iterator[Member]:
    with _named(name), zipfile.ZipFile(opened) as archive:
        for info in sorted(archive.infolist(), key=lambda one: one.filename):
            inner = f"{name}!{info.filename}"
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            if info.filename.lower().endswith(ENDINGS):
                with archive.open(info) as content:
                    yield Member(inner, _Counted(content, allowance))
            elif info.filename.lower().endswith(".zip") and not nested:
                with archive.open(info) as content, _spooled(content, allowance) as copy:
                    yield from _of_archive(copy, inner, allowance, nested=True)


@contextmanager
def _spooled(content: IO[bytes], allowance: _Allowance) -> Iterator[IO[bytes]]:
    counted = _Counted(content, allowance)
    with tempfile.TemporaryFile() as copy:
        while chunk := counted.read(CHUNK_BYTES):
            copy.write(chunk)
            if copy.tell() > LARGEST_NESTED:
                raise BadFeed(_TOO_LARGE)
        copy.seek(0)
        yield copy


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Damage of an archive, found now or while it is read, as one clear message."""
    try:
        yield
    except (*_PACKED_WRONG, NotImplementedError, RuntimeError) as error:
        # NotImplementedError: an unknown way of packing; RuntimeError: a password is asked for
        problem = _DAMAGED if isinstance(error, _PACKED_WRONG) else _LOCKED
        raise BadFeed(problem).of(name) from None
    except BadFeed as error:
        raise error.of(name) from None


class _Allowance:
    def __init__(self, left: int) -> None:
        self.left = left


class _Counted:
    """Reads on until the allowance of the whole import is used up."""

    def __init__(self, content: Any, allowance: _Allowance) -> None:
        self._content = content
        self._allowance = allowance

    def read(self, size: int, /) -> bytes:
        try:
            chunk: bytes = self._content.read(size)
        except _PACKED_WRONG:
            raise BadFeed(_DAMAGED) from None
        except (NotImplementedError, RuntimeError):
            raise BadFeed(_LOCKED) from None
        self._allowance.left -= len(chunk)
        if self._allowance.left < 0:
            raise BadFeed(_TOO_LARGE)
        return chunk


def _unreadable(path: Path, error: OSError) -> FeedError:
    why = reason_of(error)
    return FeedError(
        Text(
            vi=f"Không đọc được {path}: {why.vi}. Hãy kiểm tra đường dẫn và quyền đọc.",
            en=f"{path} cannot be read: {why.en}. Check the path and the permission to read.",
        )
    )


_EMPTY = Text(
    vi="{file}: thư mục không có tệp .json, .yaml, .gz hay .zip nào; hãy chỉ đúng thư mục",
    en="{file}: the folder holds no .json, .yaml, .gz or .zip file; name the right folder",
)
_NO_FILE = Text(
    vi="{file}: không phải tệp thường (thiết bị hoặc ống dẫn); hãy lưu dữ liệu ra tệp rồi nhập",
    en="{file}: this is no ordinary file (a device or a pipe); save the data to a file first",
)
_DAMAGED = Text(
    vi="tệp nén bị hỏng hoặc bị cắt cụt; hãy tải lại từ nguồn",
    en="the archive is damaged or breaks off; fetch it again from its source",
)
_LOCKED = Text(
    vi="tệp nén có mật khẩu hoặc dùng kiểu nén không hỗ trợ; hãy giải nén rồi nhập từng tệp",
    en="the archive has a password or an unknown way of packing; unpack it and import the files",
)
_TOO_LARGE = Text(
    vi="nội dung giải nén lớn bất thường, không đọc tiếp; hãy kiểm tra nguồn của tệp",
    en="it unpacks to an unreasonable size and is read no further; check where the file is from",
)
