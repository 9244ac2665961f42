"""Tables from rows that were made elsewhere, a chunk at a time: each chunk is a sorted file of Arrow batches.

Whoever folds in partitions makes the rows there; here they are only put in order. What is kept in memory of all rows is
what orders them; of the rest each group of rows takes a stretch from every chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.publish.ordering import BATCH_ROWS, key_of
from pipeline.publish.rows import Row
from pipeline.publish.schema import TableShape
from pipeline.publish.tables import GROUP_ROWS, GROUP_TEXT, WrittenTable, as_table, write_groups


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
    return write_groups(_merged([_opened(one) for one in chunks.files], table), table, file)


def _opened(file: Path) -> pa.Table:
    with pa.memory_map(str(file)) as source, pa.ipc.open_file(source) as reader:
        return reader.read_all()


def _merged(chunks: Sequence[pa.Table], table: TableShape) -> Iterator[pa.Table]:
    """Groups of rows in the table's order."""
    keys = pa.concat_tables([one.select(list(table.order)) for one in chunks] or [table.schema.empty_table()])
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in table.order]).to_numpy()
    starts = np.cumsum([0, *map(len, chunks)])
    chunk_of = np.searchsorted(starts, order, side="right") - 1
    text = np.cumsum(_characters(chunks, table)[order])
    first = 0
    while first < len(order):
        before = text[first - 1] if first else 0
        last = min(first + GROUP_ROWS, int(np.searchsorted(text, before + GROUP_TEXT)) + 1, len(order))
        some, owners = order[first:last], chunk_of[first:last]
        pieces, places = [], []
        for owner in np.unique(owners).tolist():
            places.append(np.flatnonzero(owners == owner))
            row = int(some[places[-1][0]] - starts[owner])  # those of one chunk follow each other in it
            pieces.append(chunks[owner].slice(row, len(places[-1])))
        back = np.argsort(np.concatenate(places))
        yield pa.concat_tables(pieces).combine_chunks().take(pa.array(back)).combine_chunks()
        first = last


def _characters(chunks: Sequence[pa.Table], table: TableShape) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Of each row the length of its body."""
    rows = sum(map(len, chunks))
    if "body" not in table.schema.names or not rows:
        return np.zeros(rows, np.int64)
    lengths = [pc.fill_null(pc.utf8_length(one["body"]), 0).to_numpy() for one in chunks]
    return np.concatenate(lengths).astype(np.int64)
