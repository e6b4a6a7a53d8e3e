"""What is imported replaces by feed and id, whole or not at all, and never goes back unasked."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scanner.feeds.errors import FeedError
from scanner.feeds.names import FeedNames
from scanner.feeds.storage import FeedStore, Import
from scanner.products import families
from tests.scanner.feeds.feed_documents import (
    FIRMWARE,
    STRANGER,
    as_bytes,
    csaf,
    cve5,
    kev,
    nvd,
    nvd_entry,
)

NAMES = FeedNames(families())
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Kept:
    """A store in a folder, with one method per thing a test does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "hnth-feeds.db"

    def file(self, document: Any, name: str = "feed.json") -> Path:
        path = self.folder / name
        path.write_bytes(document if isinstance(document, bytes) else as_bytes(document))
        return path

    def take(self, document: Any, name: str = "feed.json", **how: Any) -> tuple[Import, ...]:
        path = document if isinstance(document, Path) else self.file(document, name)
        with FeedStore.open(self.path, create=True) as store:
            return store.take(path, NAMES, "tester", NOW, **how)

    def ids(self) -> list[str]:
        with FeedStore.open(self.path) as store:
            return [item.record.id for item in store.stored()]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_only_products_that_are_known_are_kept(kept: Kept) -> None:
    entries = nvd_entry("CVE-2026-1001"), nvd_entry("CVE-2026-1002", STRANGER)
    (taken,) = kept.take(nvd(*entries))
    assert (taken.feed, taken.entries, taken.kept) == ("nvd", 2, 1)
    assert taken.stamped == datetime(2026, 11, 1, tzinfo=UTC)
    assert (taken.importer, taken.imported, len(taken.sha256)) == ("tester", NOW, 64)
    assert kept.ids() == ["CVE-2026-1001"]


def test_an_import_adds_and_replaces_by_id(kept: Kept) -> None:
    kept.take(nvd(nvd_entry("CVE-2026-1001"), nvd_entry("CVE-2026-1002")))
    kept.take(nvd(nvd_entry("CVE-2026-1002", end="9"), nvd_entry("CVE-2026-1003")), "b.json")
    assert kept.ids() == ["CVE-2026-1001", "CVE-2026-1002", "CVE-2026-1003"]
    with FeedStore.open(kept.path) as store:
        (state,) = store.states()
        bodies = {item.record.id: repr(item.record) for item in store.stored()}
    assert (state.records, len(state.imports)) == (3, 2)
    assert "end_excluding='9'" in bodies["CVE-2026-1002"]


def test_a_record_that_no_longer_speaks_of_us_goes(kept: Kept) -> None:
    kept.take(nvd(nvd_entry("CVE-2026-1001"), nvd_entry("CVE-2026-1002")))
    rejected = nvd_entry("CVE-2026-1001", vulnStatus="Rejected")
    kept.take(nvd(rejected, nvd_entry("CVE-2026-1002", STRANGER)))
    assert kept.ids() == []


def test_a_whole_list_replaces_the_former(kept: Kept) -> None:
    kept.take(kev("CVE-2026-1001", "CVE-2026-1002"))
    kept.take(kev("CVE-2026-1002", released="2026-11-02T00:00:00Z"))
    assert kept.ids() == ["CVE-2026-1002"]


