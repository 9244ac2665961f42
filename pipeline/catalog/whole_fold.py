"""Replace what the catalog holds of a fold by the outcome of one over all articles, a part at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from pipeline.catalog.rows import article_of, link_row, story_row
from pipeline.catalog.search import index_articles
from pipeline.catalog.tables import articles, links, pairs, signatures, stories, story_changes
from pipeline.catalog.upsert import upsert
from pipeline.records import Article, Link, Signature, Story, StoryChange

_ROWS_AT_ONCE = 1_000


class Folded(NamedTuple):
    """What is known of an article besides its text: of which version, when, and the story it was in."""

    article_id: str
    version: int
    published_at: datetime | None
    fetched_at: datetime | None
    story_id: str | None
    row_sha256: str | None


@dataclass(frozen=True, slots=True)
class FoldPart:
    """A part of the outcome. versions: of its articles, as they were read."""

    signatures: Sequence[Signature]
    pairs: Iterable[tuple[str, str, Mapping[str, Any]]]
    stories: Sequence[Story]
    links: Sequence[Link]
    versions: Mapping[str, int]


def unfolded_characters(connection: Connection) -> int:
    """How much text waits to be folded."""
    query = select(func.coalesce(func.sum(func.length(articles.c.body)), 0)).where(articles.c.folded_at.is_(None))
    return int(connection.execute(query).scalar_one())


def all_folded(connection: Connection) -> list[Folded]:
    """All articles without their texts, in the order that all_articles has."""
    query = _in_order(select(*(articles.c[name] for name in Folded._fields)))
    return [Folded(*row) for row in connection.execute(query)]


def all_articles(connection: Connection) -> Iterator[Article]:
    """All articles, some at a time, in the order of their time."""
    found = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(_in_order(select(articles)))
    return (article_of(row) for row in found.mappings())


def _in_order(query: Any) -> Any:
    return query.order_by(articles.c.window_at, articles.c.article_id)


def replace_fold(
    connection: Connection, parts: Iterable[FoldPart], changes: Sequence[StoryChange], now: datetime
) -> None:
    """In place of all stories, links and pairs those of the parts. An article that came or changed since it was read is
    left for the next fold.
    """
    for table in (links, stories, pairs):
        connection.execute(delete(table))
    for part in parts:
        _write_part(connection, part, now)
    upsert(
        connection,
        story_changes,
        [
            {"story_id": c.story_id, "into_story_id": c.into_story_id, "kind": c.kind, "changed_at": c.changed_at}
            for c in changes
        ],
    )


def _write_part(connection: Connection, part: FoldPart, now: datetime) -> None:
    rows = [
        {"article_id": o.article_id, "scheme": o.scheme, "permutations": o.permutations, "values": o.values}
        for o in part.signatures
    ]
    upsert(connection, signatures, rows)
    found = [{"left_id": left, "right_id": right, "evidence": dict(evidence)} for left, right, evidence in part.pairs]
    upsert(connection, pairs, found)
    upsert(connection, stories, [story_row(one) for one in part.stories])
    upsert(connection, links, [link_row(one) for one in part.links])
    an_article = articles.c.article_id == bindparam("an_article")
    told = [{"an_article": member, "a_story": one.story_id} for one in part.stories for member in one.member_ids]
    if told:
        connection.execute(update(articles).where(an_article).values(story_id=bindparam("a_story")), told)
    read = [{"an_article": one, "its_version": version, "at": now} for one, version in part.versions.items()]
    if read:
        same = and_(an_article, articles.c.version == bindparam("its_version"))
        connection.execute(update(articles).where(same).values(folded_at=bindparam("at")), read)
    index_articles(connection, part.versions)
