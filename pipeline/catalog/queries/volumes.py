"""Articles per day, and how many of them are copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from pipeline.catalog.queries.matrix import in_window
from pipeline.catalog.queries.reuse import copying_ids
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
    day = func.date(articles.c.window_at).label("day")
    per_day = select(day, func.count()).where(*conditions).group_by(day).order_by(day.desc()).limit(MAX_DAYS + 1)
    totals = {_day(key): count for key, count in connection.execute(per_day)}
    copies = {_day(key): n for key, n in connection.execute(per_day.where(articles.c.article_id.in_(copying_ids())))}
    undated = totals.pop(None, 0)
    days = sorted(one for one in totals if one is not None)[-MAX_DAYS:]
    return Volumes(tuple(DayVolume(one, totals[one], copies.get(one, 0)) for one in days), undated)


def _day(value: str | date | None) -> date | None:
    """SQLite gives a day as text, PostgreSQL as a date."""
    return date.fromisoformat(value) if isinstance(value, str) else value
