"""What a trial crawl left in its own catalog."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from pipeline.catalog.rows import article_of, capture_of
from pipeline.catalog.tables import articles, captures, rejections, urls
from pipeline.reasons import Reason
from pipeline.records import Article, Capture, PageKind, Rejection

ROWS = 200


def captures_of_kind(connection: Connection, kind: PageKind) -> list[Capture]:
    """Captures of one kind with status 200, oldest first."""
    query = select(captures).where(captures.c.kind == kind.value, captures.c.status == 200)
    rows = connection.execute(query.order_by(captures.c.fetched_at).limit(ROWS)).mappings()
    return [capture_of(row) for row in rows]


def discoveries_by_source(connection: Connection) -> dict[str, int]:
    """How many articles each feed, sitemap or section page announced."""
    query = select(urls.c.found_in, func.count()).where(urls.c.found_in.is_not(None)).group_by(urls.c.found_in)
    return dict(row._tuple() for row in connection.execute(query))


def kept_articles(connection: Connection) -> list[Article]:
    """The articles, newest first."""
    rows = connection.execute(select(articles).order_by(articles.c.window_at.desc()).limit(ROWS)).mappings()
    return [article_of(row) for row in rows]


def refusals(connection: Connection) -> list[Rejection]:
    """What did not become an article."""
    names = ("outlet_id", "url", "stage", "detail", "rejected_at", "capture_id", "quarantined", "run_id")
    rows = connection.execute(select(rejections).order_by(rejections.c.reason, rejections.c.url).limit(ROWS)).mappings()
    return [Rejection(reason=Reason(row["reason"]), **{name: row[name] for name in names}) for row in rows]
