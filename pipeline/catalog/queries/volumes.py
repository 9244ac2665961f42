"""Articles per day, and how many of them are copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from pipeline.catalog.queries.matrix import in_window
from pipeline.catalog.queries.reuse import reusing_articles
from pipeline.catalog.tables import articles

# Two years; a longer history is shown by its last days.
MAX_DAYS = 732


@dataclass(frozen=True, slots=True)
class DayVolume:
    """One day in UTC."""

    day: date
    articles: int
    copies: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """The last MAX_DAYS days that have articles, the earliest first. undated: articles without any time."""

    days: tuple[DayVolume, ...]
    undated: int


def volumes(
    connection: Connection,
    *,
    outlet: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Volumes:
    """Volumes of one outlet or of all."""
    conditions = in_window(since, until)
    if outlet:
        conditions.append(articles.c.outlet_id == outlet)
    at = articles.c.window_at
    # SQLite holds times in UTC as text; PostgreSQL would cut days by the session's time zone.
    day = func.date(at if connection.dialect.name == "sqlite" else func.timezone("UTC", at)).label("day")
    reusing = reusing_articles(outlet)
    query = (
        select(day, func.count(), func.coalesce(func.sum(reusing.c.copied), 0))
        .select_from(articles.outerjoin(reusing, reusing.c.article_id == articles.c.article_id))
        .where(*conditions)
        .group_by(day)
        .order_by(day.desc())
        .limit(MAX_DAYS + 1)
    )
    totals = {_day(key): (count, copies) for key, count, copies in connection.execute(query)}
    undated = totals.pop(None, (0, 0))[0]
    days = sorted(one for one in totals if one is not None)[-MAX_DAYS:]
    return Volumes(tuple(DayVolume(one, *totals[one]) for one in days), undated)


def _day(value: str | date | None) -> date | None:
    """SQLite gives a day as text, PostgreSQL as a date."""
    return date.fromisoformat(value) if isinstance(value, str) else value
