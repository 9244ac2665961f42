"""Where the processes of crawls come from: one process imports Scrapy once, and forks itself for each crawl.

The imports take longer than the crawl of an outlet that has nothing new. The nursery, `python -m crawlers.nursery FD`,
belongs to the process that crawls and ends with it; its children then notice as those of any parent do. Where there is
none, or it has ended, a crawl's process is started anew.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

PROGRAM = "crawlers.child"
# What a crawl imports, or names in its settings. None may install Twisted's reactor: that is for one process.
IMPORTS = (
    PROGRAM,
    "crawlers.archiving",
    "crawlers.guard",
    "crawlers.handler",
    "crawlers.redirects",
    "crawlers.robots",
    "crawlers.spider",
    "scrapy.core.downloader",
    "scrapy.core.engine",
    "scrapy.core.scheduler",
    "scrapy.crawler",
    "scrapy.dupefilters",
    "scrapy.extensions.corestats",
    "scrapy.extensions.logstats",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.spiderloader",
    "scrapy.squeues",
    "scrapy.statscollectors",
)
LONGEST = 256_000  # bytes of a question, an environment: more than Linux sends in one by default
START_SECONDS, ENDING_SECONDS = 60.0, 5.0


class Forked:
    """A forked process: what a crawl's parent uses of subprocess.Popen."""

    def __init__(self, nursery: _Nursery, pid: int, ends: tuple[int, int, int]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery, self._ended = nursery, os.pidfd_open(pid)
        self.stdin: IO[bytes] | None = os.fdopen(ends[0], "wb")
        self.stdout: IO[bytes] | None = os.fdopen(ends[1], "rb")
        self.stderr: IO[bytes] | None = os.fdopen(ends[2], "rb")

    def poll(self) -> int | None:
        """The exit code, once there is one."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended. Raises subprocess.TimeoutExpired."""
        code = self._look(None if timeout is None else int(timeout * 1_000))
        if code is None:
            raise subprocess.TimeoutExpired(PROGRAM, timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """As Popen's."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._ended, number)

    def kill(self) -> None:
        """As Popen's."""
        self.send_signal(signal.SIGKILL)

    def _look(self, milliseconds: int | None) -> int | None:
        if self.returncode is None:
            poll = select.poll()
            poll.register(self._ended, select.POLLIN)
            if poll.poll(milliseconds):
                os.close(self._ended)
                self.returncode = self._nursery.exit_code(self.pid)
        return self.returncode


Child = subprocess.Popen[bytes] | Forked


def start_child() -> Child:
    """A process that waits for a crawl's job, in a session of its own; its three standard streams are pipes."""
    global _mine
    if not hasattr(os, "pidfd_open"):  # not Linux
        return start_alone()
    with _lock:
        if _mine is None or _mine.owner != os.getpid():
            _mine = _Nursery()
        try:
            return _mine.fork()
        except OSError:
            if not _mine.answers:
                _mine = None  # what it has forked may go on
    return start_alone()


def start_alone() -> Child:
    """The same, as a program of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


class _Nursery:
    """The nursery as its parent sees it."""

    def __init__(self) -> None:
        self.owner, self.answers = os.getpid(), True
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawlers.nursery", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a crawl that cannot be forked is started anew, and says what it has to say
                start_new_session=True,
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._socket.settimeout(START_SECONDS)
        atexit.register(self.close)

    def fork(self) -> Forked:
        """Another process. Raises OSError where the nursery has ended or cannot fork."""
        ours: list[int] = []
        theirs: list[int] = []
        try:
            for number in range(3):
                reading, writing = os.pipe()
                ours.append(reading if number else writing)
                theirs.append(writing if number else reading)
            pid = self._ask({"environment": dict(os.environ), "folder": str(Path.cwd())}, theirs)
            if pid < 0:
                raise OSError("the nursery cannot fork")
            return Forked(self, pid, (ours[0], ours[1], ours[2]))
        except OSError:
            for one in ours:
                os.close(one)
            raise
        finally:
            for one in theirs:
                os.close(one)

    def exit_code(self, pid: int) -> int:
        """Of a process that has ended: as Popen tells it."""
        try:
            return self._ask({"ended": pid}, [])
        except OSError:
            return -signal.SIGTERM  # what the end of the nursery sends to its children

    def close(self) -> None:
        """End it; what it has forked ends too."""
        if self.owner != os.getpid():
            return
        atexit.unregister(self.close)
        self._socket.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, question: Mapping[str, Any], descriptors: list[int]) -> int:
        said = json.dumps(question).encode()
        try:
            with self._lock:
                socket.send_fds(self._socket, [said], descriptors)
                answer = self._socket.recv(100)
            if not answer:
                raise ConnectionResetError("the nursery has ended")
        except (ConnectionError, TimeoutError):
            self.answers = False
            raise
        return int(answer)


_lock = threading.Lock()
_mine: _Nursery | None = None


def serve(parent: socket.socket) -> NoReturn:
    """Fork for each question that comes with descriptors, until the parent is gone."""
    for name in IMPORTS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # collections in forks pass over what was imported here, and leave its memory shared
    while True:
        said, descriptors, _flags, _address = socket.recv_fds(parent, LONGEST, 3)
        if not said:
            os._exit(0)
        question = json.loads(said)
        if "ended" in question:
            _, status = os.waitpid(question["ended"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = _fork(parent, question, descriptors)
        parent.send(str(answer).encode())


def _fork(parent: socket.socket, question: Mapping[str, Any], descriptors: list[int]) -> int:
    try:
        pid = os.fork()
    except OSError:
        pid = -1
    if pid == 0:
        parent.close()
        _be_child(question, descriptors)
    for one in descriptors:
        os.close(one)
    return pid


def settle(question: Mapping[str, Any]) -> None:
    """Have the environment and the folder that the parent has now."""
    os.environ.clear()
    os.environ.update(question["environment"])
    with suppress(OSError):
        os.chdir(question["folder"])


def _be_child(question: Mapping[str, Any], descriptors: list[int]) -> NoReturn:
    code = 1
    try:
        os.setsid()
        for number, one in enumerate(descriptors):
            os.dup2(one, number)
            os.close(one)
        settle(question)
        code = importlib.import_module(PROGRAM).main()
    except BaseException:  # noqa: BLE001  the last who could tell
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
