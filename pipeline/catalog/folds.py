"""What folding reads from the catalog and writes back, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from pipeline.catalog.rows import article_of, link_row, story_row
from pipeline.catalog.search import index_articles
from pipeline.catalog.tables import articles, links, stories, story_changes
from pipeline.catalog.upsert import upsert
from pipeline.records import Article, Fold

ROWS_AT_ONCE = 500


def count_unfolded(connection: Connection) -> int:
    """Articles that are new or changed since the last fold."""
    return connection.execute(
        select(func.count()).select_from(articles).where(articles.c.folded_at.is_(None))
    ).scalar_one()


def articles_to_fold(connection: Connection) -> Iterator[tuple[Article, str | None]]:
    """Every article with the story it was in."""
    query = select(articles).order_by(articles.c.article_id)
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query).mappings():
        yield article_of(row), row["story_id"]


def write_fold(connection: Connection, fold: Fold, now: datetime) -> None:
    """Replace all stories and links by those of fold; the articles are folded then."""
    connection.execute(delete(links))
    connection.execute(delete(stories))
    upsert(connection, stories, [story_row(one) for one in fold.stories])
    upsert(connection, links, [link_row(one) for one in fold.links])
    _assign(connection, [(member, one.story_id) for one in fold.stories for member in one.member_ids], now)
    rows = [
        {"story_id": c.story_id, "into_story_id": c.into_story_id, "kind": c.kind, "changed_at": c.changed_at}
        for c in fold.changes
    ]
    upsert(connection, story_changes, rows)


def _assign(connection: Connection, pairs: Sequence[tuple[str, str]], now: datetime) -> None:
    fresh = set(connection.execute(select(articles.c.article_id).where(articles.c.folded_at.is_(None))).scalars())
    statement = (
        update(articles)
        .where(articles.c.article_id == bindparam("an_article"))
        .values(story_id=bindparam("a_story"), folded_at=bindparam("at"))
    )
    if pairs:
        rows = [{"an_article": article_id, "a_story": story_id, "at": now} for article_id, story_id in pairs]
        connection.execute(statement, rows)
    index_articles(connection, sorted(fresh))
