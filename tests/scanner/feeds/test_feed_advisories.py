"""Imported and shipped data answer together; the imported takes the place of the shipped."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.text import Text
from rules.patches.grammars import Release
from rules.patches.matching import match_one
from rules.patches.model import Cve, Installed, Score
from rules.patches.newest import newest
from scanner.feeds import codec
from scanner.feeds.advisories import UNSTAMPED, beside, from_files, from_store, merged
from scanner.feeds.answers import BadQuestion, Question, answer, question
from scanner.feeds.names import FeedNames
from scanner.feeds.shipped import shipped
from scanner.feeds.storage import FeedStore
from scanner.products import families
from tests.scanner.feeds.feed_documents import FIRMWARE, as_bytes, kev, nvd, nvd_entry

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
HDX = Installed("polycom-hdx", "Release - 3.1.13-54321", "HDX 8000")


def written(folder: Path, name: str, document: Any) -> Path:
    path = folder / name
    path.write_bytes(document if isinstance(document, bytes) else as_bytes(document))
    return path


def test_without_any_import_the_shipped_catalogue_answers(tmp_path: Path) -> None:
    known = from_store(tmp_path / "none.db")
    assert [feed.name for feed in known.feeds] == ["shipped"]
    verdict = match_one(HDX, "CVE-2019-11355", known)
    assert (verdict.status, verdict.decided_by) == ("affected", "curated")
    assert verdict.feed == shipped().sha256
    assert newest(Installed("cisco-ce-roomos", "RoomOS 11.1.2.4", "Room Kit"), known, TODAY).version


def test_every_shipped_number_is_a_release_of_its_family() -> None:
    known = from_files([])
    table = known.families
    wrong = [
        (entry.family, text)
        for entry in known.latest
        for text in (entry.version,)
        if text and table.get(entry.family) and not isinstance(
            table.parse(entry.family, text), Release)
    ]  # fmt: skip
    assert wrong == []
    assert {s.family for s in known.statements if table.get(s.family) is None} == set()


def test_what_is_imported_is_named_in_the_answer(tmp_path: Path) -> None:
    feed = written(tmp_path, "nvd.json", nvd(nvd_entry("CVE-2026-1001")))
    path = beside(tmp_path / "hnth.db")
    with FeedStore.open(path, create=True) as store:
        (taken,) = store.take(feed, FeedNames(families()), "tester", NOW)
        store.take(written(tmp_path, "kev.json", kev("CVE-2026-1001")), FeedNames(families()),
                   "tester", NOW)  # fmt: skip
    known = from_store(path)
    verdict = match_one(HDX, "CVE-2026-1001", known)
    assert (verdict.status, verdict.feed) == ("affected", taken.sha256)
    assert verdict.exploited_since == date(2024, 5, 6)
    found = known.feed(taken.sha256)
    assert found is not None
    assert (found.name, found.imported) == ("nvd", NOW)


def test_ones_own_catalogue_wins_for_its_models_only(tmp_path: Path) -> None:
    known = from_files([written(tmp_path, "mine.yaml", FIRMWARE.encode())])
    assert newest(HDX, known, TODAY).version == "3.1.15"
    other = Installed("polycom-hdx", "3.1.13", "HDX 7000")
    assert newest(other, known, TODAY).version == "3.1.14"


def test_an_older_catalogue_does_not_hide_the_shipped_one(tmp_path: Path) -> None:
    old = FIRMWARE.replace("2026-11-01", "2020-01-01").replace("3.1.15", "3.1.9")
    known = from_files([written(tmp_path, "old.yaml", old.encode())])
    assert newest(HDX, known, TODAY).version == "3.1.14"


def test_a_table_of_ones_own_replaces_the_shipped_entry(tmp_path: Path) -> None:
    entry = {
        "cve": "CVE-2019-11355",
        "family": "polycom-hdx",
        "branches": [{"branch": "3.1", "status": "fixed", "fixed": "3.1.10"}],
    }
    known = from_files(
        [written(tmp_path, "a.json", {"schema": "fixed-releases/1", "entries": [entry]})]
    )
    assert match_one(HDX, "CVE-2019-11355", known).status == "fixed"
    assert match_one(HDX, "CVE-2018-15128", known).decided_by == "curated"
    assert {feed.stamped for feed in known.feeds} == {UNSTAMPED, shipped().stamped}


def test_what_two_feeds_know_of_a_vulnerability_is_joined() -> None:
    one = Cve("CVE-1", "", (Score("nvd", "3.1", 8.8),), date(2024, 1, 1), date(2020, 1, 1))
    two = Cve("CVE-1", "A title", (Score("cna", "3.1", 9.1),), date(2025, 1, 1), None, ("u",))
    both = merged(one, two)
    assert (both.title, both.base_score, both.exploited_since) == ("A title", 9.1, date(2025, 1, 1))
    assert (both.published, both.urls) == (date(2020, 1, 1), ("u",))


def test_everything_that_ships_survives_storage() -> None:
    records = shipped().records
    assert [codec.load(codec.dump(record)) for record in records] == list(records)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"is": "Feed"}', '{"is": "Record"}', "[" * 5000])
def test_what_is_no_record_is_told(text: str) -> None:
    with pytest.raises(codec.NotARecord):
        codec.load(text)


# --- one device ---------------------------------------------------------------------------------


ASKED = {
    "an affected device": (Question("Polycom HDX 8000", "3.1.13"), 1, "polycom-hdx"),
    "the family of a module": (
        Question("Room Kit", "ce9.15.10.8", "cisco-roomos"), 1, "cisco-ce-roomos"),
    "told apart by the version": (Question("Cisco SX20", "TC7.3.2"), 1, "cisco-tc"),
    "a version nobody can read": (Question("HDX 8000", "n/a", "polycom-hdx"), 3, "polycom-hdx"),
    "a family without data": (Question("EVC", "1.0", "aver"), 3, "aver"),
    "an unknown device": (Question("Toaster 9", "1.0"), 3, None),
    "an unknown family": (Question("HDX 8000", "3.1.13", "toaster"), 3, None),
    "nothing affects it": (Question("Poly EagleEye Director II", "2.2.2.1"), 0, "poly-eagleeye"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "status", "family"), ASKED.values(), ids=ASKED.keys())
def test_the_answer_for_one_device(asked: Question, status: int, family: str | None) -> None:
    found = answer(asked, from_files([]), TODAY, "en")
    assert (found.status, found.document["family"]) == (status, family)
    assert set(found.document) >= {"newest", "vulnerabilities", "why"}
    assert found.document["why"] or status != 3
    for one in found.document["vulnerabilities"]:
        assert one["status"] in {"affected", "fixed", "not_affected", "unknown"}
        assert set(one) >= {"cve", "status", "decided_by", "range"}


BAD = {
    "no JSON": "hello",
    "a list": "[]",
    "deep": "[" * 100_000,
    "no version": '{"device": "HDX 8000"}',
    "a number": '{"device": "HDX 8000", "version": 3.1}',
    "neither device nor family": '{"version": "3.1"}',
    "long": '{"device": "' + "x" * 1000 + '", "version": "1"}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD.keys())
def test_a_bad_question_says_what_was_expected(line: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        question(line)
    assert isinstance(caught.value.reason, Text)


@pytest.mark.corpus
def test_every_known_case_is_answered_as_stated(shared: Path) -> None:
    data = shared / "vulndata"
    feeds = ["nvd-selected.json", "nvd-2015.json", "nvd-overrides.json", "cve5-records.json",
             "cve5-version-lists.json", "kev.json", "csaf", "fixed-releases.json",
             "firmware_facts.yaml"]  # fmt: skip
    known = from_files([data / name for name in feeds])
    wrong = []
    with (data / "cases.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            asked = Question(row["device"], row["version"])
            told = answer(asked, known, TODAY, "en").document["vulnerabilities"]
            status = next((one["status"] for one in told if one["cve"] == row["cve"]), "missing")
            expected = {"yes": {"affected"}, "no": {"fixed", "not_affected"}}[row["affected"]]
            if status not in expected:
                wrong.append((row, status))
    assert wrong == []


@pytest.mark.corpus
def test_the_shipped_table_says_what_was_collected(shared: Path) -> None:
    collected = json.loads((shared / "vulndata" / "fixed-releases.json").read_bytes())["entries"]
    own = {(s.cve, s.family) for record in shipped().records for s in record.statements}
    assert {(entry["cve"], entry["family"]) for entry in collected} <= own
