"""The inventory that the gate judges by: named, or one among the paths, or the one in the root."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.text import Text
from scanner.gate.files import Candidate

if TYPE_CHECKING:
    from inventory.catalogue import Catalogue
    from inventory.model import Inventory

USUAL_NAME = "inventory.yaml"
_ENDINGS = frozenset({".yaml", ".yml"})
_MAX_BYTES = 64 * 1024 * 1024
_SECTIONS = re.compile(rb"^(organisation|sites|devices):", re.MULTILINE)


@dataclass(frozen=True)
class DeclaredNetwork:
    """What was found. An inventory that cannot be used is none, and its problems say why."""

    inventory: Inventory | None = None
    file: str | None = None
    catalogue: Catalogue | None = None
    problems: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    among: tuple[Candidate, ...] = ()
    """Candidates that are inventories: no device's files."""


def declared_network(
    named: Path | None, root: Path | None, candidates: Sequence[Candidate]
) -> DeclaredNetwork:
    """Never raises: what is wrong is in `problems`. Every inventory among the paths is checked."""
    among = tuple(one for one in candidates if _is_inventory(one.path))
    chosen = named or _only(among) or _usual(root)
    problems: list[Text] = []
    if named is None and len(among) > 1:
        files = ", ".join(one.file for one in among)
        problems.append(_SEVERAL.format(files=files))
    if chosen is None and not among:
        return DeclaredNetwork()
    paths = dict.fromkeys([*([chosen] if chosen else []), *(one.path for one in among)])
    notes: list[Text] = []
    used: DeclaredNetwork = DeclaredNetwork()
    for path in paths:
        one = _loaded(path)
        problems += one.problems
        notes += one.notes
        used = one if path == chosen else used
    return DeclaredNetwork(
        used.inventory, used.file, used.catalogue, tuple(problems), tuple(notes), among
    )


def _loaded(path: Path) -> DeclaredNetwork:
    from inventory.catalogue import load_catalogue  # noqa: PLC0415 - most gates have no inventory
    from inventory.load import load  # noqa: PLC0415
    from inventory.problems import InventoryError  # noqa: PLC0415
    from scanner.baselines.own import problems_in  # noqa: PLC0415

    try:
        loaded = load(path)
        if unusable := problems_in(loaded.inventory, loaded.text, str(path)):
            raise InventoryError(unusable)
        declared = loaded.inventory.catalogue
        catalogue = load_catalogue(loaded.base / declared) if declared else None
    except InventoryError as error:
        return DeclaredNetwork(file=str(path), problems=(error.reason,))
    notes = tuple(Text(vi=w.in_language("vi"), en=w.in_language("en")) for w in loaded.warnings)
    return DeclaredNetwork(loaded.inventory, str(path), catalogue, notes=notes)


def _is_inventory(path: Path) -> bool:
    """A YAML file with the sections that every inventory has."""
    if path.suffix.lower() not in _ENDINGS:
        return False
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return False
        return len(set(_SECTIONS.findall(path.read_bytes()))) == 3
    except OSError:
        return False


def _only(among: Sequence[Candidate]) -> Path | None:
    return among[0].path if len(among) == 1 else None


def _usual(root: Path | None) -> Path | None:
    path = root / USUAL_NAME if root is not None else None
    return path if path is not None and path.is_file() else None


_SEVERAL = Text(
    vi="có nhiều tệp khai báo ({files}); hãy nêu một tệp bằng --inventory",
    en="there are several inventories ({files}); name one with --inventory",
)
