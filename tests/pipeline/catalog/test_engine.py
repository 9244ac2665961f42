"""The catalog's own promises: transactions, locks, read-only opening, schema check."""

from __future__ import annotations

import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from pipeline.catalog.engine import Engine, open_catalog, open_readonly, reading, sqlite_url_of, writing
from pipeline.catalog.tables import leases
from pipeline.errors import CatalogError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[Engine]:
    engine = open_catalog(catalog_url)
    yield engine
    engine.dispose()


def test_a_write_is_all_or_nothing(catalog: Engine) -> None:
    with pytest.raises(RuntimeError), writing(catalog) as connection:
        connection.execute(insert(leases).values(name="a", owner="me", expires_at=NOON))
        raise RuntimeError
    with reading(catalog) as connection:
        assert connection.execute(select(leases)).all() == []


def test_times_come_back_aware_and_in_utc(catalog: Engine) -> None:
    istanbul = NOON.astimezone(timezone(timedelta(hours=3)))
    with writing(catalog) as connection:
        connection.execute(insert(leases).values(name="a", owner="me", expires_at=istanbul))
    with reading(catalog) as connection:
        assert connection.execute(select(leases.c.expires_at)).scalar_one().isoformat() == NOON.isoformat()


def test_a_time_without_a_zone_is_refused(catalog: Engine) -> None:
    with pytest.raises(Exception, match="without a zone"), writing(catalog) as connection:
        connection.execute(insert(leases).values(name="a", owner="me", expires_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_reader_sees_a_snapshot_while_a_writer_writes(catalog: Engine) -> None:
    with reading(catalog) as reader:
        assert reader.execute(select(leases)).all() == []
        with writing(catalog) as writer:
            writer.execute(insert(leases).values(name="a", owner="me", expires_at=NOON))
        assert reader.execute(select(leases)).all() == []
    with reading(catalog) as reader:
        assert len(reader.execute(select(leases)).all()) == 1


def test_a_held_lock_is_waited_for(tmp_path: Path) -> None:
    catalog = open_catalog(sqlite_url_of(tmp_path / "catalog.sqlite"))
    holder = sqlite3.connect(tmp_path / "catalog.sqlite", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, lambda: holder.execute("COMMIT"))
    release.start()
    with writing(catalog) as connection:
        connection.execute(insert(leases).values(name="a", owner="me", expires_at=NOON))
    release.join()
    holder.close()


def test_a_lock_held_too_long_is_one_clear_line(tmp_path: Path) -> None:
    catalog = open_catalog(sqlite_url_of(tmp_path / "catalog.sqlite"), busy_seconds=0.2)
    holder = sqlite3.connect(tmp_path / "catalog.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(CatalogError, match=r"another process has held it for 0\.2 seconds"), writing(catalog):
        pass
    holder.close()


def test_read_only_means_read_only(catalog_url: str) -> None:
    open_catalog(catalog_url).dispose()
    catalog = open_readonly(catalog_url)
    with pytest.raises(CatalogError), reading(catalog) as connection:
        connection.execute(insert(leases).values(name="a", owner="me", expires_at=NOON))
    catalog.dispose()


def test_a_long_statement_is_stopped(catalog_url: str) -> None:
    open_catalog(catalog_url).dispose()
    catalog = open_readonly(catalog_url, statement_seconds=0.05)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(CatalogError, match="longer than its limit"), reading(catalog) as connection:
        connection.execute(text(endless))
    catalog.dispose()


def test_a_missing_catalog_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog there yet"):
        open_readonly(sqlite_url_of(tmp_path / "catalog.sqlite"))
    assert not (tmp_path / "catalog.sqlite").exists()


@pytest.mark.parametrize("url", ["nonsense", "oracle+nothing://x/y"])
def test_an_unusable_url_is_one_clear_line(url: str) -> None:
    with pytest.raises(CatalogError, match="no database URL"):
        open_catalog(url)


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database at all, but long enough to be read as one" * 50)
    with pytest.raises(CatalogError, match="not a database"):
        open_catalog(sqlite_url_of(tmp_path / "catalog.sqlite"))


def test_too_many_open_files_are_told_as_such(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    url = sqlite_url_of(tmp_path / "catalog.sqlite")
    open_catalog(url).dispose()
    free = os.dup(0)
    os.close(free)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1, hard))  # one more, where SQLite needs two
        for opening in (open_catalog, open_readonly):
            with pytest.raises(CatalogError, match="too many open files in one process"):
                opening(url)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
