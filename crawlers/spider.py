"""The one spider: asks for an outlet's sources, then for the articles that the ledger says are due."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.article_visits import ArticleVisits
from crawlers.context import CrawlContext
from crawlers.manners import wait_before_retry
from crawlers.outages import Outages
from crawlers.refusals import TRANSIENT, RefusedError, StoppedError, explain
from crawlers.source_visits import SourceVisits
from pipeline.errors import WireError
from pipeline.reasons import Reason
from pipeline.records import PageKind

FLUSH_SECONDS = 1.0


class OutletSpider(Spider):
    """Crawls one outlet; what it does is said by the outlet's configuration alone."""

    name = "outlet"
    context: CrawlContext

    def __init__(self, context: CrawlContext, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context
        self._open = 0  # requests whose end has not come yet, those that wait for another try included
        self._changed = asyncio.Event()
        self._waiting: set[asyncio.Task[None]] = set()
        self._sources = SourceVisits(context)
        self._articles = ArticleVisits(context)
        self._outages = Outages(context)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> OutletSpider:
        """Scrapy's way to build it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.context.on_stop.append(spider._stop)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Sources first; when all are read, articles from the ledger, newest first, as many as the crawl may fetch."""
        flushing = asyncio.ensure_future(self._flush_often())
        clock = asyncio.get_running_loop().call_later(self.context.settings.limits.crawl_seconds, self._out_of_time)
        try:
            for request in await self._sources.first_requests():
                yield self._counted(request)
            await self._until(0)
            self.context.unreadable = self._sources.read == 0
            while not self.context.stopping and self._sources.reachable:
                requests = await self._articles.next_requests()
                if not requests:
                    break
                for request in requests:
                    yield self._counted(request)
                await self._until(self.context.outlet.crawl.concurrency)
            await self._until(0)
        except WireError as error:
            self.context.fail(error)
        finally:
            clock.cancel()
            flushing.cancel()

    async def arrived(self, response: Response) -> None:
        """An answer came."""
        request = self._request_of(response)
        try:
            self._outages.answered(response.url)
            self._keep_pace(response.url)
            wait = self._wait_asked(request, response)
            if wait is not None:
                self._again_later(request, wait)
                return
            kind: PageKind = request.meta["kind"]
            visits = self._articles if kind is PageKind.ARTICLE else self._sources
            for follow_up in await visits.arrived(request, response):
                self._send(follow_up)
            if self.context.recorder.is_full:
                await self.context.recorder.flush()
        except WireError as error:
            self.context.fail(error)
        except Exception as error:
            self.logger.exception("unexpected error at %s", request.url)
            detail = f"{type(error).__name__}: {error}"
            self.context.recorder.reject(
                request.meta["asked"], Reason.UNEXPECTED_ERROR, detail, self.context.now(), quarantined=True
            )
        finally:
            self._ended()

    async def refused(self, failure: Failure) -> None:
        """A request was not made, or no usable answer came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        try:
            if isinstance(failure.value, WireError):
                self.context.fail(failure.value)
                return
            why = explain(failure) or RefusedError(Reason.UNEXPECTED_ERROR, repr(failure.value)[:200])
            if isinstance(why, StoppedError) or self.context.stopping:
                return
            if why.reason is Reason.UNEXPECTED_ERROR:
                self.logger.error("unexpected error at %s: %s", request.url, failure.getTraceback())
            if self._outages.failed(request.url, why):
                self._ask_server(request.url, why)
            if why.reason in TRANSIENT and not self._outages.is_down(request.url):
                wait = wait_before_retry(request.meta["tries"], None)
                if wait is not None and why.reason is not Reason.TOO_SLOW:
                    self._again_later(request, wait)
                    return
            visits = self._articles if request.meta["kind"] is PageKind.ARTICLE else self._sources
            visits.refused(request, why)
        except WireError as error:
            self.context.fail(error)
        finally:
            self._ended()

    def _keep_pace(self, url: str) -> None:
        """Ask a server that was busy more slowly than configured, until it has recovered."""
        engine: Any = self.crawler.engine
        key = self.context.slot(url)
        usual = engine.downloader.per_slot_settings.get(key, {}).get("delay", self.context.outlet.crawl.delay)
        slot = engine.downloader.slots.get(key)
        if slot is not None and not self.context.stopping:
            slot.delay = max(usual, self.context.backoff.delay(url))

    def _wait_asked(self, request: Request, response: Response) -> float | None:
        """Seconds until another try, where the answer calls for one."""
        return self._articles.wait_for(request, response)

    def _again_later(self, request: Request, wait: float) -> None:
        self._open += 1
        meta = {**request.meta, "tries": request.meta["tries"] + 1, "hops": 0, "visited": ()}
        again = request.replace(url=request.meta["asked"], meta=meta)
        task = asyncio.ensure_future(self._send_after(again, wait))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _send_after(self, request: Request, wait: float) -> None:
        try:
            await asyncio.sleep(wait)
        except asyncio.CancelledError:
            self._ended()
            return
        self._open -= 1
        self._send(request)

    def _send(self, request: Request) -> None:
        engine: Any = self.crawler.engine
        engine.crawl(self._counted(request))

    def _counted(self, request: Request) -> Request:
        self._open += 1
        return request.replace(callback=self.arrived, errback=self.refused, dont_filter=True)

    def _ended(self) -> None:
        self._open -= 1
        self._changed.set()

    async def _until(self, still_open: int) -> None:
        """Wait until at most so many requests are open."""
        while self._open > still_open:
            self._changed.clear()
            await self._changed.wait()

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.context.recorder.flush_in_time()
            except WireError as error:
                self.context.fail(error)
                return

    def _ask_server(self, url: str, why: RefusedError) -> None:
        """Find out whether the server is there; the crawl does not end before that."""
        engine: Any = self.crawler.engine
        self._open += 1
        task = asyncio.ensure_future(self._outages.ask(url, why, engine.download_async))
        self._waiting.add(task)

        def asked(done: asyncio.Task[None]) -> None:
            self._waiting.discard(done)
            self._ended()

        task.add_done_callback(asked)

    def _out_of_time(self) -> None:
        limit = self.context.settings.limits.crawl_seconds
        detail = f"{limit:g} seconds for one crawl are used up; the next run goes on"
        self.context.recorder.reject(self.context.outlet.id, Reason.TOO_MANY_REQUESTS, detail, self.context.now())
        self.context.message = self.context.message or detail
        self.context.stop()

    def _stop(self) -> None:
        for task in list(self._waiting):
            task.cancel()
        engine: Any = self.crawler._engine  # None before the crawl began
        # Requests that wait for their delay are let through, to be refused.
        for slot in engine.downloader.slots.values() if engine else ():
            slot.delay = slot.jitter = 0
            if slot.latercall is not None:
                slot.latercall.cancel()
                slot.latercall = None
            engine.downloader._process_queue(slot)
        self._changed.set()

    @staticmethod
    def _request_of(response: Response) -> Request:
        request = response.request
        if request is None:
            raise TypeError("a response without its request")
        return request
