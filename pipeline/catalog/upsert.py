"""INSERT ... ON CONFLICT in the words of the database at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

# SQLite allows 32,766 bound values in a statement; batches stay far below it.
MAX_BOUND_VALUES = 15_000


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
    written = 0
    step = max(1, MAX_BOUND_VALUES // len(rows[0]))
    for start in range(0, len(rows), step):
        batch = rows[start : start + step]
        statement = insert(table).values(batch)
        changed = [name for name in batch[0] if name not in keys and name not in keep]
        if update and changed:
            statement = statement.on_conflict_do_update(
                index_elements=keys, set_={name: statement.excluded[name] for name in changed}
            )
        else:
            statement = statement.on_conflict_do_nothing(index_elements=keys)
        written += count_changed(connection, statement)
    return written


def count_changed(connection: Connection, statement: Executable) -> int:
    """Run an INSERT; how many rows it wrote. Without the option SQLAlchemy forgets the count on PostgreSQL."""
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
