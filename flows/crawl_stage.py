"""Crawl: one outlet in a child process, kept apart from other crawls of the same outlet by a lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

from crawlers.crawl import CrawlReport, crawl
from flows.keeping import LEASE_SECONDS, keeping
from flows.ledger import now
from flows.owners import mark_children, take_or_inherit
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.errors import CrawlError
from pipeline.outlets import Outlet


def crawl_one(
    workspace: Workspace, run_id: str, outlet: Outlet, watcher: Watcher, max_pages: int | None
) -> Mapping[str, Any]:
    """Crawl one outlet; returns its counts. Raises LeaseHeld, CrawlError."""
    name, owner = f"crawl:{outlet.id}", f"{mark_children()}:{run_id}"
    lost, stopping = threading.Event(), _Stopping(watcher.stopping)
    take_or_inherit(workspace, name, owner, now(), LEASE_SECONDS)

    def lose() -> None:
        lost.set()
        stopping.set()

    with keeping(workspace, [name], owner, lose):
        report = crawl(
            outlet,
            workspace.settings,
            data_dir=workspace.data_dir,
            catalog_url=workspace.catalog_url,
            run_id=run_id,
            max_pages=max_pages,
            on_event=lambda event: _relay(watcher, outlet, event),
            stopping=stopping,
        )
    counts = _counts(report)
    if lost.is_set():
        raise CrawlError(f"{name}: the catalog was away for so long that another process took over; it goes on there")
    if report.state != "done":
        error = CrawlError(report.message or f"the crawl of {outlet.id} {report.state}")
        error.counts, error.state = counts, report.state  # type: ignore[attr-defined]  # kept in the run ledger
        raise error
    return counts


def _counts(report: CrawlReport) -> dict[str, Any]:
    return {
        "found": report.found,
        "fetched": report.fetched,
        "not_modified": report.not_modified,
        "bytes": report.bytes,
        "seconds": round(report.seconds, 2),
        "rejected": dict(report.rejected),
    }


def _relay(watcher: Watcher, outlet: Outlet, event: Mapping[str, Any]) -> None:
    if event.get("event") == "progress":
        watcher.update("crawl", outlet.id, int(event.get("fetched", 0)), event.get("total"))
    elif event.get("event") == "log":
        level = logging.getLevelNamesMapping().get(str(event.get("level")), logging.WARNING)
        watcher.note("crawl", outlet.id, str(event.get("message", "")), level)


class _Stopping(threading.Event):
    """Set when the run is told to stop, or when this crawl's lease was lost."""

    def __init__(self, run: threading.Event) -> None:
        super().__init__()
        self._run = run

    def is_set(self) -> bool:
        """True when either says so."""
        return super().is_set() or self._run.is_set()
