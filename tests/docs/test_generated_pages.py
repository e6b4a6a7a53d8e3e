"""What can be generated is generated, and the pages in the repository are the current ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import refresh_docs
from tools.record_configurations import FOLDERS
from tools.record_configurations import RECORD as CONFIGURATIONS
from tools.record_configurations import configurations as files
from tools.record_families import RECORD, samples
from tools.refresh_docs import (
    HELP_BLOCK,
    ROOT,
    configurations,
    families,
    language_of,
    pages,
    reference,
    settings,
    with_current_help,
)

AFRESH = "run: .venv/bin/python tools/refresh_docs.py"


def test_the_page_of_requirements_is_current() -> None:
    page = ROOT / "docs" / "requirements.md"
    assert page.read_text(encoding="utf-8") == reference(), AFRESH


def test_the_page_of_families_is_current() -> None:
    page = ROOT / "docs" / "families.md"
    assert page.read_text(encoding="utf-8") == families(), AFRESH


def test_the_page_of_configurations_is_current() -> None:
    page = ROOT / "docs" / "configurations.md"
    assert page.read_text(encoding="utf-8") == configurations(), AFRESH


def test_the_tables_of_settings_are_current() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert settings(text) == text, AFRESH
    assert "`HNTH_GATE_FAIL_ON`" in settings(re.sub(r"^\|.*\n", "", text, flags=re.MULTILINE))


@pytest.mark.corpus
def test_the_record_counts_the_configurations_that_there_are(shared: Path) -> None:
    recorded = json.loads(CONFIGURATIONS.read_text(encoding="utf-8"))
    counted = {folder: len(files(shared, folder)) for folder in FOLDERS}
    assert {folder: told["files"] for folder, told in recorded.items()} == counted


@pytest.mark.corpus
def test_the_record_names_the_samples_that_are_read(shared: Path) -> None:
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    read = samples(shared)
    named = {family: told["samples"] for family, told in recorded.items()}
    assert {f: s for f, s in named.items() if s} == {f: read[f] for f in read if f in recorded}


@pytest.mark.parametrize(
    "page",
    [page for page in pages() if HELP_BLOCK.search(page.read_text(encoding="utf-8"))],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_the_help_that_a_page_shows_is_the_programs_own(page) -> None:
    text = page.read_text(encoding="utf-8")
    assert with_current_help(text, language_of(page)) == text, AFRESH


def test_both_readmes_show_the_help() -> None:
    for name in ("README.md", "README.vi.md"):
        shown = HELP_BLOCK.search((ROOT / name).read_text(encoding="utf-8"))
        assert shown, name
        assert "scan" in shown["shown"], f"{name}: {AFRESH}"


def test_both_readmes_tell_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        blocks = re.findall(
            r"^```sh\n(.*?)^```",
            (ROOT / name).read_text(encoding="utf-8"),
            re.MULTILINE | re.DOTALL,
        )
        lines = (line.split(" #")[0].strip() for block in blocks for line in block.splitlines())
        return [line for line in lines if line]

    assert commands("README.md") == commands("README.vi.md")
    assert "make demo" in commands("README.md")
    assert "make test" in commands("README.md")


PAGE = "before\n\n<!-- output: hnth scan --help -->\n\n```text\n{shown}\n```\nafter\n"


@pytest.mark.parametrize(
    ("shown", "replaced"),
    [("Usage: hnth scan", False), ("╭ Usage:   hnth\n│ scan ╯", False), ("Usage: hnth look", True)],
)
def test_a_help_block_is_replaced_when_its_words_have_changed(
    monkeypatch: pytest.MonkeyPatch, shown: str, replaced: bool
) -> None:
    monkeypatch.setattr(
        refresh_docs, "printed", lambda command, language: f"Usage: {command[:9]}\n"
    )
    page = PAGE.format(shown=shown)
    renewed = with_current_help(page)
    assert renewed == (PAGE.format(shown="Usage: hnth scan") if replaced else page)


def test_a_command_that_is_not_help_is_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_docs, "printed", pytest.fail)
    page = PAGE.replace("scan --help", "scan").format(shown="x")
    assert with_current_help(page) == page
