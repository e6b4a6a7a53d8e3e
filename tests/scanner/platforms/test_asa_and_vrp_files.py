"""Real configurations of ASA and VRP devices: all are read, and those of others are left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.facts import Known
from scanner.evidence import Document
from scanner.platforms import find

FAMILIES = {"cisco-asa": ("cisco_asa", 0.95), "huawei-vrp": ("huawei_vrp", 0.95)}
"""Folder, and the least share of lines that is read or known to say nothing."""
IS_AN_ASA = {"cisco_ios/batfish__asa_object_groups"}
"""Filed elsewhere."""


def _document(file: Path) -> Document:
    return Document(file.read_bytes(), file.name, "O", datetime(2026, 1, 1, tzinfo=UTC))


def _files(shared: Path) -> list[Path]:
    files = (shared / "netconfigs").glob("*/*")
    return sorted(file for file in files if file.is_file() and file.name != "SOURCES.md")


@pytest.mark.corpus
@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_of_the_family_is_read(shared: Path, family: str) -> None:
    folder, share = FAMILIES[family]
    platform = find(family)
    assert platform.coverage is not None
    understood = lines = 0
    for file in _files(shared):
        if file.parent.name != folder:
            continue
        document = _document(file)
        if not isinstance(platform.read([document]).facts.get("filters"), Known):
            continue
        coverage = platform.coverage(document)
        understood += coverage.read + coverage.irrelevant
        lines += coverage.read + coverage.irrelevant + coverage.unread
    assert lines > 500
    print(f"{family}: {understood} of {lines} lines")
    assert understood / lines > share


@pytest.mark.corpus
@pytest.mark.parametrize("family", FAMILIES)
def test_files_of_others_say_nothing(shared: Path, family: str) -> None:
    taken = [
        f"{file.parent.name}/{file.name}"
        for file in _files(shared)
        if file.parent.name != FAMILIES[family][0]
        if find(family).read([_document(file)]).facts
    ]
    assert set(taken) <= IS_AN_ASA


@pytest.mark.parametrize("family", FAMILIES)
def test_an_alias_or_name_finds_the_family(family: str) -> None:
    assert find(family).name == family
    assert find("huawei-usg").name == "huawei-vrp"


def test_ten_thousand_lines_are_read() -> None:
    rules = "".join(
        f"access-list A extended permit tcp 10.{n % 250}.{n // 250}.0 255.255.255.0 any eq {n}\n"
        for n in range(10_000)
    )
    document = Document(
        f"ASA Version 9.12(4)\n{rules}".encode(), "x", "O", datetime(2026, 1, 1, tzinfo=UTC)
    )
    fact = find("cisco-asa").read([document]).facts["filters"]
    assert isinstance(fact, Known)
