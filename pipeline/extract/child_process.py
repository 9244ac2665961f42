"""One child process as its parent sees it: started, given pages, given up on when it hangs, swells or dies."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any, BinaryIO, cast

from pipeline.errors import WireError
from pipeline.extract.task import PageTask
from pipeline.extract.wire import read_frame, task_header, write_frame
from pipeline.reasons import Reason

START_SECONDS = 60.0
PROGRAM = "from pipeline.extract.child import serve; serve()"
# A death with this share of the allowed memory in use counts as a death by memory.
NEARLY_ALL = 0.75
# On a busy machine a page has its seconds of work, but no more than so many times that by the clock; then the child's
# own alarm would end it (see child.py).
MOST_STRETCH = 2.0
SHORTEST_WAIT = 0.02
TICKS = os.sysconf("SC_CLK_TCK")
PIPE = 1 << 20  # bytes; what Linux lets anybody ask for. A page goes through in one piece, not 64 KiB at a time


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
        _widen(cast("BinaryIO", self.process.stdin))
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


def _widen(pipe: BinaryIO) -> None:
    """Let more wait in a pipe, where the system can."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


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
