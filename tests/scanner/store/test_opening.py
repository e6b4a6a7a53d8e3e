"""Opening a database, and the ways in which it cannot be opened."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from scanner.store import connect
from scanner.store.errors import StoreError
from scanner.store.store import Store
from scanner.store.tables import APPEND_ONLY, metadata


def test_a_new_database_has_the_safe_settings(tmp_path: Path) -> None:
    path = tmp_path / "đợt quét.db"
    with Store.open(str(path)) as store, store._engine.connect() as connection:
        ask = connection.exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA foreign_keys").scalar() == 1
        assert ask("PRAGMA synchronous").scalar() == 1
        assert ask("PRAGMA busy_timeout").scalar() == connect.BUSY_TIMEOUT_MS
    assert sorted(os.listdir(tmp_path)) == ["đợt quét.db"]


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "hnth.db")) as store, store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        triggers = connection.exec_driver_sql(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
        ).scalar()
        assert triggers == 2 * len(APPEND_ONLY)


def test_head_is_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(connect._configuration())
    assert scripts.get_heads() == [connect.HEAD]


def test_several_programs_may_create_the_same_database(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def open_it() -> None:
        try:
            Store.open(str(tmp_path / "hnth.db")).close()
        except BaseException as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_reading_commands_do_not_create_a_database(tmp_path: Path) -> None:
    path = tmp_path / "hnth.db"
    with pytest.raises(StoreError, match="There is no database") as raised:
        Store.open(str(path), create=False)
    assert str(path) in raised.value.text.vi
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"organisation:\n  name: this is not a database at all\n" * 40, "not a database of hnth"),
        (b"SQLite format 3\x00" + b"\xff" * 4096, "not a database of hnth|damaged"),
    ],
    ids=["yaml", "garbled header"],
)
def test_a_file_that_is_no_database_is_left_alone(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=message):
        Store.open(str(path))
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE runs (id)")
    with pytest.raises(StoreError, match="another program"):
        Store.open(str(path))
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("runs",)]


def test_a_newer_schema_asks_for_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "hnth.db"
    Store.open(str(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer hnth.*9999") as raised:
        Store.open(str(path))
    assert "Hãy nâng cấp hnth" in raised.value.text.vi


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder does not exist"):
        Store.open(str(tmp_path / "no" / "hnth.db"))


@pytest.mark.parametrize(
    "address", ["sqlite://", "sqlite:///:memory:", "nothing://host/db", "://", ""]
)
def test_an_address_that_is_not_understood(address: str) -> None:
    with pytest.raises(StoreError, match="not understood"):
        Store.open(address)


def test_a_password_in_the_address_is_never_repeated() -> None:
    with pytest.raises(StoreError) as raised:
        Store.open("oracle://hnth:planted-secret@127.0.0.1/x")
    assert "planted-secret" not in str(raised.value) + repr(raised.value.text)
