"""Puts what was imported, and what ships with the program, together for the rules to ask.

An imported entry takes the place of the shipped one on the same matter; what it is silent about
stays as shipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rules.patches.advisories import Advisories
from rules.patches.families import Families
from rules.patches.model import Cve, Feed, Latest, Published, Statement
from scanner.feeds.records import MOST_ADDRESSES, Record
from scanner.feeds.shipped import NAME as SHIPPED
from scanner.feeds.shipped import Shipped, shipped
from scanner.products import families

if TYPE_CHECKING:
    from scanner.feeds.storage import FeedState

UNSTAMPED = datetime(1970, 1, 1, tzinfo=UTC)
"""Age of a feed that does not say how old it is: it never makes an answer look fresh."""


def beside(database: Path | None) -> Path:
    """Where the feeds are kept: beside the database of runs, or here when that is on a server."""
    if database is None:
        return Path("hnth-feeds.db")
    return database.with_name(f"{database.stem}-feeds.db")


def from_store(path: Path | None) -> Advisories:
    """What is stored, on top of what is shipped; the latter alone when nothing was imported, or
    when no store is meant.

    Raises FeedError when the file is there and cannot be read.
    """
    told = _Told(families())
    if path is not None and path.exists():
        from scanner.feeds.storage import FeedStore  # noqa: PLC0415 - where something was imported

        with FeedStore.open(path) as store:
            for item in store.stored():
                told.add(item.record, item.sha256)
            told.feeds.extend(_feeds(store.states()))
    return told.with_shipped(shipped())


def from_files(files: Sequence[Path]) -> Advisories:
    """What the files hold, on top of what is shipped, without storing it. Raises FeedError."""
    from scanner.feeds.names import FeedNames  # noqa: PLC0415 - with the readers of every format
    from scanner.feeds.opening import seal  # noqa: PLC0415
    from scanner.feeds.reading import Reading  # noqa: PLC0415

    table = families()
    told, names = _Told(table), FeedNames(table)
    newest: dict[tuple[str, str], tuple[datetime, Record, str]] = {}
    for file in files:
        sealed, reading = seal(file), Reading(file, names)
        found = list(reading.records())
        for name, record in found:
            stamped = record.stamped or reading.contents[name].stamped or UNSTAMPED
            before = newest.get((name, record.id))
            if before is None or before[0] <= stamped:  # as in the store, where it is replaced
                newest[name, record.id] = stamped, record, sealed.sha256
        told.feeds.extend(
            Feed(name, sealed.sha256, one.stamped or UNSTAMPED, records=one.kept)
            for name, one in reading.contents.items()
        )
    for _, record, sha256 in newest.values():
        told.add(record, sha256)
    return told.with_shipped(shipped())


def _feeds(states: Iterable[FeedState]) -> Iterator[Feed]:
    for state in states:
        for one in state.imports:
            stamped = one.stamped or UNSTAMPED
            yield Feed(one.feed, one.sha256, stamped, one.imported, one.kept)


@dataclass
class _Told:
    table: Families
    statements: list[Statement] = field(default_factory=list)
    cves: dict[str, Cve] = field(default_factory=dict)
    latest: list[Latest] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)

    def add(self, record: Record, sha256: str) -> None:
        self.statements.extend(replace(one, feed=sha256) for one in record.statements)
        self.latest.extend(replace(one, feed=sha256) for one in record.latest)
        self.published.extend(replace(one, feed=sha256) for one in record.published)
        for cve in record.cves:
            known = self.cves.get(cve.id)
            self.cves[cve.id] = cve if known is None else merged(known, cve)

    def with_shipped(self, catalogue: Shipped) -> Advisories:
        told = {self._matter(s) for s in self.statements if s.source == "curated"}
        imported = tuple(self.latest)
        for record in catalogue.records:
            if any(self._matter(statement) in told for statement in record.statements):
                continue
            kept = tuple(left for one in record.latest for left in self._left(one, imported))
            self.add(replace(record, latest=kept), catalogue.sha256)
        self.feeds.append(
            Feed(SHIPPED, catalogue.sha256, catalogue.stamped, records=len(catalogue.records))
        )
        return Advisories(
            self.table,
            tuple(self.statements),
            self.cves,
            tuple(self.latest),
            tuple(self.published),
            tuple(self.feeds),
        )

    def _matter(self, statement: Statement) -> tuple[str, str]:
        return statement.cve, self.table.canonical(statement.family)

    def _left(self, entry: Latest, imported: Iterable[Latest]) -> Iterator[Latest]:
        """The shipped entry for those models of which no imported one names the release."""
        models = entry.models
        for other in imported:
            if not other.version or self.table.canonical(other.family) != entry.family:
                continue
            if (other.read_on or UNSTAMPED.date()) < (entry.read_on or UNSTAMPED.date()):
                continue
            if entry.branch == other.branch and not (models and other.models):
                return
            models = tuple(model for model in models if model not in other.models)
        if models or not entry.models:
            yield replace(entry, models=models)


def merged(one: Cve, other: Cve) -> Cve:
    """What both say: the newer day of known exploitation, every score, the first title."""
    exploited = [day for day in (one.exploited_since, other.exploited_since) if day]
    published = [day for day in (one.published, other.published) if day]
    return Cve(
        one.id,
        one.title or other.title,
        tuple(dict.fromkeys((*one.scores, *other.scores))),
        max(exploited, default=None),
        min(published, default=None),
        tuple(dict.fromkeys((*one.urls, *other.urls)))[: 2 * MOST_ADDRESSES],
    )
