"""From an inventory file to an immutable `Inventory`, or to every problem in it at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from inventory.check import cross_check
from inventory.draft import draft_of
from inventory.expectations import problems_of
from inventory.model import Inventory
from inventory.problems import InventoryError, Problem
from inventory.source import decoded, plain_data, read_bytes, tree
from inventory.text import Text

_HINT = Text(
    vi='; tạo tệp mẫu bằng "hnth init", hoặc chỉ đường dẫn khác',
    en='; write a starter with "hnth init", or give another path',
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An inventory that can be used, and where it came from."""

    inventory: Inventory
    base: Path
    """Folder of the file: what `file:` references and `catalogue` start from."""
    text: str
    """The file as it was read; it holds no secrets."""
    warnings: tuple[Problem, ...] = ()
    """What is allowed and looks like a mistake, in the order of the lines."""


def load(path: Path | str) -> Loaded:
    """The inventory in this file; raises `InventoryError` with all its problems."""
    path = Path(path)
    text = decoded(read_bytes(path, _HINT), str(path))
    return loads(text, path)


def loads(text: str, path: Path | str = "inventory.yaml") -> Loaded:
    """As `load`, from text already read; `path` names it in messages and gives the base folder."""
    path = Path(path)
    file = str(path)
    root = tree(text, file)
    problems: list[Problem] = []
    inventory = None
    try:
        inventory = Inventory.model_validate(plain_data(root))
    except ValidationError as error:
        problems = problems_of(error, Inventory, root, file)
    remarks = cross_check(draft_of(root))
    problems += [r.problem(root, file) for r in remarks if r.grave]
    if problems or inventory is None:
        # Raised out here: the model's error carries what was written, which may be a secret.
        raise InventoryError(problems)
    warnings = sorted(
        (r.problem(root, file) for r in remarks if not r.grave), key=lambda p: p.line or 0
    )
    return Loaded(inventory, path.parent, text, tuple(warnings))
