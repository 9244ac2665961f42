"""The stages as Prefect tasks: tried again where that may help, ended where they take too long."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prefect import Task, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Cancelled

from flows import stages
from flows.artifacts import figures
from flows.attempts import STOPPED, StageFailed, TriedRun
from flows.ledger import StageReport
from flows.run_watcher import RunWatcher
from pipeline.catalog.articles import register_outlets
from pipeline.catalog.engine import writing
from pipeline.outlets import Outlet

RETRY_DELAYS = [10.0, 40.0]  # seconds; what is not back by then is left to the next run


@dataclass(frozen=True, slots=True)
class Work:
    """What the tasks of one flow run share."""

    run: TriedRun
    watcher: RunWatcher
    max_pages: int | None = None
    outlet_ids: tuple[str, ...] = ()


# By run id: tasks take ids, which Prefect shows, and find what they work on here, in the same process.
_under_way: dict[str, Work] = {}


def is_passing(_task: Any, _task_run: Any, state: State[Any]) -> bool:
    """Retry only what passes by itself."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, StageFailed) and error.is_passing


@task(
    task_run_name="crawl {outlet_id}",
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_jitter_factor=0.3,
    retry_condition_fn=is_passing,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def crawl(run_id: str, outlet_id: str) -> StageReport | State[Any]:
    """Crawl one outlet in a child process of its own."""
    work = _under_way.get(run_id)
    if work is None or work.watcher.stopping.is_set():  # it waited for a free thread while the run was stopped
        return Cancelled(message=STOPPED)
    outlet = work.run.workspace.outlets[outlet_id]
    report = stages.crawl_stage(work.run, outlet, _logging_to_task(work), work.max_pages)
    if report.state == "interrupted":
        return Cancelled(message=STOPPED)
    return _ended(work, report)


def _ended(work: Work, report: StageReport) -> StageReport:
    """Say in the task's log what a stage came to. Raises StageFailed."""
    what = f"{report.stage} {report.outlet_id}".strip()
    said = ": ".join(part for part in (figures(report.counts), report.message) if part)
    level = logging.WARNING if report.state == "failed" else logging.INFO
    get_run_logger().log(level, "%s %s: %s", what, report.state, said or "nothing to do")
    return work.run.checked(report)


def _stage_task(body: Callable[[str], StageReport]) -> Task[[str], StageReport]:
    return Task(
        body,
        task_run_name=body.__name__,
        retries=len(RETRY_DELAYS),
        retry_delay_seconds=RETRY_DELAYS,
        retry_condition_fn=is_passing,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


@_stage_task
def extract(run_id: str) -> StageReport:
    """Read every capture that waits for it."""
    work = _under_way[run_id]
    return _ended(work, stages.extract_stage(work.run, _logging_to_task(work), work.outlet_ids))


@_stage_task
def dedupe(run_id: str) -> StageReport:
    """Fold new and changed articles into stories."""
    work = _under_way[run_id]
    return _ended(work, stages.dedupe_stage(work.run, _logging_to_task(work)))


@_stage_task
def publish(run_id: str) -> StageReport:
    """Publish a release, unless it would shrink or nothing changed."""
    work = _under_way[run_id]
    return _ended(work, stages.publish_stage(work.run, _logging_to_task(work)))


@contextmanager
def at_work(work: Work) -> Iterator[None]:
    """Let the tasks find what they work on."""
    _under_way[work.run.run_id] = work
    try:
        yield
    finally:
        del _under_way[work.run.run_id]


def tried(stage: Task[[str], StageReport], work: Work) -> bool:
    """Run a stage's task; False where it failed, which ends the pass but not what it did so far."""
    limited = stage.with_options(timeout_seconds=work.run.workspace.settings.limits.stage_seconds)
    try:
        limited(work.run.run_id)
    except StageFailed:
        return False
    return True


def crawl_side_by_side(work: Work, outlets: Sequence[Outlet]) -> list[StageReport]:
    """A task per outlet, a few at a time; one that fails fails alone."""
    workspace, run_id = work.run.workspace, work.run.run_id
    with writing(workspace.engine) as connection:
        register_outlets(connection, list(workspace.outlets.values()))
    # No time limit on these tasks: Prefect cannot end a thread. The crawl itself ends its child after
    # limits.crawl_seconds and a minute.
    futures: list[PrefectFuture[Any]] = [crawl.submit(run_id, one.id) for one in outlets]
    try:
        for one in futures:
            one.wait()
    except BaseException:
        work.watcher.stop()
        raise
    return [one for one in work.run.reports if one.stage == "crawl"]


def _logging_to_task(work: Work) -> RunWatcher:
    return work.watcher.with_logger(get_run_logger())
