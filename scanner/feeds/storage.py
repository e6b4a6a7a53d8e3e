"""Keeps imported feeds in an SQLite file of their own beside the database of runs.

A file is read into a temporary table first; what it says then takes the place of what was there in
one short transaction. Killed at any moment, the file holds the old state or the new one, and scans
are never kept waiting by an import.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scanner.feeds import codec
from scanner.feeds import storage_texts as texts
from scanner.feeds.errors import FeedError
from scanner.feeds.opening import Seal, seal
from scanner.feeds.reading import WHOLE_LISTS, Contents, Reading
from scanner.feeds.records import Products, Record
from scanner.feeds.signatures import UNVERIFIED, Signatures, Verifier

APPLICATION_ID = 0x686E7466
"""`hntf`: marks the file as ours."""
VERSION = 2
_READABLE = (1,)
"""Versions whose files are read as they are; the next import adds what they lack (signatures)."""
BUSY_TIMEOUT_S = 30

_SCHEMA = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY, feed TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    size INTEGER NOT NULL, stamped TEXT, importer TEXT NOT NULL, imported TEXT NOT NULL,
    entries INTEGER NOT NULL, kept INTEGER NOT NULL, signatures TEXT);
CREATE TABLE records (
    feed TEXT NOT NULL, id TEXT NOT NULL, stamped TEXT, body TEXT NOT NULL,
    import INTEGER NOT NULL REFERENCES imports (id), PRIMARY KEY (feed, id)) WITHOUT ROWID;
"""
_ADD_SIGNATURES = "ALTER TABLE imports ADD COLUMN signatures TEXT"
_STAGE = """
CREATE TEMP TABLE staged (
    feed TEXT NOT NULL, id TEXT NOT NULL, stamped TEXT, body TEXT,
    PRIMARY KEY (feed, id)) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Import:
    """One feed out of one file, as it was taken."""

    feed: str
    file: str
    sha256: str
    size: int
    stamped: datetime | None
    """The feed's own time stamp; None where it has none."""
    importer: str
    """Account of the operating system."""
    imported: datetime
    entries: int
    kept: int
    """Entries that speak of products known to hnth."""
    skipped: int = 0
    """Documents of the archive or folder that were no feed; told once, not stored."""
    signatures: Signatures | None = None
    """None where no file bore one, and for imports of versions that did not look."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is stored of one feed: its newest import, and how much stands of all of them."""

    newest: Import
    records: int
    imports: tuple[Import, ...]
    """Those of which anything is in use, and the newest, oldest first."""

    @property
    def stamped(self) -> datetime | None:
        """The newest of their time stamps; None when none bears one."""
        return max((one.stamped for one in self.imports if one.stamped), default=None)


@dataclass(frozen=True, slots=True)
class Stored:
    record: Record
    sha256: str
    """Of the import it came with."""


