"""`[gate] files` of hnth.toml: which files are of which family, and of which device.

[gate]
files = [{path = "fw/*.cfg", platform = "fortios", device = "fw-tinh"}]

It is the hnth.toml that settles the options, too.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from inventory.text import Text
from scanner.gate.model import FileMapping
from scanner.settings_file import nearest, read

_KEYS = frozenset({"path", "platform", "device"})


class WrongMapping(ValueError):
    """What stands under `[gate] files` cannot be used. `reason` says where and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def mappings_for(folder: Path, root: Path | None) -> tuple[FileMapping, ...]:
    """Those of the hnth.toml that holds in the folder; none without one.

    Their patterns are relative to where that file lies. `root` is outside of which nothing is read.
    Raises `WrongMapping`, and `WrongSettings` for a file that is no TOML.
    """
    file = nearest(folder)
    if file is None:
        return ()
    table = (read(file).table or {}).get("gate", {})
    rows = table.get("files", []) if isinstance(table, dict) else table
    whole = root.resolve() if root is not None else None
    above = glob.escape(str(file.parent.resolve()))
    return tuple(
        replace(one, path=os.path.normpath(os.path.join(above, one.path)), root=whole)
        for one in mappings_of(rows)
    )


def mappings_of(rows: object) -> tuple[FileMapping, ...]:
    """The rows as they stand in the parsed file. Raises `WrongMapping`."""
    if not isinstance(rows, list):
        raise WrongMapping(_NO_LIST)
    return tuple(_mappings(rows))


def _mappings(rows: list[object]) -> Iterator[FileMapping]:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not isinstance(row.get("path"), str):
            raise WrongMapping(_NO_PATH.format(number=number))
        unknown = sorted(set(row) - _KEYS)
        if unknown or not all(isinstance(value, str) for value in row.values()):
            raise WrongMapping(_KEY.format(number=number, keys=", ".join(unknown) or "…"))
        yield FileMapping(row["path"], row.get("platform"), row.get("device"))


_NO_LIST = Text(
    vi='[gate] files trong hnth.toml phải là danh sách, ví dụ: files = [{path = "fw/*.cfg"}]',
    en='[gate] files in hnth.toml has to be a list, for instance: files = [{path = "fw/*.cfg"}]',
)
_NO_PATH = Text(
    vi="[gate] files trong hnth.toml: mục thứ {number} phải có path là chuỗi",
    en="[gate] files in hnth.toml: entry {number} must have a path, in quotes",
)
_KEY = Text(
    vi="[gate] files trong hnth.toml: mục thứ {number} chỉ nhận path, platform, device ở dạng "
    "chuỗi (sai: {keys})",
    en="[gate] files in hnth.toml: entry {number} takes path, platform and device only, in quotes "
    "(wrong: {keys})",
)
