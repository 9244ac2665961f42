"""The download handler: plain HTTP over checked connections; what goes over a limit is cut and marked, not lost."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers as TxHeaders

from crawlers.connect import CheckedEndpoints
from crawlers.patience import Patience, TimeLimit
from crawlers.refusals import RefusedError, StoppedError
from crawlers.wire_protocol import recording_pool
from pipeline.archive.http_head import parse_head
from pipeline.reasons import Reason
from pipeline.urls import origin_of


class WireResponse(Response):
    """A response with its head as received, and why it is not whole: length, time, disconnect or None."""

    attributes = (*Response.attributes, "raw_head", "truncated", "peer")

    def __init__(
        self, *args: Any, raw_head: bytes = b"", truncated: str | None = None, peer: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.raw_head, self.truncated, self.peer = raw_head, truncated, peer


class WireDownloadHandler(BaseDownloadHandler):
    """Fetches http and https. Takes its limits from the spider's context."""

    def __init__(self, crawler: Crawler) -> None:
        from twisted.internet import reactor

        super().__init__(crawler)
        self._reactor: Any = reactor
        context: Any = crawler.spider.context  # type: ignore[union-attr]
        self._context = context
        self._pool = recording_pool(reactor, context.outlet.crawl.concurrency)
        endpoints = CheckedEndpoints(reactor, context.settings.network.allow_private)
        self._agent = Agent.usingEndpointFactory(reactor, endpoints, pool=self._pool)
        self._patience = Patience(reactor)
        self._under_way: set[Deferred[Any]] = set()
        context.on_stop.append(self._stop)

    async def download_request(self, request: Request) -> Response:
        """One answer. Raises RefusedError, StoppedError or Twisted's errors."""
        if self._context.stopping or origin_of(request.url) in self._context.down:
            raise StoppedError("the crawl is being stopped, or the server stopped answering")
        transfer = _Transfer(self._context.max_bytes(request), self._context.settings.limits.page_seconds)
        self._under_way.add(transfer.done)
        try:
            asked = self._agent.request(request.method.encode(), request.url.encode("ascii"), _headers(request), None)
            limit = TimeLimit(self._reactor, self._patience, transfer.seconds, transfer.too_slow)
            return await maybe_deferred_to_future(transfer.follow(asked, request.url, limit))
        finally:
            self._under_way.discard(transfer.done)

    async def close(self) -> None:
        """Drop idle connections, without waiting for servers that do not answer."""
        closed = self._pool.closeCachedConnections()
        timer = self._reactor.callLater(1, closed.cancel)
        closed.addBoth(lambda _: timer.active() and timer.cancel())
        await maybe_deferred_to_future(closed)

    def _stop(self) -> None:
        for one in list(self._under_way):
            one.cancel()


class _Transfer:
    """One request on the wire, from sending to the last byte, within a time and a size."""

    def __init__(self, max_bytes: int, seconds: float) -> None:
        self._max_bytes, self.seconds = max_bytes, seconds
        self.done: Deferred[Response] = Deferred(self._cancelled)
        self._asked: Any = None
        self._limit: TimeLimit | None = None
        self._body: _Body | None = None
        self._url = ""

    def follow(self, asked: Any, url: str, limit: TimeLimit) -> Deferred[Response]:
        """Fires with the response."""
        self._asked, self._url, self._limit = asked, url, limit
        asked.addCallbacks(self._answered, self._fail)
        return self.done

    def _answered(self, response: Any) -> None:
        self._body = _Body(response, self._max_bytes, self._finish)
        if self.done.called:
            self._body.cut("disconnect")
            return
        if response.length == 0:
            self._finish(self._body)
        else:
            response.deliverBody(self._body)

    def too_slow(self) -> None:
        """The time is over: what came until now is all."""
        if self._body is not None:
            self._body.cut("time")
        else:
            self._fail(Failure(RefusedError(Reason.TOO_SLOW, f"no answer within {self.seconds:g} seconds")))
            self._asked.cancel()

    def _cancelled(self, _done: Any) -> None:
        self._fail(Failure(StoppedError("the crawl is being stopped")))
        if self._body is not None:
            self._body.cut("disconnect")
        else:
            self._asked.cancel()

    def _finish(self, body: _Body) -> None:
        self._end_timer()
        if self.done.called:
            return
        response = body.response
        raw_head = response.raw_head
        headers = Headers()
        for name, value in parse_head(raw_head).headers:
            headers.appendlist(name, value)
        self.done.callback(
            WireResponse(
                url=self._url,
                status=int(response.code),
                headers=headers,
                body=bytes(body.data),
                raw_head=raw_head,
                truncated=body.truncated,
                peer=response.peer,
            )
        )

    def _fail(self, failure: Failure) -> None:
        self._end_timer()
        if not self.done.called:
            self.done.errback(failure)

    def _end_timer(self) -> None:
        if self._limit is not None:
            self._limit.end()


class _Body(Protocol):
    """Gathers a body; stops at the limit."""

    def __init__(self, response: Any, max_bytes: int, finish: Any) -> None:
        self.response, self._max_bytes, self._finish = response, max_bytes, finish
        self.data = bytearray()
        self.truncated: str | None = None
        self._ended = False

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """Some bytes of the body."""
        if self._ended:
            return
        self.data += data
        if len(self.data) > self._max_bytes:
            del self.data[self._max_bytes :]
            self.cut("length")

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802  Twisted's name
        """The body ended, well or not."""
        if self._ended:
            return
        self._ended = True
        if not reason.check(ResponseDone, PotentialDataLoss):
            self.truncated = "disconnect"
        self._finish(self)

    def cut(self, why: str) -> None:
        """End here and drop the connection."""
        if not self._ended:
            self._ended = True
            self.truncated = why
            producer = getattr(self.response._transport, "_producer", None)
            if producer is not None:
                producer.abortConnection()
            self._finish(self)


def _headers(request: Request) -> TxHeaders:
    return TxHeaders({name: list(values) for name, values in request.headers.items()})
