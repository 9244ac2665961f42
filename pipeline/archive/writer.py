"""Writing WARC 1.1: one gzip member per record, answers as received, enough said to rebuild the catalog from."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import IO

from isal import isal_zlib

from pipeline.archive.answer import Answer, capture_of_answer
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.http_head import honest_head
from pipeline.errors import ArchiveError
from pipeline.machine_errors import in_words
from pipeline.records import Capture

MAX_FILE_BYTES = 1_000_000_000  # the WARC standard's advice (ISO 28500, annex C): 1 GB
# Measured on 297 news pages of 255 kB: ISA-L's level 1 takes .31 ms a page, zlib's 1.35 for as much space; level 3
# takes twice as long for a twentieth less.
COMPRESSION = 1
OUTLET_HEADER = "X-Wirecopy-Outlet"
KIND_HEADER = "X-Wirecopy-Kind"
RUN_HEADER = "X-Wirecopy-Run"
ASKED_HEADER = "X-Wirecopy-Asked-URI"


class WarcWriter:
    """The WARC files of one crawl; a file is made when its first answer comes. Every method may raise ArchiveError."""

    def __init__(
        self, files: ArchiveFiles, outlet_id: str, run_id: str, software: str, max_file_bytes: int = MAX_FILE_BYTES
    ) -> None:
        self._files, self._outlet_id, self._run_id, self._software = files, outlet_id, run_id, software
        self._max_file_bytes = max_file_bytes
        self._file: IO[bytes] | None = None
        self._name = ""
        self._names: list[str] = []  # of files that are not finished
        self._whole: list[str] = []  # of those, the ones that nothing is appended to any more
        self._info_id = ""
        self._position = 0
        self._failed_once = False

    def __enter__(self) -> WarcWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, answer: Answer) -> Capture:
        """Append an answer. The capture may be recorded only after sync()."""
        if self._file is not None and self._position >= self._max_file_bytes:
            self._end_file()
        if self._file is None:
            self._begin(answer.fetched_at)
        record_id = answer.record_id or str(uuid.uuid4())
        offset = self._position
        self._append(_response_record(answer, record_id, self._info_id))
        return capture_of_answer(answer, record_id, self._name, offset, self._position - offset)

    def cut(self) -> list[str]:
        """On the way to a bucket: end the file, so that it can go up; what comes next goes into another.

        Returns the names of the files that are whole now, for sync() and then noted(); none where files stay here.
        """
        if not self._files.is_spool:
            return []
        if self._failed_once:
            raise ArchiveError(f"{self._name}: does not go to the bucket after an error")
        self._end_file()
        names, self._whole = self._whole, []
        return names

    def sync(self, names: Sequence[str] | None = None) -> None:
        """Make everything appended so far outlive a crash: on the disk, or in the bucket (names: what cut() gave).

        Raises StorageError, too.
        """
        if self._files.is_spool:
            self._files.secure(self.cut() if names is None else names)
        elif self._file is not None:
            self._flush(self._file)

    def noted(self, names: Sequence[str]) -> None:
        """Rows point at everything in these files of the bucket."""
        if names:
            self._files.finish(self._outlet_id, names)
            self._names = [name for name in self._names if name not in names]

    def close(self) -> None:
        """Finish the files: to be called when the rows that point at them are written."""
        if self._failed_once:
            self.leave()
            return
        self.sync()
        self._end_file()
        if self._names:
            self._files.finish(self._outlet_id, self._names)
            self._names = []

    def leave(self) -> None:
        """End as a kill would: the next crawl of the outlet repairs the files and notes what no row points at."""
        self._names = []
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end_file(self) -> None:
        if self._file is not None:
            if not self._files.is_spool:  # a spool is no promise: what a power cut takes there had no rows
                self._flush(self._file)
            self._file.close()
            self._file = None
            self._whole.append(self._name)

    def _flush(self, file: IO[bytes]) -> None:
        try:
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise self._failed(error) from error

    def _begin(self, at: datetime) -> None:
        self._name, self._file = self._files.create(self._outlet_id, self._run_id, at.astimezone(UTC))
        self._names.append(self._name)
        self._position = 0
        self._info_id = str(uuid.uuid4())
        lines = {
            "software": self._software,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": self._outlet_id,
            "description": f"crawl {self._run_id} of {self._outlet_id}",
        }
        block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        fields: list[tuple[str, str | None]] = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<urn:uuid:{self._info_id}>"),
            ("WARC-Date", _date(at)),
            ("WARC-Filename", self._name.rsplit("/", 1)[-1]),
            ("Content-Type", "application/warc-fields"),
        ]
        self._append(_record(fields, block))
        if not self._files.is_spool:
            self.sync()

    def _append(self, record: bytes) -> None:
        if self._file is None or self._failed_once:
            raise ArchiveError(f"{self._name}: is not written to any more after an error")
        rest = memoryview(record)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._failed(error) from error
        self._position += len(record)

    def _failed(self, error: OSError) -> ArchiveError:
        """After an error the file's end is unknown: what would follow it could not be found again."""
        self._failed_once = True
        return ArchiveError(f"{self._name}: cannot be written: {in_words(error)}")


def _response_record(answer: Answer, record_id: str, info_id: str) -> bytes:
    head = honest_head(answer.head)
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<urn:uuid:{record_id}>"),
        ("WARC-Warcinfo-ID", f"<urn:uuid:{info_id}>"),
        ("WARC-Date", _date(answer.fetched_at)),
        ("WARC-Target-URI", answer.final_url),
        ("WARC-IP-Address", answer.ip_address),
        ("WARC-Payload-Digest", f"sha256:{answer.payload_sha256}"),
        ("WARC-Truncated", answer.truncated),
        (OUTLET_HEADER, answer.outlet_id),
        (KIND_HEADER, answer.kind.value),
        (RUN_HEADER, answer.run_id),
        (ASKED_HEADER, answer.url if answer.url != answer.final_url else None),
        ("Content-Type", "application/http;msgtype=response"),
    ]
    return _record(fields, head + answer.body)


def _record(fields: list[tuple[str, str | None]], block: bytes) -> bytes:
    kept = [(name, value) for name, value in fields if value is not None]
    kept.append(("WARC-Block-Digest", _digest(block)))
    kept.append(("Content-Length", str(len(block))))
    head = "WARC/1.1\r\n" + "".join(f"{name}: {_one_line(value)}\r\n" for name, value in kept) + "\r\n"
    return isal_zlib.compress(b"".join((head.encode(), block, b"\r\n\r\n")), COMPRESSION, 31)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
