"""Alembic's entry: migrations run on the connection, and in the transaction, of whoever upgrades the catalog."""

from __future__ import annotations

from alembic import context

from pipeline.catalog.migrations.rules import COMPARED, is_compared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=COMPARED,
    include_object=is_compared,
    compare_type=True,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
with context.begin_transaction():
    context.run_migrations()
