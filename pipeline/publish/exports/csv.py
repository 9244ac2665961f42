"""CSV that a spreadsheet can open without running anything: cells that begin like a formula get an apostrophe.

The dialect is RFC 4180: comma, double quotes, CRLF, UTF-8. pandas and DuckDB read it back.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from pipeline.publish.exports.export import ExportOptions
from pipeline.publish.exports.joined import articles_with_links
from pipeline.publish.exports.jsonl import choose_rows, iso
from pipeline.publish.reading import Release
from pipeline.publish.rows import Row
from pipeline.publish.schema import ARTICLES, BY_NAME, COPIES

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV injection
BOM = b"\xef\xbb\xbf"
LINK_COLUMNS = [one.name for one in COPIES.columns if one.name not in ("article_id", "story_id", "matched_spans")]
ARTICLE_COLUMNS = [one.name for one in ARTICLES.columns]


def write_stream(release: Release, out: BinaryIO, options: ExportOptions) -> int:
    """A header and one row per article (or per row of the table asked for); returns the number of rows."""
    if options.table is None:
        names, rows = [*ARTICLE_COLUMNS, *LINK_COLUMNS, "link_count"], _articles(release, options.with_text)
    else:
        rows = choose_rows(release, options)
        names = [one.name for one in BY_NAME[options.table].columns]
    if options.bom:
        out.write(BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text)
        writer.writerow(names)
        count = 0
        for row in rows:
            writer.writerow([to_cell(row[name]) for name in names])
            count += 1
        text.flush()
    finally:
        text.detach()  # the stream is the caller's to close
    return count


def to_cell(value: Any) -> str | int | float:
    """A value as a cell. Lists become JSON; null an empty cell; numbers stay numbers, the minus sign included."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return iso(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _articles(release: Release, with_text: bool) -> Iterator[Row]:
    nothing: Row = dict.fromkeys(LINK_COLUMNS)
    for article, links in articles_with_links(release, with_text):
        yield {**nothing, **(links[0] if links else {}), **article, "link_count": len(links)}
