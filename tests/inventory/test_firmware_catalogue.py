"""The firmware catalogue: exact models, versions as text, the same kind of error messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.catalogue import load_catalogue
from inventory.problems import InventoryError

GOOD = """\
captured: 2026-11-20
source: trang của hãng
releases:
  - {family: f, model: Room Kit, version: 3.10, released: 2026-08-01}
  - {family: f, model: Room Kit, version: 3.9, kind: withdrawn, end_of_support: 2026-12-31}
  - {family: f, model: Room Kit Mini, version: "1", kind: beta}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "firmware.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_version_stays_as_it_was_written(tmp_path: Path) -> None:
    catalogue = load_catalogue(written(tmp_path, GOOD))
    releases = catalogue.for_model("f", "Room Kit")
    assert [r.version for r in releases] == ["3.10", "3.9"]
    assert [r.kind for r in releases] == ["general", "withdrawn"]


@pytest.mark.parametrize(
    ("family", "model", "number"),
    [
        ("f", "room kit", 2),
        ("F", "ROOM  KIT ", 2),
        ("f", "Room Kit Mini", 1),
        ("f", "Room", 0),
        ("f", "Room Kit Pro", 0),
        ("g", "Room Kit", 0),
        ("f", "", 0),
    ],
)
def test_only_the_exact_model_counts(tmp_path: Path, family: str, model: str, number: int) -> None:
    assert len(load_catalogue(written(tmp_path, GOOD)).for_model(family, model)) == number


BROKEN = {
    "no date": (GOOD.split("\n", 1)[1], 'the required key "captured" is missing'),
    "misspelt key": (
        GOOD + "  - {family: f, model: m, verson: 1}\n",
        ':7: there is no key "verson" in "releases/#4"; did you mean "version"?',
    ),
    "misspelt kind": (
        GOOD + "  - {family: f, model: m, version: 1, kind: generel}\n",
        "expected one of: general, beta, withdrawn",
    ),
    "listed twice": (
        GOOD + "  - {family: f, model: ROOM KIT, version: 3.9}\n",
        ':7: releases/#4: "3.9" ("ROOM KIT") is listed already',
    ),
    "empty": ("captured: 2026-11-20\nsource: s\nreleases: []\n", "needs at least 1 item"),
    "inventory given instead": ("organisation: {name: x}\n", 'there is no key "organisation"'),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_catalogue_says_where_and_what(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InventoryError) as caught:
        load_catalogue(written(tmp_path, text))
    assert message in caught.value.reason.en


def test_a_missing_catalogue_points_at_the_inventory(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match='check the key "catalogue" of the inventory'):
        load_catalogue(tmp_path / "firmware.yaml")


def test_the_catalogue_of_the_documentation_loads(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "inventory.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert load_catalogue(written(tmp_path, example)).releases[0].version == "12.9"
