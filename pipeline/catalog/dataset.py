"""What a release is made of, read from one snapshot of the catalog in bounded memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from pipeline.catalog.rows import article_of, link_of, story_of
from pipeline.catalog.tables import articles, links, rejections, stories
from pipeline.records import Article, Link, Story

ROWS_AT_ONCE = 500


def folded_articles(connection: Connection) -> Iterator[tuple[Article, str]]:
    """Every article that has a story, with its id. Articles not folded yet wait for the next release."""
    query = select(articles).where(articles.c.story_id.is_not(None)).order_by(articles.c.article_id)
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query).mappings():
        yield article_of(row), row["story_id"]


def all_stories(connection: Connection) -> Iterator[Story]:
    """Every story with the ids of its articles."""
    members: dict[str, list[str]] = defaultdict(list)
    pairs = select(articles.c.story_id, articles.c.article_id).where(articles.c.story_id.is_not(None))
    for story_id, article_id in connection.execute(pairs.order_by(articles.c.article_id)):
        members[story_id].append(article_id)
    query = select(stories).order_by(stories.c.story_id)
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query).mappings():
        yield story_of(row, tuple(members.get(row["story_id"], ())))


def all_links(connection: Connection) -> Iterator[Link]:
    """Every link."""
    query = select(links).order_by(links.c.article_id, links.c.origin_article_id)
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query).mappings():
        yield link_of(row)


def story_of_articles(connection: Connection) -> dict[str, str]:
    """article_id to story_id, for evaluation."""
    query = select(articles.c.article_id, articles.c.story_id).where(articles.c.story_id.is_not(None))
    return dict(row._tuple() for row in connection.execute(query))


def catalog_counts(connection: Connection) -> dict[str, object]:
    """The books: articles by state, rejections by reason, quarantined records."""
    not_folded = connection.execute(
        select(func.count()).select_from(articles).where(articles.c.story_id.is_(None))
    ).scalar_one()
    withdrawn = connection.execute(
        select(func.count()).select_from(articles).where(articles.c.status == "withdrawn")
    ).scalar_one()
    by_reason = connection.execute(
        select(rejections.c.reason, func.count()).group_by(rejections.c.reason).order_by(rejections.c.reason)
    )
    quarantined = connection.execute(
        select(func.count()).select_from(rejections).where(rejections.c.quarantined)
    ).scalar_one()
    return {
        "articles_not_folded": not_folded,
        "articles_withdrawn": withdrawn,
        "rejected": dict(row._tuple() for row in by_reason),
        "quarantined": quarantined,
    }
