"""Backfill: an outlet's past, through its feeds, sitemaps and sections or from WARC files. No Prefect.

Resumable because every stage is: URLs fetched before are known to the ledger, WARC records read before add nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flows import stages
from flows.crawl_stage import crawl_one
from flows.ingest_stage import InputFilter, ingest_files
from flows.ledger import Run, RunReport, StageReport, begin_run, run_state
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.articles import register_outlets
from pipeline.catalog.engine import reading, writing
from pipeline.catalog.queries.backlog import count_unfetched
from pipeline.errors import InputError
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from pipeline.urls import registrable_domain

# A part is one crawl: its end is a good place to be interrupted at, and to see how much is left.
PAGES_AT_ONCE = 1_000
# What an archive of years may hold.
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
        if is_worth_folding(list(past_steps(run, outlet, since, files, watcher))):
            with stages.folding(run, watcher):
                is_read = stages.extract_stage(run, watcher, outlets_to_read(outlet, files)).state == "done"
                if is_read and stages.dedupe_stage(run, watcher).state == "done":
                    stages.publish_stage(run, watcher)
    return RunReport(run.run_id, run_state(run.reports), tuple(run.reports))


def is_worth_folding(past: Sequence[StageReport]) -> bool:
    """Whether anything was brought in. One file of many that cannot be read fails alone."""
    return any(one.state == "done" for one in past) and all(one.state != "interrupted" for one in past)


def past_steps(
    run: Run, outlet: Outlet, since: datetime, files: Sequence[Path], watcher: Watcher
) -> Iterator[StageReport]:
    """What brings an outlet's past in: from the site, or from WARC files. Raises InputError."""
    if not files:
        yield crawl_past(run, outlet, since, watcher)
        return
    done = len(run.reports)
    domains = tuple(sorted({registrable_domain(url) for url in outlet.start_urls}))
    ingest_files(run, warc_files(files), InputFilter(domains=domains, since=since), watcher)
    yield from run.reports[done:]


def outlets_to_read(outlet: Outlet, files: Sequence[Path]) -> tuple[str, ...]:
    """Whose captures a backfill reads; of WARC files all, since pages of outlets under one domain lie together."""
    return () if files else (outlet.id,)


def crawl_past(run: Run, outlet: Outlet, since: datetime, watcher: Watcher) -> StageReport:
    """Crawl the outlet with the limits of a backfill, newest first, until nothing dated since then is left."""
    with writing(run.workspace.engine) as connection:
        register_outlets(connection, list(run.workspace.outlets.values()))
    return run.stage("crawl", outlet.id, lambda: _crawl_in_parts(run, outlet, since, watcher))


def _crawl_in_parts(run: Run, outlet: Outlet, since: datetime, watcher: Watcher) -> Mapping[str, Any]:
    deep = outlet.model_copy(update={"crawl": outlet.crawl.model_copy(update={"max_pages": PAGES_AT_ONCE})})
    here = run.workspace
    workspace = Workspace(here.config_dir, here.data_dir, deep_limits(here.settings), here.outlets)
    books: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    while True:
        part = crawl_one(workspace, run.run_id, deep, _Part(watcher, books["fetched"]), None)
        books.update({name: value for name, value in part.items() if isinstance(value, int | float)})
        reasons.update(part["rejected"])
        with reading(here.engine) as connection:
            left = count_unfetched(connection, outlet.id, since)
        watcher.update("crawl", outlet.id, books["fetched"], books["fetched"] + left)
        if not left or not part["fetched"]:
            return {**books, "left": left, "rejected": dict(reasons)}


class _Part:
    """Counts a part of a crawl on top of the parts before."""

    def __init__(self, watcher: Watcher, before: int) -> None:
        self.stopping = watcher.stopping
        self._watcher, self._before = watcher, before

    def update(self, stage: str, outlet_id: str, done: int, total: int | None) -> None:
        self._watcher.update(stage, outlet_id, self._before + done, None if total is None else self._before + total)

    def note(self, stage: str, outlet_id: str, message: str, level: int = logging.WARNING) -> None:
        self._watcher.note(stage, outlet_id, message, level)

    def stop(self) -> None:
        self._watcher.stop()


def deep_limits(settings: Settings) -> Settings:
    """The settings with the limits of a backfill; what one page may cost stays as it is."""
    raised = {
        "crawl_seconds": max(settings.limits.crawl_seconds, BACKFILL_SECONDS),
        "crawl_requests": max(settings.limits.crawl_requests, 2 * PAGES_AT_ONCE + BACKFILL_SITEMAPS),
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
