"""The history of runs as it is: a run that is noted as running although its process is gone was interrupted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flows.owners import is_running
from pipeline.catalog.queries.runs import RunList, RunRow, RunView, list_runs, read_run
from pipeline.catalog.runs import PROCESS_GONE, running_runs

if TYPE_CHECKING:
    from pipeline.catalog.engine import Connection
    from pipeline.catalog.queries.paging import Paging


def history(connection: Connection, *, state: str | None = None, page: Paging | None = None) -> RunList:
    """The history of runs. Nothing is written: the next run notes in the ledger what was interrupted."""
    listed = list_runs(connection, state=state, page=page)
    running = sum(is_running(owner) for _, owner in running_runs(connection))
    return replace(listed, running=running, runs=tuple(map(_as_it_is, listed.runs)))


def one_run(connection: Connection, run_id: str) -> RunView | None:
    """One run with its stages; `latest` is the one that began last; None where there is none."""
    found = read_run(connection, run_id)
    if found is None:
        return None
    run = _as_it_is(found.run)
    if run is found.run:
        return found
    stages = (replace(one, state=run.state) if one.state == "running" else one for one in found.stages)
    return replace(found, run=run, stages=tuple(stages))


def _as_it_is(run: RunRow) -> RunRow:
    if run.state != "running" or is_running(run.owner):
        return run
    return replace(run, state="interrupted", message=PROCESS_GONE)
