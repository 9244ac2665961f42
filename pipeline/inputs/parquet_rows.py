"""Rows of a Parquet articles file, batch by batch, only the columns that are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.inputs.records_in import COLUMNS, REQUIRED, BadRow

BATCH_ROWS = 512


def read_parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | BadRow]]:
    """Row numbers from 1 and rows. Raises InputError where the file is damaged or lacks a required column."""
    number = 0
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            names = file.schema_arrow.names
            missing = [name for name in REQUIRED if name not in names]
            if missing:
                raise InputError(f"{path}: has no column {' and no column '.join(missing)}")
            wanted = [name for name in COLUMNS if name in names]
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
                for row in _batch_rows(_in_utc(batch)):
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: cannot be read as Parquet: {' '.join(str(error).split())[:200]}") from error


def _in_utc(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same with every moment in UTC: a moment is one whatever zone its column names, known or not."""
    for at, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz is not None:
            moments = batch.column(at).cast(pa.timestamp(field.type.unit, "UTC"))
            batch = batch.set_column(at, field.name, moments)
    return batch


def _batch_rows(batch: pa.RecordBatch) -> Iterator[Mapping[str, Any] | BadRow]:
    try:
        yield from batch.to_pylist()
        return
    except (ValueError, OverflowError, KeyError):
        pass  # a value that Python cannot hold, such as a time in the year 30000: row by row, to lose only that one
    for at in range(batch.num_rows):
        try:
            yield batch.slice(at, 1).to_pylist()[0]
        except (ValueError, OverflowError, KeyError) as error:
            yield BadRow(f"a value cannot be read: {str(error)[:100]}")
