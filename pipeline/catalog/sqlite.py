"""What SQLite needs: write-ahead log, writers that take the lock at once, a limit on the work of one statement."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from pipeline.catalog.seal import break_seal
from pipeline.errors import CatalogError
from pipeline.machine_errors import in_words

WALL_FACTOR = 10
FILES = 4  # that SQLite opens at most for a catalog: it, its log, the log's index, a journal
# SQLite calls back after so many virtual machine steps; often enough to stop within milliseconds of the limit.
PROGRESS_STEPS = 20_000


def sqlite_url(data_dir: Path) -> str:
    """The default catalog of a data folder."""
    return sqlite_url_of(data_dir / "catalog.sqlite")


def sqlite_url_of(path: Path) -> str:
    """The URL of a catalog file."""
    return f"sqlite:///{path}"


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite catalog; None for other databases."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def readonly_url(path: Path) -> str:
    """The URL by which SQLite itself refuses to write to the file."""
    quoted = str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"sqlite:///file:{quoted}?mode=ro&uri=true"


def file_of(engine: Engine) -> Path:
    """The file of an engine, also of one that only reads."""
    database = engine.url.database or ""
    return Path(unquote(database.removeprefix("file:")) if database.startswith("file:") else database)


def prepare_writer(engine: Engine, busy_seconds: float) -> None:
    """Set up an engine that reads and writes. Raises CatalogError where the file's folder cannot be made."""
    if engine.url.database:
        try:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogError(f"{engine.url.database}: the folder cannot be made: {in_words(error)}") from error

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where `begin` says so, not where sqlite3 guesses
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_size_limit=67108864")

    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: a deferred transaction that reads first fails when it turns into a writer.
        write = connection.get_execution_options().get("wirecopy_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
        if write:
            break_seal(connection)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)


def prepare_reader(engine: Engine, busy_seconds: float, statement_seconds: float) -> None:
    """Set up an engine that cannot write and stops statements that run long."""

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
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


def why_not_opened(engine: Engine) -> str | None:
    """What the system says where SQLite says no more than that it could not; None where it has nothing against it.

    The folder is tried, as closing the file itself would give up all locks that this process holds on it.
    """
    opened: list[int] = []
    try:
        for _ in range(FILES):
            opened.append(os.open(file_of(engine).parent, os.O_RDONLY))  # noqa: PERF401  kept to be closed
    except OSError as error:
        return in_words(error)
    finally:
        for one in opened:
            os.close(one)
    return None
