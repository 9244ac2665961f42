"""What one row of numbers holds of another, for many pairs of rows: the one writes a table that the other reads.

Rows are texts as numbers of words or of grams, one after the other. A number is a place in the table; so a look-up
costs the same however long the rows are, and the numbers of pairs that share a row are read at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
# Numbers read before what was found is handed on; bounds the memory, and keeps the work in the processor's cache.
_READ_AT_ONCE = 500_000


class Rows(NamedTuple):
    """Row i is numbers[bounds[i]:bounds[i + 1]]; values, an entry per number, are what it writes into the table."""

    numbers: Numbers
    bounds: Ints
    values: npt.NDArray[Any] | None = None

    def entries(self, rows: Ints) -> tuple[Ints, Ints]:
        """The places in numbers of some rows one after the other, and where those of each begin and end among them."""
        sizes = np.diff(self.bounds)[rows]
        edges = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        return np.repeat(self.bounds[rows] - edges[:-1], sizes) + np.arange(edges[-1]), edges


class Found(NamedTuple):
    """What was found for consecutive pairs: those of pair i are the entries from edges[i] to edges[i + 1].

    entries are places in the numbers that were read; values what was written for each, or whether anything was.
    """

    pairs: slice
    entries: Ints
    edges: Ints
    values: npt.NDArray[Any]


class Lookup:
    """Looks up numbers among those of rows, which writers hold together; size: beyond the largest number.

    Of a number that stands in a row twice the first one tells.
    """

    def __init__(self, writers: Sequence[Rows], size: int) -> None:
        values = writers[0].values
        self._table: npt.NDArray[Any] = np.zeros(size, np.bool_ if values is None else values.dtype)
        self._writers = [(one.numbers, one.values, one.bounds.tolist()) for one in writers]

    def find(self, readers: Rows, read: Ints, written: Ints) -> Iterator[Found]:
        """Look up the numbers of row read[i] among those of row written[i]; quickest where equal ones of written
        follow each other.
        """
        words = np.cumsum(np.diff(readers.bounds)[read])
        start = 0
        while start < len(read):
            stop = reach(words, start, _READ_AT_ONCE)
            entries, edges = readers.entries(read[start:stop])
            wanted = readers.numbers.take(entries).astype(np.int64)
            found = np.empty(len(wanted), self._table.dtype)
            for row, first, last in _runs(written[start:stop], edges):
                own = self._write(row)
                self._table.take(wanted[first:last], out=found[first:last], mode="clip")
                for numbers in own:
                    self._table[numbers] = 0
            yield Found(slice(start, stop), entries, edges, found)
            start = stop

    def _write(self, row: int) -> list[Numbers]:
        """Write a row into the table; returns where."""
        own = []
        for numbers, values, bounds in self._writers:
            first, last = bounds[row], bounds[row + 1]
            own.append(here := numbers[first:last])
            if values is None:
                self._table[here] = True
            else:
                self._table[here[::-1]] = values[first:last][::-1]
        return own


def reach(sums: Ints, start: int, most: int) -> int:
    """Where what is counted from start on comes to more than most, of running sums; at least one is taken."""
    before = int(sums[start - 1]) if start else 0
    return max(int(np.searchsorted(sums, before + most, side="right")), start + 1)


def _runs(rows: Ints, edges: Ints) -> Iterator[tuple[int, int, int]]:
    """Runs of one row, and the part of the range of edges that each has."""
    starts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]])[: len(rows)])
    parts = edges[np.append(starts, len(rows))].tolist()
    return zip(rows[starts].tolist(), parts[:-1], parts[1:], strict=True)
