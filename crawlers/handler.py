"""The download handler: plain HTTP over checked connections; what goes over a limit is cut and marked, not lost."""

from __future__ import annotations

from collections.abc import Callable
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
from crawlers.large_bodies import LARGE, LargeBodies
from crawlers.patience import Patience, TimeLimit
from crawlers.refusals import RefusedError, StoppedError
from crawlers.wire_protocol import recording_pool
from pipeline.archive.http_head import parse_head
from pipeline.reasons import Reason
from pipeline.urls import origin_of

NewLimit = Callable[[Callable[[str], None]], TimeLimit]


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
        self._large = LargeBodies()
        self._under_way: set[Deferred[Any]] = set()
        context.on_stop.append(self._stop)

    async def download_request(self, request: Request) -> Response:
        """One answer. Raises RefusedError, StoppedError or Twisted's errors."""
        if self._context.stopping or origin_of(request.url) in self._context.down:
            raise StoppedError("the crawl is being stopped, or the server stopped answering")
        transfer = _Transfer(self._context.max_bytes(request), self._new_limit, self._large)
        self._under_way.add(transfer.done)
        try:
            asked = self._agent.request(request.method.encode(), request.url.encode("ascii"), _headers(request), None)
            return await maybe_deferred_to_future(transfer.follow(asked, request.url))
        finally:
            self._under_way.discard(transfer.done)

    def _new_limit(self, too_slow: Callable[[str], None]) -> TimeLimit:
        seconds = self._context.settings.limits.page_seconds
        told = f"no answer within {seconds:g} seconds"
        return TimeLimit(self._reactor, self._patience, seconds, lambda: too_slow(told))

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

    def __init__(self, max_bytes: int, new_limit: NewLimit, large: LargeBodies) -> None:
        self._max_bytes, self._new_limit, self._large = max_bytes, new_limit, large
        self.done: Deferred[Response] = Deferred(self._cancelled)
        self._asked: Any = None
        self._limit: TimeLimit | None = None
        self._body: _Body | None = None
        self._url = ""

    def follow(self, asked: Any, url: str) -> Deferred[Response]:
        """Fires with the response."""
        self._asked, self._url = asked, url
        self.begin_limit()
        asked.addCallbacks(self._answered, self._fail)
        return self.done

    def begin_limit(self) -> None:
        """The time counts from now on."""
        self._limit = self._new_limit(self._too_slow)

    def end_limit(self) -> None:
        """The time does not count any more: it is over, or waits for others."""
        if self._limit is not None:
            self._limit.end()
            self._limit = None

    def _answered(self, response: Any) -> None:
        self._body = _Body(response, self._max_bytes, self, self._large)
        if self.done.called:
            self._body.cut("disconnect")
            return
        if response.length == 0:
            self.finish(self._body)
        else:
            response.deliverBody(self._body)

    def _too_slow(self, told: str) -> None:
        if self._body is not None:
            self._body.cut("time")
        else:
            self._fail(Failure(RefusedError(Reason.TOO_SLOW, told)))
            self._asked.cancel()

    def _cancelled(self, _done: Any) -> None:
        self._fail(Failure(StoppedError("the crawl is being stopped")))
        if self._body is not None:
            self._body.cut("disconnect")
        else:
            self._asked.cancel()

    def finish(self, body: _Body) -> None:
        """The body is as whole as it gets."""
        self.end_limit()
        if self.done.called:
            return
        response, content = body.response, bytes(body.data)
        body.data.clear()  # at once, not when the garbage collector comes by
        raw_head = response.raw_head
        headers = Headers()
        for name, value in parse_head(raw_head).headers:
            headers.appendlist(name, value)
        self.done.callback(
            WireResponse(
                url=self._url,
                status=int(response.code),
                headers=headers,
                body=content,
                raw_head=raw_head,
                truncated=body.truncated,
                peer=response.peer,
            )
        )

    def _fail(self, failure: Failure) -> None:
        self.end_limit()
        if not self.done.called:
            self.done.errback(failure)


class _Body(Protocol):
    """Gathers a body; stops at the limit."""

    def __init__(self, response: Any, max_bytes: int, transfer: _Transfer, large: LargeBodies) -> None:
        self.response, self._max_bytes, self._transfer, self._large = response, max_bytes, transfer, large
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
        elif len(self.data) > LARGE:
            self._large.enter(self)

    def pause(self) -> None:
        """Read nothing more until others are through; their time is not this one's."""
        self._transfer.end_limit()
        self.response._transport.pauseProducing()

    def resume(self) -> None:
        """Go on."""
        if not self._ended:
            self._transfer.begin_limit()
            self.response._transport.resumeProducing()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802  Twisted's name
        """The body ended, well or not."""
        if self._ended:
            return
        self._ended = True
        if not reason.check(ResponseDone, PotentialDataLoss):
            self.truncated = "disconnect"
        self._end()

    def cut(self, why: str) -> None:
        """End here and drop the connection."""
        if not self._ended:
            self._ended = True
            self.truncated = why
            producer = getattr(self.response._transport, "_producer", None)
            if producer is not None:
                producer.abortConnection()
            self._end()

    def _end(self) -> None:
        self._transfer.finish(self)
        self._large.leave(self)


def _headers(request: Request) -> TxHeaders:
    return TxHeaders({name: list(values) for name, values in request.headers.items()})
