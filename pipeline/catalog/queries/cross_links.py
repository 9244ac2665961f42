"""What links one story to others without merging them: digests, follow-ups, partial reuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pipeline.catalog.queries.names import OutletName, OutletNames, outlet_names
from pipeline.catalog.queries.relations import is_across
from pipeline.catalog.queries.reuse import known_latency, linked_articles
from pipeline.catalog.tables import articles, links, stories

MAX_LINKS = 200


@dataclass(frozen=True, slots=True)
class CrossLink:
    """A link between an article and an origin in different stories, seen from one of the two."""

    relation: str
    article_id: str  # the one that draws on the other
    origin_article_id: str
    story_id: str | None  # the story at the other end
    story_headline: str | None
    headline: str | None  # of the article at the other end
    language: str | None
    outlet: OutletName  # of the article at the other end
    origin_coverage: float
    copy_coverage: float
    latency_seconds: int | None
    credit_status: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkedStory:
    """A story at the other end: its strongest link, how many links lead there, and of which relations."""

    strongest: CrossLink
    links: int
    relations: tuple[str, ...]


def by_story(links: Sequence[CrossLink]) -> tuple[LinkedStory, ...]:
    """One row per story at the other end, the strongest first; a link without a story stands for itself."""
    groups: dict[str, list[CrossLink]] = {}
    for one in links:
        groups.setdefault(one.story_id or f"{one.article_id} {one.origin_article_id}", []).append(one)
    rows = []
    for group in groups.values():
        strongest = max(group, key=_strength)
        relations = dict.fromkeys(one.relation for one in sorted(group, key=_strength, reverse=True))
        rows.append(LinkedStory(strongest, len(group), tuple(relations)))
    return tuple(sorted(rows, key=lambda row: _strength(row.strongest), reverse=True))


def _strength(link: CrossLink) -> float:
    return max(link.origin_coverage, link.copy_coverage)


def cross_links(connection: Connection, story_id: str) -> tuple[tuple[CrossLink, ...], tuple[CrossLink, ...]]:
    """(other stories this one draws on, articles of other stories that draw on this one)."""
    members = select(articles.c.article_id).where(articles.c.story_id == story_id)
    names = outlet_names(connection)
    drawing = _read(connection, [links.c.article_id.in_(members), is_across()], links.c.origin_article_id, names)
    drawn = _read(connection, [links.c.origin_article_id.in_(members), is_across()], links.c.article_id, names)
    return drawing, drawn


def article_links(connection: Connection, article_id: str) -> tuple[tuple[CrossLink, ...], tuple[CrossLink, ...]]:
    """The same for one article, and with the links inside its own story."""
    names = outlet_names(connection)
    drawing = _read(connection, [links.c.article_id == article_id], links.c.origin_article_id, names)
    drawn = _read(connection, [links.c.origin_article_id == article_id], links.c.article_id, names)
    return drawing, drawn


def _read(connection: Connection, conditions: list[Any], other_end: Any, names: OutletNames) -> tuple[CrossLink, ...]:
    query = (
        select(
            links.c.relation,
            links.c.article_id,
            links.c.origin_article_id,
            links.c.origin_coverage,
            links.c.copy_coverage,
            known_latency().label("latency_seconds"),
            links.c.credit_status,
            links.c.reason,
            articles.c.story_id,
            articles.c.headline,
            articles.c.language,
            articles.c.outlet_id,
            stories.c.headline.label("story_headline"),
        )
        .select_from(linked_articles())
        .join(articles, articles.c.article_id == other_end)
        .outerjoin(stories, stories.c.story_id == articles.c.story_id)
        .where(*conditions)
        .order_by(links.c.relation, links.c.origin_coverage.desc(), links.c.article_id, links.c.origin_article_id)
        .limit(MAX_LINKS)
    )
    return tuple(
        CrossLink(outlet=names[row["outlet_id"]], **{key: row[key] for key in row if key != "outlet_id"})
        for row in connection.execute(query).mappings()
    )
