"""Reading files for a large fold: this process passes their lines on, workers make articles of them.

So that the one process does little: taking lines apart costs ten times as much as finding where they end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from flows.cycles import no_cycles
from flows.fold_files import bytes_of
from flows.fold_steps import Ints, LargeFold
from flows.workspace import open_workspace
from pipeline.dedupe.boilerplate import LineCounts, Printed
from pipeline.dedupe.origin import order_of
from pipeline.dedupe.partitions import read_records, write_records
from pipeline.dedupe.times import Times, exactly, latest, times_of
from pipeline.homes import Homes
from pipeline.inputs.articles_file import open_lines, parse_line, read_row
from pipeline.inputs.lines import Line
from pipeline.inputs.records_in import BadRow
from pipeline.reasons import Reason
from pipeline.records import Rejection

# Bytes of lines that are taken together at most: what one hostile partition may hold.
MOST_BYTES = 250_000_000
# Work is cut into a multiple of so many equal parts, so that 2, 4 or 8 workers share it evenly; but not into smaller
# ones than these, as each reads from its neighbours again: 50,000 articles cost 8 % more in 8 parts than in 2.
EVEN_PARTS, LEAST_BYTES, LEAST_ARTICLES = 8, 8_000_000, 2_500
# Of each partition in the order of time the partitions as read that it comes from, with rows and places.
Sources = list[list[tuple[int, Ints, Ints]]]


class FileLine(NamedTuple):
    """A line, and which of the files it is of."""

    file: int
    line: Line


class RejectedRow(NamedTuple):
    """A row that is no article: its file and line, the reason code, and what is said of it."""

    file: int
    line: int
    reason: str
    detail: str


@dataclass(slots=True)
class PartRead:
    """What the lines of a partition came to; the articles themselves lie in the partition, in the order of ids."""

    ids: list[str] = field(default_factory=list)
    times: Times = field(default_factory=lambda: exactly([]))
    lines: list[tuple[int, int]] = field(default_factory=list)  # of each article its file and line
    rejected: list[RejectedRow] = field(default_factory=list)
    good: set[int] = field(default_factory=set)  # files of which some line was an object
    bad: dict[int, str] = field(default_factory=dict)  # of files what was wrong with the first line that was none
    counts: LineCounts = field(default_factory=LineCounts)  # of the lines of bodies

    def take_new(self, seen: Set[str], files: Sequence[str]) -> Ints:
        """The rows whose id is none of those seen in partitions before; the others are rejected."""
        repeated = [row for row, one in enumerate(self.ids) if one in seen]
        self.rejected += [_duplicate(files, self.lines[row], self.ids[row]) for row in repeated]
        return np.delete(np.arange(len(self.ids)), repeated)


def lines_of(files: Sequence[Path], partition: int) -> Iterator[list[FileLine]]:
    """The lines of files, at most as many at a time as a partition may have articles. Raises InputError."""
    some: list[FileLine] = []
    size = 0
    enough = min(max(-(-bytes_of(files) // EVEN_PARTS), LEAST_BYTES), MOST_BYTES)
    for number, path in enumerate(files):
        for line in open_lines(path):
            some.append(FileLine(number, line))
            size += len(line.data)
            if len(some) >= partition or size >= enough:
                yield some
                some, size = [], 0
    if some:
        yield some


def partition_of(count: int, most: int) -> int:
    """How many of so many articles, `most` at most, a partition holds where all hold the same (the last a few less)."""
    parts = -(-count // most)
    even = -(-parts // EVEN_PARTS) * EVEN_PARTS
    return max(-(-count // max(min(even, count // LEAST_ARTICLES), parts, 1)), 1)


def read_part(fold: LargeFold, number: int, files: Sequence[str], read_at: datetime) -> PartRead:
    """Write the articles that the lines of a partition hold, in the order of their time; returns what else they tell.

    Of several rows with one id the first is taken.
    """
    homes = Homes(open_workspace(fold.config, fold.folder).outlets.values())
    told = PartRead()
    found = {}
    with no_cycles():
        for file, line in read_records(fold.path("lines", number), FileLine):
            row = parse_line(line)
            if not isinstance(row, BadRow):
                told.good.add(file)
            elif file not in told.bad:
                told.bad[file] = f"line {line.number}: {row}"
            where = f"{files[file]}:{line.number}"
            read = read_row(row, where, read_at, homes.id_of)
            if isinstance(read, Rejection):
                told.rejected.append(RejectedRow(file, line.number, read.reason.value, read.detail))
            elif read.article_id in found:
                told.rejected.append(_duplicate(files, (file, line.number), read.article_id))
            else:
                found[read.article_id] = (read, (file, line.number))
        ordered = sorted(found.values(), key=lambda one: order_of(one[0]))
        articles = [one for one, _ in ordered]
        if not (path := fold.path("read", number)).exists():
            write_records(path, articles)
        told.ids, told.times = [one.article_id for one in articles], times_of(articles, fold.settings.undated_days)
        told.lines = [at for _, at in ordered]
        told.counts.add(Printed(one.outlet_id, one.headline, one.body) for one in articles)
    return told


def _duplicate(files: Sequence[str], at: tuple[int, int], article_id: str) -> RejectedRow:
    """A row whose id an earlier one has; at: its file and line."""
    file, line = at
    return RejectedRow(file, line, Reason.DUPLICATE_ID.value, f"{files[file]}:{line}: {article_id[:300]}")


class Arrived:
    """Where the articles read stand: each in a row of a partition as read."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._times = [exactly([])]
        self._parts = [np.zeros(0, np.int64)]
        self._rows = [np.zeros(0, np.int64)]

    def add(self, part: int, ids: Iterable[str], times: Times, rows: Ints) -> None:
        """Those rows of a partition."""
        self.ids += ids
        self._times.append(times)
        self._parts.append(np.full(len(rows), part))
        self._rows.append(rows)

    def in_order(self, partition: int) -> tuple[list[str], Times, Sources]:
        """Ids and times in the order of time, and for each partition of that order where its articles stand."""
        times = np.concatenate(self._times)
        order = np.lexsort((np.array(self.ids, object), latest(times)))
        parts, rows = (np.concatenate(some)[order] for some in (self._parts, self._rows))
        sources: Sources = []
        for first in range(0, len(order), partition):
            some, of_part = rows[first : first + partition], parts[first : first + partition]
            sources.append(
                [(part, some[of_part == part], np.flatnonzero(of_part == part)) for part in np.unique(of_part).tolist()]
            )
        return [self.ids[at] for at in order.tolist()], times[order], sources
