"""Writes the tables as zstd Parquet: explicit schema, fixed row groups, bounded memory, the same bytes every time."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import ReleaseError
from pipeline.publish.arrow_lists import array_of, spare_pandas
from pipeline.publish.ordering import BATCH_ROWS, InOrder, key_of, sort_rows
from pipeline.publish.rows import Row
from pipeline.publish.schema import ARTICLES, TableShape

GROUP_ROWS = 16_384
GROUP_TEXT = 16_000_000  # characters of bodies in one row group
# Columns with few values; the others would fill a dictionary page for nothing.
DICTIONARY = ["outlet_id", "language", "agency_id", "relation", "credit_status", "method_version", "origin_known"]
# What is counted while rows pass, for the manifest: column of the table.
COUNTED = {"copies": ("relation", "credit_status"), "articles": ("language",), "stories": ()}


@dataclass(slots=True)
class WrittenTable:
    """What is known of a table once it is written."""

    rows: int = 0
    bytes: int = 0
    sha256: str = ""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    # What the card tells of the articles: how many of each outlet, and the time they span.
    outlets: Counter[str] = field(default_factory=Counter)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def note_articles(self, group: pa.Table) -> None:
        """Take in a group of articles."""
        for counted in group["outlet_id"].value_counts().to_pylist():
            self.outlets[counted["values"]] += counted["counts"]
        ends = pc.min_max(group["published_at"]).as_py()
        self.first_at = min((one for one in (self.first_at, ends["min"]) if one), default=None)
        self.last_at = max((one for one in (self.last_at, ends["max"]) if one), default=None)


def write_table(rows: Iterable[Row], table: TableShape, file: Path, spill: Path) -> WrittenTable:
    """Write rows, in the table's order, to a new Parquet file. Raises ReleaseError for a row that does not fit.

    Rows that come in order are written as they come. Where the order breaks, what is written so far becomes the first
    run of a merge with the others.
    """
    ordered = InOrder(rows, table)
    written = write_groups(_tables(iter(ordered), table), table, file)
    if not ordered.ended:
        run = file.rename(spill / file.name)
        others = sort_rows(ordered.rest, table, spill)
        written = write_groups(_tables(heapq.merge(_read_run(run), others, key=key_of(table)), table), table, file)
        run.unlink()
    return written


def write_groups(groups: Iterable[pa.Table], table: TableShape, file: Path) -> WrittenTable:
    """Write groups of rows, which are in the table's order, each as a row group of the file."""
    written = WrittenTable(counts={name: Counter() for name in COUNTED[table.name]})
    schema = table.schema
    options = {"compression": "zstd", "compression_level": 3, "version": "2.6", "write_page_checksum": True}
    dictionary = [name for name in DICTIONARY if name in schema.names]
    with pq.ParquetWriter(str(file), schema, use_dictionary=dictionary, **options) as writer:
        for group in groups:
            for name, counter in written.counts.items():
                for counted in group[name].value_counts().to_pylist():
                    counter[counted["values"] or ""] += counted["counts"]
            if table is ARTICLES:
                written.note_articles(group)
            writer.write_table(group, row_group_size=len(group))
            written.rows += len(group)
    written.bytes, written.sha256 = file.stat().st_size, sha256_of(file)
    return written


def _read_run(run: Path) -> Iterator[Row]:
    with pq.ParquetFile(run) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            yield from batch.to_pylist()


def sha256_of(file: Path) -> str:
    """Hex digest of a file's bytes."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def as_table(group: list[Row], table: TableShape) -> pa.Table:
    """Rows as columns of the table's schema. Raises ReleaseError for a row that does not fit."""
    spare_pandas()
    try:
        columns = [
            array_of(values, one.type, long=one.name == "body")
            for one, values in zip(table.columns, _columns(group, table), strict=True)
        ]
        made = pa.Table.from_arrays(columns, schema=table.schema)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise ReleaseError(f"{table.file_name}: a row does not fit its schema: {error}") from error
    for column in table.columns:
        if not column.nullable and made.column(column.name).null_count:
            raise ReleaseError(f"{table.file_name}: a row has no {column.name}")
    return made


def _columns(group: list[Row], table: TableShape) -> Iterable[Sequence[Any]]:
    names = [one.name for one in table.columns]
    with suppress(KeyError):  # rows that lack a column are rare
        return list(zip(*map(itemgetter(*names), group), strict=True))
    return ([row.get(name) for row in group] for name in names)


def _tables(rows: Iterator[Row], table: TableShape) -> Iterator[pa.Table]:
    return (as_table(group, table) for group in _groups(rows))


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    text = 0
    for row in rows:
        group.append(row)
        text += len(row.get("body") or "")
        if len(group) >= GROUP_ROWS or text >= GROUP_TEXT:
            yield group
            group, text = [], 0
    if group:
        yield group
