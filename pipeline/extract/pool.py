"""A pool of child processes that read pages, so that a page that hangs, swells or crashes takes nothing with it but
itself."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from pipeline.errors import WireError
from pipeline.extract.child_process import Child, ChildDied
from pipeline.extract.task import PageTask
from pipeline.extract.wire import read_outcome
from pipeline.reasons import Reason
from pipeline.records import Article, Rejection

PAGES_PER_CHILD = 2_000  # then a fresh one: libxml2 and the allocator do not give everything back


class ExtractionPool:
    """`workers` children; each page has `seconds` of work and `megabytes` of memory. A context manager."""

    def __init__(self, workers: int, seconds: float, megabytes: int) -> None:
        self.workers, self.seconds, self.megabytes = max(1, workers), seconds, megabytes
        self._idle: deque[Child] = deque()
        self._all: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> ExtractionPool:
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="extraction")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        with self._lock:
            children = list(self._all)
        for child in children:
            if child.process.poll() is None:
                child.process.kill()  # its thread sees the end of the stream and lets go
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for child in list(self._all):
            self._drop(child)

    def map(self, tasks: Iterable[PageTask]) -> Iterator[tuple[PageTask, Article | Rejection]]:
        """Each task with its outcome, in the order of the tasks; no more than two per worker are held at once.

        Raises WireError where it is the machine that keeps pages from being read.
        """
        if self._threads is None:
            raise RuntimeError("use ExtractionPool as a context manager")
        waiting: deque[tuple[PageTask, Future[Article | Rejection]]] = deque()
        try:
            for task in tasks:
                waiting.append((task, self._threads.submit(self._extract, task)))
                if len(waiting) >= 2 * self.workers:
                    yield self._settled(waiting)
            while waiting:
                yield self._settled(waiting)
        finally:
            for _, future in waiting:
                future.cancel()

    def extract(self, task: PageTask) -> Article | Rejection:
        """One page. A page that ends its child is quarantined, and the next one gets a fresh child."""
        if self._threads is None:
            raise RuntimeError("use ExtractionPool as a context manager")
        # On a thread of the pool: the kernel ends a child with the thread that started it.
        return self._threads.submit(self._extract, task).result()

    def _extract(self, task: PageTask) -> Article | Rejection:
        """A page whose child died is given to one more: whatever killed the first may not have been the page."""
        try:
            return self._try(task)
        except ChildDied as died:
            if died.reason is not Reason.EXTRACTION_CRASH:
                return _quarantine(task, died.reason, died.detail)
        try:
            return self._try(task)
        except ChildDied as died:
            return _quarantine(task, died.reason, died.detail)

    def _try(self, task: PageTask) -> Article | Rejection:
        child = self._take()
        try:
            reply = child.ask(task)
        except BaseException:
            self._drop(child)
            raise
        if reply["kind"] == "memory":
            self._drop(child)
            return _quarantine(task, Reason.EXTRACTION_MEMORY, f"more than {self.megabytes} MB asked for")
        self._give_back(child)
        if reply["kind"] == "machine":  # no fault of the page, which waits for the next run
            raise WireError(f"{task.url}: cannot be read now: {reply['detail']}")
        if reply["kind"] == "error":
            return _quarantine(task, Reason.UNEXPECTED_ERROR, str(reply.get("detail", "")))
        return read_outcome(reply)

    @staticmethod
    def _settled(
        waiting: deque[tuple[PageTask, Future[Article | Rejection]]],
    ) -> tuple[PageTask, Article | Rejection]:
        task, future = waiting.popleft()
        return task, future.result()

    def _take(self) -> Child:
        with self._lock:
            if self._idle:
                return self._idle.popleft()
        child = Child(self.seconds, self.megabytes)
        with self._lock:
            self._all.add(child)
        if self._closed:
            self._drop(child)
            raise RuntimeError("the pool is closed")
        return child

    def _give_back(self, child: Child) -> None:
        if self._closed or child.pages >= PAGES_PER_CHILD:
            self._drop(child)
            return
        with self._lock:
            self._idle.append(child)

    def _drop(self, child: Child) -> None:
        child.kill()
        with self._lock:
            self._all.discard(child)


def _quarantine(task: PageTask, reason: Reason, detail: str) -> Rejection:
    outlet_id = task.outlet.id if task.outlet else (task.hints.outlet_id if task.hints else "")
    return Rejection(outlet_id, task.url, "extract", reason, detail, task.fetched_at, quarantined=True)
