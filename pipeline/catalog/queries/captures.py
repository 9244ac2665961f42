"""Captures of an article's address: which answers lie where in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from pipeline.catalog.tables import captures
from pipeline.records import Article

MAX_CAPTURES = 50


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One answer in the archive."""

    capture_id: str
    outlet_id: str
    kind: str
    url: str
    final_url: str
    status: int
    content_type: str
    fetched_at: datetime
    payload_sha256: str
    warc_file: str
    warc_offset: int
    warc_length: int
    truncated: str | None
    run_id: str | None
    extracted: str


_COLUMNS = [captures.c[name] for name in CaptureRow.__slots__]


def captures_of(connection: Connection, article: Article) -> tuple[CaptureRow, ...]:
    """The captures of the article's address, the newest first."""
    same = [captures.c.url == article.url, captures.c.final_url == article.url]
    if article.capture_id:
        same.append(captures.c.capture_id == article.capture_id)
    query = (
        select(*_COLUMNS)
        .where(captures.c.outlet_id == article.outlet_id, or_(*same))
        .order_by(captures.c.fetched_at.desc(), captures.c.capture_id)
        .limit(MAX_CAPTURES)
    )
    return tuple(CaptureRow(*row) for row in connection.execute(query))
