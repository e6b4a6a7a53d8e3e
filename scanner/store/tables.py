"""The tables, as the newest migration leaves them (a test compares the two).

Rows of `evidence`, `evidence_items`, `facts`, `unread`, `judgements` and `findings` are only ever
added; triggers refuse anything else. `runs` and `devices` change their status.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with time zone: stored in UTC, read back in UTC. Naive times are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The same moment in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The moment in UTC; SQLite keeps no zone, so it is put back."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("started", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    Column("status", String(16), nullable=False),
    Column("whole", Integer, nullable=False),
    Column("inventory_sha256", String(64), nullable=False),
    Column("inventory_text", Text, nullable=False),
    Column("legal_profile", String(200), nullable=False),
    Column("rules_version", String(64), nullable=False),
    Column("readings_changed", JSON, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("tool_version", String(64), nullable=False),
    Column("nmap_version", String(64)),
    CheckConstraint("status IN ('running', 'finished', 'interrupted')", name="run_status"),
)

devices = Table(
    "devices",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("reason", Text),
    Column("absent", Text),
    Column("started", UtcDateTime),
    Column("finished", UtcDateTime),
    CheckConstraint("status IN ('pending', 'done', 'failed')", name="device_status"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
)


def _device_key() -> tuple[Column[Any], Column[Any], Column[Any], ForeignKeyConstraint]:
    return (
        Column("run", String(32), primary_key=True),
        Column("device", String(64), primary_key=True),
        Column("attempt", Integer, primary_key=True),
        ForeignKeyConstraint(["run", "device"], ["devices.run", "devices.device"]),
    )


evidence_items = Table(
    "evidence_items",
    metadata,
    *_device_key(),
    Column("position", Integer, primary_key=True),
    Column("evidence_class", String(1), nullable=False),
    Column("source", Text, nullable=False),
    Column("vantage", String(64)),
    Column("captured", UtcDateTime, nullable=False),
    Column("sha256", ForeignKey("evidence.sha256"), nullable=False),
)

facts = Table(
    "facts",
    metadata,
    *_device_key(),
    Column("name", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

unread = Table(
    "unread",
    metadata,
    *_device_key(),
    Column("position", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("sha256", ForeignKey("evidence.sha256"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("why", Text, nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("judged", UtcDateTime, nullable=False),
    Column("rules_version", String(64), nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("run", String(32), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("requirement", String(16), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("outcome", String(4), nullable=False),
    Column("severity", String(2), nullable=False),
    Column("fingerprint", String(128), nullable=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(["run", "generation"], ["judgements.run", "judgements.generation"]),
    Index("findings_by_fingerprint", "fingerprint", "run"),
)

notices = Table(
    "notices",
    metadata,
    Column("run", String(32), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(["run", "generation"], ["judgements.run", "judgements.generation"]),
)

APPEND_ONLY = (
    *("evidence", "evidence_items", "facts", "unread", "judgements", "findings", "notices"),
)
"""Tables whose rows are never changed or removed."""
