"""Opening the catalog: SQLite in WAL by default, PostgreSQL by URL; every write is one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, create_engine
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipeline.catalog import postgresql, sqlite
from pipeline.catalog.schema import bring_up_to_date, check_schema
from pipeline.catalog.sqlite import sqlite_path as sqlite_path
from pipeline.catalog.sqlite import sqlite_url as sqlite_url
from pipeline.catalog.sqlite import sqlite_url_of as sqlite_url_of
from pipeline.catalog.tables import metadata
from pipeline.errors import CatalogError, CatalogGone
from pipeline.machine_errors import NO_SPACE_LEFT

# Another process's write takes milliseconds; half a minute covers a slow disk and still ends in a clear error.
BUSY_SECONDS = 30.0
# A page that needs longer than this is a mistake or an attack (datasette's limit is the same second).
READONLY_STATEMENT_SECONDS = 1.0
FIRST_PAUSE = 0.25  # seconds before a broken transaction is tried again; doubled each time
LONGEST_PAUSE = 4.0

Result = TypeVar("Result")


def open_catalog(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Open the catalog for reading and writing; made where there is none, upgraded where it is older.

    busy_seconds: how long a SQLite file that another process holds is waited for.
    Raises CatalogError, also where a later version of this program made it.
    """
    return _checked(open_unchecked(url, busy_seconds), bring_up_to_date)


def open_readonly(url: str, statement_seconds: float = READONLY_STATEMENT_SECONDS) -> Engine:
    """Open the catalog so that nothing can be written and no statement runs long. Raises CatalogError."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        if not path.exists():
            raise CatalogError(f"{path}: no catalog there yet; `wirecopy run` makes one")
        engine = _create(sqlite.readonly_url(path))
        sqlite.prepare_reader(engine, BUSY_SECONDS, statement_seconds)
    else:
        engine = _create(url)
        postgresql.prepare_reader(engine, statement_seconds)
    return _checked(engine, check_schema)


def open_unchecked(url: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Open a database for writing whatever schema it has, or none. Raises CatalogError."""
    engine = _create(url)
    if engine.dialect.name == "sqlite":
        engine.update_execution_options(wirecopy_busy=busy_seconds)
        sqlite.prepare_writer(engine, busy_seconds)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction, committed at the end. Raises CatalogError where the database refuses."""
    with (
        clear_errors(engine),
        engine.connect().execution_options(wirecopy_write=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot to read from. Raises CatalogError where the database refuses."""
    snapshot: dict[str, Any] = postgresql.SNAPSHOT if engine.dialect.name == "postgresql" else {}
    with clear_errors(engine), engine.connect().execution_options(**snapshot) as connection, connection.begin():
        yield connection


def write_surely(engine: Engine, body: Callable[[Connection], Result], seconds: float = BUSY_SECONDS) -> Result:
    """One write transaction, done again while the database is away. The body must be idempotent; see outlast."""

    def write() -> Result:
        with writing(engine) as connection:
            return body(connection)

    return outlast(write, seconds)


def read_surely(engine: Engine, body: Callable[[Connection], Result]) -> Result:
    """What the body reads from one snapshot, read again while the database is away. Raises as outlast."""

    def read() -> Result:
        with reading(engine) as connection:
            return body(connection)

    return outlast(read)


def outlast(work: Callable[[], Result], seconds: float = BUSY_SECONDS) -> Result:
    """Do work on the catalog, and again while the database goes away meanwhile, with pauses of that long in all.

    A try may have been committed although its answer was lost: the work must be idempotent. Raises CatalogGone where
    the database stays away.
    """
    waited, pause = 0.0, FIRST_PAUSE
    while True:
        try:
            return work()
        except CatalogGone:
            if waited + pause > seconds:
                raise
        time.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, LONGEST_PAUSE)


def empty_catalog(engine: Engine) -> None:
    """Delete every row."""
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise CatalogError(f"catalog: {url.rpartition('@')[2]!r} is no database URL that can be used") from error
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _create(url: str) -> Engine:
    parsed = _parse(url)
    options = postgresql.engine_options(parsed) if parsed.get_backend_name() == "postgresql" else {}
    try:
        return create_engine(parsed, **options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        shown = parsed.render_as_string(hide_password=True)
        raise CatalogError(f"catalog: {shown!r} is no database URL that can be used: {error}") from error


def _checked(engine: Engine, check: Callable[[Engine, str], None]) -> Engine:
    try:
        with clear_errors(engine):
            check(engine, shown_url(engine))
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def clear_errors(engine: Engine) -> Iterator[None]:
    """Raises CatalogError, CatalogGone for what the database says inside the block."""
    try:
        yield
    except DBAPIError as error:
        message = f"catalog {shown_url(engine)}: {_cause(error, engine)}"
        if engine.dialect.name == "postgresql" and postgresql.is_passing(error.orig, error.connection_invalidated):
            raise CatalogGone(message) from error
        raise CatalogError(message) from error


def shown_url(engine: Engine) -> str:
    """A database's URL as people may see it: without a password, and a file by its plain path."""
    if engine.dialect.name == "sqlite" and (engine.url.database or "").startswith("file:"):
        return sqlite_url_of(sqlite.file_of(engine))
    return engine.url.render_as_string(hide_password=True)


def _cause(error: DBAPIError, engine: Engine) -> str:
    text = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if "database is locked" in text:
        waited = engine.get_execution_options().get("wirecopy_busy", BUSY_SECONDS)
        return f"another process has held it for {waited:g} seconds; try again when that is done"
    if "disk is full" in text:
        return NO_SPACE_LEFT
    if "unable to open database file" in text:
        return sqlite.why_not_opened(engine) or text
    if "interrupted" in text or "statement timeout" in text:
        return "the query took longer than its limit"
    return text