OLDER = {
    "NVD": (nvd(nvd_entry("CVE-2026-1001")),
            nvd(nvd_entry("CVE-2026-1001"), stamp="2026-10-31T23:59:59.000")),
    "KEV of other ids": (kev("CVE-2026-1001"),
                         kev("CVE-2026-1002", released="2026-10-01T00:00:00Z")),
    "a record of CVE 5": (
        cve5("CVE-2026-1001", [{"vendor": "Pexip", "product": "Infinity"}]),
        cve5("CVE-2026-1001", [{"vendor": "Pexip", "product": "Infinity"}],
             dateUpdated="2026-01-01T00:00:00Z")),
    "without a time": (nvd(nvd_entry("CVE-2026-1001")),
                       nvd(nvd_entry("CVE-2026-1001"), stamp="")),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second"), OLDER.values(), ids=OLDER.keys())
def test_older_data_needs_force(kept: Kept, first: Any, second: Any) -> None:
    kept.take(first)
    before = kept.path.read_bytes()
    with pytest.raises(FeedError, match="--force"):
        kept.take(second, "older.json")
    assert kept.path.read_bytes() == before
    kept.take(second, "older.json", force=True)


def test_another_years_file_may_be_older(kept: Kept) -> None:
    kept.take(nvd(nvd_entry("CVE-2026-1001")))
    kept.take(nvd(nvd_entry("CVE-2015-1001"), stamp="2026-01-01T00:00:00.000"))
    assert kept.ids() == ["CVE-2015-1001", "CVE-2026-1001"]


def test_an_import_without_a_time_does_not_hide_that_of_the_others(kept: Kept) -> None:
    kept.take(nvd(nvd_entry("CVE-2026-1001")))
    kept.take(nvd(nvd_entry("CVE-2026-1002"), stamp=""))
    with FeedStore.open(kept.path) as store:
        (state,) = store.states()
    assert state.newest.stamped is None
    assert state.stamped == datetime(2026, 11, 1, tzinfo=UTC)


def test_the_same_file_may_come_again(kept: Kept) -> None:
    for _ in range(2):
        kept.take(kev("CVE-2026-1001"))
    with FeedStore.open(kept.path) as store:
        assert len(store.states()[0].imports) == 1


def test_a_stamp_in_the_future_is_refused(kept: Kept) -> None:
    with pytest.raises(FeedError, match="future"):
        kept.take(kev("CVE-2026-1001", released="2027-01-01T00:00:00Z"))


def test_a_catalogue_of_ones_own_stands_beside_others(kept: Kept) -> None:
    (taken,) = kept.take(FIRMWARE.encode(), "mine.yaml")
    other = FIRMWARE.replace("catalogue: province\n", "")
    kept.take(other.encode(), "other.yaml")
    assert taken.feed == "firmware-facts:province"
    assert len(kept.ids()) == 2


BROKEN = {
    "cut": (as_bytes(nvd(nvd_entry("CVE-2026-1001")))[:-20], "breaks off"),
    "an entry without id": (nvd(nvd_entry("CVE-2026-1001"), {"cve": {}}), "entry 2"),
    "a list of numbers": (b"[1, 2]", "entry 1"),
    "no feed": ({"hello": "world"}, "no feed that hnth knows"),
    "no entries": (nvd(), "no entry"),
    "NVD 1.1": ({"CVE_Items": []}, "2.0"),
    "CSAF without id": ({"document": {}, "product_tree": {}}, "tracking.id"),
    "a flood of entries that nothing is held of": (
        b'{"vulnerabilities": [' + b"{}," * 25_000 + b"{}]}", "no feed that hnth knows"),
    "a program": (b"\x7fELF\x00\x01", "no feed that hnth knows"),
    "nothing": (b"", "empty"),
    "a YAML number": (FIRMWARE.replace('"3.1.15"', "3.10").encode(), "line 7"),
    "a YAML alias": (FIRMWARE.encode() + b"- &a {family: x}\n- *a\n", "alias"),
    "a key twice": (FIRMWARE.encode() + b"  source: again\n", "line 11"),
    "a day that is none": (FIRMWARE.replace("2027-01-31", "2027-13-31").encode(), "line 9"),
    "gzip that is cut": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc", "archive"),
    "zip that is cut": (b"PK\x03\x04 and no more", "archive"),
    "a fix without a number": (
        {"schema": "fixed-releases/1", "entries": [
            {"cve": "CVE-2026-1", "family": "x", "branches": [
                {"branch": "9", "status": "fixed", "fixed": 3.1}]}]}, "entry 1"),
}  # fmt: skip


@pytest.mark.parametrize(("document", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_a_bad_file_changes_nothing_and_is_named(kept: Kept, document: Any, told: str) -> None:
    kept.take(kev("CVE-2026-1001"), "good.json")
    before = kept.path.read_bytes()
    with pytest.raises(FeedError) as caught:
        kept.take(document, "bad.bin")
    assert "bad.bin" in caught.value.reason.en
    assert "bad.bin" in caught.value.reason.vi
    assert told in caught.value.reason.en
    assert "\n" not in caught.value.reason.vi
    assert kept.path.read_bytes() == before


def test_archives_in_archives_and_folders(kept: Kept) -> None:
    inner = kept.folder / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a/CVE-2026-1.json", as_bytes(cve5("CVE-2026-1001", [
            {"vendor": "Pexip", "product": "Infinity"}])))  # fmt: skip
        archive.writestr("deltaLog.json", "[]")
        archive.writestr("README.md", "not a feed")
    folder = kept.folder / "folder"
    folder.mkdir()
    with zipfile.ZipFile(folder / "outer.zip", "w") as archive:
        archive.write(inner, "inner.zip")
    (folder / "vex.json").write_bytes(as_bytes(csaf([], {})))
    taken = kept.take(folder)
    assert [(one.feed, one.entries, one.kept) for one in taken] == [("cve5", 1, 1), ("csaf", 1, 0)]
    assert {one.skipped for one in taken} == {1}