class FeedStore:
    """The stored feeds. Use `FeedStore.open`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Self:
        """Raises FeedError: no such file (unless `create`), not ours, newer, not permitted."""
        if not create and not path.exists():
            raise FeedError(texts.MISSING.format(file=path))
        with _in_words(path):
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            with _in_words(path):
                _prepare(connection, path, upgrade=create)
        except FeedError:
            connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(
        self,
        file: Path,
        products: Products,
        importer: str,
        now: datetime,
        *,
        force: bool = False,
        verifier: Verifier = UNVERIFIED,
    ) -> tuple[Import, ...]:
        """Everything in `file`, in the place of what was stored under the same ids.

        Raises FeedError, with nothing changed, when anything in the file is wrong, when a digest or
        signature beside it is, or, without `force`, when it is older than what is stored. The store
        has to be opened with `create`.
        """
        sealed = seal(file, verifier)
        reading = Reading(file, products)
        with _in_words(self._path):
            self._stage(reading)
            _refuse_future(file, reading.contents, now)
            with self._writing():
                if not force:
                    self._refuse_older(file, reading.contents)
                return tuple(
                    replace(
                        self._replace(name, found, file, sealed, importer, now),
                        skipped=len(reading.skipped),
                    )
                    for name, found in reading.contents.items()
                )

    def states(self) -> tuple[FeedState, ...]:
        """Every feed of which something was imported, by name."""
        with _in_words(self._path):
            counts = dict(
                self._connection.execute("SELECT feed, count(*) FROM records GROUP BY feed")
            )
            rows = self._connection.execute(
                "SELECT * FROM imports WHERE id IN (SELECT import FROM records) OR id IN "
                "(SELECT max(id) FROM imports GROUP BY feed) ORDER BY feed, id"
            ).fetchall()
        by_feed: dict[str, list[Import]] = {}
        for row in rows:
            by_feed.setdefault(row[1], []).append(self._import(row))
        return tuple(
            FeedState(found[-1], counts.get(name, 0), tuple(found))
            for name, found in by_feed.items()
        )

    def stored(self) -> Iterator[Stored]:
        """Every record in use, by feed and id."""
        with _in_words(self._path):
            rows = self._connection.execute(
                "SELECT records.body, imports.sha256 FROM records "
                "JOIN imports ON imports.id = records.import ORDER BY records.feed, records.id"
            )
            for body, sha256 in rows:
                yield Stored(self._record(body), sha256)

    def _import(self, row: tuple[Any, ...]) -> Import:
        _, feed, file, sha256, size, stamped, importer, imported, entries, kept, *signed = row
        try:
            signatures = Signatures.load(signed[0]) if signed and signed[0] else None
        except ValueError:
            raise FeedError(texts.DAMAGED.format(file=self._path)) from None
        return Import(
            feed, file, sha256, size, datetime.fromisoformat(stamped) if stamped else None,
            importer, datetime.fromisoformat(imported), entries, kept, signatures=signatures,
        )  # fmt: skip

    def _record(self, body: str) -> Record:
        try:
            return codec.load(body)
        except codec.NotARecord:
            raise FeedError(texts.DAMAGED.format(file=self._path)) from None

    def _stage(self, reading: Reading) -> None:
        known = set(self._connection.execute("SELECT feed, id FROM records"))
        self._connection.execute("DROP TABLE IF EXISTS temp.staged")
        self._connection.execute(_STAGE)
        insert = "INSERT OR REPLACE INTO temp.staged VALUES (?, ?, ?, ?)"
        self._connection.execute("BEGIN")  # of the temporary table only
        try:
            for name, record in reading.records():
                if record.says_something:
                    body = codec.dump(record)
                elif (name, record.id) in known:
                    body = None  # it no longer speaks of us
                else:
                    continue
                row = (name, record.id, _text(record.stamped), body)
                self._connection.execute(insert, row)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _refuse_older(self, file: Path, contents: dict[str, Contents]) -> None:
        for name, found in contents.items():
            stamp = _text(found.stamped) or ""
            row = self._connection.execute(
                "SELECT max(records.stamped) FROM records JOIN temp.staged USING (feed, id) "
                "WHERE feed = ? AND records.stamped > coalesce(staged.stamped, ?)",
                (name, stamp),
            ).fetchone()
            if row[0] is None and _is_whole(name):
                row = self._connection.execute(
                    "SELECT max(stamped) FROM records WHERE feed = ? AND stamped > ?", (name, stamp)
                ).fetchone()
            if row[0] is not None:
                own = stamp[:19] or "?"
                raise FeedError(
                    texts.OLDER.format(file=file, feed=name, own=own, stored=row[0][:19])
                )

    def _replace(
        self, name: str, found: Contents, file: Path, sealed: Seal, importer: str, now: datetime
    ) -> Import:
        taken = Import(
            name, str(file), sealed.sha256, sealed.size, found.stamped, importer, now,
            found.entries, found.kept, signatures=sealed.signatures,
        )  # fmt: skip
        signed = sealed.signatures.dump() if sealed.signatures is not None else None
        number = self._connection.execute(
            "INSERT INTO imports VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (name, taken.file, taken.sha256, taken.size, _text(taken.stamped), importer,
             _text(now), taken.entries, taken.kept, signed),
        ).lastrowid  # fmt: skip
        if _is_whole(name):
            self._connection.execute("DELETE FROM records WHERE feed = ?", (name,))
        self._connection.execute(
            "DELETE FROM records WHERE feed = ? AND id IN "
            "(SELECT id FROM temp.staged WHERE feed = ?)",
            (name, name),
        )
        self._connection.execute(
            "INSERT INTO records SELECT feed, id, coalesce(stamped, ?), body, ? FROM temp.staged "
            "WHERE feed = ? AND body IS NOT NULL",
            (_text(found.stamped), number, name),
        )
        return taken


def _is_whole(name: str) -> bool:
    return name.partition(":")[0] in WHOLE_LISTS


def _refuse_future(file: Path, contents: dict[str, Contents], now: datetime) -> None:
    """A stamp in the future would make the data look fresh for ever."""
    for found in contents.values():
        if found.stamped is not None and (found.stamped - now).days >= 1:
            stamp = found.stamped.date().isoformat()
            raise FeedError(texts.FUTURE.format(file=file, stamp=stamp))


def _prepare(connection: sqlite3.Connection, path: Path, *, upgrade: bool) -> None:
    """Ours, of this version or, unless `upgrade`, of one whose files can be read as they are."""
    connection.execute("PRAGMA synchronous = FULL")
    mark, version = _marks(connection)
    if mark == APPLICATION_ID and version in (VERSION, *(() if upgrade else _READABLE)):
        return
    if mark == APPLICATION_ID and version not in _READABLE:
        raise FeedError(texts.NEWER.format(file=path))
    connection.execute("BEGIN IMMEDIATE")
    try:
        # asked again under the lock: another program may have been quicker
        mark, version = _marks(connection)
        if (mark, version) != (APPLICATION_ID, VERSION):
            for statement in _missing(connection, mark, path):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _missing(connection: sqlite3.Connection, mark: int, path: Path) -> Iterator[str]:
    """What an empty file, or one of an older version, lacks."""
    if mark == APPLICATION_ID:
        yield _ADD_SIGNATURES
        return
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise FeedError(texts.FOREIGN.format(file=path))
    yield from filter(str.strip, _SCHEMA.split(";"))


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    with closing(connection.cursor()) as cursor:
        mark: int = cursor.execute("PRAGMA application_id").fetchone()[0]
        version: int = cursor.execute("PRAGMA user_version").fetchone()[0]
    return mark, version


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        text = texts.BY_CODE.get(code, texts.REFUSED)
        raise FeedError(text.format(file=path)) from None


def _text(moment: datetime | None) -> str | None:
    """UTC in a form that sorts as text."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
