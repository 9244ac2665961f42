"""Finding a story or an article by its id, by the first letters of it, or by the id it had before a merge."""

from __future__ import annotations

from sqlalchemy import Column, Connection, select

from pipeline.catalog.tables import articles, stories, story_changes

MAX_MERGES = 20
LEAST_PREFIX = 4
_AFTER_ANY = "\U0010ffff"


def resolve_story(connection: Connection, story_id: str) -> str | None:
    """The id under which the story stands now, or None."""
    current = story_id
    for _ in range(MAX_MERGES):
        if _exists(connection, stories.c.story_id, current):
            return current
        merged = connection.execute(
            select(story_changes.c.into_story_id)
            .where(story_changes.c.story_id == current)
            .order_by(story_changes.c.changed_at.desc(), story_changes.c.into_story_id)
            .limit(1)
        ).scalar()
        if merged is None:
            break
        current = merged
    return _by_prefix(connection, stories.c.story_id, story_id)


def resolve_article(connection: Connection, article_id: str) -> str | None:
    """The article's id, or the one id that begins so, or None."""
    if _exists(connection, articles.c.article_id, article_id):
        return article_id
    return _by_prefix(connection, articles.c.article_id, article_id)


def _exists(connection: Connection, column: Column[str], value: str) -> bool:
    return connection.execute(select(column).where(column == value).limit(1)).scalar() is not None


def _by_prefix(connection: Connection, column: Column[str], prefix: str) -> str | None:
    if len(prefix) < LEAST_PREFIX:
        return None
    found = connection.execute(
        select(column).where(column >= prefix, column < prefix + _AFTER_ANY).order_by(column).limit(2)
    ).scalars()
    ids = [one for one in found if one.startswith(prefix)]
    return ids[0] if len(ids) == 1 else None
