"""The commented starter inventory that `hnth init` writes."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from inventory.problems import shown
from inventory.text import Text

FILE_NAME = "inventory.yaml"


class StarterExists(Exception):
    """There is an inventory already and nobody asked to replace it."""

    def __init__(self, path: Path) -> None:
        self.reason = Text(
            vi=f"đã có tệp {shown(str(path), 200)}, không ghi đè; thêm --force nếu muốn thay",
            en=f"{shown(str(path), 200)} exists and is not overwritten; add --force to replace it",
        )
        super().__init__(self.reason.en)


def starter_text() -> str:
    return files("inventory").joinpath("starter.yaml").read_text(encoding="utf-8")


def write_starter(directory: Path, force: bool = False) -> Path:
    """Write the starter into the folder, made if need be; gives its path.

    Raises `StarterExists` rather than overwrite without `force`, and OSError when it cannot write.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / FILE_NAME
    try:
        with path.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(starter_text())
    except FileExistsError:
        raise StarterExists(path) from None
    return path
