"""What a large fold keeps of articles in partitions on disk, besides the articles: their words and their signatures.

Words are numbered by partition, with the partition's vocabulary beside them; texts of several partitions are brought to
one numbering by the hashes of their words. So a text is split into words once, however often it is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dedupe.partitions import GROUP_ROWS, replacing
from pipeline.dedupe.signatures import Signatures
from pipeline.dedupe.texts import Hashes, Numbers, Texts, Vocabulary, renumber

Ints = npt.NDArray[np.int64]
_COLUMNS = ("body", "headline")


class StoredTexts(NamedTuple):
    """Some articles: their ids, their words and those of their headlines in one vocabulary."""

    ids: list[str]
    bodies: Texts
    headlines: Texts


def write_texts(path: Path, ids: Sequence[str], bodies: Texts, headlines: Texts) -> None:
    """Write the words of articles as a partition; headlines in the vocabulary of the bodies."""
    words = bodies.vocabulary.words
    vocabulary = pa.table({"word": pa.array(words, pa.string()), "hash": pa.array(bodies.hashes[: len(words)])})
    with replacing(_vocabulary_of(path)) as unfinished:
        pq.write_table(vocabulary, unfinished, compression="lz4")
    lists = (pa.LargeListArray.from_arrays(pa.array(one.bounds), pa.array(one.numbers)) for one in (bodies, headlines))
    with replacing(path) as unfinished:
        table = pa.table({"article_id": pa.array(ids, pa.string()), **dict(zip(_COLUMNS, lists, strict=True))})
        pq.write_table(table, unfinished, compression="lz4", row_group_size=GROUP_ROWS, use_dictionary=False)


def read_texts_of(parts: Sequence[tuple[Path, Ints]]) -> StoredTexts:
    """Some articles as they were written: of each partition those rows, which rise."""
    ids: list[str] = []
    words: list[str] = []
    hashes: list[Hashes] = [np.zeros(0, np.uint64)]
    numbers: list[list[Numbers]] = [[np.zeros(0, np.int32)] for _ in _COLUMNS]
    sizes: list[list[Ints]] = [[np.zeros(1, np.int64)] for _ in _COLUMNS]
    for path, rows in parts:
        table = _rows_of(path, rows)
        ids += table["article_id"].to_pylist()
        lists = [_flat(table[name]) for name in _COLUMNS]
        vocabulary_rows = pq.read_table(_vocabulary_of(path))
        used, local = renumber(np.concatenate([some for some, _ in lists]), len(vocabulary_rows))
        known = vocabulary_rows.take(pa.array(used))
        local = local + np.int32(sum(map(len, hashes)))
        words += known["word"].to_pylist()
        hashes.append(known["hash"].to_numpy())
        for place, (some, each) in enumerate(lists):
            numbers[place].append(local[: len(some)])
            sizes[place].append(each)
            local = local[len(some) :]
    joint, first, inverse = np.unique(np.concatenate(hashes), return_index=True, return_inverse=True)
    number = inverse.astype(np.int32)
    vocabulary = Vocabulary.of([words[place] for place in first.tolist()], joint)
    found = [
        Texts.of_numbers(number.take(np.concatenate(some)), np.cumsum(np.concatenate(each)), vocabulary, joint)
        for some, each in zip(numbers, sizes, strict=True)
    ]
    return StoredTexts(ids, *found)


class StoredSignatures:
    """Signatures of all partitions one after the other: whole columns for bands, or some rows, never all of them.

    Rows are mapped for as long as they are copied: what is mapped counts as a process's memory.
    """

    def __init__(self, columns: Sequence[Path], rows: Path) -> None:
        parts = [np.load(path, mmap_mode="r") for path in columns]
        self._columns = [(path, part.offset, part.shape[1]) for path, part in zip(columns, parts, strict=True)]
        self._rows = rows
        self.shape: tuple[int, ...] = np.load(rows, mmap_mode="r").shape

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, wanted: Any) -> Signatures:
        """As of an array: rows by their places, or with [:, columns] one column or a list of them."""
        if not isinstance(wanted, tuple):
            rows: Signatures = np.load(self._rows, mmap_mode="r")[wanted]
            return rows
        _, which = wanted
        columns = np.array([self._column(one) for one in np.atleast_1d(which).tolist()])
        return columns[0] if np.isscalar(which) else columns.T

    def _column(self, which: int) -> Signatures:
        found = np.empty(len(self), np.uint32)
        first = 0
        for path, offset, size in self._columns:
            found[first : first + size] = np.fromfile(path, np.uint32, size, offset=offset + 4 * size * which)
            first += size
        return found


def join_rows(columns: Sequence[Path], rows: Path) -> None:
    """Write the signatures of partitions, each kept by columns, as rows of one array."""
    shapes = [np.load(path, mmap_mode="r").shape for path in columns]
    width = shapes[0][0] if shapes else 0
    header = {"descr": "<u4", "fortran_order": False, "shape": (sum(count for _, count in shapes), width)}
    with replacing(rows) as unfinished, unfinished.open("wb") as target:
        np.lib.format.write_array_header_1_0(target, header)
        for path in columns:
            target.write(np.load(path).T.tobytes())


def _vocabulary_of(path: Path) -> Path:
    return path.with_name(f"words-{path.name}")


def _rows_of(path: Path, rows: Ints) -> pa.Table:
    """Those rows; groups of rows that hold none are not read."""
    with pq.ParquetFile(path, memory_map=True) as file:
        groups = np.unique(rows // GROUP_ROWS)
        table = file.read_row_groups(groups.tolist())
        places = rows - (rows // GROUP_ROWS - np.searchsorted(groups, rows // GROUP_ROWS)) * GROUP_ROWS
    table = table.combine_chunks()
    return table.take(pa.array(places)) if len(places) < len(table) else table


def _flat(lists: pa.ChunkedArray) -> tuple[Numbers, Ints]:
    """Entries of lists one after the other, and how many each has."""
    parts = [(one.flatten().to_numpy(), one.value_lengths().to_numpy()) for one in lists.chunks]
    entries = np.concatenate([np.zeros(0, np.int32), *(some for some, _ in parts)])
    return entries, np.concatenate([np.zeros(0, np.int64), *(sizes for _, sizes in parts)])
