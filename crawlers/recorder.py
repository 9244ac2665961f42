"""Writes down what a crawl sees: the answer into the archive first, then, in batches, the rows that point at it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawlers.job import CrawlJob
from pipeline.archive.answer import Answer
from pipeline.archive.files import ArchiveFiles
from pipeline.archive.writer import WarcWriter
from pipeline.catalog.articles import add_rejections
from pipeline.catalog.captures import add_captures, mark_extracted
from pipeline.catalog.engine import Engine, reading, writing
from pipeline.catalog.ledger import LedgerEntry, Visit, due_articles, entries_of, record_discoveries, record_visits
from pipeline.reasons import Reason
from pipeline.records import Capture, Discovery, PageKind, Rejection

# A kill between two flushes costs at most this many pages another fetch, and nothing else.
PAGES_AT_ONCE = 25
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
        self._told: set[tuple[str, Reason]] = set()
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
        self._batch.rejections.append(
            Rejection(
                outlet_id=self._job.outlet.id,
                url=_storable(url)[:MAX_URL_IN_ROW],
                stage="crawl",
                reason=reason,
                detail=_storable(detail)[:500],
                rejected_at=at,
                quarantined=quarantined,
                run_id=self._job.run_id,
            )
        )

    @property
    def is_full(self) -> bool:
        """True when a flush is due."""
        return len(self._batch.captures) >= PAGES_AT_ONCE or len(self._batch) >= PAGES_AT_ONCE * 20

    async def flush(self) -> None:
        """Write everything remembered so far. Raises ArchiveError, CatalogError."""
        async with self._lock:
            if len(self._batch):
                batch, self._batch = self._batch, _Batch()
                await asyncio.to_thread(self._write, batch)

    async def due(self, limit: int, skip: Collection[str]) -> list[LedgerEntry]:
        """Articles to fetch next, without those whose keys are in skip."""
        await self.flush()
        return await asyncio.to_thread(self._due, limit, skip)

    async def entries(self, kind: PageKind, urls: Collection[str]) -> dict[str, LedgerEntry]:
        """What the ledger knows of these URLs."""
        return await asyncio.to_thread(self._entries, kind, urls)

    def close(self) -> None:
        """Write what is left and finish the archive file."""
        if len(self._batch):
            batch, self._batch = self._batch, _Batch()
            self._write(batch)
        self._writer.close()

    def _write(self, batch: _Batch) -> None:
        if batch.captures:
            self._writer.sync()
        with writing(self._engine) as connection:
            self.found += record_discoveries(connection, batch.discoveries)
            add_captures(connection, batch.captures)
            for capture_id in batch.not_due:
                mark_extracted(connection, capture_id, "not_due")
            record_visits(connection, batch.visits)
            add_rejections(connection, batch.rejections)

    def _due(self, limit: int, skip: Collection[str]) -> list[LedgerEntry]:
        with reading(self._engine) as connection:
            found = due_articles(connection, self._job.outlet.id, datetime.now(UTC), limit + len(skip))
        return [entry for entry in found if entry.url_key not in skip][:limit]

    def _entries(self, kind: PageKind, urls: Collection[str]) -> dict[str, LedgerEntry]:
        with reading(self._engine) as connection:
            return entries_of(connection, self._job.outlet.id, kind, urls)


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
