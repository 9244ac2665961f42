"""Runs a command and watches its whole process tree: peak memory of every process, and whom it connects to."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass, field

import psutil

EVERY = 0.2  # seconds between two looks


@dataclass
class Watched:
    """What a watched command did."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    peaks: dict[int, tuple[int, str]] = field(default_factory=dict)  # pid: bytes of resident memory, command line
    remotes: set[tuple[str, int]] = field(default_factory=set)

    @property
    def largest(self) -> tuple[int, str]:
        """Bytes and command line of the largest process."""
        return max(self.peaks.values(), default=(0, ""))


class Watcher(threading.Thread):
    """Looks at a process and all its descendants until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root = psutil.Process(pid)
        self.peaks: dict[int, tuple[int, str]] = {}
        self.remotes: set[tuple[str, int]] = set()
        self.done = threading.Event()

    def run(self) -> None:
        """Look every EVERY seconds."""
        while not self.done.wait(EVERY):
            try:
                family = [self.root, *self.root.children(recursive=True)]
            except psutil.Error:
                return
            for process in family:
                self._look(process)

    def _look(self, process: psutil.Process) -> None:
        try:
            with process.oneshot():
                size = process.memory_info().rss
                known = self.peaks.get(process.pid, (0, ""))
                line = known[1] or " ".join(process.cmdline())[-120:]
                self.peaks[process.pid] = (max(size, known[0]), line)
                for connection in process.net_connections("inet"):
                    if connection.raddr:
                        self.remotes.add((connection.raddr.ip, connection.raddr.port))
        except psutil.Error:
            return


def run_watched(command: list[str], seconds: float, env: dict[str, str] | None = None) -> Watched:
    """Run command to its end. Raises subprocess.TimeoutExpired, with the tree killed, after seconds."""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    watcher = Watcher(child.pid)
    watcher.start()
    try:
        stdout, stderr = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        for process in psutil.Process(child.pid).children(recursive=True):
            process.kill()
        child.kill()
        child.communicate()
        raise
    finally:
        watcher.done.set()
        watcher.join()
    took = time.monotonic() - started
    return Watched(child.returncode, stdout, stderr, took, watcher.peaks, watcher.remotes)
