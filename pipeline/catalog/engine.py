"""Opening the catalog: SQLite in WAL by default, PostgreSQL by URL; every write is one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy import create_engine, event, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipeline.catalog.seal import break_seal
from pipeline.catalog.tables import SCHEMA_VERSION, metadata, schema_version
from pipeline.errors import CatalogError

# Another process's write takes milliseconds; half a minute covers a slow disk and still ends in a clear error.
BUSY_SECONDS = 30.0
# A page that needs longer than this is a mistake or an attack (datasette's limit is the same second).
READONLY_STATEMENT_SECONDS = 1.0
WALL_FACTOR = 10
# SQLite calls back after so many virtual machine steps; often enough to stop within milliseconds of the limit.
PROGRESS_STEPS = 20_000


def sqlite_url(data_dir: Path) -> str:
    """The default catalog of a data folder."""
    return sqlite_url_of(data_dir / "catalog.sqlite")


def sqlite_url_of(path: Path) -> str:
    """The URL of a catalog file."""
    return f"sqlite:///{path}"


def open_catalog(url: str) -> Engine:
    """Open the catalog for reading and writing; tables are made where there are none. Raises CatalogError."""
    engine = _create(url)
    if engine.dialect.name == "sqlite":
        _make_parent(engine)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    _ensure_schema(engine)
    return engine


def open_readonly(url: str, statement_seconds: float = READONLY_STATEMENT_SECONDS) -> Engine:
    """Open the catalog so that nothing can be written and no statement runs long. Raises CatalogError."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        options = f"-c default_transaction_read_only=on -c statement_timeout={int(statement_seconds * 1000)}"
        return _create(url, connect_args={"options": options})
    path = Path(parsed.database or "")
    if not path.exists():
        raise CatalogError(f"{path}: no catalog there yet; `wirecopy run` makes one")
    engine = _create(f"sqlite:///file:{_quoted(path)}?mode=ro&uri=true")

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        connection.execute("PRAGMA query_only=1")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    def limit(connection: Connection, *_statement: object) -> None:
        # Seconds of this thread's work: on a busy machine a fair question is slow, too. A stuck disk ends it as well.
        last, latest = time.thread_time() + statement_seconds, time.monotonic() + WALL_FACTOR * statement_seconds
        raw: Any = connection.connection.dbapi_connection
        raw.set_progress_handler(lambda: int(time.thread_time() > last or time.monotonic() > latest), PROGRESS_STEPS)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", limit)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction, committed at the end. Raises CatalogError where the database refuses."""
    with (
        _clear_errors(engine),
        engine.connect().execution_options(wirecopy_write=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot to read from. Raises CatalogError where the database refuses."""
    with _clear_errors(engine), engine.connect() as connection, connection.begin():
        yield connection


def _create(url: str, **options: Any) -> Engine:
    try:
        return create_engine(url, **options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise CatalogError(f"catalog: {url.split('@')[-1]!r} is no database URL that can be used: {error}") from error


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _make_parent(engine: Engine) -> None:
    if engine.url.database:
        try:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogError(f"{engine.url.database}: the folder cannot be made: {error.strerror}") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says so, not where sqlite3 guesses
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA journal_size_limit=67108864")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a deferred transaction that reads first fails when it turns into a writer.
    write = connection.get_execution_options().get("wirecopy_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    if write:
        break_seal(connection)


@contextmanager
def _clear_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise CatalogError(f"catalog {_shown(engine)}: {_cause(error)}") from error


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _cause(error: DBAPIError) -> str:
    text = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if "database is locked" in text:
        return f"another process has held it for {BUSY_SECONDS:.0f} seconds; try again when that is done"
    if "disk is full" in text:
        return "no space left on the disk"
    if "interrupted" in text:
        return "the query took longer than its limit"
    return text


def _ensure_schema(engine: Engine) -> None:
    with _clear_errors(engine):
        if inspect(engine).has_table("schema_version"):
            with reading(engine) as connection:
                found = connection.execute(select(schema_version.c.version)).scalar()
            if found == SCHEMA_VERSION:
                return
            if found is not None:
                raise CatalogError(
                    f"catalog {_shown(engine)} has schema {found}; this program knows schema {SCHEMA_VERSION}"
                )
        with writing(engine) as connection:
            metadata.create_all(connection)
            if connection.execute(select(schema_version.c.version)).scalar() is None:
                connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite catalog; None for other databases."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def empty_catalog(engine: Engine) -> None:
    """Delete every row but the schema's version."""
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "schema_version":
                connection.execute(table.delete())
