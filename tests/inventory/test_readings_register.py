"""Every reading that can be changed has its field, its id and a line that explains it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory.readings import Period, Readings, describe, identifier

WITHOUT_ALTERNATIVE = {"A-03", "A-10", "A-12", "A-14", "A-29", "A-35"}


def test_every_reading_is_explained_in_both_languages() -> None:
    for name in Readings.model_fields:
        text = describe(name)
        assert text.vi
        assert text.en
        assert text.vi != text.en
        assert re.fullmatch(r"A-\d\d|D\d\d\.\d(-[a-z])?", identifier(name)), name


def test_a_name_that_is_no_reading_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        describe("retention")
    with pytest.raises(KeyError):
        identifier("retention")


def test_only_what_differs_from_its_default_is_changed() -> None:
    assert Readings().changed() == {}
    assert Readings(retention_min=Period(unit="month", value=6)).changed() == {}
    assert Readings(annual="calendar_year", latest_grace_days=30).changed() == {
        "annual": "calendar_year",
        "latest_grace_days": 30,
    }


def register(shared: Path) -> dict[str, str]:
    """The last column of the register of readings by id."""
    text = (shared / "regulation" / "REQUIREMENTS.md").read_text(encoding="utf-8")
    rows = (line.split("|") for line in text.splitlines() if line.startswith("| A-"))
    return {row[1].strip(): row[-2].strip() for row in rows}


@pytest.mark.corpus
def test_the_register_and_the_fields_agree(shared: Path) -> None:
    rows = register(shared)
    assert len(rows) == 37
    assert {id_ for id_, setting in rows.items() if setting == "none"} == WITHOUT_ALTERNATIVE
    by_id: dict[str, set[str]] = {}
    for name in Readings.model_fields:
        by_id.setdefault(identifier(name), set()).add(name)
    for id_, setting in rows.items():
        if setting == "none":
            continue
        # `latest.track` is written latest_track here; `{...}` after a name is its shape.
        quoted = re.findall(r"`([a-z][a-z_.]*)(?=[:`\[])", setting)
        assert {name.replace(".", "_") for name in quoted} == by_id.get(id_, set()), id_
