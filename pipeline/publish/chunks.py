"""Tables from rows that were made elsewhere, a chunk at a time: each chunk is a sorted file of Arrow batches.

Whoever folds in partitions makes the rows there; here they are only put in order. What is kept in memory of all rows is
what orders them; of the rest each group of rows takes a stretch from every chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.publish.ordering import BATCH_ROWS, key_of
from pipeline.publish.rows import Row
from pipeline.publish.schema import TableShape
from pipeline.publish.tables import GROUP_ROWS, GROUP_TEXT, WrittenTable, as_table, write_groups

Lengths = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chunks:
    """Files that write_chunk made, which together are a table."""

    files: Sequence[Path]


def write_chunk(rows: Iterable[Row], table: TableShape, file: Path) -> None:
    """Write some rows of a table, in any order. Raises ReleaseError for a row that does not fit."""
    ordered = sorted(rows, key=key_of(table))
    with pa.OSFile(str(file), "wb") as target, pa.ipc.new_file(target, table.schema) as writer:
        for first in range(0, len(ordered), BATCH_ROWS):
            writer.write_table(as_table(ordered[first : first + BATCH_ROWS], table))


def write_chunks(chunks: Chunks, table: TableShape, file: Path) -> WrittenTable:
    """Write the rows of all chunks to a new Parquet file: the same bytes as from the rows one by one."""
    with ExitStack() as opened:
        cursors = [_Cursor(opened.enter_context(pa.OSFile(str(one)))) for one in chunks.files]
        return write_groups(_merged(cursors, chunks.files, table), table, file)


class _Cursor:
    """Takes rows from a chunk as they follow each other; a few batches are in memory at a time."""

    def __init__(self, source: pa.NativeFile) -> None:
        self._reader = pa.ipc.open_file(source)
        self._next = 0
        self._held = self._reader.schema.empty_table()

    def take(self, rows: int) -> pa.Table:
        """The next rows."""
        batches = self._held.to_batches()
        missing = rows - len(self._held)
        while missing > 0:
            batches.append(self._reader.get_batch(self._next))
            missing -= len(batches[-1])
            self._next += 1
        known = pa.Table.from_batches(batches, self._reader.schema)
        self._held = known.slice(rows)
        return known.slice(0, rows)


def _merged(cursors: Sequence[_Cursor], files: Sequence[Path], table: TableShape) -> Iterator[pa.Table]:
    """Groups of rows in the table's order."""
    known = [_ordering(one, table) for one in files]
    keys = pa.concat_tables([keys for keys, _ in known] or [table.schema.empty_table()])
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in table.order]).to_numpy()
    chunk_of = np.searchsorted(np.cumsum([0, *(len(keys) for keys, _ in known)]), order, side="right") - 1
    text = np.cumsum(np.concatenate([np.zeros(0, np.int64), *(lengths for _, lengths in known)])[order])
    first = 0
    while first < len(order):
        before = text[first - 1] if first else 0
        last = min(first + GROUP_ROWS, int(np.searchsorted(text, before + GROUP_TEXT)) + 1, len(order))
        owners = chunk_of[first:last]
        places = [np.flatnonzero(owners == owner) for owner in range(len(cursors))]
        # Those of one chunk follow each other in it, and come in no other group.
        pieces = [cursor.take(len(some)) for cursor, some in zip(cursors, places, strict=True) if len(some)]
        back = np.argsort(np.concatenate(places))
        yield pa.concat_tables(pieces).combine_chunks().take(pa.array(back)).combine_chunks()
        first = last


def _ordering(file: Path, table: TableShape) -> tuple[pa.Table, Lengths]:
    """What a chunk's rows are ordered by, and of each the length of its body."""
    keyed = pa.schema([table.schema.field(name) for name in table.order])
    keys, lengths = [], [np.zeros(0, np.int64)]
    with pa.OSFile(str(file)) as source:
        reader = pa.ipc.open_file(source)
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            # Copied, as a column alone would keep the whole batch.
            keys.append(pa.RecordBatch.from_pydict({name: batch[name].to_pylist() for name in table.order}, keyed))
            lengths.append(_characters(batch))
    return pa.Table.from_batches(keys, keyed), np.concatenate(lengths)


def _characters(batch: pa.RecordBatch) -> Lengths:
    if "body" not in batch.schema.names:
        return np.zeros(len(batch), np.int64)
    lengths: Lengths = pc.fill_null(pc.utf8_length(batch["body"]), 0).to_numpy().astype(np.int64)
    return lengths
