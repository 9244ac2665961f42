"""Stands in for subprocess.Popen in a forked run: the two kinds of child processes are forked, too, not started anew.

Starting Python and importing Scrapy or an HTML parser takes seconds, and a run with a fault takes a tenth of one. The
children are forked by a process of their own, made before the run opens the catalog: SQLite must not cross a fork.
"""

from __future__ import annotations

import array
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any, NoReturn

from tests.faults.inject import Faults, note_process

_Popen = subprocess.Popen


class Nursery:
    """The process that forks, seen from the run."""

    def __init__(self, faults: Faults) -> None:
        self._lock = threading.Lock()
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        run = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            here.close()
            note_process(faults.counter)
            _serve(there, run)
        there.close()
        self._socket = here

    def ask(self, descriptors: list[int], **question: Any) -> int | None:
        """One question, one answer."""
        with self._lock:
            packed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
            self._socket.sendmsg([json.dumps(question).encode()], packed)
            answer: int | None = json.loads(self._socket.recv(1_000))
        return answer


def start_child(command: list[str], **settings: Any) -> Any:
    """As subprocess.Popen: a child that runs a module is forked, what else a run starts is started."""
    return ForkedChild(command, **settings) if "-m" in command else _Popen(command, **settings)


class ForkedChild:
    """What of subprocess.Popen the crawl and the extraction pool use."""

    nursery: Nursery

    def __init__(self, command: list[str], *, bufsize: int = -1, stderr: int = subprocess.PIPE, **_: Any) -> None:
        self.returncode: int | None = None
        ends = [os.pipe() for _ in range(3)]
        theirs = [ends[0][0], ends[1][1], ends[2][1]]
        self.pid = self.nursery.ask(theirs, do="fork", command=command) or 0
        for one in theirs:
            os.close(one)
        self.stdin: Any = os.fdopen(ends[0][1], "wb", bufsize)
        self.stdout: Any = os.fdopen(ends[1][0], "rb", bufsize)
        self.stderr: Any = os.fdopen(ends[2][0], "rb", bufsize)
        if stderr == subprocess.DEVNULL:
            self.stderr.close()
            self.stderr = None

    def poll(self) -> int | None:
        """The exit code, once there is one."""
        if self.returncode is None:
            self.returncode = self.nursery.ask([], do="poll", pid=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended. Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a forked child", timeout or 0)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        """As Popen's."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """As Popen's."""
        self.send_signal(signal.SIGKILL)


def _serve(server: socket.socket, run: int) -> NoReturn:
    """Fork what is asked for, until the run ends."""
    ended: dict[int, int] = {}
    while True:
        data, packed, _flags, _address = server.recvmsg(100_000, socket.CMSG_LEN(12))
        if not data:
            os._exit(0)
        question = json.loads(data)
        answer: int | None
        if question["do"] == "poll":
            answer = _exit_code(question["pid"], ended)
        else:
            descriptors = array.array("i")
            descriptors.frombytes(packed[0][2][:12])
            answer = _fork(question["command"], list(descriptors), server)
        server.sendall(json.dumps(answer).encode())


def _exit_code(pid: int, ended: dict[int, int]) -> int | None:
    if pid not in ended:
        found, status = os.waitpid(pid, os.WNOHANG)
        if not found:
            return None
        ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid]


def _fork(command: list[str], descriptors: list[int], server: socket.socket) -> int:
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        for one in descriptors:
            os.close(one)
        return pid
    server.close()
    for number, one in enumerate(descriptors):
        os.dup2(one, number)
        os.close(one)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    code = 1
    try:
        code = _be(command, nursery)
    finally:
        os._exit(code)


def _be(command: list[str], nursery: int) -> int:
    """What the command would have started."""
    from tests.faults.inject import active

    faults = active()
    if faults is not None:
        note_process(faults.counter)
    if command[1:3] == ["-m", "crawlers.child"]:
        from crawlers.child import main

        code = main()
        sys.stdout.flush()
        return code
    from pipeline.extract.child import serve

    sys.argv = [*command[2:-1], str(nursery)]
    serve()
    return 0
