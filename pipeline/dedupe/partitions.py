"""Records in Parquet partitions: what a fold of more articles than memory holds keeps between its steps.

One row per record, as JSON beside its key, so that a partition is read whole or by rows. A partition appears when it is
complete: one that is there need not be made again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from operator import itemgetter
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

Record = TypeVar("Record")
GROUP_ROWS = 1_000


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Write dataclasses of one kind as a partition."""
    rows = [orjson.dumps(one) for one in records]
    table = pa.table({"record": pa.array(rows, pa.binary())})
    with replacing(path) as unfinished:
        pq.write_table(table, unfinished, compression="zstd", row_group_size=GROUP_ROWS)


def read_records(path: Path, kind: type[Record], rows: Sequence[int] | None = None) -> Iterator[Record]:
    """The records of a partition, or those of some rows in rising order."""
    decode: Callable[[Any], Record] = _decoder(cast(Any, kind))
    with pq.ParquetFile(path) as file:
        wanted = None if rows is None else np.asarray(rows, np.int64)
        for group in range(file.num_row_groups):
            inside = None if wanted is None else wanted[wanted // GROUP_ROWS == group] - group * GROUP_ROWS
            if inside is not None and not len(inside):
                continue
            found = file.read_row_group(group).column("record")
            for one in (found if inside is None else found.take(pa.array(inside))).to_pylist():
                yield decode(orjson.loads(one))


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


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """From JSON to a value of a type: dataclasses, tuples, enumerations and times, each perhaps None."""
    if get_origin(kind) is UnionType:
        (some,) = (one for one in get_args(kind) if one is not type(None))
        inner = _decoder(some)
        return inner if inner is _as_it_is else lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        member = _decoder(get_args(kind)[0])
        return tuple if member is _as_it_is else lambda value: tuple(map(member, value))
    if is_dataclass(kind) and isinstance(kind, type):
        return _record_decoder(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _record_decoder(kind: Callable[..., Any]) -> Callable[[Any], Any]:
    """Most values of a record are what JSON has; only the others are looked at one by one."""
    hints = get_type_hints(kind)
    names = [one.name for one in fields(cast(Any, kind))]
    decoders = [(place, _decoder(hints[name])) for place, name in enumerate(names)]
    others = [(place, decode) for place, decode in decoders if decode is not _as_it_is]
    values_of = itemgetter(*names)

    def read(value: Any) -> Any:
        values = list(values_of(value))
        for place, decode in others:
            if values[place] is not None:
                values[place] = decode(values[place])
        return kind(*values)

    return read
