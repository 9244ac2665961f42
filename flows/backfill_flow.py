"""The backfill as a flow: the same steps, with Prefect's log, progress and artifacts."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows import stages
from flows.artifacts import figures
from flows.backfill import is_worth_folding, outlets_to_read, past_steps, warc_files
from flows.events import tell_end
from flows.ledger import StageReport
from flows.parameters import BackfillOptions
from flows.passes import conclude, starting_run, workspace_from_environment
from flows.run_watcher import watching
from flows.stage_tasks import Work, at_work, dedupe, extract, publish, tried
from flows.turns import turn
from pipeline.errors import LeaseHeld
from pipeline.outlets import choose_outlets, choose_to_crawl


@flow(
    name="backfill",
    description="Fetch an outlet's past through its sitemaps and feeds, or read it from WARC files.",
    validate_parameters=True,
    persist_result=False,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def backfill(options: BackfillOptions) -> State[Any]:
    """Fetch an outlet's past, or read it from WARC files, then read, fold and publish. Goes on where it was stopped."""
    workspace = workspace_from_environment()
    choose = choose_outlets if options.files else choose_to_crawl
    (outlet,) = choose(workspace.outlets, [options.outlet])
    since = datetime.combine(options.since, time(), UTC)
    files = warc_files([Path(one) for one in options.files])
    log = get_run_logger()
    with watching(log) as watcher, starting_run(workspace, "backfill", watcher) as run:
        try:
            with turn(workspace, f"backfill:{outlet.id}", run.run_id):
                log.info("run %s in the ledger: %s since %s", run.run_id, outlet.id, options.since)
                past = list(past_steps(run, outlet, since, files, watcher))
                for step in past:
                    log.info("%s %s: %s", step.stage, step.state, figures(step.counts) or step.message or "")
                if is_worth_folding(past):
                    _fold(Work(run, watcher, outlet_ids=outlets_to_read(outlet, files)))
        except LeaseHeld as held:
            run.reports.append(StageReport("crawl", outlet.id, "skipped", {}, str(held)))
    return conclude(run, [])


def _fold(work: Work) -> None:
    with stages.folding(work.run, work.watcher), at_work(work):
        if tried(extract, work) and tried(dedupe, work):
            tried(publish, work)
