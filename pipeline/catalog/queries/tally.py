"""Counts by key, as queries give them: two columns, the key and how many."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select


def tally(connection: Connection, query: Select[Any]) -> dict[Any, int]:
    """The query's rows as a dict."""
    return {row[0]: row[1] for row in connection.execute(query)}
