"""The run ledger: what ran, when, with which counts. It, not a scheduler's state, is the truth about a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.catalog.tables import run_stages, runs
from pipeline.catalog.upsert import upsert

PROCESS_GONE = "its process ended before the run did; the next run goes on from there"


def start_run(connection: Connection, run_id: str, command: str, trigger: str, owner: str, now: datetime) -> None:
    """Note that a run began."""
    row = {
        "run_id": run_id,
        "command": command,
        "trigger": trigger,
        "state": "running",
        "started_at": now,
        "finished_at": None,
        "owner": owner,
        "message": None,
    }
    upsert(connection, runs, [row])


def finish_run(connection: Connection, run_id: str, state: str, message: str | None, now: datetime) -> None:
    """Note how a run ended: done | failed | interrupted. A stage that is still running then was interrupted."""
    connection.execute(
        update(runs).where(runs.c.run_id == run_id).values(state=state, message=message, finished_at=now)
    )
    connection.execute(
        update(run_stages)
        .where(run_stages.c.run_id == run_id, run_stages.c.state == "running")
        .values(state="interrupted", finished_at=now)
    )


def record_stage(
    connection: Connection,
    run_id: str,
    stage: str,
    outlet_id: str,
    state: str,
    started_at: datetime,
    finished_at: datetime | None,
    counts: Mapping[str, Any],
    message: str | None,
) -> None:
    """Note a stage of a run, for one outlet or (outlet_id "") for all."""
    row = {
        "run_id": run_id,
        "stage": stage,
        "outlet_id": outlet_id,
        "state": state,
        "started_at": started_at,
        "finished_at": finished_at,
        "counts": dict(counts),
        "message": message,
    }
    upsert(connection, run_stages, [row])


def running_runs(connection: Connection) -> list[tuple[str, str]]:
    """(run_id, owner) of runs that say they are running; their process may have died."""
    rows = connection.execute(select(runs.c.run_id, runs.c.owner).where(runs.c.state == "running"))
    return [(row.run_id, row.owner) for row in rows]


def mark_interrupted(connection: Connection, run_id: str, now: datetime) -> None:
    """A run whose process is gone did not finish."""
    finish_run(connection, run_id, "interrupted", PROCESS_GONE, now)
