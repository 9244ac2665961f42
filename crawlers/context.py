"""What the parts of one crawl share: the job, the scope, the recorder and the count of what happened."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scrapy import Request

from crawlers.backoff import Backoff
from crawlers.job import CrawlJob
from crawlers.recorder import Recorder
from crawlers.scope import Scope
from pipeline.errors import WireError
from pipeline.records import PageKind
from pipeline.urls import DEFAULT_PORTS, Origin, origin_of

# RFC 9309, 2.5: at least 500 KiB of a robots.txt are read.
ROBOTS_BYTES = 512_000
SOURCES = (PageKind.FEED, PageKind.SITEMAP, PageKind.SECTION)


class CrawlContext:
    """One crawl of one outlet."""

    def __init__(self, job: CrawlJob, recorder: Recorder, emit: Callable[[dict[str, Any]], None]) -> None:
        self.job, self.outlet, self.settings = job, job.outlet, job.settings
        self.scope = Scope(job.outlet)
        self.recorder = recorder
        self.emit = emit
        self.started = time.monotonic()
        self.requests = 0
        self.counts: Counter[str] = Counter()
        self.stopping = False
        self.on_stop: list[Callable[[], None]] = []
        self.budget_used = False  # no more requests or seconds for this crawl
        self.failed = ""  # what made going on impossible: no disk space, the catalog locked
        self.unreadable = False  # no source could be read
        self.interrupted = False  # told to stop from outside
        self.down: set[Origin] = set()  # servers that stopped answering: not asked any more in this crawl
        self.backoff = Backoff()
        self.message = ""  # the first thing that went wrong, in one line

    @property
    def is_down(self) -> bool:
        """True where every server that announces articles stopped answering."""
        return bool(self.down) and {origin_of(url) for url in self.outlet.start_urls} <= self.down

    @staticmethod
    def slot(url: str) -> str:
        """Scrapy's download slot: the host, http and https together, so that its delay holds over both."""
        _, host, port = origin_of(url)
        return host if port in DEFAULT_PORTS.values() else f"{host}:{port}"

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds since the crawl began."""
        return time.monotonic() - self.started

    def max_bytes(self, request: Request) -> int:
        """How much of an answer is read, as received."""
        limits = self.settings.limits
        kind = request.meta["kind"]
        if kind is PageKind.ROBOTS:
            return ROBOTS_BYTES
        return limits.feed_bytes if kind in SOURCES else limits.page_bytes

    def tell_progress(self) -> None:
        """Tell the parent how far the crawl is."""
        total = min(self.job.max_pages, self.counts["planned"])
        self.emit({"event": "progress", "fetched": self.counts["visited"], "total": total})

    def interrupt(self) -> None:
        """Stop because somebody said so."""
        self.interrupted = True
        self.stop()

    def fail(self, error: WireError) -> None:
        """Stop because going on is impossible; the first reason is told."""
        self.failed = self.failed or str(error)
        self.stop()

    def stop(self) -> None:
        """End as soon as possible; what is under way is dropped and stays in the ledger."""
        if not self.stopping:
            self.stopping = True
            for call in self.on_stop:
                call()
