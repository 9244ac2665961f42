"""What became no article: single rejections, and how many per outlet and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.queries.paging import Paging
from pipeline.catalog.tables import rejections
from pipeline.reasons import EXPLANATIONS

MAX_GROUPS = 2_000
_EXPLAINED = {reason.value: text for reason, text in EXPLANATIONS.items()}


@dataclass(frozen=True, slots=True)
class RejectionRow:
    """One page that is no article (rejected), or that broke a stage (quarantined)."""

    outlet_id: str
    url: str
    stage: str
    reason: str
    explanation: str
    detail: str
    rejected_at: datetime
    capture_id: str | None
    quarantined: bool
    run_id: str | None


@dataclass(frozen=True, slots=True)
class RejectionCount:
    """How often an outlet's pages were rejected for one reason."""

    outlet: OutletName
    stage: str
    reason: str
    explanation: str
    quarantined: bool
    pages: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class RejectionList:
    """Counts for all that match, and one page of single rejections, the newest first."""

    total: int
    page: Paging
    counts: tuple[RejectionCount, ...]
    rejections: tuple[RejectionRow, ...]


def list_rejections(
    connection: Connection,
    *,
    outlet: str | None = None,
    reason: str | None = None,
    run_id: str | None = None,
    quarantined: bool = False,
    page: Paging | None = None,
) -> RejectionList:
    """Rejections of an outlet, for a reason, of a run; quarantined: only unexpected errors."""
    page = page or Paging()
    conditions: list[ColumnElement[bool]] = []
    if outlet:
        conditions.append(rejections.c.outlet_id == outlet)
    if reason:
        conditions.append(rejections.c.reason == reason)
    if run_id:
        conditions.append(rejections.c.run_id == run_id)
    if quarantined:
        conditions.append(rejections.c.quarantined.is_(True))
    counts = _counts(connection, conditions)
    query = select(rejections).where(*conditions)
    query = query.order_by(rejections.c.rejected_at.desc(), rejections.c.rejection_id)
    rows = connection.execute(query.limit(page.size).offset(page.offset)).mappings()
    return RejectionList(sum(one.pages for one in counts), page, counts, tuple(rejection_row_of(row) for row in rows))


def rejection_row_of(row: Any) -> RejectionRow:
    """A row of the table with the reason explained."""
    plain = {name: row[name] for name in RejectionRow.__slots__ if name != "explanation"}
    return RejectionRow(**plain, explanation=explain(row["reason"]))


def explain(reason: str) -> str:
    """What a reason code says to people; "" for one this version does not know."""
    return _EXPLAINED.get(reason, "")


def _counts(connection: Connection, conditions: list[ColumnElement[bool]]) -> tuple[RejectionCount, ...]:
    columns = rejections.c
    pages = func.count().label("pages")
    query = (
        select(
            columns.outlet_id,
            columns.stage,
            columns.reason,
            columns.quarantined,
            pages,
            func.max(columns.rejected_at).label("last_at"),
        )
        .where(*conditions)
        .group_by(columns.outlet_id, columns.stage, columns.reason, columns.quarantined)
        .order_by(pages.desc(), columns.outlet_id, columns.stage, columns.reason)
        .limit(MAX_GROUPS)
    )
    names = outlet_names(connection)
    return tuple(
        RejectionCount(
            names[row.outlet_id],
            row.stage,
            row.reason,
            explain(row.reason),
            row.quarantined,
            row.pages,
            row.last_at,
        )
        for row in connection.execute(query)
    )
