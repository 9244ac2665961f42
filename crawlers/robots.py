"""The robots gate: no request to an origin before its robots.txt was read and allows it."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.python.failure import Failure

from crawlers.guard import ContextMiddleware
from crawlers.refusals import RefusedError, StoppedError, explain
from crawlers.robots_rules import MAX_BYTES, RobotsRules, parse_robots
from pipeline.archive.payload import decode_payload
from pipeline.errors import WireError
from pipeline.reasons import Reason
from pipeline.records import PageKind
from pipeline.urls import Origin, clean_url, origin_of

# news-crawl honours up to 120 s; who asks for more gets one request per crawl.
MAX_CRAWL_DELAY = 120.0


# No server there at all, as opposed to one that fails.
NO_CONNECTION = (ConnectError, DNSLookupError)


class RobotsMiddleware(ContextMiddleware):
    """Reads each origin's robots.txt once per crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[Origin, asyncio.Task[RobotsRules | RefusedError]] = {}
        self._asked_once: set[Origin] = set()

    async def process_request(self, request: Request) -> None:
        """Let the request pass where robots.txt allows it. Raises RefusedError."""
        if request.meta["kind"] is PageKind.ROBOTS:
            return
        origin = origin_of(request.url)
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(origin))
        rules = await asyncio.shield(self._rules[origin])
        if isinstance(rules, RefusedError):
            raise RefusedError(rules.reason, rules.detail)
        if not rules.allows(request.url):
            raise RefusedError(Reason.ROBOTS_DISALLOWED, "robots.txt does not allow it")
        if rules.delay and rules.delay > MAX_CRAWL_DELAY:
            if origin in self._asked_once:
                raise RefusedError(Reason.BUSY, f"robots.txt asks for {rules.delay:g} seconds between requests")
            self._asked_once.add(origin)

    def process_response(self, request: Request, response: Response) -> Response:
        """Where robots.txt asks for a delay, it counts from the answer: what is under way may be late to arrive."""
        key = self.context.slot(request.url)
        engine: Any = self.crawler.engine
        slot = engine.downloader.slots.get(key)
        if slot is not None and key in engine.downloader.per_slot_settings:
            slot.lastseen = monotonic()  # as Scrapy counts it
        return response

    async def _read(self, origin: Origin) -> RobotsRules | RefusedError:
        scheme, host, port = origin
        address, _ = clean_url(f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/robots.txt")
        request = Request(address, meta={"kind": PageKind.ROBOTS, "asked": address}, dont_filter=True, priority=1000)
        engine: Any = self.crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except WireError:  # nothing that the server did: the archive cannot be written
            raise
        except Exception as error:  # noqa: BLE001  whatever keeps robots.txt away means that nothing is allowed
            if isinstance(error, NO_CONNECTION):
                return RefusedError(Reason.UNREACHABLE, " ".join(str(error).split())[:200])
            return self._unavailable(explain(Failure(error)))
        rules = self._judge(response)
        if isinstance(rules, RobotsRules) and rules.delay and rules.delay <= MAX_CRAWL_DELAY:
            self._slow_down(address, rules.delay)
        return rules

    def _unavailable(self, why: RefusedError | StoppedError | None) -> RobotsRules | RefusedError:
        if isinstance(why, RefusedError):
            if why.reason is Reason.TOO_MANY_REDIRECTS:  # section 2.3.1.2: as if there were none
                return RobotsRules("", self.context.settings.user_agent)
            if why.reason in (Reason.BLOCKED_ADDRESS, Reason.TLS_FAILED, Reason.TOO_MANY_REQUESTS):
                return why
            return RefusedError(Reason.ROBOTS_UNAVAILABLE, f"robots.txt: {why.detail}")
        return RefusedError(Reason.ROBOTS_UNAVAILABLE, "robots.txt could not be read")

    def _judge(self, response: Response) -> RobotsRules | RefusedError:
        agent = self.context.settings.user_agent
        if getattr(response, "truncated", None) in ("time", "disconnect"):  # rules that were not read may forbid
            return RefusedError(Reason.ROBOTS_UNAVAILABLE, "robots.txt broke off")
        if 200 <= response.status < 300:
            encoding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
            payload = decode_payload(response.body, encoding, MAX_BYTES)
            # What follows a broken end may forbid; what is too large is cut where RFC 9309 lets it be cut.
            if payload.problem not in (None, Reason.TOO_LARGE):
                return RefusedError(Reason.ROBOTS_UNAVAILABLE, f"robots.txt: {payload.problem.value} content")
            return parse_robots(payload.data, agent)
        if response.status == 429:
            return RefusedError(Reason.ROBOTS_UNAVAILABLE, "robots.txt: the server asked to wait (429)")
        if 400 <= response.status < 500:
            return RobotsRules("", agent)
        return RefusedError(Reason.ROBOTS_UNAVAILABLE, f"robots.txt: status {response.status}")

    def _slow_down(self, address: str, wished: float) -> None:
        delay = max(self.context.outlet.crawl.delay, wished)
        engine: Any = self.crawler.engine
        engine.downloader.per_slot_settings[self.context.slot(address)] = {
            "delay": delay,
            "concurrency": 1,
            "jitter": 0,
        }
        slot = engine.downloader.slots.get(self.context.slot(address))
        if slot is not None:
            slot.delay, slot.jitter, slot.concurrency = delay, 0, 1
