"""Who is at work on a catalog: any number of runs, or one process that makes it anew, never both.

The lock ends with the process, however that ends. On SQLite it is the system's, on a file of its own beside the
catalog, as that may be damaged, not there yet or about to be replaced; on PostgreSQL it is the server's.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from pipeline.catalog import postgresql
from pipeline.catalog.engine import clear_errors, open_unchecked, outlast, sqlite_path
from pipeline.errors import CatalogError

LOCK_ENDING = ".lock"


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Be one of the runs at work on a catalog. Raises CatalogError while it is made anew."""
    with _lock(url, alone=False) as is_free:
        if not is_free:
            raise CatalogError("the catalog is being made anew (doctor --rebuild); try again when that is done")
        yield


@contextmanager
def in_sole_use(url: str) -> Iterator[None]:
    """Be alone at work on a catalog. Raises CatalogError while a run, or another that wants to be alone, is at work."""
    with _lock(url, alone=True) as is_free:
        if not is_free:
            with _lock(url, alone=False) as is_shared:
                who = "a run is" if is_shared else "another doctor --rebuild is"
            raise CatalogError(f"{who} at work on this catalog; try again when that is done. Nothing was changed")
        yield


@contextmanager
def _lock(url: str, *, alone: bool) -> Iterator[bool]:
    """Hold the lock while the block lasts; false where somebody else's stands against it."""
    path = sqlite_path(url)
    with _file_lock(path, alone) if path is not None else _server_lock(url, alone) as is_ours:
        yield is_ours


@contextmanager
def _file_lock(path: Path, alone: bool) -> Iterator[bool]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path.with_name(path.name + LOCK_ENDING), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:  # a folder that cannot be written: opening the catalog says so
        yield True
        return
    try:
        yield _try_lock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    finally:
        _try_lock(lock, fcntl.LOCK_UN)  # also for child processes that hold the same descriptor
        os.close(lock)


def _try_lock(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nobody's can stand against it
        return True
    return True


@contextmanager
def _server_lock(url: str, alone: bool) -> Iterator[bool]:
    """An open transaction, which reads nothing: it keeps no old row alive however long the work takes."""
    engine = open_unchecked(url)

    def ask() -> tuple[Connection, bool]:
        with clear_errors(engine):
            connection = engine.connect()
            return connection, postgresql.try_lock_catalog(connection, alone=alone)

    try:
        connection, is_ours = outlast(ask)
        try:
            yield is_ours
        finally:
            connection.invalidate()  # closed, and no word of it where the server did so before
            connection.close()
    finally:
        engine.dispose()
