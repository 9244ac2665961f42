"""Two articles, or two versions of one, beside each other: headline, byline, credits and body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from pipeline.catalog.queries.article import read_version
from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.queries.reuse import known_latency, linked_articles
from pipeline.catalog.tables import articles, links
from pipeline.compare import Comparison, compare_texts
from pipeline.records import Article, Credit

MAX_OTHERS = 100


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """What a comparison says of one side beside its text."""

    article_id: str
    version: int
    story_id: str | None
    outlet: OutletName
    url: str
    headline: str | None
    byline: str | None
    dateline: str | None
    language: str | None
    published_at: datetime | None
    agency_id: str | None
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class ComparedLink:
    """The link that holds between the two articles; copy_id says which derives from the other."""

    copy_id: str
    origin_id: str
    relation: str
    jaccard: float
    origin_coverage: float
    copy_coverage: float
    latency_seconds: int | None
    credit_status: str
    reason: str


@dataclass(frozen=True, slots=True)
class OtherArticle:
    """One more article of the story, for the next comparison."""

    article_id: str
    outlet: OutletName


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Left is what was asked for first; read left to right it says what became of the left text."""

    left: ComparedArticle
    right: ComparedArticle
    link: ComparedLink | None
    headline: Comparison
    byline: Comparison
    body: Comparison
    others: tuple[OtherArticle, ...]  # of the left one's story, the earliest first


def compare_articles(
    connection: Connection,
    left_id: str,
    right_id: str,
    left_version: int | None = None,
    right_version: int | None = None,
) -> ComparisonView | None:
    """Both articles aligned word by word; None where one of them is not there."""
    left = read_version(connection, left_id, left_version)
    right = read_version(connection, right_id, right_version)
    if left is None or right is None:
        return None
    return ComparisonView(
        left=_side(connection, left),
        right=_side(connection, right),
        link=_link(connection, left.article_id, right.article_id),
        headline=compare_texts(left.headline, right.headline),
        byline=compare_texts(left.byline, right.byline),
        body=compare_texts(left.body, right.body),
        others=_others(connection, left.article_id, right.article_id),
    )


def _others(connection: Connection, left_id: str, right_id: str) -> tuple[OtherArticle, ...]:
    columns = articles.c
    story = select(columns.story_id).where(columns.article_id == left_id).scalar_subquery()
    query = (
        select(columns.article_id, columns.outlet_id)
        .where(columns.story_id == story, columns.article_id.not_in((left_id, right_id)))
        .order_by(columns.window_at.asc().nulls_last(), columns.article_id)
        .limit(MAX_OTHERS)
    )
    names = outlet_names(connection)
    return tuple(OtherArticle(row.article_id, names[row.outlet_id]) for row in connection.execute(query))


def _side(connection: Connection, article: Article) -> ComparedArticle:
    story_id = connection.execute(
        select(articles.c.story_id).where(articles.c.article_id == article.article_id)
    ).scalar()
    return ComparedArticle(
        article.article_id,
        article.version,
        story_id,
        outlet_names(connection)[article.outlet_id],
        article.url,
        article.headline,
        article.byline,
        article.dateline,
        article.language,
        article.published_at,
        article.agency_id,
        article.credits,
    )


def _link(connection: Connection, left_id: str, right_id: str) -> ComparedLink | None:
    columns = links.c
    forth = (columns.article_id == right_id) & (columns.origin_article_id == left_id)
    back = (columns.article_id == left_id) & (columns.origin_article_id == right_id)
    row = connection.execute(
        select(
            columns.article_id,
            columns.origin_article_id,
            columns.relation,
            columns.jaccard,
            columns.origin_coverage,
            columns.copy_coverage,
            known_latency(),
            columns.credit_status,
            columns.reason,
        )
        .select_from(linked_articles())
        .where(forth | back)
        .limit(1)
    ).first()
    return ComparedLink(*row) if row else None
