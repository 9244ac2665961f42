"""Writes down what a crawl sees: the answer into the archive first, then, in batches, the rows that point at it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawlers.job import CrawlJob
from pipeline.archive.answer import Answer
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.writer import WarcWriter
from pipeline.catalog.articles import add_rejections
from pipeline.catalog.captures import add_captures, mark_extracted
from pipeline.catalog.engine import Connection, Engine, read_surely, write_surely
from pipeline.catalog.ledger import LedgerEntry, Visit, due_articles, entries_of, record_discoveries, record_visits
from pipeline.reasons import Reason
from pipeline.records import Capture, Discovery, PageKind, Rejection

log = logging.getLogger("wirecopy")
# Enough to see what is the matter; the catalog has them all.
REFUSALS_LOGGED = 50
# A kill between two flushes costs at most this many pages another fetch, and nothing else.
PAGES_AT_ONCE = 25
# In a bucket each flush makes an object of its own, so that they are fewer there.
PAGES_PER_OBJECT = 100
SECONDS_PER_OBJECT = 60.0
SOFTWARE = "wirecopy"
MAX_URL_IN_ROW = 2_000


@dataclass(slots=True)
class _Batch:
    captures: list[Capture] = field(default_factory=list)
    not_due: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    discoveries: list[Discovery] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.captures) + len(self.visits) + len(self.rejections) + len(self.discoveries)


class Recorder:
    """The archive and the catalog of one crawl. add_* only remember; flush writes."""

    def __init__(self, job: CrawlJob, engine: Engine, files: ArchiveFiles) -> None:
        self._job, self._engine = job, engine
        self._writer = WarcWriter(files, job.outlet.id, job.run_id, SOFTWARE)
        self._batch = _Batch()
        self._lock = asyncio.Lock()
        # One thread of its own, so that batches are written in their order and none is dropped when a crawl ends.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        self._last_write: Future[BaseException | None] | None = None
        self._pages_at_once = PAGES_PER_OBJECT if files.is_spool else PAGES_AT_ONCE
        self._pause = SECONDS_PER_OBJECT if files.is_spool else 0.0
        self._flushed_at = time.monotonic()
        self._told: set[tuple[str, Reason]] = set()
        self._has_lost = False
        self.found = 0  # articles that were not known before
        self.rejected: Counter[str] = Counter()

    def archive(self, answer: Answer, *, due: bool) -> Capture:
        """Append an answer to the archive; due: it waits for extraction."""
        capture = self._writer.add(answer)
        self._batch.captures.append(capture)
        if not due:
            self._batch.not_due.add(capture.capture_id)
        return capture

    def add_visit(self, visit: Visit) -> None:
        """Remember what came of asking for a URL."""
        self._batch.visits.append(visit)

    def add_discoveries(self, discoveries: Collection[Discovery]) -> None:
        """Remember announced articles."""
        self._batch.discoveries.extend(discoveries)

    def reject(self, url: str, reason: Reason, detail: str, at: datetime, *, quarantined: bool = False) -> None:
        """Remember a refusal, once per URL and reason."""
        if (url, reason) in self._told:
            return
        self._told.add((url, reason))
        self.rejected[reason.value] += 1
        if len(self._told) <= REFUSALS_LOGGED:
            log.info("refused, %s: %s %s", reason.value, url, detail)
        self._batch.rejections.append(
            Rejection(
                outlet_id=self._job.outlet.id,
                url=url[:MAX_URL_IN_ROW],
                stage="crawl",
                reason=reason,
                detail=detail[:500],
                rejected_at=at,
                quarantined=quarantined,
                run_id=self._job.run_id,
            )
        )

    @property
    def is_full(self) -> bool:
        """True when a flush is due."""
        return len(self._batch.captures) >= self._pages_at_once or len(self._batch) >= self._pages_at_once * 20

    async def flush(self) -> None:
        """Write everything remembered so far. Raises ArchiveError, StorageError, CatalogError."""
        async with self._lock:
            if len(self._batch):
                self._last_write = self._thread.submit(self._try_write, *self._take())
                # What was taken must be written, though nobody waits for it any more.
                error = await asyncio.shield(asyncio.wrap_future(self._last_write))
                self._last_write = None
                if error is not None:
                    raise error

    async def flush_in_time(self) -> None:
        """Write what was remembered, unless that was done a moment ago and each time costs an object of a bucket."""
        if time.monotonic() - self._flushed_at >= self._pause:
            await self.flush()

    async def due(self, limit: int, skip: Collection[str]) -> list[LedgerEntry]:
        """Articles to fetch next, without those whose keys are in skip."""
        await self.flush()
        return await asyncio.to_thread(self._due, limit, skip)

    async def entries(self, kind: PageKind, urls: Collection[str]) -> dict[str, LedgerEntry]:
        """What the ledger knows of these URLs."""
        return await asyncio.to_thread(self._entries, kind, urls)

    def close(self) -> None:
        """Write what is left and finish the archive file; after a failed write it is left for the next crawl.

        Raises ArchiveError, StorageError, CatalogError.
        """
        self._thread.shutdown()
        try:
            if self._last_write is not None and (error := self._last_write.result()) is not None:
                raise error
            if len(self._batch):
                self._write(*self._take())
        finally:
            if self._has_lost:
                self._writer.leave()
            else:
                self._writer.close()

    def _take(self) -> tuple[_Batch, list[str]]:
        """What is remembered, and the files of the spool that hold its captures."""
        batch, self._batch = self._batch, _Batch()
        self._flushed_at = time.monotonic()
        return batch, self._writer.cut() if batch.captures else []

    def _try_write(self, batch: _Batch, names: list[str]) -> BaseException | None:
        """The error, where there was one: it is for whoever waits, be it the crawl or its end."""
        try:
            self._write(batch, names)
        except BaseException as error:  # noqa: BLE001
            return error
        return None

    def _write(self, batch: _Batch, names: list[str]) -> None:
        try:
            if batch.captures:
                self._writer.sync(names)
            write_surely(self._engine, lambda connection: self._note(connection, batch))
        except BaseException:
            self._has_lost = True  # the next crawl notes from the archive what the rows would have said
            raise
        self._writer.noted(names)

    def _note(self, connection: Connection, batch: _Batch) -> None:
        found = record_discoveries(connection, batch.discoveries)
        add_captures(connection, batch.captures)
        for capture_id in batch.not_due:
            mark_extracted(connection, capture_id, "not_due")
        record_visits(connection, batch.visits)
        add_rejections(connection, batch.rejections)
        self.found += found

    def _due(self, limit: int, skip: Collection[str]) -> list[LedgerEntry]:
        now, wanted = datetime.now(UTC), limit + len(skip)
        found = read_surely(self._engine, lambda catalog: due_articles(catalog, self._job.outlet.id, now, wanted))
        return [entry for entry in found if entry.url_key not in skip][:limit]

    def _entries(self, kind: PageKind, urls: Collection[str]) -> dict[str, LedgerEntry]:
        return read_surely(self._engine, lambda catalog: entries_of(catalog, self._job.outlet.id, kind, urls))
