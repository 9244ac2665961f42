"""The stages as plain functions: crawl, extract, dedupe, publish, and the pass that chains them.

Each is idempotent and leaves a report in the run ledger; Prefect and the command line call the same ones. What a stage
needs is imported when it runs: a command that crawls has no use for what folds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from flows.ledger import Run, RunReport, StageReport, begin_run, run_state
from flows.turns import turn
from flows.watcher import SILENT, Watcher
from flows.workspace import Workspace
from pipeline.catalog.articles import register_outlets
from pipeline.catalog.engine import outlast, write_surely
from pipeline.outlets import Outlet

# A crawl waits for its outlet most of the time; four side by side keep one core busy.
CRAWLS_AT_ONCE = 4
# Reading, folding and publishing are done by one run at a time; another waits that long for its turn.
TURN_SECONDS = 3600.0


def crawl_stage(run: Run, outlet: Outlet, watcher: Watcher = SILENT, max_pages: int | None = None) -> StageReport:
    """Crawl one outlet in a child process."""
    from flows.crawl_stage import crawl_one

    return run.stage("crawl", outlet.id, lambda: crawl_one(run.workspace, run.run_id, outlet, watcher, max_pages))


def crawl_stages(
    run: Run, outlets: Sequence[Outlet], watcher: Watcher = SILENT, max_pages: int | None = None
) -> list[StageReport]:
    """Crawl outlets side by side; a broken one stops only itself."""
    write_surely(run.workspace.engine, lambda catalog: register_outlets(catalog, list(run.workspace.outlets.values())))
    if not outlets:
        return []
    with ThreadPoolExecutor(max_workers=min(CRAWLS_AT_ONCE, len(outlets)), thread_name_prefix="crawl") as pool:
        try:
            under_way = [pool.submit(crawl_stage, run, outlet, watcher, max_pages) for outlet in outlets]
            return [one.result() for one in under_way]
        except BaseException:
            watcher.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def extract_stage(run: Run, watcher: Watcher = SILENT, outlet_ids: Sequence[str] = ()) -> StageReport:
    """Extract every capture that waits for it."""
    from flows.extract_stage import extract_captures

    return run.stage("extract", "", lambda: extract_captures(run.workspace, run.run_id, watcher, outlet_ids))


def dedupe_stage(
    run: Run, watcher: Watcher = SILENT, everything: bool = False, scheduler: str | None = None
) -> StageReport:
    """Fold new and changed articles into stories; everything: from scratch; with a scheduler on Dask."""
    from flows.dedupe_stage import dedupe_articles

    return run.stage(
        "dedupe", "", lambda: outlast(lambda: dedupe_articles(run.workspace, watcher, everything, scheduler))
    )


def publish_stage(
    run: Run, watcher: Watcher = SILENT, with_text: bool | None = None, *, force: bool = False
) -> StageReport:
    """Publish a release of what the catalog holds; force: even if it shrinks."""
    from flows.publish_stage import publish_dataset

    def publish() -> Mapping[str, Any]:
        return publish_dataset(run.workspace, run.run_id, watcher, with_text, force=force)

    return run.stage("publish", "", lambda: outlast(publish))


@contextmanager
def folding(run: Run, watcher: Watcher = SILENT) -> Iterator[None]:
    """Be the only run that reads, folds or publishes while the block lasts. Raises LeaseHeld after TURN_SECONDS."""
    with turn(run.workspace, "fold", run.run_id, TURN_SECONDS, watcher.stopping):
        yield


def run_pass(
    workspace: Workspace,
    outlets: Sequence[Outlet],
    watcher: Watcher = SILENT,
    *,
    max_pages: int | None = None,
    trigger: str = "manual",
    command: str = "run",
) -> RunReport:
    """The whole pass: crawl the outlets, then extract, look at their health, dedupe and publish once.

    Where other runs are at all of the outlets, they do the rest, too.
    """
    from flows.health_stage import health_stage

    with begin_run(workspace, command, trigger) as run:
        crawls = crawl_stages(run, outlets, watcher, max_pages)
        if not crawls or any(one.state != "skipped" for one in crawls):
            with folding(run, watcher):
                is_read = extract_stage(run, watcher).state != "failed"
                health_stage(run, crawls)
                if is_read and dedupe_stage(run, watcher).state != "failed":
                    publish_stage(run, watcher)
    return RunReport(run.run_id, run_state(run.reports), tuple(run.reports))
