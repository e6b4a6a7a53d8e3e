"""Observations beside the findings of a judgement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; judgements made before have no observations."""
    op.create_table(
        "notices",
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["run", "generation"], ["judgements.run", "judgements.generation"]),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER notices_no_{action.lower()} BEFORE {action} ON notices "
                "BEGIN SELECT RAISE(ABORT, 'rows of notices are never changed'); END"
            )
