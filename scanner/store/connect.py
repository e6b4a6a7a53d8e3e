"""Opens the database: a connection pool with the right settings on a schema of this version."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from inventory.text import Text
from scanner.store.errors import StoreError, explain, shown

HEAD = "0002"
"""The schema of this version: the newest step in `migrations/versions`."""

BUSY_TIMEOUT_MS = 15_000

_MIGRATIONS = Path(__file__).parent / "migrations"

_FOREIGN_FILE = Text(
    vi="Tệp {where} là cơ sở dữ liệu của chương trình khác và được giữ nguyên. Hãy chọn tệp khác "
    "bằng --database.",
    en="The file {where} is a database of another program; it was left as it is. Choose another "
    "file with --database.",
)
_NEWER = Text(
    vi="Cơ sở dữ liệu {where} được tạo bởi phiên bản hnth mới hơn (lược đồ {version}; phiên bản "
    "này đọc đến {head}). Hãy nâng cấp hnth.",
    en="The database {where} was made by a newer hnth (schema {version}; this version reads up to "
    "{head}). Upgrade hnth.",
)
_MISSING = Text(
    vi="Không có cơ sở dữ liệu {where}. Hãy chạy hnth scan trước, hoặc chỉ đúng tệp bằng "
    "--database.",
    en="There is no database {where}. Run hnth scan first, or name the right file with --database.",
)
_BAD_URL = Text(
    vi="Không hiểu địa chỉ cơ sở dữ liệu. Ví dụ đúng: hnth.db hoặc sqlite:///duong/dan/hnth.db.",
    en="The database address is not understood. Right would be: hnth.db or "
    "sqlite:///path/to/hnth.db.",
)


def parse(address: str) -> URL:
    """The URL that is meant; a plain path is an SQLite file."""
    try:
        return make_url(address if "://" in address else f"sqlite:///{address}")
    except (ArgumentError, ValueError):
        raise StoreError(_BAD_URL) from None


def connect(url: URL, *, create: bool) -> Engine:
    """An engine on an existing or new database whose schema is HEAD.

    Raises StoreError: no such database (unless `create`), not a database of hnth, newer schema,
    read-only, disk full.
    """
    if url.get_backend_name() == "sqlite":
        _check_file(url, create)
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise StoreError(_BAD_URL) from None
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine)
    try:
        with engine.begin() as connection:
            current = _is_current(connection, url)
        if not current:
            with writing(engine) as connection:
                # Asked again under the lock: another program may have been quicker.
                if not _is_current(connection, url):
                    _migrate(connection)
    except DBAPIError as error:
        engine.dispose()
        raise explain(error, url) from None
    except StoreError:
        engine.dispose()
        raise
    return engine


def writing(engine: Engine) -> Any:
    """A transaction that takes the write lock at once, so that it cannot fail half-way for it."""
    return engine.execution_options(hnth_writes=True).begin()


def _check_file(url: URL, create: bool) -> None:
    name = url.database
    if not name or name == ":memory:":
        raise StoreError(_BAD_URL)
    if not create and not os.path.exists(name):
        raise StoreError(_MISSING.format(where=shown(url)))


def _set_up_sqlite(engine: Engine) -> None:
    # The sqlite3 module would begin and end transactions by itself; SQLAlchemy's documentation
    # (dialect "sqlite", "transactions with the sqlite3 driver") shows this way to take over.
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for setting in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {setting}")
        _keep_write_ahead_log(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("hnth_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _keep_write_ahead_log(connection: Any) -> None:
    """The database uses a write-ahead log. SQLite does not wait for others here, so this does."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _is_current(connection: Connection, url: URL) -> bool:
    """The schema is HEAD; False when it is older or absent. Raises StoreError for any other."""
    names = set(inspect(connection).get_table_names())
    version = None
    if "alembic_version" in names:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version == HEAD:
        return True
    if names and (version is None or "runs" not in names):
        raise StoreError(_FOREIGN_FILE.format(where=shown(url)))
    if version is not None and version not in _known_versions():
        raise StoreError(_NEWER.format(where=shown(url), version=version, head=HEAD))
    return False


def _configuration() -> Any:
    # Alembic takes a quarter of a second to import and is needed once per database.
    from alembic.config import Config  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return configuration


def _known_versions() -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory.from_config(_configuration())
    return {script.revision for script in scripts.walk_revisions()}


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")
