"""The innermost downloader middleware: an answer is in the archive before anything else sees it."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.http import Response

from crawlers.guard import ContextMiddleware
from crawlers.handler import WireResponse
from crawlers.refusals import RefusedError
from pipeline.archive.answer import Answer
from pipeline.archive.payload import check_payload
from pipeline.catalog.ledger import LedgerEntry
from pipeline.reasons import Reason
from pipeline.records import PageKind

GONE = (404, 410)
NOT_MODIFIED = 304


class ArchiveMiddleware(ContextMiddleware):
    """Archives what is worth it and tells the spider, in request.meta, what to think of the answer.

    meta["problem"]: why the body cannot be used as it is; meta["unchanged"]: a 304, or the same bytes as last time.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the answer."""
        if not isinstance(response, WireResponse):
            raise RefusedError(Reason.UNEXPECTED_ERROR, f"a response of type {type(response).__name__}")
        context, meta = self.context, request.meta
        context.counts["bytes"] += len(response.raw_head) + len(response.body)
        entry: LedgerEntry | None = meta.get("entry")
        digest = hashlib.sha256(response.body).hexdigest()
        same = (
            entry is not None and entry.payload_sha256 == digest and response.status == 200 and not response.truncated
        )
        asked = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        meta["unchanged"] = (response.status == NOT_MODIFIED and asked) or same
        meta["problem"] = None
        meta["payload_sha256"] = digest if response.status == 200 else None  # a 304 says nothing new of the bytes
        if meta["unchanged"]:
            return response
        truncated, problem = self._examine(request, response)
        meta["problem"] = problem
        meta["truncated"] = truncated
        answer = Answer(
            outlet_id=context.outlet.id,
            kind=meta["kind"],
            url=meta["asked"],
            final_url=response.url,
            head=response.raw_head,
            body=response.body,
            fetched_at=context.now(),
            truncated=truncated,
            run_id=context.job.run_id,
            ip_address=response.peer,
            body_sha256=digest,
        )
        context.recorder.archive(answer, due=is_due(meta["kind"], response.status, problem))
        meta["received"] = len(response.body)
        # A page is read from the archive later: its bytes need not wait in memory for the spider.
        return response.replace(body=b"") if meta["kind"] is PageKind.ARTICLE else response

    def _examine(self, request: Request, response: WireResponse) -> tuple[str | None, Reason | None]:
        """(why the record is marked truncated, what is wrong with the body)."""
        if response.truncated is not None:
            return response.truncated, _REASONS[response.truncated]
        encoding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        limits = self.context.settings.limits
        limit = limits.page_bytes if request.meta["kind"] is PageKind.ARTICLE else limits.feed_bytes
        problem = check_payload(response.body, encoding, limit) if encoding else None
        return ("disconnect" if problem is Reason.TRUNCATED else None), problem


_REASONS = {"length": Reason.TOO_LARGE, "time": Reason.TOO_SLOW, "disconnect": Reason.TRUNCATED}


def is_due(kind: PageKind, status: int, problem: Reason | None) -> bool:
    """True where an answer waits for extraction: a page, whole or cut off at the end, or word that it is gone."""
    if kind is not PageKind.ARTICLE:
        return False
    return status in GONE or (status == 200 and problem in (None, Reason.TRUNCATED))
