"""The first tables: runs, devices, evidence, facts, judgements and findings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _device_key() -> list[SchemaItem]:
    return [
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("device", sa.String(64), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.ForeignKeyConstraint(["run", "device"], ["devices.run", "devices.device"]),
    ]


def _runs_and_devices() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("finished", _MOMENT),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("whole", sa.Integer, nullable=False),
        sa.Column("inventory_sha256", sa.String(64), nullable=False),
        sa.Column("inventory_text", sa.Text, nullable=False),
        sa.Column("legal_profile", sa.String(200), nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
        sa.Column("readings_changed", sa.JSON, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("tool_version", sa.String(64), nullable=False),
        sa.Column("nmap_version", sa.String(64)),
        sa.CheckConstraint("status IN ('running', 'finished', 'interrupted')", name="run_status"),
    )
    op.create_table(
        "devices",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("device", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("absent", sa.Text),
        sa.Column("started", _MOMENT),
        sa.Column("finished", _MOMENT),
        sa.CheckConstraint("status IN ('pending', 'done', 'failed')", name="device_status"),
    )


def _evidence_and_facts() -> None:
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_table(
        "evidence_items",
        *_device_key(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("evidence_class", sa.String(1), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("vantage", sa.String(64)),
        sa.Column("captured", _MOMENT, nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("evidence.sha256"), nullable=False),
    )
    op.create_table(
        "facts",
        *_device_key(),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "unread",
        *_device_key(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("evidence.sha256"), nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("run", sa.String(32), sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
        sa.Column("judged", _MOMENT, nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("requirement", sa.String(16), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(4), nullable=False),
        sa.Column("severity", sa.String(2), nullable=False),
        sa.Column("fingerprint", sa.String(128), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["run", "generation"], ["judgements.run", "judgements.generation"]),
    )
    op.create_index("findings_by_fingerprint", "findings", ["fingerprint", "run"])


def _append_only(table: str) -> None:
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )


def upgrade() -> None:
    """Create all tables; on SQLite the database itself refuses to change what was recorded."""
    _runs_and_devices()
    _evidence_and_facts()
    _judgements()
    if op.get_bind().dialect.name == "sqlite":
        for table in ("evidence", "evidence_items", "facts", "unread", "judgements", "findings"):
            _append_only(table)
