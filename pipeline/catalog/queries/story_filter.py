"""What somebody asks of the list of stories, as conditions on the table stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from pipeline.catalog.search import matching_articles
from pipeline.catalog.tables import articles, links, stories


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """None or "" asks for nothing. Times are of the story's first publication: since <= time < until."""

    search: str | None = None
    agency: str | None = None
    outlet: str | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    relation: str | None = None
    credit: str | None = None
    min_articles: int = 1  # 2: only stories that somebody copied
    min_outlets: int = 1


def matching(connection: Connection, wanted: StoryFilter) -> list[ColumnElement[bool]]:
    """The conditions that together say which stories are wanted."""
    return [*_of_story(wanted), *_of_links(wanted), *_of_articles(connection, wanted)]


def _of_story(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    columns = stories.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.agency:
        conditions.append(columns.agency_id == wanted.agency)
    if wanted.language:
        conditions.append(
            (columns.language == wanted.language) | columns.language.startswith(f"{wanted.language}-", autoescape=True)
        )
    if wanted.since is not None:
        conditions.append(columns.first_published_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(columns.first_published_at < wanted.until)
    if wanted.min_articles > 1:
        conditions.append(columns.article_count >= wanted.min_articles)
    if wanted.min_outlets > 1:
        conditions.append(columns.outlet_count >= wanted.min_outlets)
    return conditions


def _of_links(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    if not (wanted.relation or wanted.credit):
        return []
    query = select(links.c.story_id)
    if wanted.relation:
        query = query.where(links.c.relation == wanted.relation)
    if wanted.credit:
        query = query.where(links.c.credit_status == wanted.credit)
    return [stories.c.story_id.in_(query)]


def _of_articles(connection: Connection, wanted: StoryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.outlet:
        held = select(articles.c.story_id).where(articles.c.outlet_id == wanted.outlet)
        conditions.append(stories.c.story_id.in_(held))
    if wanted.search and wanted.search.strip():
        found = matching_articles(connection, wanted.search)
        held = select(articles.c.story_id).where(articles.c.article_id.in_(found))
        conditions.append(stories.c.story_id.in_(held))
    return conditions
