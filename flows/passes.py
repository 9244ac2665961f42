"""The flows: a pass over every outlet, a run over one, a backfill. Thin: what they do stands in the stages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from flows import stages
from flows.artifacts import publish_artifacts
from flows.attempts import STOPPED, TriedRun
from flows.events import emit_stage_events, tell_alarms, tell_end
from flows.health_stage import OutletHealth, health_stage
from flows.ledger import RunReport, StageReport, begin_run, now, run_message, run_state
from flows.parameters import OutletId, OutletOptions, PassOptions
from flows.parentage import belong_to_server_command
from flows.run_log import say_failures_in_one_line
from flows.run_watcher import RunWatcher, watching
from flows.stage_tasks import Work, at_work, crawl_side_by_side, dedupe, extract, publish, tried
from flows.turns import turn
from flows.workspace import Workspace, open_what_is_sound
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.queries.run_figures import last_release_at
from pipeline.catalog.runs import finish_run
from pipeline.errors import ConfigError, LeaseHeld, UsageError
from pipeline.outlets import Outlet, choose_to_crawl


@flow(
    name="pass",
    description="Crawl every live outlet, then read, fold and publish once.",
    task_runner=ThreadPoolTaskRunner(max_workers=stages.CRAWLS_AT_ONCE),  # type: ignore[arg-type]
    validate_parameters=True,
    persist_result=False,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def whole_pass(options: PassOptions = PassOptions()) -> State[Any]:  # noqa: B008  frozen; Prefect reads the form from it
    """Crawl every live outlet (or the ones named), then read, fold and publish once."""
    workspace = workspace_from_environment()
    outlets = choose_to_crawl(_sound(workspace, options.outlets), options.outlets)
    return run_over(workspace, outlets, "pass", options.max_pages, lambda: options.publish)


@flow(
    name="outlet",
    description="Crawl one outlet, read what came, fold it and publish when a release is due.",
    task_runner=ThreadPoolTaskRunner(max_workers=1),  # type: ignore[arg-type]
    validate_parameters=True,
    persist_result=False,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def one_outlet(outlet: OutletId, options: OutletOptions = OutletOptions()) -> State[Any]:  # noqa: B008  as above
    """Crawl one outlet, read what came, fold it and publish when a release is due."""
    workspace = workspace_from_environment()
    outlets = choose_to_crawl(_sound(workspace, [outlet]), [outlet])
    return run_over(workspace, outlets, "outlet", options.max_pages, lambda: _is_due(workspace, options))


def _sound(workspace: Workspace, wanted: Sequence[str]) -> dict[str, Outlet]:
    """The outlets to choose from. Raises ConfigError where one that is wanted has a broken file."""
    for one in wanted:
        if one in workspace.broken:
            raise workspace.broken[one]
    return workspace.outlets


def workspace_from_environment() -> Workspace:
    """The installation that `serve`, or the worker, names; outlets with broken files left out.

    Raises UsageError, ConfigError.
    """
    belong_to_server_command()
    say_failures_in_one_line()
    found = [os.environ.get(name, "").strip() for name in ("WIRECOPY_CONFIG", "WIRECOPY_DATA")]
    if not all(found):
        raise UsageError(
            "set WIRECOPY_CONFIG and WIRECOPY_DATA where the flow runs: the configuration and data folders"
        )
    return open_what_is_sound(Path(found[0]), Path(found[1]))


def trigger_of_this_run() -> str:
    """schedule where Prefect's scheduler made the run, else manual."""
    context = FlowRunContext.get()
    return "schedule" if context and context.flow_run and context.flow_run.auto_scheduled else "manual"


def run_over(
    workspace: Workspace,
    outlets: Sequence[Outlet],
    command: str,
    max_pages: int | None,
    is_publishing: Callable[[], bool],
) -> State[Any]:
    """The body of both flows. A second run over the same while one is under way is skipped."""
    name = f"{command}:{outlets[0].id}" if command == "outlet" else command
    log = get_run_logger()
    with watching(log) as watcher, starting_run(workspace, command, watcher) as run:
        try:
            with turn(workspace, name, run.run_id):
                log.info("run %s in the ledger: %s", run.run_id, ", ".join(one.id for one in outlets))
                work = Work(run, watcher, max_pages, tuple(one.id for one in outlets) if command == "outlet" else ())
                with at_work(work):
                    health = _crawl_and_fold(work, outlets, is_publishing)
        except LeaseHeld as held:
            run.reports.append(StageReport("crawl", "", "skipped", {}, str(held)))
            health = []
    return conclude(run, health)


@contextmanager
def starting_run(workspace: Workspace, command: str, watcher: RunWatcher) -> Iterator[TriedRun]:
    """A run in the ledger; what a cancelled run was at is marked as interrupted, not as running."""
    run_id = None
    try:
        with begin_run(workspace, command, trigger_of_this_run()) as begun:
            run_id = begun.run_id
            yield TriedRun.of(begun, watcher.stopping)
    except Exception:
        raise
    except BaseException:
        if run_id is not None:
            with writing(workspace.engine) as connection:
                finish_run(connection, run_id, "interrupted", STOPPED, now())
        raise


def _crawl_and_fold(work: Work, outlets: Sequence[Outlet], is_publishing: Callable[[], bool]) -> list[OutletHealth]:
    run = work.run
    crawls = crawl_side_by_side(work, outlets)
    if not work.outlet_ids:  # a pass: an outlet whose file is broken fails like one that is out of reach
        for outlet_id, error in run.workspace.broken.items():
            run.stage("crawl", outlet_id, partial(_refuse, error))
    if crawls and all(one.state == "skipped" for one in crawls):
        return []  # another run is at the same outlets: it does the rest too
    with stages.folding(run, work.watcher):
        is_read = tried(extract, work)
        health = health_stage(run, crawls)
        if is_read and tried(dedupe, work) and is_publishing():
            tried(publish, work)
    return health


def _refuse(error: ConfigError) -> NoReturn:
    raise error


def conclude(run: TriedRun, health: Sequence[OutletHealth]) -> State[Any]:
    """Artifacts, events and the run's last word."""
    report = RunReport(run.run_id, run_state(run.reports), tuple(run.reports))
    publish_artifacts(run.workspace, report, health)
    emit_stage_events(run.workspace, report)
    tell_alarms(report.run_id, health)
    message = run_message(report.stages)
    if report.state == "failed":
        return Failed(message=message)
    if report.stages and all(one.state == "skipped" for one in report.stages):
        return Completed(name="Skipped", message=message or "another run is at this")
    return Completed(message=message or f"run {report.run_id}: {report.state}")


def _is_due(workspace: Workspace, options: OutletOptions) -> bool:
    if options.publish != "when_due":
        return options.publish == "always"
    if trigger_of_this_run() != "schedule":
        return True
    with reading(workspace.engine) as connection:
        last = last_release_at(connection)
    return last is None or (now() - last).total_seconds() >= 60 * workspace.settings.serve.release_minutes
