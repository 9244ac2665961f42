"""Crawl: one outlet in a child process, kept apart from other crawls of the same outlet by a lease."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from crawlers.crawl import CrawlReport, crawl
from flows.ledger import now
from flows.owners import mark_children, take_or_inherit
from flows.watcher import Watcher
from flows.workspace import Workspace
from pipeline.catalog.leases import drop_lease, renew_lease
from pipeline.errors import CrawlError, WireError
from pipeline.outlets import Outlet

# Renewed every third of it: a crawl whose process was killed is free again within this time.
LEASE_SECONDS = 60.0


def crawl_one(
    workspace: Workspace, run_id: str, outlet: Outlet, watcher: Watcher, max_pages: int | None
) -> Mapping[str, Any]:
    """Crawl one outlet; returns its counts. Raises LeaseHeld, CrawlError."""
    with _lease(workspace, f"crawl:{outlet.id}", f"{mark_children()}:{run_id}"):
        report = crawl(
            outlet,
            workspace.settings,
            data_dir=workspace.data_dir,
            catalog_url=workspace.catalog_url,
            run_id=run_id,
            max_pages=max_pages,
            on_event=lambda event: _relay(watcher, outlet, event),
            stopping=watcher.stopping,
        )
    counts = _counts(report)
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
        watcher.note("crawl", outlet.id, str(event.get("message", "")))


@contextmanager
def _lease(workspace: Workspace, name: str, owner: str) -> Iterator[None]:
    take_or_inherit(workspace, name, owner, now(), LEASE_SECONDS)
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE_SECONDS / 3):
            with suppress(WireError):  # the catalog is busy or full: tried again before the lease is over
                renew_lease(workspace.engine, name, owner, now(), LEASE_SECONDS)

    keeper = threading.Thread(target=renew, name=f"lease {name}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        with suppress(WireError):  # it is over by itself soon, and what came of the crawl matters more
            drop_lease(workspace.engine, name, owner)
