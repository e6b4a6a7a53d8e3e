"""`[gate] files` of hnth.toml: which files are of which family, and of which device.

[gate]
files = [{path = "fw/*.cfg", platform = "fortios", device = "fw-tinh"}]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from inventory.text import Text
from scanner.gate.model import FileMapping

SETTINGS = "hnth.toml"
_KEYS = frozenset({"path", "platform", "device"})


class WrongMapping(ValueError):
    """What stands under `[gate] files` cannot be used. `reason` says where and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def mappings_in(folder: Path) -> tuple[FileMapping, ...]:
    """Those of the folder's hnth.toml; none without one. Raises `WrongMapping`."""
    path = folder / SETTINGS
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise WrongMapping(_UNREADABLE.format(file=path, why=error)) from None
    gate = table.get("gate", {})
    return mappings_of(gate.get("files", []) if isinstance(gate, dict) else gate)


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


_UNREADABLE = Text(
    vi="không đọc được {file} ({why}); hãy sửa tệp rồi chạy lại",
    en="{file} cannot be read ({why}); correct it and run again",
)
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
