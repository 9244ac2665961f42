"""Backfill: an outlet's past, through its feeds, sitemaps and sections or from WARC files. No Prefect.

Resumable because every stage is: URLs fetched before are known to the ledger, WARC records read before add nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from flows import stages
from flows.crawl_stage import crawl_one
from flows.ingest_stage import InputFilter, ingest_files
from flows.ledger import Run, RunReport, StageReport, begin_run, run_state
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.articles import register_outlets
from pipeline.catalog.engine import writing
from pipeline.errors import InputError
from pipeline.outlets import Outlet
from pipeline.settings import Settings

# What an archive of years may hold; a crawl ends at its time limit before, and the next backfill goes on.
BACKFILL_PAGES = 100_000
BACKFILL_SITEMAPS = 5_000
BACKFILL_ITEMS = 200_000
BACKFILL_LISTING_PAGES = 500
BACKFILL_SECONDS = 12 * 3600.0
WARC_NAMES = ("*.warc", "*.warc.gz")


def run_backfill(
    workspace: Workspace, outlet: Outlet, since: datetime, files: Sequence[Path], watcher: Watcher
) -> RunReport:
    """Fetch or read the outlet's past from since on, then read, fold and publish. Raises InputError."""
    with begin_run(workspace, "backfill") as run:
        for step in backfill_steps(run, outlet, since, files, watcher):
            if step.state in ("failed", "interrupted"):
                break
    return RunReport(run.run_id, run_state(run.reports), tuple(run.reports))


def backfill_steps(
    run: Run, outlet: Outlet, since: datetime, files: Sequence[Path], watcher: Watcher
) -> Iterator[StageReport]:
    """The stages of a backfill, one after the other."""
    if files:
        done = len(run.reports)
        host = (outlet.start_urls[0].split("/")[2]).split(":")[0].removeprefix("www.")
        ingest_files(run, warc_files(files), InputFilter(domains=(host,), since=since), watcher)
        yield from run.reports[done:]
    else:
        yield crawl_past(run, outlet, since, watcher)
    yield stages.extract_stage(run, watcher, () if files else (outlet.id,))
    yield stages.dedupe_stage(run, watcher)
    yield stages.publish_stage(run, watcher)


def crawl_past(run: Run, outlet: Outlet, since: datetime, watcher: Watcher) -> StageReport:
    """A crawl of the outlet with the limits of a backfill. What an entry dates before since is left alone."""
    with writing(run.workspace.engine) as connection:
        register_outlets(connection, list(run.workspace.outlets.values()))
    deep = outlet.model_copy(update={"crawl": outlet.crawl.model_copy(update={"max_pages": BACKFILL_PAGES})})
    workspace = Workspace(
        run.workspace.config_dir, run.workspace.data_dir, deep_limits(run.workspace.settings), run.workspace.outlets
    )
    return run.stage("crawl", outlet.id, lambda: crawl_one(workspace, run.run_id, deep, watcher, None))


def deep_limits(settings: Settings) -> Settings:
    """The settings with the limits of a backfill; what one page may cost stays as it is."""
    raised = {
        "crawl_seconds": max(settings.limits.crawl_seconds, BACKFILL_SECONDS),
        "crawl_requests": max(settings.limits.crawl_requests, BACKFILL_PAGES + BACKFILL_SITEMAPS),
        "sitemap_requests": max(settings.limits.sitemap_requests, BACKFILL_SITEMAPS),
        "feed_items": max(settings.limits.feed_items, BACKFILL_ITEMS),
        "listing_pages": max(settings.limits.listing_pages, BACKFILL_LISTING_PAGES),
    }
    return settings.model_copy(update={"limits": settings.limits.model_copy(update=raised)})


def warc_files(paths: Sequence[Path]) -> list[Path]:
    """Files as they are named, folders by the WARC files in them. Raises InputError for one that is missing."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for name in WARC_NAMES for one in path.rglob(name))
            if not inside:
                raise InputError(f"{path}: no WARC file in this folder")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise InputError(f"{path}: no such file or folder")
    return found
