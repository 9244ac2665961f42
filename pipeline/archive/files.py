"""Where WARC files lie: `archive/<outlet>/<day>/<name>.warc.gz` under the storage root. The one place that opens them.

A file is written in the data folder. Where the storage is a bucket, that is a spool: a file goes up when it is whole,
the rows that point at it are written when it is up, and only then is the spool's copy deleted. A crash leaves, in this
order: a file of the spool, maybe cut; the same with its object; the same with its rows. The outlet's note names it in
all three cases, and the next crawl on this machine goes on from there. Where the machine is lost with its spool, no row
points at it, and its pages are fetched again.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pipeline.archive.repair import cut_tail
from pipeline.errors import ArchiveError, StorageError, StorageMissing
from pipeline.machine_errors import in_words
from pipeline.storage import Storage

FOLDER = "archive"
OPEN_FOLDER = "archive/open"  # one note per outlet: the files being written, gone when they are whole


class ArchiveFiles:
    """The WARC files of one installation."""

    def __init__(self, data_dir: Path, storage: Storage | None = None) -> None:
        self.data_dir = data_dir
        self._storage = storage if storage is not None and not storage.is_local else None
        self._root = Path(storage.root) if storage is not None and storage.is_local else data_dir
        self._begun: set[str] = set()  # a file that went to the bucket is gone from here, and its name stays taken
        self._noting = threading.Lock()  # a crawl begins a file while another thread finishes one

    @property
    def is_spool(self) -> bool:
        """True where files only pass through the data folder, on their way to a bucket."""
        return self._storage is not None

    def check(self) -> None:
        """Raises StorageError where the folder of the archive is away as a whole: no file is missing for good."""
        if self._storage is None and not (self._root / FOLDER).is_dir():
            raise StorageError(f"{self._root / FOLDER}: the folder is not there")

    def create(self, outlet_id: str, run_id: str, at: datetime) -> tuple[str, IO[bytes]]:
        """A new file for one crawl: its name relative to the root, opened for writing. Raises ArchiveError."""
        folder = f"{FOLDER}/{outlet_id}/{at:%Y-%m-%d}"
        stem = f"{at:%Y%m%dT%H%M%SZ}-{re.sub('[^A-Za-z0-9]+', '-', run_id)[:40]}"
        try:
            (self._root / folder).mkdir(parents=True, exist_ok=True)
            for number in range(100_000):
                name = f"{folder}/{stem}-{number:05d}.warc.gz"
                if name not in self._begun and not (self._root / name).exists():
                    self._begun.add(name)
                    with self._noting:
                        self._write_note(outlet_id, [*self._noted(outlet_id), name])
                    opened = (self._root / name).open("xb", buffering=0)
                    _sync_folder(self._root / folder)
                    return name, opened
        except OSError as error:
            raise ArchiveError(f"{self._root / folder}: {in_words(error)}") from error
        raise ArchiveError(f"{self._root / folder}: too many files named {stem}")

    def secure(self, names: Iterable[str]) -> None:
        """Bring whole files to the bucket, where there is one. Raises StorageError."""
        if self._storage is not None:
            for name in names:
                self._storage.write_file(name, self._root / name)

    def finish(self, outlet_id: str, names: Iterable[str]) -> None:
        """Note that files are whole, secure and their rows written."""
        done = set(names)
        if self._storage is not None:
            for name in done:
                (self._root / name).unlink(missing_ok=True)
        with self._noting:
            self._write_note(outlet_id, [name for name in self._noted(outlet_id) if name not in done])

    def left_open(self) -> list[str]:
        """The outlets that have files which are not finished: a crawl writes them now, or died over them."""
        folder = self._root / OPEN_FOLDER
        if not folder.is_dir():
            return []
        return sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))

    def unfinished(self, outlet_id: str) -> list[str]:
        """The files that a crawl of this outlet left when it died, their tails repaired; empty where it ended well."""
        left = []
        for name in self._noted(outlet_id):
            path = self._root / name
            if path.exists() and cut_tail(path) > 0:
                left.append(name)
            else:  # not even its first record was whole
                path.unlink(missing_ok=True)
        with self._noting:
            self._write_note(outlet_id, left)
        return left

    def open(self, name: str) -> IO[bytes]:
        """Open a WARC file for reading, by its name relative to the root. Raises ArchiveError, StorageError.

        ArchiveError where the file is damage to the archive, for good; StorageError where it may be there another time.
        """
        path = self._inside(name)
        try:
            return path.open("rb")
        except FileNotFoundError as error:
            if self._storage is None:
                raise ArchiveError(f"{path}: the archive file is missing") from error
        except (IsADirectoryError, NotADirectoryError) as error:
            raise ArchiveError(f"{path}: {error.strerror}") from error
        except OSError as error:  # too many open files, no permission, a disk that is away
            raise StorageError(f"{path}: cannot be opened: {in_words(error)}") from error
        with _told_missing():
            return self._storage.open(name)

    def read_record(self, name: str, offset: int, length: int) -> bytes | None:
        """The bytes of one record, by one request, where the file lies in a bucket; None where it lies here.

        Raises ArchiveError, StorageError.
        """
        if self._storage is None or self._inside(name).exists():
            return None
        with _told_missing():
            return self._storage.read_part(name, offset, length)

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

    def _write_note(self, outlet_id: str, names: list[str]) -> None:
        note = self._root / OPEN_FOLDER / outlet_id
        if not names:
            note.unlink(missing_ok=True)
            return
        note.parent.mkdir(parents=True, exist_ok=True)
        temporary = note.with_name(f".{note.name}.tmp")
        temporary.write_text("\n".join(names), encoding="utf-8")
        temporary.replace(note)
        _sync_folder(note.parent)


@contextmanager
def _told_missing() -> Iterator[None]:
    """An object that is not there is damage to the archive; a bucket that is not there is a fault of the settings."""
    try:
        yield
    except StorageMissing as error:
        if "bucket does not exist" in str(error):
            raise
        raise ArchiveError(f"{error} in the archive") from error


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
