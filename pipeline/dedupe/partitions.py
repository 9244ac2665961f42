"""Records in Parquet partitions: what a fold of more articles than memory holds keeps between its steps.

One row per record, as MessagePack, so that a partition is read whole or by rows. A partition appears when it is
complete: one that is there need not be made again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Record = TypeVar("Record")
GROUP_ROWS = 1_000
FORMAT = 4  # of the work in progress of a fold: what another wrote is not gone on with


def write_records(path: Path, records: Iterable[Any], *, packed: bool = True) -> None:
    """Write records of one kind as a partition; packed: it stays until the fold ends."""
    encode = msgspec.msgpack.Encoder().encode
    rows = [encode(one) for one in records]
    table = pa.table({"record": pa.array(rows, pa.binary())})
    with replacing(path) as unfinished:
        packing = "lz4" if packed else "none"  # written once and read two or three times: the quickest costs least
        pq.write_table(table, unfinished, compression=packing, row_group_size=GROUP_ROWS, use_dictionary=False)


def read_records(path: Path, kind: type[Record], rows: Sequence[int] | None = None) -> Iterator[Record]:
    """The records of a partition, or those of some rows in rising order; kind may lack fields that were written."""
    decode = msgspec.msgpack.Decoder(kind).decode
    with pq.ParquetFile(path) as file:
        wanted = None if rows is None else np.asarray(rows, np.int64)
        for group in range(file.num_row_groups):
            inside = None if wanted is None else wanted[wanted // GROUP_ROWS == group] - group * GROUP_ROWS
            if inside is not None and not len(inside):
                continue
            found = file.read_row_group(group).column("record")
            yield from map(decode, (found if inside is None else found.take(pa.array(inside))).to_pylist())


def write_array(path: Path, values: np.ndarray[Any, Any]) -> None:
    """Write an array whole, row after row."""
    with replacing(path) as unfinished, unfinished.open("wb") as target:
        np.save(target, np.ascontiguousarray(values))


class replacing:  # noqa: N801  used like a function
    """A name to write to that becomes path when the body ends well."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(f".tmp-{os.getpid()}-{path.name}")

    def __enter__(self) -> Path:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return self._unfinished

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._unfinished.replace(self._path)
        else:
            self._unfinished.unlink(missing_ok=True)
