"""What one run gave, outlet by outlet, and the same of earlier runs: what health checks and run reports show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.catalog.tables import articles, captures, rejections, releases, run_stages, stories

# Enough for any crawl; beyond it the figures are of a sample.
MAX_ARTICLES = 20_000


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What health checks look at in one article."""

    words: int
    is_dated: bool
    is_credited: bool


@dataclass(frozen=True, slots=True)
class RunStory:
    """A story that a run added to."""

    story_id: str
    headline: str | None
    agency_id: str | None
    article_count: int
    outlet_count: int
    is_new: bool  # its origin came with this run


def article_facts(connection: Connection, run_id: str, outlet_id: str) -> list[ArticleFacts]:
    """The articles that a run brought, new or in a new version."""
    query = (
        select(articles.c.word_count, articles.c.published_at, articles.c.agency_id)
        .join(captures, captures.c.capture_id == articles.c.capture_id)
        .where(captures.c.run_id == run_id, captures.c.outlet_id == outlet_id)
        .limit(MAX_ARTICLES)
    )
    return [ArticleFacts(row[0], row[1] is not None, row[2] is not None) for row in connection.execute(query)]


def rejected_pages(connection: Connection, run_id: str, outlet_id: str, stage: str) -> dict[str, int]:
    """Rejections of a run by reason."""
    query = (
        select(rejections.c.reason, func.count())
        .where(rejections.c.run_id == run_id, rejections.c.outlet_id == outlet_id, rejections.c.stage == stage)
        .group_by(rejections.c.reason)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def earlier_counts(
    connection: Connection, stage: str, outlet_id: str, before: datetime, limit: int
) -> list[tuple[datetime, Mapping[str, Any]]]:
    """When earlier runs began a stage of an outlet and what they counted, the oldest first."""
    query = (
        select(run_stages.c.started_at, run_stages.c.counts)
        .where(
            run_stages.c.stage == stage,
            run_stages.c.outlet_id == outlet_id,
            run_stages.c.started_at < before,
            run_stages.c.state.in_(("done", "alarm")),
        )
        .order_by(run_stages.c.started_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in connection.execute(query)][::-1]


def failed_before(connection: Connection, run_id: str, stage: str, outlet_id: str) -> bool:
    """Whether the stage failed in the last run before this one that came to an end with it."""
    query = (
        select(run_stages.c.state)
        .where(
            run_stages.c.stage == stage,
            run_stages.c.outlet_id == outlet_id,
            run_stages.c.run_id < run_id,  # run ids begin with their time
            run_stages.c.state.in_(("done", "failed")),
        )
        .order_by(run_stages.c.run_id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() == "failed"


def run_stories(connection: Connection, run_id: str, limit: int) -> tuple[int, list[RunStory]]:
    """How many stories a run added to, and the ones in the most outlets."""
    ours = (
        select(articles.c.story_id)
        .join(captures, captures.c.capture_id == articles.c.capture_id)
        .where(captures.c.run_id == run_id, articles.c.story_id.is_not(None))
        .distinct()
        .subquery()
    )
    brought = select(captures.c.capture_id).where(captures.c.run_id == run_id)
    total = connection.execute(select(func.count()).select_from(ours)).scalar_one()
    query = (
        select(
            stories.c.story_id,
            stories.c.headline,
            stories.c.agency_id,
            stories.c.article_count,
            stories.c.outlet_count,
            articles.c.capture_id.in_(brought),
        )
        .join(ours, ours.c.story_id == stories.c.story_id)
        .join(articles, articles.c.article_id == stories.c.origin_article_id, isouter=True)
        .order_by(stories.c.outlet_count.desc(), stories.c.article_count.desc(), stories.c.story_id)
        .limit(limit)
    )
    return total, [RunStory(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in connection.execute(query)]


def last_release_at(connection: Connection) -> datetime | None:
    """When the latest release was published."""
    query = select(releases.c.published_at).order_by(releases.c.published_at.desc()).limit(1)
    return connection.execute(query).scalar()
