"""Servers that stop answering: told from pages that do not answer, and left alone until the next crawl."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.context import CrawlContext
from crawlers.refusals import TRANSIENT, RefusedError, StoppedError, explain
from crawlers.requests import new_request
from pipeline.errors import WireError
from pipeline.reasons import Reason
from pipeline.records import PageKind
from pipeline.urls import Origin, origin_of

# Failed requests one after the other from which on a server is asked whether it is there at all.
MAX_FAILURES_IN_A_ROW = 8

Download = Callable[[Request], Awaitable[Response]]


class Outages:
    """Counts failures in a row, server by server."""

    def __init__(self, context: CrawlContext) -> None:
        self._context = context
        self._in_a_row: Counter[Origin] = Counter()
        self._asking: set[Origin] = set()

    def answered(self, url: str) -> None:
        """Something came back."""
        self._in_a_row.pop(origin_of(url), None)

    def is_down(self, url: str) -> bool:
        """True where the server is not asked any more."""
        return origin_of(url) in self._context.down

    def failed(self, url: str, why: RefusedError) -> bool:
        """A request failed; True where it is time to ask the server whether it is there."""
        if not _is_silence(why):
            return False
        origin = origin_of(url)
        self._in_a_row[origin] += 1
        return self._in_a_row[origin] >= MAX_FAILURES_IN_A_ROW and origin not in self._asking | self._context.down

    async def ask(self, url: str, why: RefusedError, download: Download) -> None:
        """Ask for robots.txt, which was there before: eight pages may hang where the ninth is well."""
        origin = origin_of(url)
        self._asking.add(origin)
        scheme, host, port = origin
        address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/robots.txt"
        try:
            await download(new_request(address, PageKind.ROBOTS))
        except asyncio.CancelledError:
            raise
        except WireError as error:  # nothing that the server did: the archive cannot be written
            self._context.fail(error)
        except Exception as error:  # noqa: BLE001  whatever keeps robots.txt away
            self._judge(origin, explain(Failure(error)), why)
        else:
            self._in_a_row.pop(origin, None)
        finally:
            self._asking.discard(origin)

    def _judge(self, origin: Origin, said: RefusedError | StoppedError | None, why: RefusedError) -> None:
        if isinstance(said, StoppedError):
            return
        if said is None or _is_silence(said):
            self._give_up(origin, why)
        else:  # an answer that cannot be used is one
            self._in_a_row.pop(origin, None)

    def _give_up(self, origin: Origin, why: RefusedError) -> None:
        context = self._context
        context.down.add(origin)
        told = f"{self._in_a_row[origin]} failures in a row, the last: {why.detail}"
        context.message = context.message or told
        context.recorder.reject(f"{origin[0]}://{origin[1]}:{origin[2]}/", Reason.UNREACHABLE, told, context.now())
        if context.is_down:
            context.stop()


def _is_silence(why: RefusedError) -> bool:
    return why.reason in TRANSIENT or why.reason is Reason.TLS_FAILED
