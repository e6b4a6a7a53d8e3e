"""A saved configuration that shows its release is held against what is known of releases."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.text import Text
from rules.model import Outcome
from rules.registry import rules
from scanner.feeds.errors import FeedError
from scanner.feeds.names import FeedNames
from scanner.feeds.storage import FeedStore
from scanner.gate.model import GateRequest, GateResult
from scanner.gate.old_data import TOO_OLD, old_data_notes
from scanner.gate.run import run_gate
from scanner.products import families

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATEST = "D11.3-a"
STATUS = """\
*s SystemUnit Hardware Module SerialNumber: "X1"
*s SystemUnit ProductId: "Cisco TelePresence SX10"
*s SystemUnit ProductType: "Cisco Codec"
*s SystemUnit Software Version: "{version}"
*s SystemUnit State NumberOfActiveCalls: 0
** end

OK
"""
NEWER = """\
schema: firmware-facts/1
catalogue: province
as_of: 2026-11-20
entries:
- family: cisco-ce-roomos
  model: [SX10]
  latest_version_known: "9.99.1.0"
  basis: release-list
  source: "letter 12/CV of 2026-11-20"
"""


def gate(folder: Path, version: str, now: datetime = NOW, **rest: object) -> GateResult:
    (folder / "codec.txt").write_text(STATUS.format(version=version))
    request = GateRequest(paths=(folder,), root=folder, now=now, select=(LATEST,), **rest)  # type: ignore[arg-type]
    return run_gate(request)


def outcomes(result: GateResult) -> list[tuple[Outcome, str]]:
    return [(one.finding.outcome, one.standing) for one in result.judged]


def test_a_release_older_than_a_known_one_fails(tmp_path: Path) -> None:
    result = gate(tmp_path, "ce9.6.1.4516ae5aaa1")
    assert outcomes(result) == [(Outcome.FAIL, "counts")]
    assert result.status == 1
    (one,) = result.judged
    assert [Path(citation.source).name for citation in one.finding.citations] == ["codec.txt"]


def test_a_release_of_which_nothing_is_known_is_not_judged(tmp_path: Path) -> None:
    """A cloud build, a newer one than the catalogue's: no file of the device could tell more."""
    for version in ("ce10.9.1.1.fb66b80147e", "ce9.98.1.0"):
        result = gate(tmp_path, version)
        assert outcomes(result) == [(Outcome.UND, "beyond")]
        assert LATEST in result.not_judged


def test_a_catalogue_that_has_aged_decides_nothing(tmp_path: Path) -> None:
    result = gate(tmp_path, "ce9.6.1.4516ae5aaa1", now=datetime(2029, 1, 1, tzinfo=UTC))
    assert outcomes(result) == [(Outcome.UND, "beyond")]
    (note,) = result.notes
    age = re.search(r"catalogue is (\d+) days old, older than allowed", note.en)
    assert age is not None
    assert 700 < int(age[1]) < 1500
    assert "D11.3-a" in note.en
    assert "codec" in note.en
    for said in (note.vi, note.en):
        assert age[1] in said
        assert "hnth feeds import" in said


def test_data_that_is_fresh_or_has_no_entry_is_no_old_data(tmp_path: Path) -> None:
    for version in ("ce9.6.1.4516ae5aaa1", "ce9.98.1.0"):
        assert gate(tmp_path, version).notes == ()


def test_of_a_declared_catalogue_the_file_is_named(tmp_path: Path) -> None:
    judged = gate(tmp_path, "ce9.6.1.4516ae5aaa1", now=datetime(2029, 1, 1, tzinfo=UTC)).judged
    (note,) = old_data_notes(judged, "releases.yaml")
    assert "releases.yaml" in note.en


@pytest.mark.parametrize("requirement", TOO_OLD)
def test_the_reasons_of_old_data_are_those_of_the_rules(requirement: str) -> None:
    (rule,) = (one for one in rules() if one.id == requirement)
    assert f'"{TOO_OLD[requirement]}"' in inspect.getsource(inspect.getmodule(rule.check))  # type: ignore[arg-type]


def test_a_vulnerability_list_that_has_aged_is_told_too(tmp_path: Path) -> None:
    (one,) = gate(tmp_path, "ce9.6.1.4516ae5aaa1").judged
    said = TOO_OLD["D11.1-e"].format(days=30)
    finding = replace(
        one.finding, requirement="D11.1-e", outcome=Outcome.UND, reason=Text(vi="-", en=said)
    )
    (note,) = old_data_notes([replace(one, finding=finding)], "releases.yaml")
    assert "more than 30 days old" in note.en
    assert "releases.yaml" not in note.en
    told_otherwise = replace(finding, reason=Text(vi="-", en=f"{said}, or not"))
    assert not list(old_data_notes([replace(one, finding=told_otherwise)]))


def test_what_was_imported_beside_the_database_counts(tmp_path: Path) -> None:
    database, file = tmp_path / "hnth.db", tmp_path / "releases.yaml"
    file.write_text(NEWER)
    with FeedStore.open(tmp_path / "hnth-feeds.db", create=True) as store:
        store.take(file, FeedNames(families()), "technician", NOW)
    configurations = tmp_path / "saved"
    configurations.mkdir()
    assert outcomes(gate(configurations, "ce9.98.1.0", database=database)) == [
        (Outcome.FAIL, "counts")
    ]


def test_imported_data_that_cannot_be_read_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "hnth-feeds.db").write_bytes(b"no database" * 100)
    configurations = tmp_path / "saved"
    configurations.mkdir()
    with pytest.raises(FeedError):
        gate(configurations, "ce9.6.1", database=tmp_path / "hnth.db")
