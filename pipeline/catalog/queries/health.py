"""The last health check of each outlet, as the run ledger keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.catalog.queries.names import OutletName, outlet_names
from pipeline.catalog.tables import run_stages

STAGE, ALARM = "health", "alarm"
MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class OutletCheck:
    """What the last check of an outlet's run said."""

    outlet: OutletName
    run_id: str
    at: datetime
    alarm: bool
    message: str | None
    figures: dict[str, Any]


def last_checks(connection: Connection) -> tuple[OutletCheck, ...]:
    """One row per outlet that was ever checked, those with an alarm first, then by name."""
    columns = run_stages.c
    number = func.row_number().over(
        partition_by=columns.outlet_id, order_by=(columns.started_at.desc(), columns.run_id.desc())
    )
    ranked = (
        select(
            columns.outlet_id,
            columns.run_id,
            columns.started_at,
            columns.state,
            columns.message,
            columns.counts,
            number.label("number"),
        )
        .where(columns.stage == STAGE)
        .subquery()
    )
    names = outlet_names(connection)
    rows = connection.execute(select(ranked).where(ranked.c.number == 1).limit(MAX_ROWS))
    checks = [
        OutletCheck(
            names[one.outlet_id], one.run_id, one.started_at, one.state == ALARM, one.message, dict(one.counts or {})
        )
        for one in rows
    ]
    return tuple(sorted(checks, key=lambda one: (not one.alarm, one.outlet.name.casefold(), one.outlet.outlet_id)))
