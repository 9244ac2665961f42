"""JSON lines: each article with its links, or one table as it is. Times are ISO 8601 in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson

from pipeline.errors import UsageError
from pipeline.publish.exports.export import ExportOptions
from pipeline.publish.exports.joined import article_rows, articles_with_links
from pipeline.publish.reading import Release
from pipeline.publish.rows import Row
from pipeline.publish.schema import ARTICLES, BY_NAME


def write_stream(release: Release, out: BinaryIO, options: ExportOptions) -> int:
    """One object per line; returns the number of lines."""
    count = 0
    for row in choose_rows(release, options):
        out.write(orjson.dumps(row, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATETIME) + b"\n")
        count += 1
    return count


def choose_rows(release: Release, options: ExportOptions) -> Iterator[Row]:
    """Rows of the table asked for, or articles with a list `links`. Raises UsageError for an unknown table."""
    if options.table is None:
        return ({**article, "links": links} for article, links in articles_with_links(release, options.with_text))
    if options.table not in BY_NAME:
        raise UsageError(f"no table {options.table!r}; there are {', '.join(BY_NAME)}")
    return article_rows(release, options.with_text) if options.table == ARTICLES.name else release.rows(options.table)


def iso(at: datetime) -> str:
    """2026-03-01T12:00:00Z, with microseconds where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
