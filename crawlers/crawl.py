"""Crawling one outlet from the outside: start the child process, relay what it says, stop it, read its report."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from crawlers import nursery
from crawlers.job import CrawlJob, CrawlReport
from crawlers.nursery import Child
from pipeline.outlets import Outlet
from pipeline.settings import Settings

# The child writes down what it has within 8 seconds of a SIGTERM.
KILL_AFTER = 10.0
LOOK_EVERY = 0.1
# A crawl ends itself after limits.crawl_seconds; one that does not has hung.
OVERTIME = 60.0
LAST_LINES = 20
STOPPED = "stopped"

OnEvent = Callable[[Mapping[str, Any]], None]

__all__ = ["CrawlReport", "crawl"]


def crawl(
    outlet: Outlet,
    settings: Settings,
    *,
    data_dir: Path,
    catalog_url: str,
    run_id: str,
    max_pages: int | None = None,
    on_event: OnEvent | None = None,
    stopping: threading.Event | None = None,
) -> CrawlReport:
    """Crawl one outlet in a child process. Set stopping to end it early; what was fetched by then is kept.

    Events for on_event: {"event": "progress", "fetched", "total"} and {"event": "log", "level", "message"}.
    """
    pages = outlet.crawl.max_pages if max_pages is None else min(max_pages, outlet.crawl.max_pages)
    job = CrawlJob(outlet, settings, data_dir.absolute(), catalog_url, run_id, pages)
    started = time.monotonic()
    child = _start(job)
    listener = _Listener(child, on_event or _ignore)
    try:
        ended_for = _wait(child, stopping or threading.Event(), settings.limits.crawl_seconds + OVERTIME)
    except BaseException:
        _end(child)
        raise
    finally:
        listener.join()
    return listener.report or _without_report(outlet.id, child, listener, ended_for, time.monotonic() - started)


def _start(job: CrawlJob) -> Child:
    child = nursery.start_child()
    if child.stdin is not None:
        with suppress(BrokenPipeError):  # it has ended already: why is seen like any other end
            child.stdin.write(job.to_json().encode() + b"\n")
            child.stdin.flush()  # left open: when this process ends, the child notices
    return child


def _wait(child: Child, stopping: threading.Event, seconds: float) -> str:
    """Wait for the child; why it was ended from here, empty where it was not."""
    deadline = time.monotonic() + seconds
    while child.poll() is None:
        if stopping.is_set() or time.monotonic() > deadline:
            _end(child)
            return STOPPED if stopping.is_set() else f"hung: ended after {seconds:,.0f} seconds"
        try:
            child.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
    return ""


def _end(child: Child) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(KILL_AFTER)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


class _Listener:
    """Reads what the child says, in threads, so that its pipes never fill."""

    def __init__(self, child: Child, on_event: OnEvent) -> None:
        self.report: CrawlReport | None = None
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._child, self._on_event = child, on_event
        self._threads = [
            threading.Thread(target=self._hear, args=(child.stdout,), daemon=True),
            threading.Thread(target=self._collect, args=(child.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until everything was read."""
        for thread in self._threads:
            thread.join()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):  # a job that nobody took
                    pipe.close()

    def _hear(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            try:
                event = json.loads(line)
            except ValueError:
                self.last_lines.append(line.decode("utf-8", "replace").rstrip())
                continue
            if event.get("event") == "report":
                self.report = CrawlReport.from_event(event)
            else:
                self._on_event(event)

    def _collect(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            self.last_lines.append(line.decode("utf-8", "replace").rstrip())


def _without_report(outlet_id: str, child: Child, listener: _Listener, ended_for: str, seconds: float) -> CrawlReport:
    """The report of a child that ended without one."""
    if ended_for:
        is_told = ended_for == STOPPED
        return CrawlReport(outlet_id, "interrupted" if is_told else "failed", seconds=seconds, message=ended_for)
    said = next((line for line in reversed(listener.last_lines) if line.strip()), "")
    code = child.returncode or 0
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    message = f"the crawl's process ended with {how}" + (f": {said[:300]}" if said else "")
    return CrawlReport(outlet_id, "failed", seconds=seconds, message=message)


def _ignore(_event: Mapping[str, Any]) -> None:
    return None
