"""A seal on a SQLite catalog at rest: the digest of its bytes, so that a byte that flips anywhere in it is found.

It lies beside the catalog as `<name>.sha256`, is made when a run ends and taken away, under the write lock, by the next
write. Rows carry digests of their own, too: they say which row is damaged, and serve catalogs too large to be sealed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

ENDING = ".sha256"
# A second of reading; a larger catalog is checked row by row only.
MAX_BYTES = 1_000_000_000
DIGEST = "import hashlib, sys; print(hashlib.file_digest(open(sys.argv[1], 'rb'), 'sha256').hexdigest())"


def seal_path(catalog: Path) -> Path:
    """Where the seal of a catalog lies."""
    return catalog.with_name(catalog.name + ENDING)


def seal_catalog(engine: Engine) -> bool:
    """Seal a SQLite catalog; False where another process writes, the catalog is too large or there is no space."""
    path = _file_of(engine)
    if path is None or not path.exists() or path.stat().st_size > MAX_BYTES:
        return False
    try:
        with engine.connect() as connection:
            raw = connection.connection.cursor()
            raw.execute("PRAGMA busy_timeout=1000")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("BEGIN IMMEDIATE")  # from here on nobody writes
            try:
                return _has_no_log(path) and _write(path)
            finally:
                raw.execute("ROLLBACK")
                raw.close()
                connection.invalidate()  # its time-out is not that of the others
    except (DBAPIError, sqlite3.Error, OSError):
        return False


def break_seal(connection: Connection) -> None:
    """To be called in a write transaction that holds the lock."""
    path = _file_of(connection.engine)
    if path is not None:
        seal_path(path).unlink(missing_ok=True)


def seal_problem(engine: Engine) -> str | None:
    """What the seal says; None where it holds or there is none."""
    path = _file_of(engine)
    if path is None or not _has_no_log(path):
        return None
    try:
        stated = seal_path(path).read_text(encoding="ascii").strip()
        found = _digest(path)
        is_still_there = seal_path(path).exists()  # else somebody wrote meanwhile
    except (OSError, ValueError):
        return None
    if len(stated) != hashlib.sha256().digest_size * 2 or stated == found or not is_still_there:
        return None
    return f"{path.name}: its bytes changed since wirecopy last wrote it"


def _write(path: Path) -> bool:
    target = seal_path(path)
    fresh = target.with_name(f"{target.name}.tmp")
    try:
        with fresh.open("w", encoding="ascii") as file:
            file.write(_digest(path))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        return False
    return True


def _digest(path: Path) -> str:
    """The digest of the file's bytes, read by a process of its own. Raises OSError.

    Whoever closes a file gives up every lock that its process holds on it (POSIX), SQLite's among them. Another process
    would then take itself for the last one and delete the log that connections of this one go on writing to.
    """
    command = [sys.executable, "-IS", "-c", DIGEST, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if done.returncode:
        raise OSError(f"{path}: its bytes could not be read")
    return done.stdout.strip()


def _has_no_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return not log.exists() or log.stat().st_size == 0


def _file_of(engine: Engine) -> Path | None:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database)
