"""Types of columns that SQLite and PostgreSQL take alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, String, TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware time in, what the database stores out."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What the database stores in, aware time out."""
        if value is None:
            return None
        time: datetime = value
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def code(length: int) -> String:
    """Ids, codes and digests: in the order of their bytes on every database, whatever language a server speaks.

    PostgreSQL would refuse what is longer than stated; SQLite never did, so there the length is left out.
    """
    return String(length).with_variant(String(collation="C"), "postgresql")


def id_column(name: str, **options: Any) -> Column[str]:
    """A column of ids; options as of Column."""
    return Column(name, code(200), **options)


def time_column(name: str, **options: Any) -> Column[datetime]:
    """A column of aware UTC times; options as of Column."""
    return Column(name, UtcTime(), **options)
