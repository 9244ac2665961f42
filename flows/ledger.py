"""A run and its stages in the run ledger; the one place that turns exceptions into recorded failures."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.clock import now as now
from flows.interruption import Interrupted, answering, check, was_told
from flows.owners import is_running
from flows.owners import process_name as process_name
from flows.workspace import Workspace
from pipeline.catalog.engine import Connection, write_surely
from pipeline.catalog.runs import finish_run, mark_interrupted, record_stage, running_runs, start_run
from pipeline.catalog.seal import seal_catalog
from pipeline.catalog.use import in_use
from pipeline.errors import LeaseHeld, WireError
from pipeline.machine_errors import what_to_do, with_file

log = logging.getLogger("wirecopy")
ALARM = "alarm"  # the state of a health check that spoke
LONGEST_MESSAGE = 1_000
GOES_ON = "the next run goes on from here"


@dataclass(frozen=True, slots=True)
class StageReport:
    """How one stage ended, for one outlet or (outlet_id "") for all."""

    stage: str
    outlet_id: str
    state: str  # done | failed | skipped | interrupted | alarm
    counts: Mapping[str, Any] = field(default_factory=dict)
    message: str | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """How a run ended, with its stages."""

    run_id: str
    state: str  # done | failed | interrupted
    stages: tuple[StageReport, ...]
    message: str | None = None


@dataclass(slots=True)
class Run:
    """A run under way."""

    workspace: Workspace
    run_id: str
    reports: list[StageReport] = field(default_factory=list)

    def stage(self, stage: str, outlet_id: str, body: Callable[[], Mapping[str, Any]]) -> StageReport:
        """Do one stage and record how it ended. Only an interruption is raised."""
        check()
        started = now()
        self._record(StageReport(stage, outlet_id, "running"), started, None)
        try:
            report = StageReport(stage, outlet_id, "done", body())
        except LeaseHeld as held:
            report = StageReport(stage, outlet_id, "skipped", {}, str(held))
        except WireError as error:
            state = getattr(error, "state", "interrupted" if was_told() else "failed")
            report = StageReport(stage, outlet_id, state, getattr(error, "counts", {}), str(error))
        except Exception as error:  # the boundary: a broken stage is recorded, not passed on
            if was_told():  # a library made an error of its own of it
                self._record(StageReport(stage, outlet_id, "interrupted"), started, now())
                raise Interrupted from error
            report = StageReport(stage, outlet_id, "failed", {}, self._explain(error, stage, outlet_id))
        except BaseException:
            self._record(StageReport(stage, outlet_id, "interrupted"), started, now())
            raise
        self._record(report, started, now())
        self.reports.append(report)
        return report

    def _record(self, report: StageReport, started: datetime, finished: datetime | None) -> None:
        write_surely(
            self.workspace.engine,
            lambda connection: record_stage(
                connection,
                self.run_id,
                report.stage,
                report.outlet_id,
                report.state,
                started,
                finished,
                report.counts,
                report.message,
            ),
        )

    def _explain(self, error: Exception, stage: str, outlet_id: str) -> str:
        """What an error that no stage expects says in a line; where the program may be at fault, more is kept."""
        if advice := what_to_do(error):
            return with_file(error, f"{advice}; {GOES_ON}")
        self._keep_traceback(stage, outlet_id)
        return f"unexpected {type(error).__name__}: {error}".splitlines()[0][:300]

    def _keep_traceback(self, stage: str, outlet_id: str) -> None:
        log.debug("stage %s %s failed", stage, outlet_id, exc_info=True)
        folder = self.workspace.data_dir / "logs"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / f"{self.run_id}.log").open("a", encoding="utf-8") as file:
                file.write(f"{stage} {outlet_id}\n{traceback.format_exc()}\n")
        except OSError:
            log.warning("the traceback of stage %s could not be kept in %s", stage, folder)


@contextmanager
def begin_run(workspace: Workspace, command: str, trigger: str = "manual") -> Iterator[Run]:
    """A run in the ledger, from start to end. An interruption is recorded and raised again.

    Raises CatalogError while the catalog is made anew.
    """
    with in_use(workspace.catalog_url), record_run(workspace, command, trigger) as run:
        yield run


@contextmanager
def record_run(workspace: Workspace, command: str, trigger: str = "manual") -> Iterator[Run]:
    """The same for work that has the catalog in sole use."""
    run = Run(workspace, f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")

    def begin(connection: Connection) -> None:
        for run_id, owner in running_runs(connection):
            if not is_running(owner):
                mark_interrupted(connection, run_id, now())
        start_run(connection, run.run_id, command, trigger, process_name(), now())

    write_surely(workspace.engine, begin)
    try:
        with answering():
            yield run
            check()
    except BaseException as error:
        state = "failed" if isinstance(error, Exception) else "interrupted"
        _finish(run, state, str(error) or type(error).__name__)
        raise
    _finish(run, run_state(run.reports), run_message(run.reports))


def run_state(reports: Sequence[StageReport]) -> str:
    """A run failed when a stage over all outlets failed, or when every outlet's crawl did."""
    crawls = [one for one in reports if one.outlet_id and one.state != ALARM]
    shared = [one for one in reports if not one.outlet_id]
    if any(one.state == "failed" for one in shared):
        return "failed"
    if crawls and all(one.state == "failed" for one in crawls):
        return "failed"
    return "done"


def run_message(reports: Sequence[StageReport]) -> str | None:
    """What `wirecopy runs` shows beside the state: alarms first, then what failed or was skipped."""
    said = [f"{one.outlet_id}: {one.message}" for one in reports if one.state == ALARM]
    said += [
        f"{one.stage} {one.outlet_id} {one.state}: {one.message or ''}".replace("  ", " ").strip(": ")
        for one in reports
        if one.state in ("failed", "skipped")
    ]
    return "; ".join(said)[:LONGEST_MESSAGE] or None


def _finish(run: Run, state: str, message: str | None) -> None:

    def finish(connection: Connection) -> bool:
        finish_run(connection, run.run_id, state, message, now())
        return not running_runs(connection)

    if write_surely(run.workspace.engine, finish):
        seal_catalog(run.workspace.engine)
