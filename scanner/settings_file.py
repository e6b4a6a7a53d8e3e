"""hnth.toml: what a user has settled once instead of typing it every time.

Found in the current folder or the nearest one above it. Here it is only read, with the line of each
value; which keys there are is known to the command line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.text import Text

NAME = "hnth.toml"
LARGEST = 1_000_000

_HEADER = re.compile(r"\s*\[\s*(?P<path>[^\[\]]+?)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*(?P<path>[\w\"'.\s-]+?)\s*=")


class WrongSettings(ValueError):
    """hnth.toml cannot be used. `reason` says where, what was expected and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of one hnth.toml; empty where there is none."""

    file: Path | None = None
    table: Mapping[str, Any] | None = None
    _lines: tuple[str, ...] = ()

    def place(self, *path: str) -> str:
        """`file:line` of a key or table, or the file alone where the line cannot be told."""
        line = next((n for n, found in self._keys() if found == path), None)
        return f"{self.file}:{line}" if line is not None else str(self.file)

    def _keys(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every header and key that stands at the beginning of a line."""
        above: tuple[str, ...] = ()
        for number, line in enumerate(self._lines, start=1):
            if (header := _HEADER.fullmatch(line)) is not None:
                above = _parts(header["path"])
                yield number, above
            elif (key := _KEY.match(line)) is not None:
                yield number, above + _parts(key["path"])


def nearest(folder: Path) -> Path | None:
    """The hnth.toml that holds in a folder: its own or that of the nearest folder above.

    The search ends at the top of a git repository and at the user's home.
    """
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
        if (place / ".git").exists() or place == Path.home():
            return None
    return None


def read(file: Path) -> Settings:
    """Raises `WrongSettings` where the file is no TOML of a sensible size."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise WrongSettings(_TOO_LARGE.format(file=file))
        text = content.decode("utf-8")
        return Settings(file, tomllib.loads(text), tuple(text.splitlines()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise WrongSettings(_UNREADABLE.format(file=file, why=why)) from None


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in path.split("."))


_TOO_LARGE = Text(
    vi="{file} quá lớn để là tệp thiết lập; hãy kiểm tra lại tệp",
    en="{file} is too large for a file of settings; have a look at it",
)
_UNREADABLE = Text(
    vi="không đọc được {file} ({why}); hãy sửa tệp theo cú pháp TOML, mã hóa UTF-8, rồi chạy lại",
    en="{file} cannot be read ({why}); correct it, as TOML in UTF-8, and run again",
)
