"""INSERT ... ON CONFLICT in the words of the database at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], keep: Sequence[str] = ()) -> int:
    """Insert rows; where the key is there already, replace all columns but those in keep. Returns rows written."""
    return _write(connection, table, rows, update=True, keep=keep)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows whose primary key is new; returns how many were."""
    return _write(connection, table, rows, update=False, keep=())


def _write(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, update: bool, keep: Sequence[str]
) -> int:
    if not rows:
        return 0
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key.columns]
    changed = [name for name in rows[0] if name not in keys and name not in keep]
    statement = insert(table)
    if update and changed:
        statement = statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in changed}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    # One statement for all rows, compiled once: written out with the values of many rows it takes most of the time.
    return count_changed(connection, statement, rows)


def count_changed(connection: Connection, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> int:
    """Run an INSERT, for each of rows where given; how many rows it wrote.

    Without the option SQLAlchemy forgets the count on PostgreSQL.
    """
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount
