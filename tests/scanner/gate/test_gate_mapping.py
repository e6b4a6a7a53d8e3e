"""`[gate] files` of hnth.toml: found like the options, relative to where the file lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.gate.files import Walk
from scanner.gate.mapping import WrongMapping, mappings_for
from scanner.settings_file import WrongSettings

SETTINGS = '[gate]\nfiles = [{path = "fw/*.cfg", device = "fw-tinh"}]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A settings file with its files, nothing of git, in a folder of a name that looks like a
    pattern.
    """
    top = tmp_path / "tinh [1]"
    (top / "fw" / "below").mkdir(parents=True)
    (top / "hnth.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("fw/a.cfg", "fw/below/b.cfg", "fw/c.txt", "d.cfg"):
        (top / name).write_text("x", encoding="utf-8")
    return top


def mapped(here: Path, root: Path | None, *named: Path) -> list[str]:
    """Names of the files that a mapping fits."""
    mappings = mappings_for(here, root)
    found = Walk(root, here).files(named).candidates
    return sorted(c.path.name for c in found if any(m.fits(c.inside, c.path) for m in mappings))


def test_patterns_are_relative_to_the_settings_whatever_is_named(folder: Path) -> None:
    for root in (None, folder, folder.parent, folder / "fw"):
        assert mapped(folder, root, folder / "fw") == ["a.cfg", "b.cfg"], root
    assert mapped(folder, None, folder / "fw" / "below") == ["b.cfg"]
    assert mapped(folder, None, folder) == ["a.cfg", "b.cfg"]


def test_the_nearest_settings_above_hold(folder: Path) -> None:
    assert mapped(folder / "fw" / "below", None, folder) == ["a.cfg", "b.cfg"]
    (folder / "fw" / "hnth.toml").write_text(SETTINGS, encoding="utf-8")
    assert mapped(folder / "fw" / "below", None, folder) == []


def test_the_search_ends_at_the_top_of_a_repository(folder: Path) -> None:
    (folder / "fw" / ".git").mkdir()
    assert mapped(folder / "fw", None, folder / "fw") == []


def test_an_earlier_state_read_from_elsewhere_keeps_its_names(folder: Path, tmp_path: Path) -> None:
    (mapping,) = mappings_for(folder, folder)
    assert mapping.fits("fw/a.cfg", tmp_path / "objects" / "17")
    assert not mapping.fits("gw/a.cfg", tmp_path / "objects" / "17")


def test_settings_without_a_mapping_are_none(folder: Path) -> None:
    (folder / "hnth.toml").write_text('lang = "vi"\n', encoding="utf-8")
    assert mappings_for(folder, None) == ()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ('[gate]\nfiles = "fw/*.cfg"\n', WrongMapping),
        ("[gate]\nfiles = [{device = 1}]\n", WrongMapping),
        ('[gate]\nfiles = [{path = "x", family = "y"}]\n', WrongMapping),
        ("[gate\n", WrongSettings),
    ],
)
def test_what_cannot_be_used_is_refused(folder: Path, content: str, error: type) -> None:
    (folder / "hnth.toml").write_text(content, encoding="utf-8")
    with pytest.raises(error):
        mappings_for(folder, None)
