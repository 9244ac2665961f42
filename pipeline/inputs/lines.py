"""Lines of a text file, plain or gzipped, in bounded memory: a line beyond the limit is passed over, not held."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple, cast

from isal import igzip, isal_zlib

from pipeline.errors import InputError

MAX_LINE = 16_000_000  # bytes
READ_AHEAD = 1 << 18
# The library's own types call its error an instance.
_DAMAGED = (EOFError, igzip.BadGzipFile, cast("type[Exception]", isal_zlib.error))
GZIP_MAGIC = b"\x1f\x8b"
UTF8_BOM = b"\xef\xbb\xbf"
# First bytes of files that are something else, and what to do about them.
FOREIGN = {
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
    b"PK\x03\x04": "a ZIP archive; unpack it first",
    b"(\xb5/\xfd": "Zstandard-compressed; unpack it first",
    b"BZh": "bzip2-compressed; unpack it first",
    b"\xfd7zXZ": "xz-compressed; unpack it first",
    b"WARC/": "a WARC file, not an articles file",
    b"[": "one JSON array; one JSON object per line is needed",
}
WHITE = b" \t\r\n"
# Bytes that no text holds; a file that begins with them is no list of lines, whatever its name says.
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
LOOKED_AT = 4_096


class Line(NamedTuple):
    """A line that is not blank: its number from 1 and its bytes, or why there are none."""

    number: int
    data: bytes
    problem: str = ""


def read_lines(path: Path, *, max_line: int = MAX_LINE) -> Iterator[Line]:
    """Every line that is not blank. Raises InputError for a file of another kind, or a gzip that is damaged or cut."""
    with ExitStack() as stack:
        source: IO[bytes] = stack.enter_context(path.open("rb"))
        if source.read(2) == GZIP_MAGIC:
            source.seek(0)
            packed = stack.enter_context(igzip.IGzipFile(fileobj=source, mode="rb"))  # type: ignore[no-untyped-call]
            source = stack.enter_context(io.BufferedReader(packed, READ_AHEAD))
        else:
            source.seek(0)
        try:
            yield from _lines(source, path, max_line)
        except _DAMAGED as error:
            raise InputError(f"{path}: the gzip data is damaged or cut short: {error}") from error


def _lines(source: IO[bytes], path: Path, max_line: int) -> Iterator[Line]:
    number = 0
    while data := source.readline(max_line + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(UTF8_BOM)
            _check_kind(data, path)
        if len(data) > max_line and not data.endswith(b"\n"):
            _skip_line(source, max_line)
            yield Line(number, b"", f"longer than {max_line} bytes")
        elif data.strip(WHITE):
            yield Line(number, data)


def _check_kind(first: bytes, path: Path) -> None:
    if first.lstrip(WHITE)[:1] in (b"{", b""):
        return
    for magic, what in FOREIGN.items():
        if first.startswith(magic):
            raise InputError(f"{path}: {what}")
    if BINARY.search(first[:LOOKED_AT]):
        raise InputError(f"{path}: binary data, neither lines of JSON nor gzip nor Parquet")


def _skip_line(source: IO[bytes], step: int) -> None:
    while data := source.readline(step):
        if data.endswith(b"\n"):
            return
