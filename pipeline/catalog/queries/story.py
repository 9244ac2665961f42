"""One story: the origin and why, every copy, and what links across to other stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipeline.catalog.queries.cross_links import CrossLink, cross_links
from pipeline.catalog.queries.lookup import resolve_story
from pipeline.catalog.queries.names import OutletName, OutletNames, outlet_names
from pipeline.catalog.queries.relations import is_within
from pipeline.catalog.queries.reuse import known_latency, linked_articles
from pipeline.catalog.tables import articles, links, stories
from pipeline.records import DatePrecision, Relation

# The widest story of 31,030 measured articles has some forty; more than this is not read on one page.
MAX_MEMBERS = 500


@dataclass(frozen=True, slots=True)
class StoryMember:
    """One article of a story; what says how it derives is None for the origin."""

    article_id: str
    outlet: OutletName
    url: str
    headline: str | None
    byline: str | None
    language: str | None
    published_at: datetime | None
    published_precision: str | None
    fetched_at: datetime | None
    word_count: int
    agency_id: str | None
    status: str
    is_origin: bool
    derives_from: str | None = None
    relation: str | None = None
    origin_coverage: float | None = None  # share of the origin's words found in the copy
    copy_coverage: float | None = None  # share of the copy's words found in the origin
    jaccard: float | None = None
    latency_seconds: int | None = None
    credit_status: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as its page shows it. asked_id differs from story_id where the story went into another."""

    story_id: str
    asked_id: str
    headline: str | None
    language: str | None
    agency_id: str | None
    origin_article_id: str
    origin_known: bool
    origin_reason: str
    first_published_at: datetime | None
    last_published_at: datetime | None
    article_count: int
    outlet_count: int
    members: tuple[StoryMember, ...]  # the origin first, then by time; at most MAX_MEMBERS
    reuses: tuple[CrossLink, ...]  # other stories that articles of this one draw on
    reused_by: tuple[CrossLink, ...]  # articles of other stories that draw on this one

    @property
    def origin(self) -> StoryMember | None:
        """The article the others derive from; None where the catalog no longer has it."""
        return next((one for one in self.members if one.is_origin), None)

    @property
    def copies(self) -> tuple[StoryMember, ...]:
        """The members that are a copy of the origin; later versions of the report are not."""
        return tuple(
            one for one in self.members if one.relation is not None and one.relation != Relation.UPDATE_OF.value
        )

    @property
    def updates(self) -> int:
        """How many members are later versions of the report."""
        return sum(one.relation == Relation.UPDATE_OF.value for one in self.members)


def read_story(connection: Connection, story_id: str) -> StoryView | None:
    """The story of that id, of the id it was merged into, or of the one id that begins so; None where there is none."""
    found_id = resolve_story(connection, story_id)
    if found_id is None:
        return None
    row = connection.execute(select(*_STORY).where(stories.c.story_id == found_id)).mappings().one()
    reuses, reused_by = cross_links(connection, found_id)
    return StoryView(
        **row,
        asked_id=story_id,
        members=_members(connection, found_id, row["origin_article_id"]),
        reuses=reuses,
        reused_by=reused_by,
    )


_STORY = [stories.c[name] for name in StoryView.__slots__ if name in stories.c]


def _members(connection: Connection, story_id: str, origin_id: str) -> tuple[StoryMember, ...]:
    columns = articles.c
    rows = (
        connection.execute(
            select(
                columns.article_id,
                columns.outlet_id,
                columns.url,
                columns.headline,
                columns.byline,
                columns.language,
                columns.published_at,
                columns.published_precision,
                columns.fetched_at,
                columns.word_count,
                columns.agency_id,
                columns.status,
            )
            .where(columns.story_id == story_id)
            .order_by(columns.article_id != origin_id, columns.window_at.asc().nulls_last(), columns.article_id)
            .limit(MAX_MEMBERS)
        )
        .mappings()
        .all()
    )
    edges = _edges(connection, story_id, origin_id)
    names = outlet_names(connection)
    return tuple(_member(row, edges.get(row["article_id"]), origin_id, names) for row in rows)


# All but the spans: they are long, and no list shows them.
_EDGE_NAMES = ("relation", "origin_coverage", "copy_coverage", "jaccard", "latency_seconds", "credit_status", "reason")
_EDGE = [
    known_latency().label(name) if name == "latency_seconds" else links.c[name]
    for name in ("article_id", "origin_article_id", *_EDGE_NAMES)
]


def _edges(connection: Connection, story_id: str, origin_id: str) -> dict[str, Any]:
    """One link per article: the one to the story's origin where it has several."""
    query = (
        select(*_EDGE)
        .select_from(linked_articles())
        .where(links.c.story_id == story_id, is_within())
        .order_by(links.c.origin_article_id != origin_id, links.c.origin_coverage.desc(), links.c.origin_article_id)
        .limit(MAX_MEMBERS * 4)
    )
    edges: dict[str, Any] = {}
    for row in connection.execute(query).mappings():
        edges.setdefault(row["article_id"], row)
    return edges


def _member(row: Any, edge: Any, origin_id: str, names: OutletNames) -> StoryMember:
    plain = {key: row[key] for key in row if key != "outlet_id"}
    is_origin = row["article_id"] == origin_id
    if edge is None or is_origin:
        return StoryMember(**plain, outlet=names[row["outlet_id"]], is_origin=is_origin)
    return StoryMember(
        **plain,
        outlet=names[row["outlet_id"]],
        is_origin=False,
        derives_from=edge["origin_article_id"],
        **{name: edge[name] for name in _EDGE_NAMES},
    )


def known_latencies(members: Sequence[StoryMember]) -> dict[str, int | None]:
    """article -> seconds after the origin; None where a time is unknown, or known to the day only."""
    origin = next((one for one in members if one.is_origin), None)
    return {one.article_id: _latency(one, origin) for one in members}


def _latency(one: StoryMember, origin: StoryMember | None) -> int | None:
    if one.is_origin:
        return 0
    if origin is None or DatePrecision.DAY.value in (one.published_precision, origin.published_precision):
        return None
    if one.derives_from in (None, origin.article_id):
        return one.latency_seconds
    # Its link tells the time after the copy that it was made from.
    if one.published_at is None or origin.published_at is None:
        return None
    return int((one.published_at - origin.published_at).total_seconds())