def test_a_digest_beside_the_file_is_compared(kept: Kept) -> None:
    path = kept.file(kev("CVE-2026-1001"))
    beside = path.with_name("feed.json.sha256")
    beside.write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest().upper()}  feed.json\n")
    kept.take(path)
    for wrong in ("0" * 64, "no digest", ""):
        beside.write_text(wrong)
        with pytest.raises(FeedError, match="SHA-256"):
            kept.take(path)


def test_a_bomb_is_read_no_further(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.feeds.opening.LARGEST_UNPACKED", 100_000)
    path = kept.folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"vulnerabilities": [' + b" " * 5_000_000 + b"]}")
    with pytest.raises(FeedError, match="unreasonable"):
        kept.take(path)


def test_files_of_others_are_left_alone(kept: Kept) -> None:
    with sqlite3.connect(kept.path) as other:
        other.execute("CREATE TABLE theirs (a)")
    before = kept.path.read_bytes()
    with pytest.raises(FeedError, match="another program"):
        kept.take(kev("CVE-2026-1001"))
    assert kept.path.read_bytes() == before
    kept.path.write_text("no database at all, but long enough to look like one" * 20)
    with pytest.raises(FeedError, match="another program"):
        kept.take(kev("CVE-2026-1001"))


def test_a_stored_record_that_was_garbled_is_told(kept: Kept) -> None:
    kept.take(kev("CVE-2026-1001"))
    with sqlite3.connect(kept.path) as connection:
        connection.execute("""UPDATE records SET body = '{"is": "Cve"}'""")
    with pytest.raises(FeedError, match="damaged"):
        kept.ids()


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scanner.feeds.names import FeedNames
from scanner.feeds.storage import FeedStore
from scanner.products import families

with FeedStore.open(Path(sys.argv[1])) as store:
    names, now = FeedNames(families()), datetime(2026, 11, 24, tzinfo=UTC)
    print("ready", flush=True)
    while True:
        for file in sys.argv[2:]:
            store.take(Path(file), names, "tester", now, force=True)
"""


def test_killed_at_any_moment_the_store_holds_the_old_or_the_new(kept: Kept) -> None:
    old = [f"CVE-2025-{n}" for n in range(1000, 1400)]
    new = [f"CVE-2026-{n}" for n in range(1000, 1400)]
    files = [str(kept.file(kev(*old), "old.json")), str(kept.file(kev(*new), "new.json"))]
    kept.take(Path(files[0]))
    for pause_ms in (1, 7, 17, 29):
        writer = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(kept.path), *files],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(pause_ms / 1000)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert kept.ids() in (old, new)


def test_words_of_feeds_lose_markup_and_tricks(kept: Kept) -> None:
    told = "<script>alert(1)</script>A &lt;b&gt;bold&lt;/b&gt; \x1b[31mclaim\u202e \ud800"
    descriptions = [{"lang": "en", "value": told}]
    entry = nvd_entry("CVE-2026-1001", descriptions=descriptions, references=[
        {"url": "javascript:alert(1)"}, {"url": "https://a.test/1"}])  # fmt: skip
    kept.take(json.dumps(nvd(entry)).encode())
    with FeedStore.open(kept.path) as store:
        (cve,) = next(store.stored()).record.cves
    assert cve.title == "alert(1) A bold [31mclaim"
    assert cve.urls == ("https://a.test/1",)
