"""The crawl's process, `python -m crawlers.child`: a job on standard input, events as JSON on standard output.

It ends when it is told to (SIGTERM), when its parent dies (its standard input closes; on Linux the kernel says so too),
and at the latest some seconds after either.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Any

from crawlers.context import CrawlContext
from crawlers.job import CrawlJob, CrawlReport, CrawlState
from crawlers.recorder import Recorder
from crawlers.recovery import recover
from crawlers.scrapy_settings import scrapy_settings
from crawlers.spider import OutletSpider
from pipeline.archive.files import ArchiveFiles
from pipeline.catalog.engine import open_catalog, outlast
from pipeline.errors import WireError
from pipeline.machine_errors import in_words, with_file
from pipeline.storage import Storage

PR_SET_PDEATHSIG = 1  # prctl(2)
LINE_LENGTH = 2_000
# Whose lines are passed on below a warning: start, end and figures of a crawl, one a minute on how it goes, and ours.
TOLD = frozenset(("scrapy.core.engine", "scrapy.statscollectors", "scrapy.extensions.logstats", "wirecopy"))
LAST_SECONDS = 8.0  # a stopped crawl has this long to write down what it has


def main() -> int:
    """Run the job on standard input; returns the exit code."""
    _die_with_parent()
    line = sys.stdin.buffer.readline()
    if not line:
        return 2
    job = CrawlJob.from_json(line)
    _pass_on_logs()
    try:
        report = _crawl(job)
    except WireError as error:
        report = CrawlReport(job.outlet.id, "failed", message=str(error))
    except (OSError, MemoryError) as error:
        report = CrawlReport(job.outlet.id, "failed", message=with_file(error, in_words(error)))
    _emit(report.to_event())
    return 0


def _crawl(job: CrawlJob) -> CrawlReport:
    from scrapy.crawler import AsyncCrawlerProcess

    seconds = job.settings.limits.catalog_seconds
    engine = outlast(lambda: open_catalog(job.catalog_url, seconds))  # the parent had it open a moment ago
    storage = Storage(job.settings.storage) if job.settings.storage else None
    files = ArchiveFiles(job.data_dir, storage)
    recover(job.outlet.id, engine, files)
    recorder = Recorder(job, engine, files)
    context = CrawlContext(job, recorder, _emit)
    process = AsyncCrawlerProcess(scrapy_settings(job), install_root_handler=False)
    process.crawl(OutletSpider, context=context)
    _stop_when_told(context)
    process.start(install_signal_handlers=False)
    try:
        recorder.close()
    finally:
        engine.dispose()
    return _report(context)


def _report(context: CrawlContext) -> CrawlReport:
    counts, recorder = context.counts, context.recorder
    return CrawlReport(
        outlet_id=context.outlet.id,
        state=_state(context),
        found=recorder.found,
        fetched=counts["fetched"],
        not_modified=counts["not_modified"],
        rejected=dict(recorder.rejected),
        bytes=counts["bytes"],
        seconds=context.seconds(),
        requests=context.requests,
        message=context.failed or context.message,
    )


def _state(context: CrawlContext) -> CrawlState:
    if context.failed:
        return "failed"
    if context.interrupted:
        return "interrupted"
    return "failed" if context.unreadable or context.is_down else "done"


def _stop_when_told(context: CrawlContext) -> None:
    """SIGTERM, SIGINT and the end of standard input stop the crawl."""
    from twisted.internet import reactor

    running: Any = reactor

    def stop(*_: object) -> None:
        threading.Thread(target=_last_resort, daemon=True).start()
        running.callFromThread(context.interrupt)

    def watch_parent() -> None:
        with suppress(OSError):
            while os.read(0, 1):  # not sys.stdin: its lock would be held when the interpreter ends
                pass
        stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.Thread(target=watch_parent, daemon=True).start()


def _last_resort() -> None:
    threading.Event().wait(LAST_SECONDS)
    os._exit(3)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _emit(event: dict[str, Any]) -> None:
    with suppress(OSError, ValueError):  # the parent is gone: there is nobody to tell
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


class _Relay(logging.Handler):
    """Log records as events."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass one on, in one line."""
        if record.levelno >= logging.WARNING or record.name in TOLD:
            message = " ".join(self.format(record).split())
            _emit({"event": "log", "level": record.levelname, "message": message[:LINE_LENGTH]})


class _InOneLine(logging.Formatter):
    """An exception by its name and words; where it came from only with WIRECOPY_TRACEBACK."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  the library's name
        """The words of an exception."""
        if os.environ.get("WIRECOPY_TRACEBACK"):
            return super().formatException(ei)
        return f"({ei[0].__name__}: {ei[1]})"


def _pass_on_logs() -> None:
    relay = _Relay(logging.INFO)
    relay.setFormatter(_InOneLine("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[relay], force=True)
    # Scrapy opens the root logger for everything; a line per request would cost more than the request.
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in TOLD:
        logging.getLogger(name).setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
