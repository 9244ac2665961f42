"""Articles and their versions, outlets and rejections."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.catalog.lost import set_capture
from pipeline.catalog.rows import article_of, article_row, rejection_row, row_digest
from pipeline.catalog.tables import article_versions, articles, outlets, rejections, urls
from pipeline.catalog.upsert import insert_new, upsert
from pipeline.outlets import Outlet
from pipeline.records import Article, Rejection
from pipeline.urls import article_id as article_id_of
from pipeline.urls import url_key

SEEN_TO_CHANGE = ("body", "headline", "byline")
# Flags of a page that holds more text than it shows.
HIDDEN = frozenset({"paywalled", "truncated", "lede_only"})


class Stored(StrEnum):
    """What storing an article came to."""

    NEW = "new"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"
    OLDER = "older"  # fetched before the version that is there


def register_outlets(connection: Connection, configured: Sequence[Outlet]) -> None:
    """Make the configured outlets known to the catalog."""
    rows = [
        {
            "outlet_id": o.id,
            "name": o.name,
            "role": o.role,
            "agency_id": o.agency,
            "language": o.language,
            "configured": True,
        }
        for o in configured
    ]
    upsert(connection, outlets, rows)


def register_named_outlets(connection: Connection, outlet_ids: Sequence[str]) -> None:
    """Make outlets known that nobody configured: ingest names them by their registrable domain."""
    rows = [
        {"outlet_id": i, "name": i, "role": "outlet", "agency_id": None, "language": None, "configured": False}
        for i in outlet_ids
    ]
    insert_new(connection, outlets, rows)


def store_article(connection: Connection, article: Article) -> Stored:
    """Store an article; text, headline or byline that changed gives a new version, the same ones again change nothing.

    Less of a text that is already here, because a wall or a broken connection hides the rest, is no change of it.
    """
    row = {**article_row(article), "window_at": article.published_at or article.fetched_at}
    found = connection.execute(select(articles).where(articles.c.article_id == article.article_id)).mappings().first()
    if found is None:
        connection.execute(articles.insert().values(**row, status="published"))
        return Stored.NEW
    if not _changed(found, row):
        # The page is there again, so it is not withdrawn; what was stored first stays.
        if found["status"] != "published":
            _set_status(connection, article.article_id, "published")
        if found["capture_id"] is None and article.capture_id is not None:
            set_capture(connection, found, article.capture_id)  # the archive lost its bytes and has them again
        return Stored.UNCHANGED
    if found["fetched_at"] and article.fetched_at and article.fetched_at < found["fetched_at"]:
        return Stored.OLDER
    old = article_row(article_of(found))
    insert_new(connection, article_versions, [old])
    row["version"] = found["version"] + 1
    # The first statement of the publication date stands; a site that re-dates an update must not move the report.
    if found["published_at"] is not None:
        for key in ("published_at", "published_source", "published_precision", "window_at"):
            row[key] = found[key]
    connection.execute(
        update(articles)
        .where(articles.c.article_id == article.article_id)
        .values(**_sealed(row), status="published", folded_at=None)
    )
    return Stored.NEW_VERSION


def _sealed(row: dict[str, Any]) -> dict[str, Any]:
    """The digest covers the article's own columns, not when it falls into a window."""
    content = {key: value for key, value in row.items() if key != "window_at"}
    return {**row, "row_sha256": row_digest(content)}


def _changed(found: Any, row: dict[str, Any]) -> bool:
    if any(_words(found[key]) != _words(row[key]) for key in SEEN_TO_CHANGE):
        return not _is_hidden_part(found, row)
    return False


def _is_hidden_part(found: Any, row: dict[str, Any]) -> bool:
    """Whether the page now shows but the beginning of the text that was read in full before."""
    old, new = _words(found["body"]), _words(row["body"])
    hides = HIDDEN.intersection(row["flags"]) and not HIDDEN.intersection(found["flags"])
    return bool(hides) and len(new) < len(old) and set(new) <= {*old, *_words(found["headline"])}


def _words(text: str | None) -> list[str]:
    """Words without spacing: a new line break is no new version."""
    return (text or "").split()


def _set_status(connection: Connection, article_id: str, status: str) -> None:
    connection.execute(update(articles).where(articles.c.article_id == article_id).values(status=status))


def withdraw_article(connection: Connection, outlet_id: str, url: str) -> bool:
    """Mark an article whose page is gone; its text is kept. True where it was there.

    An article goes by its canonical address: one that was read before is looked for by the address it was read at, too.
    """
    gone = update(articles).values(status="withdrawn")
    if connection.execute(gone.where(articles.c.article_id == article_id_of(outlet_id, url))).rowcount:
        return True
    entry = (urls.c.outlet_id == outlet_id) & (urls.c.url_key == url_key(url))
    if connection.execute(select(urls.c.payload_sha256).where(entry)).scalar() is None:
        return False
    return connection.execute(gone.where(articles.c.outlet_id == outlet_id, articles.c.url == url)).rowcount > 0


def add_rejections(connection: Connection, records: Sequence[Rejection]) -> None:
    """Keep rejections; the same one again changes only its time and run."""
    unique = {row["rejection_id"]: row for row in map(rejection_row, records)}
    upsert(connection, rejections, list(unique.values()))


def article_by_id(connection: Connection, article_id: str) -> Article | None:
    """The current version of one article, or None."""
    row = connection.execute(select(articles).where(articles.c.article_id == article_id)).mappings().first()
    return article_of(row) if row else None
