"""What was archived gets its rows, however the crawl ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from crawlers.job import CrawlJob
from crawlers.recorder import Recorder
from pipeline.archive.files import ArchiveFiles
from pipeline.catalog.engine import open_catalog
from pipeline.errors import CatalogError
from tests.coroutines import run_coroutine
from tests.crawlers.conftest import Bench
from tests.pipeline.archive.samples import answer


@pytest.fixture
def recorder(bench: Bench) -> Iterator[Recorder]:
    job = CrawlJob(bench.outlet, bench.settings, bench.data_dir, bench.catalog_url, "run-1", 10)
    engine = open_catalog(bench.catalog_url)
    yield Recorder(job, engine, ArchiveFiles(bench.data_dir))
    engine.dispose()


async def end_in_the_middle(recorder: Recorder) -> None:
    """A flush is under way, and as yet no thread of the loop is free for it, when the crawl ends."""
    loop, gate = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    busy = loop.run_in_executor(None, gate.wait)
    flushing = asyncio.ensure_future(recorder.flush())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    flushing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flushing
    gate.set()
    await busy


def test_a_flush_that_nobody_waits_for_is_written(bench: Bench, recorder: Recorder) -> None:
    recorder.archive(answer(1), due=True)
    run_coroutine(end_in_the_middle(recorder))
    recorder.archive(replace(answer(2), url="http://news.example/2"), due=True)
    recorder.close()
    assert bench.rows("select url from captures order by url") == [
        ("http://news.example/1",),
        ("http://news.example/2",),
    ]
    assert ArchiveFiles(bench.data_dir).left_open() == []


def test_a_flush_that_nobody_waits_for_and_that_fails_is_told(
    bench: Bench, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise CatalogError("no space left on the disk")

    recorder.archive(answer(1), due=True)
    monkeypatch.setattr("crawlers.recorder.add_captures", refuse)
    run_coroutine(end_in_the_middle(recorder))
    with pytest.raises(CatalogError, match="no space"):
        recorder.close()
    assert ArchiveFiles(bench.data_dir).left_open() == ["news"]  # the next crawl notes what is in it
