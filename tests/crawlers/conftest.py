from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from crawlers.crawl import CrawlReport, crawl
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.reader import read_capture
from pipeline.catalog.captures import pending_captures
from pipeline.catalog.engine import open_catalog, reading, sqlite_url
from pipeline.outlets import Outlet
from pipeline.settings import Settings
from tests.crawlers.server import Server, held, ok, page, serve

OnEvent = Callable[[Mapping[str, Any]], None]


@dataclass
class Bench:
    """One outlet on one server, with a data folder to crawl it into."""

    site: Server
    data_dir: Path
    discover: dict[str, Any] = field(default_factory=dict)
    manners: dict[str, Any] = field(default_factory=lambda: {"delay": 0, "concurrency": 4})
    limits: dict[str, Any] = field(default_factory=lambda: {"page_seconds": 3.0, "crawl_seconds": 60.0})
    network: dict[str, Any] = field(default_factory=lambda: {"allow_private": ["127.0.0.1/32"]})
    runs: int = 0

    @property
    def outlet(self) -> Outlet:
        discover = self.discover or {"feeds": [self.site.url("/feed.xml")]}
        content = {"id": "news", "name": "News", "language": "en", "time_zone": "UTC"}
        return Outlet.model_validate({**content, "discover": discover, "crawl": self.manners})

    @property
    def settings(self) -> Settings:
        return Settings.model_validate({"network": self.network, "limits": self.limits})

    def crawl(
        self,
        *,
        max_pages: int | None = None,
        on_event: OnEvent | None = None,
        stopping: threading.Event | None = None,
    ) -> CrawlReport:
        self.runs += 1
        return crawl(
            self.outlet,
            self.settings,
            data_dir=self.data_dir,
            catalog_url=self.catalog_url,
            run_id=f"run-{self.runs}",
            max_pages=max_pages,
            on_event=on_event,
            stopping=stopping,
        )

    @property
    def catalog_url(self) -> str:
        return sqlite_url(self.data_dir)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = create_engine(self.catalog_url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.exec_driver_sql(query)]
        finally:
            engine.dispose()

    def states(self) -> dict[str, str]:
        """State of every article in the ledger by path."""
        rows = self.rows("select url, state from urls where kind = 'article'")
        return {url.partition(str(self.site.port))[2]: state for url, state in rows}

    def reasons(self) -> dict[str, set[str]]:
        """Reasons of refusals by path or URL."""
        found: dict[str, set[str]] = {}
        for url, reason in self.rows("select url, reason from rejections"):
            found.setdefault(url.removeprefix(self.site.origin), set()).add(reason)
        return found

    def pending(self) -> dict[str, bytes]:
        """Decoded payload of every capture that waits for extraction, by path; every one is read and verified."""
        engine = open_catalog(self.catalog_url)
        files = ArchiveFiles(self.data_dir)
        with reading(engine) as connection:
            captures = pending_captures(connection, [], 10_000)
        engine.dispose()
        found = {
            one.url.removeprefix(self.site.origin): read_capture(files, one).payload(10**8).data for one in captures
        }
        assert len(found) == len(captures), "a URL was captured twice"
        return found


@pytest.fixture
def site() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def bench(site: Server, tmp_path: Path) -> Bench:
    return Bench(site, tmp_path / "data")


def until(holds: Any, seconds: float = 30) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def held_back(site: Server, path: str) -> threading.Event:
    """A page that comes when it may: the crawl cannot end before."""
    gate = threading.Event()
    site.routes[path] = held(gate, ok(page(path)))
    return gate
