"""Downloader middlewares that decide whether a request may be made, and with which headers."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.answers import BUSY, wait_asked
from crawlers.context import CrawlContext
from crawlers.refusals import RefusedError, StoppedError
from pipeline.catalog.ledger import LedgerEntry
from pipeline.reasons import Reason
from pipeline.records import PageKind
from pipeline.urls import origin_of

LOOK_EVERY = 0.5  # seconds: whether the crawl is being stopped meanwhile
ACCEPT = {
    PageKind.ARTICLE: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    PageKind.SECTION: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    PageKind.FEED: "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5",
    PageKind.SITEMAP: "application/xml,text/xml,application/gzip;q=0.9,*/*;q=0.5",
    PageKind.ROBOTS: "text/plain,*/*;q=0.5",
}


class ContextMiddleware:
    """A middleware that knows the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        spider: Any = crawler.spider
        self.context: CrawlContext = spider.context

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        """Scrapy's way to build it."""
        return cls(crawler)


class GuardMiddleware(ContextMiddleware):
    """Scope and budgets, for every request: first ones, redirects and retries alike."""

    async def process_request(self, request: Request) -> None:
        """Let the request pass, when the server is not to be left in peace. Raises RefusedError, StoppedError."""
        context, limits = self.context, self.context.settings.limits
        while (wait := context.backoff.seconds_left(request.url)) and not context.stopping:
            await asyncio.sleep(min(wait, LOOK_EVERY))
        if context.stopping:
            raise StoppedError("the crawl is being stopped")
        refused = context.scope.refusal(request.url)
        if refused is not None:
            raise RefusedError(*refused)
        if origin_of(request.url) in context.down:
            raise StoppedError("the server stopped answering")
        if context.requests >= limits.crawl_requests:
            raise RefusedError(Reason.TOO_MANY_REQUESTS, f"{limits.crawl_requests} requests in one crawl")
        if context.seconds() > limits.crawl_seconds:
            raise RefusedError(Reason.TOO_MANY_REQUESTS, f"{limits.crawl_seconds:g} seconds for one crawl")
        context.requests += 1
        request.meta["download_slot"] = context.slot(request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note whether the server as a whole is busy; one that sends everybody away is left alone until another run.

        Here, where the answer still counts as under way: no request slips out before the spider has it.
        """
        context = self.context
        if request.meta["kind"] is PageKind.ROBOTS:  # judged by its reader
            return response
        if response.status not in BUSY:
            context.backoff.answered(response.url)
        elif context.backoff.busy(response.url, wait_asked(response, context.now())):
            scheme, host, port = origin = origin_of(response.url)
            told = f"{scheme}://{host}:{port} asks to come back another time"
            context.message = context.message or told
            context.recorder.reject(f"{scheme}://{host}:{port}/", Reason.BUSY, told, context.now())
            context.down.add(origin)
            if context.is_down:
                context.stop()
        return response


class HeadersMiddleware(ContextMiddleware):
    """Says who asks, and asks conditionally where the ledger has a validator."""

    def process_request(self, request: Request) -> None:
        """Set the request's headers; nothing else is sent."""
        kind: PageKind = request.meta["kind"]
        request.headers.clear()
        request.headers["User-Agent"] = self.context.settings.user_agent
        request.headers["Accept"] = ACCEPT[kind]
        request.headers["Accept-Language"] = f"{self.context.outlet.language},*;q=0.5"
        request.headers["Accept-Encoding"] = "gzip, deflate, br, zstd"
        entry: LedgerEntry | None = request.meta.get("entry")
        if entry is not None and not request.meta.get("hops"):
            if entry.etag:
                request.headers["If-None-Match"] = entry.etag
            if entry.last_modified:
                request.headers["If-Modified-Since"] = entry.last_modified
