"""Captures: which answer lies where in the archive, and whether it was extracted yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from pipeline.catalog.rows import capture_of, capture_row
from pipeline.catalog.tables import captures
from pipeline.catalog.upsert import insert_new
from pipeline.records import Capture, PageKind

EXTRACTED_STATUSES = (200, 404, 410)


def add_captures(connection: Connection, records: Sequence[Capture]) -> int:
    """Write captures that are not there yet; returns how many were new.

    Article pages wait for extraction where the answer was the page, or word that it is gone.
    """
    rows = [
        {
            **capture_row(one),
            "extracted": "pending" if one.kind is PageKind.ARTICLE and one.status in EXTRACTED_STATUSES else "not_due",
        }
        for one in records
    ]
    return insert_new(connection, captures, rows)


def pending_captures(
    connection: Connection, outlet_ids: Sequence[str], limit: int, *, without: Sequence[str] = ()
) -> list[Capture]:
    """The oldest captures that wait for extraction: of these outlets (none: of all), but never of those in without."""
    query = select(captures).where(captures.c.extracted == "pending")
    if outlet_ids:
        query = query.where(captures.c.outlet_id.in_(outlet_ids))
    if without:
        query = query.where(captures.c.outlet_id.not_in(without))
    query = query.order_by(captures.c.fetched_at, captures.c.capture_id).limit(limit)
    return [capture_of(row) for row in connection.execute(query).mappings()]


def count_pending(connection: Connection, outlet_ids: Sequence[str]) -> int:
    """How many captures wait for extraction."""
    query = select(func.count()).select_from(captures).where(captures.c.extracted == "pending")
    if outlet_ids:
        query = query.where(captures.c.outlet_id.in_(outlet_ids))
    return connection.execute(query).scalar_one()


def mark_extracted(connection: Connection, capture_id: str, outcome: str) -> None:
    """Note what became of a capture: article | rejected."""
    connection.execute(update(captures).where(captures.c.capture_id == capture_id).values(extracted=outcome))


def capture_by_id(connection: Connection, capture_id: str) -> Capture | None:
    """One capture, or None."""
    row = connection.execute(select(captures).where(captures.c.capture_id == capture_id)).mappings().first()
    return capture_of(row) if row else None


def known_captures(connection: Connection, capture_ids: Sequence[str]) -> set[str]:
    """Which of these ids are there already."""
    query = select(captures.c.capture_id).where(captures.c.capture_id.in_(capture_ids))
    return set(connection.execute(query).scalars())
