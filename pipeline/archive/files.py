"""Where WARC files lie: `archive/<outlet>/<day>/<name>.warc.gz` under the storage root. The one place that opens them.

A file is written in the data folder. Where the storage is a bucket, a finished file is moved there; until then, and
after a crash, it is read from the data folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO

from pipeline.archive.repair import cut_tail
from pipeline.errors import ArchiveError
from pipeline.storage import Storage

FOLDER = "archive"
OPEN_FOLDER = "archive/open"  # one note per outlet: the files being written, gone when they are whole


class ArchiveFiles:
    """The WARC files of one installation."""

    def __init__(self, data_dir: Path, storage: Storage | None = None) -> None:
        self.data_dir = data_dir
        self._storage = storage if storage is not None and not storage.is_local else None
        self._root = Path(storage.root) if storage is not None and storage.is_local else data_dir

    def create(self, outlet_id: str, run_id: str, at: datetime) -> tuple[str, IO[bytes]]:
        """A new file for one crawl: its name relative to the root, opened for writing. Raises ArchiveError."""
        folder = f"{FOLDER}/{outlet_id}/{at:%Y-%m-%d}"
        stem = f"{at:%Y%m%dT%H%M%SZ}-{re.sub('[^A-Za-z0-9]+', '-', run_id)[:40]}"
        try:
            (self._root / folder).mkdir(parents=True, exist_ok=True)
            for number in range(100_000):
                name = f"{folder}/{stem}-{number:05d}.warc.gz"
                if not (self._root / name).exists():
                    self._note(outlet_id, name)
                    opened = (self._root / name).open("xb")
                    _sync_folder(self._root / folder)
                    return name, opened
        except OSError as error:
            raise ArchiveError(f"{self._root / folder}: {error.strerror}") from error
        raise ArchiveError(f"{self._root / folder}: too many files named {stem}")

    def finish(self, outlet_id: str, names: Iterable[str]) -> None:
        """Note that files are whole and their rows written; move them to the bucket where there is one."""
        if self._storage is not None:
            for name in names:
                self._storage.write_file(name, self._root / name)
                (self._root / name).unlink()
        (self._root / OPEN_FOLDER / outlet_id).unlink(missing_ok=True)

    def unfinished(self, outlet_id: str) -> list[str]:
        """The files that a crawl of this outlet left when it died, their tails repaired; empty where it ended well."""
        left = []
        for name in self._noted(outlet_id):
            path = self._root / name
            if path.exists() and cut_tail(path) > 0:
                left.append(name)
            else:  # not even its first record was whole
                path.unlink(missing_ok=True)
        if not left:
            (self._root / OPEN_FOLDER / outlet_id).unlink(missing_ok=True)
        return left

    def open(self, name: str) -> IO[bytes]:
        """Open a WARC file for reading, by its name relative to the root. Raises ArchiveError, StorageError."""
        path = self._inside(name)
        try:
            return path.open("rb")
        except FileNotFoundError as error:
            if self._storage is None:
                raise ArchiveError(f"{path}: the archive file is missing") from error
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror}") from error
        return self._storage.open(name)

    def names(self) -> list[str]:
        """Every WARC file of the archive, sorted."""
        found = {
            path.relative_to(self._root).as_posix() for path in (self._root / FOLDER).rglob("*.warc*") if path.is_file()
        }
        if self._storage is not None:
            found |= {name for name in self._storage.list(FOLDER) if ".warc" in name}
        return sorted(found)

    def size(self, name: str) -> int:
        """Bytes of a WARC file."""
        path = self._inside(name)
        if path.exists() or self._storage is None:
            return path.stat().st_size
        return self._storage.size(name)

    def _inside(self, name: str) -> Path:
        if name.startswith("/") or ".." in name.split("/"):
            raise ArchiveError(f"{name!r} is no file of the archive")
        return self._root / name

    def _noted(self, outlet_id: str) -> list[str]:
        try:
            text = (self._root / OPEN_FOLDER / outlet_id).read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [name for name in text.splitlines() if name.startswith(f"{FOLDER}/")]

    def _note(self, outlet_id: str, name: str) -> None:
        note = self._root / OPEN_FOLDER / outlet_id
        note.parent.mkdir(parents=True, exist_ok=True)
        temporary = note.with_name(f".{note.name}.tmp")
        temporary.write_text("\n".join([*self._noted(outlet_id), name]), encoding="utf-8")
        temporary.replace(note)
        _sync_folder(note.parent)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
