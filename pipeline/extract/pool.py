"""Child processes that read pages, so that a page that hangs, swells or crashes takes nothing with it but itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from types import TracebackType
from typing import Any, BinaryIO, cast

from pipeline.errors import WireError
from pipeline.extract.task import PageTask
from pipeline.extract.wire import read_frame, read_outcome, task_header, write_frame
from pipeline.reasons import Reason
from pipeline.records import Article, Rejection

START_SECONDS = 60.0
PROGRAM = "from pipeline.extract.child import serve; serve()"
# A death with this share of the allowed memory in use counts as a death by memory.
NEARLY_ALL = 0.75
# On a busy machine a page has its seconds of work, but no more than so many times that by the clock; then the child's
# own alarm would end it (see child.py).
MOST_STRETCH = 2.0
SHORTEST_WAIT = 0.02
TICKS = os.sysconf("SC_CLK_TCK")
PAGES_PER_CHILD = 2_000  # then a fresh one: libxml2 and the allocator do not give everything back


class ChildDied(Exception):
    """The child ended or stopped answering; reason says which."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class Child:
    """One child process. Used by one thread at a time; `kill` may come from another."""

    def __init__(self, seconds: float, megabytes: int) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self.pages = 0
        # One thread per number-crunching library: their idle threads reserve hundreds of megabytes of address space.
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",
        }
        command = [sys.executable, "-c", PROGRAM, str(megabytes), str(seconds), str(os.getpid())]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
        self._stat = Path(f"/proc/{self.process.pid}/stat")
        self.selector = DefaultSelector()
        self.selector.register(cast("BinaryIO", self.process.stdout), EVENT_READ)
        self.answers = AnswerReader(cast("BinaryIO", self.process.stdout).fileno(), self.selector, self._left)
        self._began = self._worked = 0.0  # the page in hand: when it came, and the child's work until then
        try:
            # What it held at most before it began counts the memory of the process it was forked from.
            self.inherited = int(self.answers.read(time.monotonic() + START_SECONDS)["peak"]) / 1024
        except ChildDied as died:
            self.kill()
            raise WireError(f"an extraction process cannot be started: {died.detail}") from died

    def ask(self, task: PageTask) -> dict[str, Any]:
        """The child's answer. Raises ChildDied."""
        self.pages += 1
        self._began, self._worked = time.monotonic(), self._work()
        try:
            write_frame(cast("BinaryIO", self.process.stdin), task_header(task), task.payload)
        except OSError as error:
            raise self._died("it ended before the page reached it") from error
        try:
            return self.answers.read(self._began + self.seconds)
        except ChildDied as died:
            if died.reason is Reason.EXTRACTION_TIMEOUT:
                raise ChildDied(died.reason, f"no answer within {self.seconds:g} seconds") from died
            raise self._died(died.detail) from died

    def kill(self) -> None:
        """End the process and close the pipes."""
        if self.process.poll() is None:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        self.process.wait()
        self.selector.close()

    def _left(self) -> float:
        """Seconds that the page still has, because others held up the child."""
        latest = self._began + MOST_STRETCH * self.seconds
        return min(self.seconds - (self._work() - self._worked), latest - time.monotonic())

    def _work(self) -> float:
        """Seconds of CPU that the child has had, where the system says so (Linux); else as if it had worked always."""
        try:
            with self._stat.open("rb", buffering=0) as stat:
                fields = stat.read(2_000).rpartition(b")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _died(self, detail: str) -> ChildDied:
        """Why it ended: by memory where nearly all of what it may have was in use."""
        try:
            _, status, usage = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss / 1024  # kilobytes on Linux
        except ChildProcessError:
            peak = 0.0
        if peak >= NEARLY_ALL * self.megabytes and peak > self.inherited:
            return ChildDied(Reason.EXTRACTION_MEMORY, f"it held {peak:.0f} MB")
        return ChildDied(Reason.EXTRACTION_CRASH, f"{detail}; exit {self.process.returncode}")


class AnswerReader:
    """Reads frames from a file descriptor with a deadline."""

    def __init__(self, descriptor: int, selector: DefaultSelector, left: Callable[[], float] = lambda: 0.0) -> None:
        self.descriptor, self.selector, self.left = descriptor, selector, left
        self.deadline = 0.0

    def read(self, deadline: float) -> dict[str, Any]:
        """The next frame's header. Raises ChildDied on the end of the stream or the deadline."""
        self.deadline = deadline
        try:
            frame = read_frame(cast("BinaryIO", _Exactly(self)))
        except ValueError as error:
            raise ChildDied(Reason.EXTRACTION_CRASH, f"unreadable answer: {error}") from error
        if frame is None:
            raise ChildDied(Reason.EXTRACTION_CRASH, "it ended without an answer")
        return frame[0]

    def wait(self) -> None:
        """Until there is something to read. Raises ChildDied at the deadline."""
        while not self.selector.select(max(0.0, self.deadline - time.monotonic())):
            left = self.left()
            if left < SHORTEST_WAIT:
                raise ChildDied(Reason.EXTRACTION_TIMEOUT, "no answer in time")
            self.deadline = time.monotonic() + left


class _Exactly:
    """The part of a binary stream that read_frame needs."""

    def __init__(self, reader: AnswerReader) -> None:
        self.reader = reader

    def read(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self.reader.wait()
            try:
                part = os.read(self.reader.descriptor, min(size - len(parts), 1_048_576))
            except OSError:
                break
            if not part:
                break
            parts += part
        return bytes(parts)


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
        """Each task with its outcome, in the order of the tasks; no more than two per worker are held at once."""
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
