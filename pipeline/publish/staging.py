"""Folders that releases are written in before they take their place, and the sweeping of those left behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StorageError
from pipeline.storage import TEMPORARY, Storage
from pipeline.storage_errors import telling

PREFIX = f"{TEMPORARY}release-"
TRIES = 20  # times that another publisher may sweep a folder in the moment between its making and its lock


@contextmanager
def staging(storage: Storage) -> Iterator[Path]:
    """A folder to write a release in: on a local root beside its final place, so that a rename suffices.

    A lock, which the system drops with its process, tells a folder in use from one that a killed process left.
    """
    if not storage.is_local:
        with tempfile.TemporaryDirectory(prefix="wirecopy-release-") as name:
            yield Path(name)
        return
    with telling("write", storage.root, ""):
        root = Path(storage.root)
        root.mkdir(parents=True, exist_ok=True)
        for left in root.glob(f"{PREFIX}*"):
            _sweep(left)
        made, lock = _make_locked(root)
    try:
        folder = made / "release"
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def _make_locked(root: Path) -> tuple[Path, int]:
    for _ in range(TRIES):
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
        lock = _lock(made)
        if lock is not None:
            return made, lock
    raise StorageError(f"{root}: another process keeps taking away {PREFIX}* folders")


def _sweep(left: Path) -> None:
    lock = _lock(left)
    if lock is not None:
        shutil.rmtree(left, ignore_errors=True)
        os.close(lock)


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock; None where somebody else has it or the folder is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None
