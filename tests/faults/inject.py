"""Makes the n-th write, fsync, rename or commit of a run the one at which everything is killed, or the disk is full.

Calls are counted over all processes of a run in one shared file. Only files under a folder count, so pipes and logs of
the test itself do not. A write that is hit is written by half first: that is what a kill in the middle leaves.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

# From the counter's point on: kill all processes, kill this one, no space from then on, no space once.
KINDS = ("kill", "kill-one", "nospace", "nospace-once")
AT, KIND, COUNTER, ROOT = "WIRECOPY_FAULT_AT", "WIRECOPY_FAULT_KIND", "WIRECOPY_FAULT_COUNTER", "WIRECOPY_FAULT_ROOT"
WRITES = ("w", "a", "x", "+")

_open, _fileio, _write, _fsync = io.open, io.FileIO, os.write, os.fsync
_rename, _replace, _mkdir, _os_open, _unlink = os.rename, os.replace, os.mkdir, os.open, os.unlink
_connect = sqlite3.connect


class Faults:
    """The plan of one run and the count of what happened so far."""

    def __init__(self, at: int, kind: str, counter: Path, root: Path) -> None:
        self.at, self.kind, self.counter = at, kind, counter
        self.root = f"{root.resolve()}/"

    def is_meant(self, path: Any) -> bool:
        """True for a path or descriptor under the folder that counts."""
        try:
            return str(_path_of(path).absolute()).startswith(self.root)
        except (OSError, TypeError):
            return False

    def pass_point(self, what: str, path: Any, half: Callable[[], object] | None = None) -> None:
        """Count a point; at the one that is meant, do as planned."""
        number = self._count(what, path)
        if number < self.at or self.at == 0 or (number > self.at and self.kind != "nospace"):
            return
        if what == "committed" and self.kind.startswith("nospace"):
            return
        if half is not None:
            half()
        if self.kind == "kill":
            self._kill_all()
        if self.kind == "kill-one":
            os.kill(os.getpid(), signal.SIGKILL)
        if what in ("begin", "commit"):
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def _count(self, what: str, path: Any) -> int:
        descriptor = _os_open(self.counter, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # One line of fixed length per point: the file's size is the count, its content the log.
            number = os.fstat(descriptor).st_size // LINE + 1
            _write(descriptor, _line(what, path))
        finally:
            os.close(descriptor)
        return number

    def _kill_all(self) -> NoReturn:
        """Every process of the run, as a power cut would; this one last."""
        for pid in running(self.counter):
            if pid != os.getpid():
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("a killed process went on")


LINE = 160


def _path_of(path: Any) -> Path:
    return Path(f"/proc/self/fd/{path}").readlink() if isinstance(path, int) else Path(os.fspath(path))


def _line(what: str, path: Any) -> bytes:
    return f"{os.getpid()} {what} {_path_of(path).name}".encode("utf-8", "replace")[: LINE - 1].ljust(LINE - 1) + b"\n"


def points(counter: Path) -> list[str]:
    """What was counted: process, kind of call, name of the file."""
    return counter.read_text(encoding="utf-8", errors="replace").splitlines() if counter.exists() else []


def running(counter: Path) -> list[int]:
    """Processes that belong to the run and have not ended."""
    noted = counter.with_suffix(".pids")
    pids = [int(line) for line in noted.read_text().split()] if noted.exists() else []
    return [pid for pid in pids if _is_alive(pid)]


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return False
    return state not in (b"Z", b"X")


def wait_until_gone(counter: Path, seconds: float) -> list[int]:
    """Wait for the end of all processes of a run; those that are left after so many seconds."""
    deadline = time.monotonic() + seconds
    while (left := running(counter)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def note_process(counter: Path) -> None:
    """Make this process one of the run's."""
    descriptor = _os_open(counter.with_suffix(".pids"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    _write(descriptor, f"{os.getpid()}\n".encode())
    os.close(descriptor)


def install_from_environment() -> None:
    """As the environment says; nothing where it says nothing."""
    counter = os.environ.get(COUNTER)
    if counter:
        at, kind = int(os.environ.get(AT, "0")), os.environ.get(KIND, "kill")
        install(Faults(at, kind, Path(counter), Path(os.environ[ROOT])))


_active: list[Faults] = []


def active() -> Faults | None:
    """The plan installed in this process."""
    return _active[-1] if _active else None


def install(faults: Faults) -> None:
    """Put the counting calls in the place of the real ones, for this process and those forked from it."""
    note_process(faults.counter)
    _active.append(faults)
    _install_files(faults)
    _install_calls(faults)
    _install_sqlite(faults)


def _install_files(faults: Faults) -> None:
    class CountedFile(io.FileIO):
        """A raw file whose writes count: what Python's buffers hand to the system."""

        def write(self, data: Any, /) -> int:
            view = memoryview(data).cast("B")
            faults.pass_point("write", self.fileno(), lambda: io.FileIO.write(self, view[: len(view) // 2]))
            return super().write(data) or 0

        def truncate(self, size: int | None = None, /) -> int:
            faults.pass_point("truncate", self.fileno())
            return super().truncate(size)

    def opened(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
               newline: Any = None, closefd: bool = True, opener: Any = None) -> Any:  # fmt: skip
        if not any(one in mode for one in WRITES) or not faults.is_meant(file):
            return _open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if not isinstance(file, int) and ("x" in mode or not Path(file).exists()):
            faults.pass_point("create", file)
        plain = mode.replace("b", "").replace("t", "")
        raw = CountedFile(file, plain, closefd=closefd, opener=opener)
        if buffering == 0:
            return raw
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)

    io.open = opened
    builtins.open = opened


def _install_calls(faults: Faults) -> None:
    def write(descriptor: int, data: Any) -> int:
        if faults.is_meant(descriptor):
            view = memoryview(data).cast("B")
            faults.pass_point("write", descriptor, lambda: _write(descriptor, view[: len(view) // 2]))
        return _write(descriptor, data)

    def fsync(descriptor: Any) -> None:
        number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
        if faults.is_meant(number):
            faults.pass_point("fsync", number)
        _fsync(number)

    def open_descriptor(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if flags & os.O_CREAT and faults.is_meant(path) and not Path(path).exists():
            faults.pass_point("create", path)
        return _os_open(path, flags, *arguments, **options)

    os.write, os.fsync, os.open = write, fsync, open_descriptor  # type: ignore[assignment]
    _install_names(faults)


def _install_names(faults: Faults) -> None:
    def moving(name: str, real: Callable[..., None]) -> Callable[..., None]:
        def move(source: Any, target: Any, **options: Any) -> None:
            if faults.is_meant(target):
                faults.pass_point(name, target)
            real(source, target, **options)

        return move

    def mkdir(path: Any, *arguments: Any, **options: Any) -> None:
        if faults.is_meant(path) and not Path(path).exists():
            faults.pass_point("mkdir", path)
        _mkdir(path, *arguments, **options)

    def unlink(path: Any, **options: Any) -> None:
        # Deleting needs no space. Descriptors beside names (in rmtree) are left alone: the folder is no plain path.
        if faults.kind.startswith("kill") and faults.is_meant(path) and Path(path).exists():
            faults.pass_point("unlink", path)
        _unlink(path, **options)

    os.rename, os.replace = moving("rename", _rename), moving("replace", _replace)
    os.mkdir, os.unlink = mkdir, unlink


def _install_sqlite(faults: Faults) -> None:
    class CountedCursor(sqlite3.Cursor):
        """Notes where a write transaction begins."""

        def execute(self, sql: str, parameters: Any = (), /) -> CountedCursor:
            if sql.startswith("BEGIN IMMEDIATE"):
                self.connection.is_write = True  # type: ignore[attr-defined]
            return super().execute(sql, parameters)

    class CountedConnection(sqlite3.Connection):
        """A connection whose commits of writes are points: before, where all is lost, and after, where all is kept."""

        is_write = False

        def cursor(self, factory: Any = CountedCursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            if not self.is_write:
                super().commit()
                return
            faults.pass_point("commit", "catalog")
            super().commit()
            self.is_write = False
            faults.pass_point("committed", "catalog")

        def rollback(self) -> None:
            self.is_write = False
            super().rollback()

    def connect(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        name = str(database).removeprefix("file:")
        if faults.is_meant(name):
            options.setdefault("factory", CountedConnection)
        connection: sqlite3.Connection = _connect(database, *arguments, **options)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    sqlite3.dbapi2.connect = connect  # type: ignore[assignment]
