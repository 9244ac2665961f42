"""What an outlet's ledger still holds unfetched: how far a backfill has to go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from pipeline.catalog.tables import urls
from pipeline.records import PageKind


def count_unfetched(connection: Connection, outlet_id: str, since: datetime) -> int:
    """Articles found and never fetched that are dated since then, or not at all."""
    query = select(func.count()).where(
        urls.c.outlet_id == outlet_id,
        urls.c.kind == PageKind.ARTICLE.value,
        urls.c.state == "found",
        or_(urls.c.published_at.is_(None), urls.c.published_at >= since),
    )
    return connection.execute(query).scalar_one()
