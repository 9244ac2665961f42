"""Rows in a fixed order whatever order they came in, in bounded memory.

Sorted chunks are spilled as Arrow files and merged (an external merge sort). Chunks that follow each other, which is
the case when the catalog hands rows over by id, are read one after the other without merging.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path

import pyarrow as pa

from pipeline.publish.rows import Row
from pipeline.publish.schema import TableShape

CHUNK_ROWS = 32_768
CHUNK_TEXT = 64_000_000  # characters of bodies held at once
BATCH_ROWS = 1_024  # rows read back at once from each spilled chunk
Key = tuple[str, ...]


def sort_rows(rows: Iterable[Row], table: TableShape, spill: Path, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Row]:
    """Rows ordered by the table's order columns (by code point). Chunks beyond the first go to the folder spill."""
    key = _key_of(table)
    files: list[Path] = []
    bounds: list[tuple[Key, Key]] = []
    last: list[Row] = []
    for chunk in _chunks(rows, chunk_rows):
        if last:
            files.append(_spill(last, table, spill / f"{table.name}-{len(files)}.arrow"))
        chunk.sort(key=key)
        bounds.append((key(chunk[0]), key(chunk[-1])))
        last = chunk
    sources = [_read(file) for file in files] + [iter(last)]
    if len(files) == 0:
        return iter(last)
    in_order = all(before[1] <= after[0] for before, after in pairwise(bounds))
    return chain.from_iterable(sources) if in_order else heapq.merge(*sources, key=key)


def _key_of(table: TableShape) -> Callable[[Row], Key]:
    names = table.order
    return lambda row: tuple(row[name] for name in names)


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
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield from reader.get_batch(number).to_pylist()
    file.unlink()
