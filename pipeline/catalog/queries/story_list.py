"""The list of stories: searched, filtered, ordered, one page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, func, select

from pipeline.catalog.queries.names import OutletName, OutletNames, outlet_names
from pipeline.catalog.queries.paging import Paging
from pipeline.catalog.queries.relations import COPIES, is_copy
from pipeline.catalog.queries.reuse import known_latency, linked_articles
from pipeline.catalog.queries.search_hits import SearchHit, search_hits
from pipeline.catalog.queries.story_filter import StoryFilter, matching
from pipeline.catalog.search import is_capped
from pipeline.catalog.tables import articles, links, stories

# Two pages stamped with the same minute are not infinitely fast.
LEAST_SPREAD_SECONDS = 60


class StoryOrder(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    WIDEST = "widest"  # most outlets
    FASTEST = "fastest"  # most copies per time between origin and last copy


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One story in a list."""

    story_id: str
    headline: str | None
    language: str | None
    agency_id: str | None
    origin_article_id: str
    origin_known: bool
    origin_outlet: OutletName
    first_published_at: datetime | None
    last_published_at: datetime | None
    article_count: int
    outlet_count: int
    spread_seconds: int | None = None  # from the origin to the last copy
    relations: dict[str, int] = field(default_factory=dict)  # relation -> articles, links across stories included
    credit: dict[str, int] = field(default_factory=dict)  # credit_status -> copies
    found_in: SearchHit | None = None  # where the words of the search stand, if not all in the headline


@dataclass(frozen=True, slots=True)
class StoryList:
    """One page of stories and how many there are in all."""

    total: int
    page: Paging
    order: StoryOrder
    filter: StoryFilter
    stories: tuple[StoryRow, ...]
    search_capped: bool = False  # so many articles hold the words that only the latest were looked through


def list_stories(
    connection: Connection, wanted: StoryFilter, order: StoryOrder = StoryOrder.NEWEST, page: Paging | None = None
) -> StoryList:
    """The stories that match, in order, with the spread and the credits of their copies."""
    page = page or Paging()
    conditions = matching(connection, wanted)
    total = connection.execute(select(func.count()).select_from(stories).where(*conditions)).scalar_one()
    query = _ordered(select(*_COLUMNS, articles.c.outlet_id), order)
    query = query.outerjoin(articles, articles.c.article_id == stories.c.origin_article_id).where(*conditions)
    found = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    names = outlet_names(connection)
    rows = tuple(_row(one, names) for one in found)
    capped = bool(wanted.search) and is_capped(connection, wanted.search or "")
    rows = _with_hits(connection, _with_links(connection, rows), wanted.search)
    return StoryList(total, page, order, wanted, rows, capped)


def _with_hits(connection: Connection, rows: Sequence[StoryRow], search: str | None) -> tuple[StoryRow, ...]:
    if not search or not search.strip():
        return tuple(rows)
    headlines = {row.story_id: row.headline for row in rows}
    origins = {row.story_id: row.origin_article_id for row in rows}
    hits = search_hits(connection, search, headlines, origins)
    return tuple(replace(row, found_in=hits.get(row.story_id)) for row in rows)


def _ordered(query: Select[Any], order: StoryOrder) -> Select[Any]:
    newest = (stories.c.first_published_at.desc().nulls_last(), stories.c.story_id)
    if order is StoryOrder.NEWEST:
        return query.select_from(stories).order_by(*newest)
    if order is StoryOrder.WIDEST:
        return query.select_from(stories).order_by(
            stories.c.outlet_count.desc(), stories.c.article_count.desc(), *newest
        )
    spread = _spread().subquery()
    seconds = func.coalesce(spread.c.seconds, 0)
    rate = spread.c.copies * 1.0 / (seconds + LEAST_SPREAD_SECONDS)
    joined = stories.outerjoin(spread, spread.c.story_id == stories.c.story_id)
    return query.select_from(joined).order_by(rate.desc().nulls_last(), *newest)


def _spread() -> Select[Any]:
    """Per story how many copies have a known latency and the longest of them."""
    return (
        select(
            links.c.story_id,
            func.count().label("copies"),
            func.max(known_latency()).label("seconds"),
        )
        .select_from(linked_articles())
        .where(is_copy(), known_latency() >= 0)
        .group_by(links.c.story_id)
    )


_COLUMNS = [stories.c[name] for name in StoryRow.__slots__ if name in stories.c]


def _row(found: Any, names: OutletNames) -> StoryRow:
    plain = {column.name: found[column.name] for column in _COLUMNS}
    return StoryRow(**plain, origin_outlet=names[found["outlet_id"] or ""])


def _with_links(connection: Connection, rows: Sequence[StoryRow]) -> tuple[StoryRow, ...]:
    ids = [row.story_id for row in rows]
    if not ids:
        return ()
    spread = {one.story_id: one.seconds for one in connection.execute(_spread().where(links.c.story_id.in_(ids)))}
    relations: dict[str, dict[str, int]] = defaultdict(dict)
    credit: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counted = (
        select(links.c.story_id, links.c.relation, links.c.credit_status, func.count().label("copies"))
        .where(links.c.story_id.in_(ids))
        .group_by(links.c.story_id, links.c.relation, links.c.credit_status)
    )
    for one in connection.execute(counted):
        so_far = relations[one.story_id]
        so_far[one.relation] = so_far.get(one.relation, 0) + one.copies
        if one.relation in COPIES:
            credit[one.story_id][one.credit_status] += one.copies
    return tuple(
        replace(
            row,
            spread_seconds=spread.get(row.story_id),
            relations=dict(sorted(relations[row.story_id].items())),
            credit=dict(sorted(credit[row.story_id].items())),
        )
        for row in rows
    )
