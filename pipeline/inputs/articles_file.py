"""Reads articles files: JSONL, JSONL.gz and Parquet, row by row in bounded memory.

A bad row becomes a Rejection that names file and line; only a file that cannot be read at all stops the reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from pipeline.errors import InputError
from pipeline.inputs.lines import Line, read_lines
from pipeline.inputs.parquet_rows import read_parquet_rows
from pipeline.inputs.records_in import BadRow, HomeOf, nowhere, to_article
from pipeline.inputs.sites import UNKNOWN_OUTLET
from pipeline.machine_errors import in_words
from pipeline.reasons import Reason
from pipeline.records import Article, Rejection

PARQUET_MAGIC = b"PAR1"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
Row = Mapping[str, Any] | BadRow
Numbered = tuple[int, Row]


def read_articles(
    paths: Sequence[Path], *, read_at: datetime, home_of: HomeOf = nowhere
) -> Iterator[Article | Rejection]:
    """Every row of the files as an Article or a Rejection (bad_record, duplicate_id), in the order of the files.

    home_of names the configured outlet of a URL, for rows that name none. read_at dates the rejections and is the
    latest a row's dates may be (plus a day). Raises InputError, naming the file, when one is missing, unreadable, cut
    short or of another kind.
    """
    seen: set[str] = set()
    for path in paths:
        holds_lines(path)  # all can be opened, before much work is done
    for path in paths:
        for number, row in _rows(path):
            read = read_row(row, f"{path}:{number}", read_at, home_of)
            if isinstance(read, Article) and read.article_id in seen:
                yield _rejection(Reason.DUPLICATE_ID, f"{path}:{number}", read.article_id, row, read_at)
                continue
            if isinstance(read, Article):
                seen.add(read.article_id)
            yield read


def read_row(row: Row, where: str, read_at: datetime, home_of: HomeOf = nowhere) -> Article | Rejection:
    """One row as an Article or a Rejection (bad_record); where: its file and line."""
    if isinstance(row, BadRow):
        return _rejection(Reason.BAD_RECORD, where, str(row), row, read_at)
    try:
        return to_article(row, read_at, home_of)
    except BadRow as problem:
        return _rejection(Reason.BAD_RECORD, where, str(problem), row, read_at)


def holds_lines(path: Path) -> bool:
    """False for a Parquet file. Raises InputError where it cannot be read."""
    try:
        with path.open("rb") as source:
            return source.read(len(PARQUET_MAGIC)) != PARQUET_MAGIC
    except OSError as error:
        raise _unreadable(path, error) from error


def no_objects(path: Path, first: str) -> InputError:
    """What is wrong with a file of which no line is an object; first: what is wrong with the first one."""
    return InputError(f"{path}: not one line is a JSON object ({first})")


def open_lines(path: Path) -> Iterator[Line]:
    """The lines of a file. Raises InputError."""
    try:
        yield from read_lines(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path}: cannot be read: {in_words(error)}")


def _rows(path: Path) -> Iterator[Numbered]:
    if holds_lines(path):
        yield from _objects(path)
        return
    try:
        yield from read_parquet_rows(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _objects(path: Path) -> Iterator[Numbered]:
    """The lines of a file, each an object or what is wrong with it. Raises InputError at the end if all are wrong."""
    first, good = "", False
    for line in open_lines(path):
        row = parse_line(line)
        if isinstance(row, BadRow):
            first = first or f"line {line.number}: {row}"
        else:
            good = True
        yield line.number, row
    if first and not good:
        raise no_objects(path, first)


def parse_line(line: Line) -> Row:
    """A line's object, or what is wrong with it."""
    if line.problem:
        return BadRow(line.problem)
    try:
        row = orjson.loads(line.data)
    except orjson.JSONDecodeError:
        row = _parse_leniently(line.data)
    if isinstance(row, BadRow):
        return row
    return row if isinstance(row, dict) else BadRow(f"a JSON {type(row).__name__}, not an object")


def _parse_leniently(data: bytes) -> Any:
    """What orjson refuses and json takes: NaN, and escapes of lone surrogates, which no UTF-8 holds. Else why not."""
    try:
        return _without_surrogates(json.loads(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        return BadRow(f"not UTF-8 (byte {error.start + 1})")
    except RecursionError:
        return BadRow("nested too deeply")
    except ValueError as error:
        return BadRow(f"not JSON: {str(error)[:100]}")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_surrogates(one) for key, one in value.items()}
    return value


def _rejection(reason: Reason, where: str, detail: str, row: object, read_at: datetime) -> Rejection:
    given = row if isinstance(row, Mapping) else {}
    outlet, url = given.get("outlet_id"), given.get("url")
    return Rejection(
        outlet_id=outlet if isinstance(outlet, str) and 0 < len(outlet) <= 200 else UNKNOWN_OUTLET,
        url=url[:2_000] if isinstance(url, str) and url.isprintable() and url else where,
        stage="ingest",
        reason=reason,
        detail=f"{where}: {detail[:300]}",
        rejected_at=read_at,
    )
