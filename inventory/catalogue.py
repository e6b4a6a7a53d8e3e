"""The firmware catalogue: which releases a vendor has published for which model, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from inventory.declared import Declared
from inventory.draft import Remark
from inventory.expectations import problems_of
from inventory.moments import Day
from inventory.problems import InventoryError, Problem, shown
from inventory.source import decoded, plain_data, read_bytes, tree
from inventory.text import Text

ReleaseKind = Literal["general", "beta", "withdrawn"]


class Release(Declared):
    """One version that the vendor published for one model."""

    family: str
    """Name of the family module, as in `platform` of the inventory."""
    model: str
    """Exactly as the device reports it; upper and lower case do not matter."""
    version: str
    released: Day | None = None
    kind: ReleaseKind = "general"
    end_of_support: Day | None = None


class Catalogue(Declared):
    """What was known of the vendors' releases on one day."""

    captured: Day
    source: str
    """Where the list was taken from: page, document, date."""
    releases: tuple[Release, ...] = Field(min_length=1)

    def for_model(self, family: str, model: str) -> tuple[Release, ...]:
        """Its releases in the order written, of every kind; () for a model not in the catalogue."""
        wanted = _name(family), _name(model)
        return tuple(r for r in self.releases if (_name(r.family), _name(r.model)) == wanted)


def load_catalogue(path: Path | str) -> Catalogue:
    """The catalogue in this YAML file; raises `InventoryError` with all its problems."""
    path = Path(path)
    file = str(path)
    root = tree(decoded(read_bytes(path, _HINT), file), file)
    problems: list[Problem] = []
    catalogue = None
    try:
        catalogue = Catalogue.model_validate(plain_data(root))
    except ValidationError as error:
        problems = problems_of(error, Catalogue, root, file)
    else:
        problems = [r.problem(root, file) for r in _repeated(catalogue)]
    if problems or catalogue is None:
        raise InventoryError(problems)
    return catalogue


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()


def _repeated(catalogue: Catalogue) -> list[Remark]:
    seen: set[tuple[str, str, str]] = set()
    remarks = []
    for index, release in enumerate(catalogue.releases):
        key = (_name(release.family), _name(release.model), release.version)
        if key in seen:
            what = f"{shown(release.version)} ({shown(release.model)})"
            text = Text(vi=f"phiên bản {what} đã có trong danh mục", en=f"{what} is listed already")
            remarks.append(Remark(("releases", index), text))
        seen.add(key)
    return remarks


_HINT = Text(
    vi='; kiểm tra mục "catalogue" của tệp khai báo',
    en='; check the key "catalogue" of the inventory',
)
