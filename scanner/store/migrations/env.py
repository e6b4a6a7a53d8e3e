"""Run by Alembic on the connection, and inside the transaction, that `scanner.store.open` holds."""

from __future__ import annotations

from alembic import context

from scanner.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds all steps together
)
context.run_migrations()
