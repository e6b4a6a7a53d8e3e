"""A scan is judged with the vulnerability data imported beside its database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rules.patches.model import Feed
from scanner.feeds.advisories import beside, from_store
from scanner.feeds.names import FeedNames
from scanner.feeds.storage import FeedStore
from scanner.products import families
from scanner.store import Store
from tests.scanner.feeds.feed_documents import as_bytes, kev

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_feeds_lie_beside_the_database(tmp_path: Path) -> None:
    feed = tmp_path / "kev.json"
    feed.write_bytes(as_bytes(kev("CVE-2026-1001")))
    with Store.open(str(tmp_path / "province.db")) as store:
        path = beside(store.file)
    assert path == tmp_path / "province-feeds.db"
    with FeedStore.open(path, create=True) as feeds:
        (taken,) = feeds.take(feed, FeedNames(families()), "tester", NOW)
    assert from_store(path).feeds[0] == Feed("kev", taken.sha256, taken.stamped, NOW, 1)


def test_a_database_on_a_server_has_its_feeds_here() -> None:
    assert beside(None) == Path("hnth-feeds.db")
