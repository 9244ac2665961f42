"""Rows in a fixed order whatever order they came in, in bounded memory.

Rows that come in order, as the catalog hands them over, are not held back. Of others, sorted chunks are spilled as
Arrow files and merged (an external merge sort).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import itemgetter
from pathlib import Path

import pyarrow as pa

from pipeline.publish.rows import Row
from pipeline.publish.schema import TableShape

CHUNK_ROWS = 32_768
CHUNK_TEXT = 16_000_000  # characters of bodies held at once
BATCH_ROWS = 256  # rows read back at once from each spilled chunk
Key = tuple[str, ...]


class InOrder:
    """Iterates over rows while each is in its place, and stops before the first that is not; `rest` has the others."""

    def __init__(self, rows: Iterable[Row], table: TableShape) -> None:
        self._rows = iter(rows)
        self._key = key_of(table)
        self.rest: Iterator[Row] = iter(())
        self.ended = False

    def __iter__(self) -> Iterator[Row]:
        last: Key = ()
        for row in self._rows:
            key = self._key(row)
            if key < last:
                self.rest = chain([row], self._rows)
                return
            last = key
            yield row
        self.ended = True


def sort_rows(rows: Iterable[Row], table: TableShape, spill: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Row]:
    """Rows ordered by the table's order columns (by code point). All chunks but the last go to the folder spill."""
    key = key_of(table)
    files: list[Path] = []
    last: list[Row] = []
    for chunk in _chunks(rows, chunk_rows):
        if last:
            files.append(_spill(last, table, spill / f"{table.name}-{len(files)}.arrow"))
        chunk.sort(key=key)
        last = chunk
    return heapq.merge(*(_read(file) for file in files), last, key=key)


def key_of(table: TableShape) -> Callable[[Row], Key]:
    """What a table's rows are ordered by."""
    first, *others = table.order
    return itemgetter(first, *others) if others else lambda row: (row[first],)


def _chunks(rows: Iterable[Row], chunk_rows: int) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    text = 0
    for row in rows:
        chunk.append(row)
        text += len(row.get("body") or "")
        if len(chunk) >= chunk_rows or text >= CHUNK_TEXT:
            yield chunk
            chunk, text = [], 0
    if chunk:
        yield chunk


def _spill(chunk: list[Row], table: TableShape, file: Path) -> Path:
    with pa.OSFile(str(file), "wb") as target, pa.ipc.new_file(target, table.schema) as writer:
        for start in range(0, len(chunk), BATCH_ROWS):
            writer.write_batch(pa.RecordBatch.from_pylist(chunk[start : start + BATCH_ROWS], schema=table.schema))
    return file


def _read(file: Path) -> Iterator[Row]:
    with pa.OSFile(str(file)) as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield from reader.get_batch(number).to_pylist()
    file.unlink()
