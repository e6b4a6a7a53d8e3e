"""The digests that a publisher puts beside a file: `NAME.sha256`, `NAME.sha512`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from inventory.text import Text
from scanner.feeds.errors import FeedError

_LONGEST = 2000
"""A digest and the name of a file; more is no such file."""
_DIGITS = {"sha256": 64, "sha512": 128}


class Digests:
    """Reckons the digest of a file, and every other one that is stated beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reckoned = {"sha256": hashlib.sha256()} | {
            name: hashlib.new(name) for name in _DIGITS if _beside(path, name).is_file()
        }

    def add(self, chunk: bytes) -> None:
        for digest in self._reckoned.values():
            digest.update(chunk)

    @property
    def sha256(self) -> str:
        return self._reckoned["sha256"].hexdigest()

    def compare(self) -> None:
        """Raises FeedError where a digest beside the file is another, or is none."""
        for name, digest in self._reckoned.items():
            beside = _beside(self._path, name)
            if beside.is_file() and _stated(beside, name) != digest.hexdigest():
                kind = name.upper().replace("SHA", "SHA-")
                raise FeedError(
                    _OTHER_DIGEST.format(file=self._path, kind=kind, beside=beside.name)
                )


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}")


def _stated(beside: Path, name: str) -> str | None:
    """The digest in the first line: alone, before the name, or in BSD's form behind it."""
    with beside.open("rb") as file:
        first = file.read(_LONGEST).removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()[:1]
    line = first[0].decode("ascii", "replace").strip() if first else ""
    digest = rf"([0-9A-Fa-f]{{{_DIGITS[name]}}})"
    found = re.match(rf"\\?{digest}(?:\s|$)", line) or re.search(rf"\)\s*=\s*{digest}$", line)
    return found[1].lower() if found else None


_OTHER_DIGEST = Text(
    vi="{file}: mã băm {kind} không khớp với {beside} bên cạnh; hãy tải lại cả hai tệp",
    en="{file}: its {kind} is not the one in {beside} beside it; fetch both files again",
)
