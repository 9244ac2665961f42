"""Runs: their history, one run's stages with counts, and what it rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.catalog.queries.health import OutletCheck, last_checks
from pipeline.catalog.queries.names import outlet_names
from pipeline.catalog.queries.paging import Paging
from pipeline.catalog.queries.rejections import RejectionCount, explain, list_rejections
from pipeline.catalog.tables import run_stages, runs
from pipeline.reasons import Reason

MAX_STAGES = 2_000


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of a run, for one outlet or (outlet_id "") for all."""

    stage: str
    outlet_id: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, Any]
    message: str | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run."""

    run_id: str
    command: str
    trigger: str
    state: str  # running | done | failed | interrupted
    started_at: datetime
    finished_at: datetime | None
    owner: str
    message: str | None
    stages: int = 0
    failed_stages: int = 0

    @property
    def seconds(self) -> int | None:
        """How long it took."""
        return int((self.finished_at - self.started_at).total_seconds()) if self.finished_at else None


@dataclass(frozen=True, slots=True)
class RunList:
    """One page of runs, the newest first, when one last succeeded, and each outlet's last health check."""

    total: int
    page: Paging
    last_done_at: datetime | None
    running: int
    runs: tuple[RunRow, ...]
    health: tuple[OutletCheck, ...]


@dataclass(frozen=True, slots=True)
class RunView:
    """One run with its stages in order and what was rejected in it."""

    run: RunRow
    stages: tuple[StageRow, ...]
    rejected: tuple[RejectionCount, ...]

    @property
    def told(self) -> tuple[StageRow, ...]:
        """The stages that say something: without the checks of outlets that are as usual."""
        return tuple(one for one in self.stages if not _as_usual(one))

    @property
    def as_usual(self) -> int:
        """How many outlets' checks found nothing."""
        return sum(map(_as_usual, self.stages))


def _as_usual(stage: StageRow) -> bool:
    return stage.stage == "health" and stage.state == "done" and not stage.message


_COLUMNS = [runs.c[name] for name in RunRow.__slots__ if name in runs.c]


def list_runs(connection: Connection, *, state: str | None = None, page: Paging | None = None) -> RunList:
    """The history of runs."""
    page = page or Paging()
    conditions = [runs.c.state == state] if state else []
    total = connection.execute(select(func.count()).select_from(runs).where(*conditions)).scalar_one()
    query = select(*_COLUMNS).where(*conditions).order_by(runs.c.started_at.desc(), runs.c.run_id)
    found = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    counts = _stage_counts(connection, [row["run_id"] for row in found])
    done = connection.execute(select(func.max(runs.c.finished_at)).where(runs.c.state == "done")).scalar()
    running = connection.execute(select(func.count()).where(runs.c.state == "running")).scalar_one()
    rows = tuple(RunRow(**row, **counts.get(row["run_id"], {})) for row in found)
    return RunList(total, page, done, running, rows, last_checks(connection))


def read_run(connection: Connection, run_id: str) -> RunView | None:
    """One run; `latest` is the one that began last; None where there is none."""
    query = select(*_COLUMNS)
    query = (
        query.order_by(runs.c.started_at.desc()).limit(1)
        if run_id == "latest"
        else query.where(runs.c.run_id == run_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    found_id = row["run_id"]
    counts = _stage_counts(connection, [found_id])
    query = (
        select(*(run_stages.c[name] for name in StageRow.__slots__))
        .where(run_stages.c.run_id == found_id)
        .order_by(run_stages.c.started_at, run_stages.c.stage, run_stages.c.outlet_id)
        .limit(MAX_STAGES)
    )
    stages = tuple(StageRow(*one) for one in connection.execute(query))
    return RunView(RunRow(**row, **counts.get(found_id, {})), stages, _rejected(connection, found_id, stages))


def _rejected(connection: Connection, run_id: str, stages: tuple[StageRow, ...]) -> tuple[RejectionCount, ...]:
    """What was rejected in a run, as its crawls counted it, too.

    A refusal that a later run met again is kept once, as that run's: the rows alone would let an older run lose it.
    """
    found = {
        (one.outlet.outlet_id, one.stage, one.reason): one for one in list_rejections(connection, run_id=run_id).counts
    }
    names = outlet_names(connection)
    for stage in stages:
        told = stage.counts.get("rejected") if stage.outlet_id and stage.stage == "crawl" else None
        for reason, pages in told.items() if isinstance(told, dict) else ():
            key = (stage.outlet_id, stage.stage, reason)
            known = found.get(key) or RejectionCount(
                outlet=names[stage.outlet_id],
                stage=stage.stage,
                reason=reason,
                explanation=explain(reason),
                quarantined=reason == Reason.UNEXPECTED_ERROR,
                pages=0,
                last_at=stage.finished_at,
            )
            found[key] = replace(known, pages=max(known.pages, int(pages)))
    return tuple(sorted(found.values(), key=lambda one: (-one.pages, one.outlet.outlet_id, one.stage, one.reason)))


def _stage_counts(connection: Connection, run_ids: list[str]) -> dict[str, dict[str, Any]]:
    failed = func.count().filter(run_stages.c.state.in_(("failed", "interrupted")))
    query = (
        select(run_stages.c.run_id, func.count(), failed)
        .where(run_stages.c.run_id.in_(run_ids))
        .group_by(run_stages.c.run_id)
    )
    return {run_id: {"stages": count, "failed_stages": bad} for run_id, count, bad in connection.execute(query)}
